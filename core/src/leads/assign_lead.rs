//! Giving a lead to a member: by hand, or to the one whose turn it is.

use std::time::Duration;

use hubchat_domain::{Activity, ActivityKind, AuditAction, LeadId, MemberId, Permission};
use hubchat_ports::LeadRow;
use serde_json::json;

use super::lead_changed;
use crate::{
    Actor, ErrorCode, Fault, Ports,
    fault::{Retries, faults_become},
};

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignTo {
    /// This member.
    Member(MemberId),
    /// The active member who was given a lead longest ago.
    NextInTurn,
}

/// Why a lead was not assigned.
#[derive(Debug, thiserror::Error)]
pub enum AssignLeadError {
    /// There is no such lead.
    #[error("no such lead")]
    UnknownLead,
    /// There is no such member, or they take no leads.
    #[error("no such active member")]
    UnknownMember,
    /// The tenant has no member who takes leads.
    #[error("no active member takes leads")]
    NobodyActive,
    /// A lead that was won or lost is not assigned any more.
    #[error("the lead is closed")]
    Closed,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(AssignLeadError);

impl ErrorCode for AssignLeadError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownLead => "lead_not_found",
            Self::UnknownMember => "member_not_found",
            Self::NobodyActive => "no_active_member",
            Self::Closed => "lead_closed",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        matches!(self, Self::UnknownMember).then_some("memberId")
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Assigns leads.
#[derive(Clone)]
pub struct AssignLead {
    ports: Ports,
}

impl AssignLead {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Assigns a lead. A NEW lead becomes ASSIGNED.
    pub async fn run(&self, actor: &Actor, id: LeadId, to: AssignTo) -> Result<LeadRow, AssignLeadError> {
        actor.require(Permission::LeadsAssign)?;
        let mut retries = Retries::default();
        loop {
            let result = self.attempt(actor, id, to).await;
            if !retries.again(&result, &self.ports).await {
                result?;
                break;
            }
        }
        let row = self.ports.repository.inbox(actor.tenant_id()).find_lead(id).await?;
        row.ok_or(AssignLeadError::UnknownLead)
    }

    async fn attempt(&self, actor: &Actor, id: LeadId, to: AssignTo) -> Result<(), AssignLeadError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let mut lead = session.leads().find(id).await?.ok_or(AssignLeadError::UnknownLead)?;
        if !lead.record().status.is_open() {
            return Err(AssignLeadError::Closed);
        }
        let member = match to {
            AssignTo::Member(member) => {
                let member = session.members().find(member).await?;
                member.filter(hubchat_domain::Member::takes_leads).ok_or(AssignLeadError::UnknownMember)?
            }
            AssignTo::NextInTurn => {
                let mut member = session.members().next_in_turn().await?.ok_or(AssignLeadError::NobodyActive)?;
                member.last_assigned_at = Some(now);
                session.members().update(&member).await?;
                member
            }
        };
        let (from, status) = (lead.record().assigned_member_id, lead.record().status);
        let changed = lead.assign(member.id, now) || lead.record().status != status;
        if !changed {
            return Ok(session.commit().await?);
        }
        let how = match to {
            AssignTo::Member(_) => "MANUAL",
            AssignTo::NextInTurn => "AUTO_ROUND_ROBIN",
        };
        let line = Activity {
            id: self.ports.next_id(),
            lead_id: id,
            kind: ActivityKind::Assigned,
            author: actor.author(),
            detail: json!({"from": from, "to": member.id, "mode": how}),
            at: now,
        };
        session.leads().update(&lead).await?;
        session.activities().append(&[line]).await?;
        session.events().append(vec![lead_changed(&lead, now)]).await?;
        let before = json!({"memberId": from, "status": status});
        let after = json!({"memberId": member.id, "status": lead.record().status, "mode": how});
        session.audit().append(actor.audit(AuditAction::LeadAssigned, id, Some(before), Some(after), now)).await?;
        Ok(session.commit().await?)
    }
}

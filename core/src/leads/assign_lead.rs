//! Giving a lead to someone: a member or a team by hand, the one whose turn it is, or nobody.

use std::time::Duration;

use hubchat_domain::{
    Activity, ActivityKind, AuditAction, Lead, LeadId, LeadRecord, Member, MemberId, Permission, TeamId, Visibility,
};
use hubchat_ports::{LeadRow, UnitOfWork};
use serde_json::json;

use super::lead_changed;
use crate::{
    Actor, ErrorCode, Fault, Ports,
    fault::{Retries, faults_become},
};

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignTo {
    /// This member. The lead's team keeps it when they are of it.
    Member(MemberId),
    /// This team. The lead's owner keeps it when they are of the team.
    Team(TeamId),
    /// The active member who was given a lead longest ago; of that team, which gets the lead with them, when one is
    /// named.
    NextInTurn {
        /// Which team.
        team: Option<TeamId>,
    },
    /// No member and no team.
    Nobody,
}

impl AssignTo {
    /// What the activity log calls it.
    const fn mode(self) -> &'static str {
        match self {
            Self::Member(_) => "MANUAL",
            Self::Team(_) => "TEAM",
            Self::NextInTurn { .. } => "AUTO_ROUND_ROBIN",
            Self::Nobody => "NOBODY",
        }
    }
}

/// Why a lead was not assigned.
#[derive(Debug, thiserror::Error)]
pub enum AssignLeadError {
    /// There is no such lead, or the actor does not see it.
    #[error("no such lead")]
    UnknownLead,
    /// There is no such member, or they take no leads.
    #[error("no such active member")]
    UnknownMember,
    /// There is no such team.
    #[error("no such team")]
    UnknownTeam,
    /// The tenant, or the team, has no member who takes leads.
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
            Self::UnknownTeam => "team_not_found",
            Self::NobodyActive => "no_active_member",
            Self::Closed => "lead_closed",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::UnknownMember => Some("memberId"),
            Self::UnknownTeam => Some("teamId"),
            _ => None,
        }
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

    /// Assigns a lead. A NEW lead becomes ASSIGNED once a member owns it; otherwise the status stays.
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
        // Who gives a lead away may not see it any more, and still learns what became of it.
        let row = self.ports.repository.inbox(actor.tenant_id()).find_lead(&Visibility::All, id).await?;
        row.ok_or(AssignLeadError::UnknownLead)
    }

    async fn attempt(&self, actor: &Actor, id: LeadId, to: AssignTo) -> Result<(), AssignLeadError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let lead = session.leads().find(id).await?.filter(|lead| actor.sees_lead(lead));
        let mut lead = lead.ok_or(AssignLeadError::UnknownLead)?;
        if !lead.record().status.is_open() {
            return Err(AssignLeadError::Closed);
        }
        let before = lead.record().clone();
        let changed = self.give(&*session, &mut lead, to).await? || lead.record().status != before.status;
        if !changed {
            return Ok(session.commit().await?);
        }
        let line = Activity {
            id: self.ports.next_id(),
            lead_id: id,
            kind: ActivityKind::Assigned,
            author: actor.author(),
            detail: json!({
                "from": before.assigned_member_id,
                "to": lead.record().assigned_member_id,
                "fromTeam": before.assigned_team_id,
                "toTeam": lead.record().assigned_team_id,
                "mode": to.mode(),
            }),
            at: now,
        };
        session.leads().update(&lead).await?;
        session.activities().append(&[line]).await?;
        session.events().append(vec![lead_changed(&before, &lead, now)]).await?;
        let told = |record: &LeadRecord| {
            json!({
                "memberId": record.assigned_member_id, "teamId": record.assigned_team_id, "status": record.status,
            })
        };
        let (before, mut after) = (told(&before), told(lead.record()));
        after["mode"] = json!(to.mode());
        session.audit().append(actor.audit(AuditAction::LeadAssigned, id, Some(before), Some(after), now)).await?;
        Ok(session.commit().await?)
    }

    /// Tells whether the owner or the team changed.
    async fn give(&self, session: &dyn UnitOfWork, lead: &mut Lead, to: AssignTo) -> Result<bool, AssignLeadError> {
        let now = self.ports.clock.now();
        Ok(match to {
            AssignTo::Member(member) => {
                let member = session.members().find(member).await?;
                let member = member.filter(Member::takes_leads).ok_or(AssignLeadError::UnknownMember)?;
                let team = self.team_of_both(session, lead, member.id).await?;
                lead.assign(member.id, team, now)
            }
            AssignTo::Team(team) => {
                session.teams().find(team).await?.ok_or(AssignLeadError::UnknownTeam)?;
                lead.assign_to_team(team, &session.teams().members_of(team).await?, now)
            }
            AssignTo::NextInTurn { team } => {
                if let Some(team) = team {
                    session.teams().find(team).await?.ok_or(AssignLeadError::UnknownTeam)?;
                }
                let mut member = session.members().next_in_turn(team).await?.ok_or(AssignLeadError::NobodyActive)?;
                member.last_assigned_at = Some(now);
                session.members().update(&member).await?;
                let team = match team {
                    Some(team) => Some(team),
                    None => self.team_of_both(session, lead, member.id).await?,
                };
                lead.assign(member.id, team, now)
            }
            AssignTo::Nobody => lead.unassign(now),
        })
    }

    /// The lead's team, if the member is of it.
    async fn team_of_both(
        &self,
        session: &dyn UnitOfWork,
        lead: &Lead,
        member: MemberId,
    ) -> Result<Option<TeamId>, AssignLeadError> {
        let Some(team) = lead.record().assigned_team_id else { return Ok(None) };
        Ok(session.teams().members_of(team).await?.contains(&member).then_some(team))
    }
}

//! Removing a team.

use hubchat_domain::{Activity, ActivityKind, AuditAction, Lead, Permission, TeamId};
use hubchat_ports::UnitOfWork;
use serde_json::json;

use super::{TeamError, roster, told};
use crate::{Actor, Ports, fault::Retries, leads::lead_changed};

/// Removes teams.
#[derive(Clone)]
pub struct DeleteTeam {
    ports: Ports,
}

impl DeleteTeam {
    /// So many leads are taken from a team in one transaction.
    pub(super) const LEADS_AT_ONCE: u32 = 100;

    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Removes a team with its memberships. Its leads go first, in transactions of a bounded size: their owners keep
    /// them, and those without an owner belong to nobody from then on. The last leads go with the team itself. Who is
    /// interrupted finds the team with fewer leads, and repeats the call.
    pub async fn run(&self, actor: &Actor, id: TeamId) -> Result<(), TeamError> {
        actor.require(Permission::MembersManage)?;
        loop {
            let mut retries = Retries::default();
            let gone = loop {
                let result = self.attempt(actor, id).await;
                if !retries.again(&result, &self.ports).await {
                    break result?;
                }
            };
            if gone {
                return Ok(());
            }
        }
    }

    /// Tells whether the team is gone.
    async fn attempt(&self, actor: &Actor, id: TeamId) -> Result<bool, TeamError> {
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let before = roster(&*session, id).await?;
        let leads = session.leads().find_of_team(id, Self::LEADS_AT_ONCE).await?;
        let more = u32::try_from(leads.len()).unwrap_or(u32::MAX) >= Self::LEADS_AT_ONCE;
        for lead in leads {
            self.release(&*session, actor, id, lead).await?;
        }
        if !more {
            session.teams().delete(id).await?;
            let now = self.ports.clock.now();
            session.audit().append(actor.audit(AuditAction::TeamDeleted, id, Some(told(&before)), None, now)).await?;
        }
        session.commit().await?;
        Ok(!more)
    }

    async fn release(
        &self,
        session: &dyn UnitOfWork,
        actor: &Actor,
        team: TeamId,
        mut lead: Lead,
    ) -> Result<(), TeamError> {
        let now = self.ports.clock.now();
        let before = lead.record().clone();
        lead.leave_team(now);
        let owner = lead.record().assigned_member_id;
        let line = Activity {
            id: self.ports.next_id(),
            lead_id: lead.record().id,
            kind: ActivityKind::Assigned,
            author: actor.author(),
            detail: json!({"from": owner, "to": owner, "fromTeam": team, "toTeam": null, "mode": "TEAM_DELETED"}),
            at: now,
        };
        session.leads().update(&lead).await?;
        session.activities().append(&[line]).await?;
        Ok(session.events().append(vec![lead_changed(&before, &lead, now)]).await?)
    }
}

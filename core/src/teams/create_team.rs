//! Making teams.

use hubchat_domain::{AuditAction, MemberId, Permission, Team};
use hubchat_ports::{InsertOutcome, TeamRoster};

use super::{TeamError, roster, set_members, told};
use crate::{Actor, Ports, fault::Retries};

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTeamCommand {
    /// Its name.
    pub name: String,
    /// Its first members.
    pub member_ids: Vec<MemberId>,
}

/// Makes teams.
#[derive(Clone)]
pub struct CreateTeam {
    ports: Ports,
}

impl CreateTeam {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Makes a team with its first members, or nothing.
    pub async fn run(&self, actor: &Actor, command: &CreateTeamCommand) -> Result<TeamRoster, TeamError> {
        actor.require(Permission::MembersManage)?;
        let name = Team::normal_name(&command.name).ok_or(TeamError::Name)?;
        let mut retries = Retries::default();
        loop {
            let result = self.attempt(actor, &name, &command.member_ids).await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    async fn attempt(&self, actor: &Actor, name: &str, members: &[MemberId]) -> Result<TeamRoster, TeamError> {
        let now = self.ports.clock.now();
        let team = Team {
            id: self.ports.next_id(),
            tenant_id: actor.tenant_id(),
            name: name.to_owned(),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        if session.teams().count().await? >= Team::MAX_PER_TENANT {
            return Err(TeamError::Full);
        }
        if session.teams().insert(&team).await? == InsertOutcome::AlreadyPresent {
            return Err(TeamError::Taken);
        }
        set_members(&*session, team.id, members).await?;
        let made = roster(&*session, team.id).await?;
        let entry = actor.audit(AuditAction::TeamCreated, team.id, None, Some(told(&made)), now);
        session.audit().append(entry).await?;
        session.commit().await?;
        Ok(made)
    }
}

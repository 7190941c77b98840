//! Changing a team's name and its members.

use hubchat_domain::{AuditAction, MemberId, Permission, Team, TeamId};
use hubchat_ports::{TeamRoster, UnitOfWork};

use super::{TeamError, roster, set_members, told};
use crate::{Actor, Ports, fault::Retries};

/// What to change; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateTeamCommand {
    /// Its name from now on.
    pub name: Option<String>,
    /// Its members from now on.
    pub member_ids: Option<Vec<MemberId>>,
}

/// One step of a change.
#[derive(Debug, Clone, Copy)]
enum Change<'c> {
    All { name: Option<&'c str>, members: Option<&'c [MemberId]> },
    Add(MemberId),
    Remove(MemberId),
}

/// Changes teams. Leads stay as they are: who leaves a team keeps the leads that they own.
#[derive(Clone)]
pub struct UpdateTeam {
    ports: Ports,
}

impl UpdateTeam {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Changes a team, entirely or not at all.
    pub async fn run(&self, actor: &Actor, id: TeamId, command: &UpdateTeamCommand) -> Result<TeamRoster, TeamError> {
        actor.require(Permission::MembersManage)?;
        let name = command.name.as_deref().map(|name| Team::normal_name(name).ok_or(TeamError::Name)).transpose()?;
        let change = Change::All { name: name.as_deref(), members: command.member_ids.as_deref() };
        self.change(actor, id, change).await
    }

    /// Makes a member one of the team; who is of it stays.
    pub async fn add_member(&self, actor: &Actor, id: TeamId, member: MemberId) -> Result<TeamRoster, TeamError> {
        actor.require(Permission::MembersManage)?;
        self.change(actor, id, Change::Add(member)).await
    }

    /// Takes a member out of the team; who is not of it is no error.
    pub async fn remove_member(&self, actor: &Actor, id: TeamId, member: MemberId) -> Result<TeamRoster, TeamError> {
        actor.require(Permission::MembersManage)?;
        self.change(actor, id, Change::Remove(member)).await
    }

    async fn change(&self, actor: &Actor, id: TeamId, change: Change<'_>) -> Result<TeamRoster, TeamError> {
        let mut retries = Retries::default();
        loop {
            let result = self.attempt(actor, id, change).await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    async fn attempt(&self, actor: &Actor, id: TeamId, change: Change<'_>) -> Result<TeamRoster, TeamError> {
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let before = roster(&*session, id).await?;
        match change {
            Change::All { name, members } => {
                if let Some(name) = name {
                    self.rename(&*session, before.team.clone(), name).await?;
                }
                if let Some(members) = members {
                    set_members(&*session, id, members).await?;
                }
            }
            Change::Add(member) => {
                session.members().find(member).await?.ok_or(TeamError::UnknownMember)?;
                session.teams().add_member(id, member).await?;
            }
            Change::Remove(member) => {
                session.members().find(member).await?.ok_or(TeamError::UnknownMember)?;
                session.teams().remove_member(id, member).await?;
            }
        }
        let after = roster(&*session, id).await?;
        if told(&after) != told(&before) {
            let now = self.ports.clock.now();
            let entry = actor.audit(AuditAction::TeamUpdated, id, Some(told(&before)), Some(told(&after)), now);
            session.audit().append(entry).await?;
        }
        session.commit().await?;
        Ok(after)
    }

    async fn rename(&self, session: &dyn UnitOfWork, mut team: Team, name: &str) -> Result<(), TeamError> {
        if team.name == name {
            return Ok(());
        }
        let holder = session.teams().find_by_name(name).await?;
        if holder.is_some_and(|holder| holder.id != team.id) {
            return Err(TeamError::Taken);
        }
        name.clone_into(&mut team.name);
        team.updated_at = self.ports.clock.now();
        Ok(session.teams().update(&team).await?)
    }
}

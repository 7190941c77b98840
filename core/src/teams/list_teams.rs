//! Listing teams.

use hubchat_domain::{Permission, TeamId};
use hubchat_ports::TeamRoster;

use super::{TeamError, roster};
use crate::{Actor, Ports};

/// Lists teams, so that leads can be given to them.
#[derive(Clone)]
pub struct ListTeams {
    ports: Ports,
}

impl ListTeams {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// All teams with their members, by name.
    pub async fn run(&self, actor: &Actor) -> Result<Vec<TeamRoster>, TeamError> {
        actor.require(Permission::InboxRead)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        Ok(session.teams().list().await?)
    }

    /// One team with its members.
    pub async fn find(&self, actor: &Actor, id: TeamId) -> Result<TeamRoster, TeamError> {
        actor.require(Permission::InboxRead)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        roster(&*session, id).await
    }
}

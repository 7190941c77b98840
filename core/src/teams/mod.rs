//! Running teams.

mod create_team;
mod delete_team;
mod list_teams;
mod team_error;
mod update_team;

#[cfg(test)]
mod team_tests;
#[cfg(test)]
mod team_world;

pub use create_team::{CreateTeam, CreateTeamCommand};
pub use delete_team::DeleteTeam;
pub use list_teams::ListTeams;
pub use team_error::TeamError;
pub use update_team::{UpdateTeam, UpdateTeamCommand};

use std::collections::BTreeSet;

use hubchat_domain::{MemberId, TeamId};
use hubchat_ports::{TeamRoster, UnitOfWork};
use serde_json::{Value, json};

/// Makes exactly these the members of a team.
async fn set_members(session: &dyn UnitOfWork, team: TeamId, members: &[MemberId]) -> Result<(), TeamError> {
    let wanted: BTreeSet<MemberId> = members.iter().copied().collect();
    let present: BTreeSet<MemberId> = session.teams().members_of(team).await?.into_iter().collect();
    for &member in present.difference(&wanted) {
        session.teams().remove_member(team, member).await?;
    }
    for &member in wanted.difference(&present) {
        session.members().find(member).await?.ok_or(TeamError::UnknownMember)?;
        session.teams().add_member(team, member).await?;
    }
    Ok(())
}

/// What the audit log says of a team.
fn told(roster: &TeamRoster) -> Value {
    json!({"name": roster.team.name, "memberIds": roster.member_ids})
}

/// The team as the session has it.
async fn roster(session: &dyn UnitOfWork, id: TeamId) -> Result<TeamRoster, TeamError> {
    let team = session.teams().find(id).await?.ok_or(TeamError::Unknown)?;
    Ok(TeamRoster { team, member_ids: session.teams().members_of(id).await? })
}

//! Operations on teams.

use std::sync::Arc;

use hubchat_core::{
    CreateTeamCommand, UpdateTeamCommand,
    domain::{MemberId, TeamId},
};
use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Json};

use super::Group;
use crate::{
    auth::Caller,
    json_body::JsonBody,
    problem::ApiProblem,
    state::State,
    wire::{Listing, PathId, TeamBody, TeamPatch, TeamView},
};

pub(crate) struct TeamRoutes(pub(crate) Arc<State>);

const MISSING: &str = "team_not_found";
const MISSING_MEMBER: &str = "member_not_found";

/// A team was made.
#[derive(ApiResponse)]
enum MadeTeam {
    /// The team.
    #[oai(status = 201)]
    Made(Json<TeamView>),
}

/// A team is gone.
#[derive(ApiResponse)]
enum RemovedTeam {
    /// It is gone, and its leads belong to their owners alone.
    #[oai(status = 204)]
    Removed,
}

fn members(ids: Vec<uuid::Uuid>) -> Vec<MemberId> {
    ids.into_iter().map(MemberId::from_uuid).collect()
}

#[OpenApi(tag = "Group::Teams")]
impl TeamRoutes {
    /// List teams
    ///
    /// By name, all at once. Asks for the scope `inbox:read`.
    #[oai(path = "/teams", method = "get", operation_id = "listTeams")]
    async fn list(&self, caller: Caller) -> Result<Json<Listing<TeamView>>, ApiProblem> {
        let teams = self.0.hubchat.list_teams.run(&caller.0).await?;
        Ok(Json(Listing::whole(teams.into_iter().map(TeamView::from))))
    }

    /// Make a team
    ///
    /// Asks for the scope `admin`.
    #[oai(path = "/teams", method = "post", operation_id = "createTeam")]
    async fn create(&self, caller: Caller, body: JsonBody<TeamBody>) -> Result<MadeTeam, ApiProblem> {
        let TeamBody { name, member_ids } = body.0;
        let command = CreateTeamCommand { name, member_ids: members(member_ids.unwrap_or_default()) };
        Ok(MadeTeam::Made(Json(self.0.hubchat.create_team.run(&caller.0, &command).await?.into())))
    }

    /// Change a team
    ///
    /// Its name, its members or both, entirely or not at all. Asks for the scope `admin`.
    #[oai(path = "/teams/:id", method = "patch", operation_id = "updateTeam")]
    async fn update(
        &self,
        caller: Caller,
        id: Path<PathId>,
        body: JsonBody<TeamPatch>,
    ) -> Result<Json<TeamView>, ApiProblem> {
        let TeamPatch { name, member_ids } = body.0;
        let command = UpdateTeamCommand { name, member_ids: member_ids.map(members) };
        Ok(Json(self.0.hubchat.update_team.run(&caller.0, id.0.or(MISSING)?, &command).await?.into()))
    }

    /// Remove a team
    ///
    /// Its leads stay with their owners; those without one belong to nobody from then on. Asks for the scope `admin`.
    #[oai(path = "/teams/:id", method = "delete", operation_id = "deleteTeam")]
    async fn delete(&self, caller: Caller, id: Path<PathId>) -> Result<RemovedTeam, ApiProblem> {
        self.0.hubchat.delete_team.run(&caller.0, id.0.or(MISSING)?).await?;
        Ok(RemovedTeam::Removed)
    }

    /// Add a member to a team
    ///
    /// Who is of it already stays. Asks for the scope `admin`.
    #[oai(path = "/teams/:id/members/:memberId", method = "put", operation_id = "addTeamMember")]
    async fn add_member(
        &self,
        caller: Caller,
        id: Path<PathId>,
        #[oai(name = "memberId")] member_id: Path<PathId>,
    ) -> Result<Json<TeamView>, ApiProblem> {
        let (team, member) = ids(&id, &member_id)?;
        Ok(Json(self.0.hubchat.update_team.add_member(&caller.0, team, member).await?.into()))
    }

    /// Take a member out of a team
    ///
    /// Who is not of it is no error. They keep the leads that they own. Asks for the scope `admin`.
    #[oai(path = "/teams/:id/members/:memberId", method = "delete", operation_id = "removeTeamMember")]
    async fn remove_member(
        &self,
        caller: Caller,
        id: Path<PathId>,
        #[oai(name = "memberId")] member_id: Path<PathId>,
    ) -> Result<Json<TeamView>, ApiProblem> {
        let (team, member) = ids(&id, &member_id)?;
        Ok(Json(self.0.hubchat.update_team.remove_member(&caller.0, team, member).await?.into()))
    }
}

fn ids(team: &Path<PathId>, member: &Path<PathId>) -> Result<(TeamId, MemberId), ApiProblem> {
    Ok((team.0.or(MISSING)?, member.0.or(MISSING_MEMBER)?))
}

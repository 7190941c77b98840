//! Operations on members.

use std::sync::Arc;

use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Json};

use super::Group;
use crate::{
    auth::Caller,
    json_body::JsonBody,
    problem::ApiProblem,
    state::State,
    wire::{InviteMemberBody, Listing, MemberPatch, MemberView, PathId},
};

const MISSING: &str = "member_not_found";

/// What inviting answers.
#[derive(ApiResponse)]
enum Invited {
    /// The member is invited, and a mail is sent.
    #[oai(status = 201)]
    Created(Json<MemberView>),
}

pub(crate) struct MemberRoutes(pub(crate) Arc<State>);

#[OpenApi(tag = "Group::Members")]
impl MemberRoutes {
    /// List members
    ///
    /// By name, all at once. Asks for the scope `inbox:read`.
    #[oai(path = "/members", method = "get", operation_id = "listMembers")]
    async fn list(&self, caller: Caller) -> Result<Json<Listing<MemberView>>, ApiProblem> {
        let members = self.0.hubchat.create_member.list(&caller.0).await?;
        Ok(Json(Listing::whole(members.into_iter().map(MemberView::from))))
    }

    /// Invite a member
    ///
    /// They get a link by mail that is good for seven days, once. Asks for the permission `members:manage`, and for
    /// `owners:manage` to invite an owner.
    #[oai(path = "/members", method = "post", operation_id = "inviteMember")]
    async fn invite(&self, caller: Caller, body: JsonBody<InviteMemberBody>) -> Result<Invited, ApiProblem> {
        let member = self.0.hubchat.invite_member.run(&caller.0, &body.0.into_command()).await?;
        Ok(Invited::Created(Json(member.into())))
    }

    /// Invite a member again
    ///
    /// Another link for somebody who has not come yet; the former one is void. Asks for the permission
    /// `members:manage`.
    #[oai(path = "/members/:id/invite", method = "post", operation_id = "inviteMemberAgain")]
    async fn invite_again(&self, caller: Caller, id: Path<PathId>) -> Result<Json<MemberView>, ApiProblem> {
        let member = self.0.hubchat.invite_member.again(&caller.0, id.0.or(MISSING)?).await?;
        Ok(Json(member.into()))
    }

    /// Change a member
    ///
    /// Name, role, and whether they work now: DISABLED ends their sessions. Owners are made and changed by owners
    /// only, and the last active one stays. Asks for the permission `members:manage`.
    #[oai(path = "/members/:id", method = "patch", operation_id = "updateMember")]
    async fn update(
        &self,
        caller: Caller,
        id: Path<PathId>,
        body: JsonBody<MemberPatch>,
    ) -> Result<Json<MemberView>, ApiProblem> {
        let (id, command) = (id.0.or(MISSING)?, body.0.into_command());
        Ok(Json(self.0.hubchat.update_member.run(&caller.0, id, &command).await?.into()))
    }
}

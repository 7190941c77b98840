//! Operations on members.

use std::sync::Arc;

use poem_openapi::{OpenApi, payload::Json};

use super::Group;
use crate::{
    auth::Caller,
    problem::ApiProblem,
    state::State,
    wire::{Listing, MemberView},
};

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
}

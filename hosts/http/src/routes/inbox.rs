//! What the inbox is made of, for everybody who reads it.

use std::sync::Arc;

use poem_openapi::{OpenApi, param::Query, payload::Json};

use super::Group;
use crate::{
    auth::Caller,
    cursor::ListKey,
    problem::ApiProblem,
    state::State,
    wire::{InboxAccountView, Limit, Listing, PageQuery},
};

pub(crate) struct InboxRoutes(pub(crate) Arc<State>);

#[OpenApi(tag = "Group::Conversations")]
impl InboxRoutes {
    /// List the accounts of the inbox
    ///
    /// The names of all channel accounts that conversations may be on, oldest first; of removed ones too, whose
    /// conversations stay. Asks for the scope `inbox:read`.
    #[oai(path = "/inbox/accounts", method = "get", operation_id = "listInboxAccounts")]
    async fn accounts(
        &self,
        caller: Caller,
        /// How many at most.
        limit: Query<Option<Limit>>,
        /// The `nextCursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Json<Listing<InboxAccountView>>, ApiProblem> {
        let query = PageQuery::read(ListKey::new("inbox accounts", &[]), limit, cursor)?;
        let page = self.0.hubchat.inbox.accounts(&caller.0, query.request()).await?;
        Ok(Json(query.listing(page, InboxAccountView::from)))
    }
}

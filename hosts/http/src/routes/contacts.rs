//! Operations on contacts.

use std::sync::Arc;

use hubchat_core::{
    domain::ContactId,
    port::{ConversationFilter, ConversationOrder},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::Group;
use crate::{
    auth::Caller,
    cursor::ListKey,
    problem::ApiProblem,
    state::State,
    wire::{ConversationView, ErasedContactView, Limit, Listing, PageQuery, PathId},
};

pub(crate) struct ContactRoutes(pub(crate) Arc<State>);

const MISSING: &str = "contact_not_found";

#[OpenApi(tag = "Group::Contacts")]
impl ContactRoutes {
    /// List a contact's conversations
    ///
    /// On whichever channels, newest message first. A contact of whom you see nothing is not there. Asks for the scope `inbox:read`.
    #[oai(path = "/contacts/:id/conversations", method = "get", operation_id = "listContactConversations")]
    async fn conversations(
        &self,
        caller: Caller,
        id: Path<PathId>,
        /// How many at most.
        limit: Query<Option<Limit>>,
        /// The `nextCursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Json<Listing<ConversationView>>, ApiProblem> {
        let id: ContactId = id.0.or(MISSING)?;
        let query = PageQuery::read(ListKey::new("contact", &[("contact", Some(id.to_string()))]), limit, cursor)?;
        let filter = ConversationFilter { contact_id: Some(id), ..ConversationFilter::default() };
        let inbox = &self.0.hubchat.inbox;
        let page = inbox.conversations(&caller.0, &filter, ConversationOrder::Latest, query.request()).await?;
        if page.items.is_empty() && query.request().after.is_none() {
            return Err(ApiProblem::of(MISSING));
        }
        Ok(Json(query.listing(page, ConversationView::from)))
    }

    /// Erase a contact
    ///
    /// For good: their messages, files, conversations, leads and identities, and the payloads of providers that
    /// name them. Files follow within seconds. What remains is an entry of the audit log that names nobody. Asks
    /// for the permission `data:manage`.
    #[oai(path = "/contacts/:id", method = "delete", operation_id = "eraseContact")]
    async fn erase(&self, caller: Caller, id: Path<PathId>) -> Result<Json<ErasedContactView>, ApiProblem> {
        Ok(Json(self.0.hubchat.erase_contact.run(&caller.0, id.0.or(MISSING)?).await?.into()))
    }
}

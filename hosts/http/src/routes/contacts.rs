//! Operations on contacts.

use std::sync::Arc;

use poem_openapi::{OpenApi, param::Path, payload::Json};

use super::Group;
use crate::{
    auth::Caller,
    problem::ApiProblem,
    state::State,
    wire::{ErasedContactView, PathId},
};

pub(crate) struct ContactRoutes(pub(crate) Arc<State>);

const MISSING: &str = "contact_not_found";

#[OpenApi(tag = "Group::Contacts")]
impl ContactRoutes {
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

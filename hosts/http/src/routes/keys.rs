//! Operations on API keys.

use std::sync::Arc;

use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::Group;
use crate::{
    auth::Caller,
    cursor::ListKey,
    json_body::JsonBody,
    problem::ApiProblem,
    state::State,
    wire::{ApiKeyView, CreateApiKeyBody, Limit, Listing, NewApiKeyView, PageQuery, PathId},
};

/// What making answers.
#[derive(ApiResponse)]
enum Made {
    /// The key is made; it is shown this once.
    #[oai(status = 201)]
    Created(Json<NewApiKeyView>),
}

/// What revoking answers.
#[derive(ApiResponse)]
enum Revoked {
    /// The key is good no longer.
    #[oai(status = 204)]
    Done,
}

pub(crate) struct KeyRoutes(pub(crate) Arc<State>);

#[OpenApi(tag = "Group::Keys")]
impl KeyRoutes {
    /// Make an API key
    ///
    /// It is shown this once; a repeated request makes another. It may do nothing that the caller may not. Asks for
    /// the permission `keys:manage`.
    #[oai(path = "/keys", method = "post", operation_id = "createApiKey")]
    async fn create(&self, caller: Caller, body: JsonBody<CreateApiKeyBody>) -> Result<Made, ApiProblem> {
        let CreateApiKeyBody { name, scopes, expires_at } = body.0;
        let scopes: Vec<_> = scopes.into_iter().map(|scope| scope.0).collect();
        let end = expires_at.map(|end| end.0);
        let made = self.0.hubchat.create_api_key.run(&caller.0, &name, &scopes, end).await?;
        Ok(Made::Created(Json(made.into())))
    }

    /// List API keys
    ///
    /// Newest first, also those that are no longer good. Asks for the permission `keys:manage`.
    #[oai(path = "/keys", method = "get", operation_id = "listApiKeys")]
    async fn list(
        &self,
        caller: Caller,
        /// At most so many rows.
        limit: Query<Option<Limit>>,
        /// The `nextCursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Json<Listing<ApiKeyView>>, ApiProblem> {
        let page = PageQuery::read(ListKey::new("api-keys", &[]), limit, cursor)?;
        let keys = self.0.hubchat.list_api_keys.run(&caller.0, page.request()).await?;
        Ok(Json(page.listing(keys, ApiKeyView::from)))
    }

    /// Revoke an API key
    ///
    /// For good, and at once everywhere. One that was revoked before stays so. Asks for the permission `keys:manage`.
    #[oai(path = "/keys/:id", method = "delete", operation_id = "revokeApiKey")]
    async fn revoke(&self, caller: Caller, id: Path<PathId>) -> Result<Revoked, ApiProblem> {
        self.0.hubchat.revoke_api_key.run(&caller.0, id.0.or("key_not_found")?).await?;
        Ok(Revoked::Done)
    }
}

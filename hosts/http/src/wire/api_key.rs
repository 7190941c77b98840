//! API keys on the wire. The secret goes out once, when the key is made.

use hubchat_core::{
    NewApiKey,
    domain::{ApiKeyRecord, Scope},
};
use poem_openapi::Object;
use secrecy::ExposeSecret;
use serde::Deserialize;
use uuid::Uuid;

use super::{Moment, Named};

/// What to make.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "CreateApiKeyRequest", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CreateApiKeyBody {
    /// What it is for: 1 to 200 characters.
    pub(crate) name: String,
    /// What it may do, at least one.
    pub(crate) scopes: Vec<Named<Scope>>,
    /// From when on it is no longer good; absent never ends.
    pub(crate) expires_at: Option<Moment>,
}

/// An API key; never its secret.
#[derive(Debug, Object)]
#[oai(rename = "ApiKey", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ApiKeyView {
    /// Its id.
    id: Uuid,
    /// What it is for.
    name: String,
    /// How it begins.
    prefix: String,
    /// What it may do.
    scopes: Vec<Named<Scope>>,
    /// When it was made.
    created_at: Moment,
    /// When it was last used, to the minute.
    last_used_at: Option<Moment>,
    /// From when on it is no longer good; absent never ends.
    expires_at: Option<Moment>,
    /// When it was revoked.
    revoked_at: Option<Moment>,
}

impl From<ApiKeyRecord> for ApiKeyView {
    fn from(key: ApiKeyRecord) -> Self {
        Self {
            id: key.id.as_uuid(),
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes.into_iter().map(Named).collect(),
            created_at: Moment(key.created_at),
            last_used_at: key.last_used_at.map(Moment),
            expires_at: key.expires_at.map(Moment),
            revoked_at: key.revoked_at.map(Moment),
        }
    }
}

/// A key that was made.
#[derive(Debug, Object)]
#[oai(rename = "NewApiKey", rename_all = "camelCase")]
pub(crate) struct NewApiKeyView {
    /// The key itself, shown this once.
    #[oai(read_only)]
    key: String,
    /// What is kept of it.
    api_key: ApiKeyView,
}

impl From<NewApiKey> for NewApiKeyView {
    fn from(made: NewApiKey) -> Self {
        Self { key: made.key.expose_secret().to_owned(), api_key: ApiKeyView::from(made.record) }
    }
}

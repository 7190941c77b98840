//! Rows of API keys.

use hubchat_domain::{ApiKeyRecord, Scope};
use hubchat_ports::StorageError;
use sea_orm::QueryResult;

use super::Fields;

/// The columns of an API key, with the table as `k`.
pub(crate) const API_KEY_COLUMNS: &str = "k.id, k.tenant_id, k.name, k.prefix, k.secret_hash, k.scopes, \
    k.created_at, k.last_used_at, k.expires_at, k.revoked_at";

/// The key of a row.
pub(crate) fn api_key(row: &QueryResult) -> Result<ApiKeyRecord, StorageError> {
    let fields = Fields::plain(row, "api key");
    let scopes: String = fields.get("scopes")?;
    let scopes: Option<Vec<Scope>> = scopes.split_whitespace().map(Scope::parse).collect();
    Ok(ApiKeyRecord {
        id: fields.id("id")?,
        tenant_id: fields.id("tenant_id")?,
        name: fields.get("name")?,
        prefix: fields.get("prefix")?,
        secret_hash: fields.get("secret_hash")?,
        scopes: scopes.ok_or(StorageError::Corrupt { what: "api key" })?,
        created_at: fields.time("created_at")?,
        last_used_at: fields.time_or_none("last_used_at")?,
        expires_at: fields.time_or_none("expires_at")?,
        revoked_at: fields.time_or_none("revoked_at")?,
    })
}

//! Rows of settings.

use hubchat_domain::{InvalidSetting, TenantSettings};
use hubchat_ports::{StorageError, StoredSettings};
use sea_orm::QueryResult;
use serde_json::Value as Json;

use super::Fields;

/// All settings that a tenant ever set. The first parameter is the tenant.
pub(crate) const SETTINGS: &str = "SELECT key, value, version FROM tenant_settings WHERE tenant_id = ?1 ORDER BY key";

/// The settings of those rows over the defaults.
pub(crate) fn stored_settings(rows: &[QueryResult]) -> Result<StoredSettings, StorageError> {
    let mut stored = StoredSettings::default();
    for row in rows {
        let fields = Fields::plain(row, "setting");
        let value: Json = fields.json("value")?;
        match stored.settings.set(&fields.get::<String>("key")?, &value) {
            // A name that this version does not know is another version's.
            Ok(()) | Err(InvalidSetting::Unknown { .. }) => {}
            Err(InvalidSetting::Value { .. }) => return Err(StorageError::Corrupt { what: "setting" }),
        }
        stored.version += fields.get::<i64>("version")?;
    }
    Ok(stored)
}

/// The name of the setting whose values stand in a table of their own as well.
pub(crate) const ORIGINS_KEY: &str = "allowedOrigins";

/// The origins in that setting's value.
pub(crate) fn origins(value: &Json) -> Result<Vec<String>, StorageError> {
    let mut settings = TenantSettings::default();
    settings.set(ORIGINS_KEY, value).map_err(|error| StorageError::Other(error.into()))?;
    Ok(settings.allowed_origins.into_iter().map(String::from).collect())
}

//! Rows of settings.

use hubchat_domain::{InvalidSetting, TenantName, TenantSettings};
use hubchat_ports::{StorageError, StoredSettings};
use sea_orm::QueryResult;
use serde_json::Value as Json;

use super::Fields;

/// All settings that a tenant ever set, and its name, which every tenant has. The first parameter is the tenant.
pub(crate) const SETTINGS: &str = "SELECT key, value, version, NULL AS name FROM tenant_settings WHERE tenant_id = ?1 \
    UNION ALL SELECT '', '', 0, name FROM tenants WHERE id = ?1";

/// The settings of those rows over the defaults.
pub(crate) fn stored_settings(rows: &[QueryResult]) -> Result<StoredSettings, StorageError> {
    let mut stored = StoredSettings::default();
    for row in rows {
        let fields = Fields::plain(row, "setting");
        if let Some(name) = fields.get::<Option<String>>("name")? {
            let name = TenantName::parse(&name).map_err(|_| StorageError::Corrupt { what: "tenant" })?;
            stored.settings.name = Some(name);
            continue;
        }
        stored.version += fields.get::<i64>("version")?;
        let key: String = fields.get("key")?;
        // The tenant's own row says what it is called now.
        if key == NAME_KEY {
            continue;
        }
        let value: Json = fields.json("value")?;
        match stored.settings.set(&key, &value) {
            // A name that this version does not know is another version's.
            Ok(()) | Err(InvalidSetting::Unknown { .. }) => {}
            Err(InvalidSetting::Value { .. }) => return Err(StorageError::Corrupt { what: "setting" }),
        }
    }
    Ok(stored)
}

/// The name of the setting whose value stands in the tenant's own row as well.
pub(crate) const NAME_KEY: &str = "name";

/// The name of the setting whose values stand in a table of their own as well.
pub(crate) const ORIGINS_KEY: &str = "allowedOrigins";

/// The origins in that setting's value.
pub(crate) fn origins(value: &Json) -> Result<Vec<String>, StorageError> {
    let mut settings = TenantSettings::default();
    settings.set(ORIGINS_KEY, value).map_err(|error| StorageError::Other(error.into()))?;
    Ok(settings.allowed_origins.into_iter().map(String::from).collect())
}

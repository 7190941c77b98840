//! Settings, in the session's transaction.

use async_trait::async_trait;
use hubchat_domain::Timestamp;
use hubchat_ports::{SettingsStore, StorageError, StoredSettings};
use serde_json::Value as Json;

use super::Session;
use crate::rows::{NAME_KEY, ORIGINS_KEY, SETTINGS, origins, stored_settings};

/// There is one row of a tenant whatever it has set. SQLite has one writer anyway.
const LOCK: &str = "SELECT id FROM tenants WHERE id = ?1 FOR NO KEY UPDATE";

const PUT: &str = "INSERT INTO tenant_settings (tenant_id, key, value, updated_at, version) VALUES (?1, ?2, ?3, ?4, 1) \
    ON CONFLICT (tenant_id, key) DO UPDATE SET \
        value = excluded.value, updated_at = excluded.updated_at, version = tenant_settings.version + 1";

#[async_trait]
impl SettingsStore for Session {
    async fn find(&self) -> Result<StoredSettings, StorageError> {
        stored_settings(&self.query(SETTINGS, Vec::new()).await?)
    }

    async fn lock(&self) -> Result<StoredSettings, StorageError> {
        if self.is_postgres() {
            self.query(LOCK, Vec::new()).await?;
        }
        SettingsStore::find(self).await
    }

    async fn put(&self, values: &[(&'static str, Json)], at: Timestamp) -> Result<(), StorageError> {
        self.note_access();
        for (key, value) in values {
            let row = vec![(*key).into(), value.to_string().into(), at.as_micros().into()];
            self.execute(PUT, row).await?;
            if *key == NAME_KEY {
                let name = value.as_str().unwrap_or_default();
                self.execute("UPDATE tenants SET name = ?2 WHERE id = ?1", vec![name.into()]).await?;
            }
            if *key == ORIGINS_KEY {
                let origins = origins(value).map_err(|error| self.spoil(error))?;
                self.execute("DELETE FROM tenant_origins WHERE tenant_id = ?1", Vec::new()).await?;
                for origin in origins {
                    let sql = "INSERT INTO tenant_origins (tenant_id, origin) VALUES (?1, ?2)";
                    self.execute(sql, vec![origin.into()]).await?;
                }
            }
        }
        Ok(())
    }
}

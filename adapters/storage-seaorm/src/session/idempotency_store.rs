//! Answers to repeated requests, in the session's transaction.

use async_trait::async_trait;
use hubchat_domain::Timestamp;
use hubchat_ports::{IdempotencyRecord, IdempotencyStore, StorageError};
use uuid::Uuid;

use super::Session;
use crate::error::from_db;

/// A record that another session holds makes this wait for that session's end.
const CLAIM: &str = "INSERT INTO idempotency_records \
        (tenant_id, scope, idempotency_key, fingerprint, resource_id, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
    ON CONFLICT (tenant_id, scope, idempotency_key) DO UPDATE SET \
        fingerprint = excluded.fingerprint, resource_id = excluded.resource_id, expires_at = excluded.expires_at \
    WHERE idempotency_records.expires_at <= ?7";

const FIND: &str = "SELECT fingerprint, resource_id, expires_at FROM idempotency_records \
    WHERE tenant_id = ?1 AND scope = ?2 AND idempotency_key = ?3";

#[async_trait]
impl IdempotencyStore for Session {
    async fn claim(
        &self,
        record: &IdempotencyRecord,
        now: Timestamp,
    ) -> Result<Option<IdempotencyRecord>, StorageError> {
        let values = vec![
            record.scope.as_str().into(),
            record.key.as_str().into(),
            record.fingerprint.clone().into(),
            record.resource_id.into(),
            record.expires_at.as_micros().into(),
            now.as_micros().into(),
        ];
        if self.execute(CLAIM, values).await? == 1 {
            return Ok(None);
        }
        let rows = self.query(FIND, vec![record.scope.as_str().into(), record.key.as_str().into()]).await?;
        // The record can only have gone by being forgotten meanwhile.
        let Some(row) = rows.first() else { return Err(self.spoil(StorageError::Stale)) };
        Ok(Some(IdempotencyRecord {
            scope: record.scope.clone(),
            key: record.key.clone(),
            fingerprint: row.try_get("", "fingerprint").map_err(from_db)?,
            resource_id: row.try_get::<Uuid>("", "resource_id").map_err(from_db)?,
            expires_at: Timestamp::from_micros(row.try_get("", "expires_at").map_err(from_db)?),
        }))
    }
}

//! Idempotency records in a session.

use async_trait::async_trait;
use hubchat_domain::Timestamp;
use hubchat_ports::{IdempotencyRecord, IdempotencyStore, StorageError};

use super::Session;
use crate::columns::Columns;

#[async_trait]
impl IdempotencyStore for Session {
    async fn claim(
        &self,
        record: &IdempotencyRecord,
        now: Timestamp,
    ) -> Result<Option<IdempotencyRecord>, StorageError> {
        // The insert waits for another open session that holds the key; an expired record gives way.
        let sql = "INSERT INTO idempotency_records \
                   (tenant_id, scope, idempotency_key, fingerprint, resource_id, expires_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                   ON CONFLICT (tenant_id, scope, idempotency_key) DO UPDATE \
                   SET fingerprint = excluded.fingerprint, resource_id = excluded.resource_id, \
                       expires_at = excluded.expires_at \
                   WHERE idempotency_records.expires_at <= ?7";
        let values = [
            record.scope.clone().into(),
            record.key.clone().into(),
            record.fingerprint.clone().into(),
            record.resource_id.into(),
            record.expires_at.as_micros().into(),
            now.as_micros().into(),
        ];
        if self.execute(sql, values).await? == 1 {
            return Ok(None);
        }
        let sql = "SELECT * FROM idempotency_records WHERE tenant_id = ?1 AND scope = ?2 AND idempotency_key = ?3";
        let row = self.query_one(sql, [record.scope.clone().into(), record.key.clone().into()]).await?;
        let row = row.ok_or(StorageError::Stale)?;
        let columns = Columns::of(&row, "idempotency record");
        Ok(Some(IdempotencyRecord {
            scope: columns.get("scope")?,
            key: columns.get("idempotency_key")?,
            fingerprint: columns.get("fingerprint")?,
            resource_id: columns.get("resource_id")?,
            expires_at: columns.time("expires_at")?,
        }))
    }
}

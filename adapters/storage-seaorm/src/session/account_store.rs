//! Channel accounts, in the session's transaction.

use async_trait::async_trait;
use hubchat_domain::{ChannelAccount, ChannelAccountId, ChannelAccountRecord, Timestamp};
use hubchat_ports::{AccountStore, InsertOutcome, SealedSecrets, StorageError, StoredAccount};
use sea_orm::QueryResult;
use serde_json::json;

use super::{Session, outcome};
use crate::{
    rows::{select_stored_accounts, stored_account},
    statements::{Kind, fixed, rows_parameter, unfold},
};

/// A tenant has at most so many.
const LIMIT: u32 = 1_000;

impl Session {
    async fn accounts_where(&self, rest: &str, value: sea_orm::Value) -> Result<Vec<StoredAccount>, StorageError> {
        let sql = format!("{} {rest}", select_stored_accounts());
        let rows: Vec<QueryResult> = self.query(&sql, vec![value]).await?;
        rows.iter().map(stored_account).collect()
    }
}

#[async_trait]
impl AccountStore for Session {
    async fn find(&self, id: ChannelAccountId) -> Result<Option<StoredAccount>, StorageError> {
        let found = self.accounts_where("WHERE t.tenant_id = ?1 AND t.id = ?2", id.as_uuid().into()).await?;
        Ok(found.into_iter().next())
    }

    async fn find_many(&self, ids: &[ChannelAccountId]) -> Result<Vec<StoredAccount>, StorageError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = rows_parameter(ids.iter().map(|id| json!({ "id": id })).collect());
        let list = unfold(self.backend(), &[fixed("id", Kind::Uuid)]);
        let rest = format!("WHERE t.tenant_id = ?1 AND t.id IN (SELECT r.id FROM {list} AS r)");
        self.accounts_where(&rest, ids).await
    }

    async fn list(&self) -> Result<Vec<ChannelAccount>, StorageError> {
        let rest = format!("WHERE t.tenant_id = ?1 ORDER BY t.created_at, t.id LIMIT {LIMIT}");
        let records = self.select::<ChannelAccountRecord>(&rest, Vec::new()).await?;
        Ok(records.into_iter().map(ChannelAccount::restore).collect())
    }

    async fn insert(&self, account: &StoredAccount) -> Result<InsertOutcome, StorageError> {
        let record = account.account.record();
        self.own_rows(std::iter::once(record))?;
        let sql = "INSERT INTO channel_accounts (tenant_id, id, channel_type, name, external_id, webhook_key, status, \
            status_reason, last_checked_at, sealed_secrets, key_version, created_at, updated_at, version) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT DO NOTHING";
        let values = vec![
            record.id.as_uuid().into(),
            record.channel_type.as_str().into(),
            record.name.as_str().into(),
            record.external_id.clone().into(),
            record.webhook_key.as_str().into(),
            record.status.as_str().into(),
            record.status_reason.clone().into(),
            record.last_checked_at.map(Timestamp::as_micros).into(),
            account.sealed.0.as_str().into(),
            account.key.version.into(),
            record.created_at.as_micros().into(),
            record.updated_at.as_micros().into(),
            record.version.into(),
        ];
        Ok(outcome(self.execute(sql, values).await? == 1))
    }

    async fn update(&self, account: &ChannelAccount) -> Result<(), StorageError> {
        self.update_one(account.record()).await
    }

    async fn replace_secrets(
        &self,
        id: ChannelAccountId,
        sealed: &SealedSecrets,
        version: i32,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE channel_accounts SET sealed_secrets = ?3, key_version = ?4 WHERE tenant_id = ?1 AND id = ?2";
        let values = vec![id.as_uuid().into(), sealed.0.as_str().into(), version.into()];
        if self.execute(sql, values).await? == 1 { Ok(()) } else { Err(StorageError::Stale) }
    }
}

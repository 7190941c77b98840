//! Data keys of a tenant, in the session's transaction.

use async_trait::async_trait;
use hubchat_domain::{ChannelAccountId, Timestamp};
use hubchat_ports::{DataKey, DataKeyStore, FormerSeal, InsertOutcome, SealedSecrets, StorageError, WrappedKey};
use sea_orm::QueryResult;

use super::{Session, outcome};
use crate::rows::Fields;

const KEYS: &str = "SELECT version, wrapped, created_at, retired_at FROM data_keys WHERE tenant_id = ?1";

const FORMER: &str = "SELECT t.id AS id, t.sealed_secrets AS sealed_secrets, t.key_version AS version, \
    k.wrapped AS wrapped FROM channel_accounts AS t \
    JOIN data_keys AS k ON k.tenant_id = t.tenant_id AND k.version = t.key_version \
    WHERE t.tenant_id = ?1 AND t.key_version < ?2 ORDER BY t.id LIMIT ?3";

const COUNT_FORMER: &str = "SELECT count(*) AS seals FROM channel_accounts AS t \
    WHERE t.tenant_id = ?1 AND t.key_version < ?2";

const RESEAL: &str = "UPDATE channel_accounts SET sealed_secrets = ?3, key_version = ?4 \
    WHERE tenant_id = ?1 AND id = ?2 AND sealed_secrets = ?5 AND key_version = ?6";

impl Session {
    fn wrapped_key(&self, fields: &Fields<'_>) -> Result<WrappedKey, StorageError> {
        let (version, wrapped) = (fields.get("version")?, fields.get("wrapped")?);
        Ok(WrappedKey { tenant_id: self.tenant, version, wrapped })
    }

    fn data_key(&self, row: &QueryResult) -> Result<DataKey, StorageError> {
        let fields = Fields::plain(row, "data key");
        let (created_at, retired_at) = (fields.time("created_at")?, fields.time_or_none("retired_at")?);
        Ok(DataKey { key: self.wrapped_key(&fields)?, created_at, retired_at })
    }

    fn own_key(&self, key: &WrappedKey) -> Result<(), StorageError> {
        if key.tenant_id == self.tenant {
            return Ok(());
        }
        Err(self.spoil(StorageError::Other("a data key of another tenant".into())))
    }
}

#[async_trait]
impl DataKeyStore for Session {
    async fn current(&self) -> Result<Option<DataKey>, StorageError> {
        let rows = self.query(&format!("{KEYS} ORDER BY version DESC LIMIT 1"), Vec::new()).await?;
        rows.first().map(|row| self.data_key(row)).transpose()
    }

    async fn list(&self) -> Result<Vec<DataKey>, StorageError> {
        let rows = self.query(&format!("{KEYS} ORDER BY version"), Vec::new()).await?;
        rows.iter().map(|row| self.data_key(row)).collect()
    }

    async fn insert(&self, key: &DataKey) -> Result<InsertOutcome, StorageError> {
        self.own_key(&key.key)?;
        let sql = "INSERT INTO data_keys (tenant_id, version, wrapped, created_at, retired_at) \
            VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (tenant_id, version) DO NOTHING";
        let values = vec![
            key.key.version.into(),
            key.key.wrapped.as_str().into(),
            key.created_at.as_micros().into(),
            key.retired_at.map(Timestamp::as_micros).into(),
        ];
        Ok(outcome(self.execute(sql, values).await? == 1))
    }

    async fn replace(&self, from: &WrappedKey, to: &WrappedKey) -> Result<(), StorageError> {
        self.own_key(to)?;
        let sql = "UPDATE data_keys SET wrapped = ?3 WHERE tenant_id = ?1 AND version = ?2 AND wrapped = ?4";
        let values = vec![to.version.into(), to.wrapped.as_str().into(), from.wrapped.as_str().into()];
        if self.execute(sql, values).await? == 1 { Ok(()) } else { Err(StorageError::Stale) }
    }

    async fn retire_before(&self, version: i32, at: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE data_keys SET retired_at = ?3 WHERE tenant_id = ?1 AND version < ?2 AND retired_at IS NULL";
        self.execute(sql, vec![version.into(), at.as_micros().into()]).await?;
        Ok(())
    }

    async fn list_former_seals(&self, version: i32, limit: u32) -> Result<Vec<FormerSeal>, StorageError> {
        let rows = self.query(FORMER, vec![version.into(), i64::from(limit).into()]).await?;
        let seal = |row: &QueryResult| {
            let fields = Fields::plain(row, "channel account");
            let sealed = SealedSecrets(fields.get("sealed_secrets")?);
            Ok(FormerSeal { account_id: fields.id("id")?, sealed, key: self.wrapped_key(&fields)? })
        };
        rows.iter().map(seal).collect()
    }

    async fn count_former_seals(&self, version: i32) -> Result<u64, StorageError> {
        let rows = self.query(COUNT_FORMER, vec![version.into()]).await?;
        let count: Option<i64> = rows.first().map(|row| Fields::plain(row, "count").get("seals")).transpose()?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }

    async fn reseal(&self, former: &FormerSeal, sealed: &SealedSecrets, version: i32) -> Result<bool, StorageError> {
        let account: ChannelAccountId = former.account_id;
        let values = vec![
            account.as_uuid().into(),
            sealed.0.as_str().into(),
            version.into(),
            former.sealed.0.as_str().into(),
            former.key.version.into(),
        ];
        Ok(self.execute(RESEAL, values).await? == 1)
    }
}

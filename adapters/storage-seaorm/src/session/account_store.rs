//! Channel accounts in a session.

use async_trait::async_trait;
use hubchat_domain::{ChannelAccount, ChannelAccountId};
use hubchat_ports::{AccountStore, InsertOutcome, SealedSecrets, StorageError, StoredAccount};

use super::Session;
use crate::{
    columns::Columns,
    rows::{ACCOUNTS, account_json, read_account, read_stored_account},
};

#[async_trait]
impl AccountStore for Session {
    async fn find(&self, id: ChannelAccountId) -> Result<Option<StoredAccount>, StorageError> {
        let sql = "SELECT * FROM channel_accounts WHERE tenant_id = ?1 AND id = ?2";
        let row = self.query_one(sql, [id.as_uuid().into()]).await?;
        row.map(|row| read_stored_account(Columns::of(&row, "channel account"))).transpose()
    }

    async fn find_many(&self, ids: &[ChannelAccountId]) -> Result<Vec<StoredAccount>, StorageError> {
        let sql = format!("SELECT * FROM channel_accounts WHERE tenant_id = ?1 AND {}", self.is_one_of("id", 2));
        let rows = self.query(&sql, [self.ids(ids.iter().map(|id| id.as_uuid()))]).await?;
        rows.iter().map(|row| read_stored_account(Columns::of(row, "channel account"))).collect()
    }

    async fn list(&self) -> Result<Vec<ChannelAccount>, StorageError> {
        let sql = "SELECT * FROM channel_accounts WHERE tenant_id = ?1 ORDER BY created_at, id LIMIT 1000";
        let rows = self.query(sql, []).await?;
        rows.iter().map(|row| read_account(Columns::of(row, "channel account")).map(ChannelAccount::restore)).collect()
    }

    async fn insert(&self, account: &StoredAccount) -> Result<InsertOutcome, StorageError> {
        let id = account.account.record().id.as_uuid();
        let row = account_json(&account.account, Some(&account.sealed));
        let target = "(channel_type, external_id) WHERE external_id IS NOT NULL";
        let inserted = self.insert_new(&ACCOUNTS, vec![row], target, "id").await?;
        Ok(super::outcomes([id], &inserted).pop().unwrap_or(InsertOutcome::AlreadyPresent))
    }

    async fn update(&self, account: &ChannelAccount) -> Result<(), StorageError> {
        Session::update(self, &ACCOUNTS, vec![account_json(account, None)]).await
    }

    async fn replace_secrets(&self, id: ChannelAccountId, sealed: &SealedSecrets) -> Result<(), StorageError> {
        let sql = "UPDATE channel_accounts SET sealed_secrets = ?3, version = version + 1 \
                   WHERE tenant_id = ?1 AND id = ?2";
        let changed = self.execute(sql, [id.as_uuid().into(), sealed.0.clone().into()]).await?;
        if changed == 1 { Ok(()) } else { Err(StorageError::Stale) }
    }
}

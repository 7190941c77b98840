//! API keys, in the session's transaction.

use async_trait::async_trait;
use hubchat_domain::{ApiKeyId, ApiKeyRecord, Timestamp};
use hubchat_ports::{ApiKeyStore, Keyset, Page, PageRequest, StorageError};

use super::Session;
use crate::rows::{API_KEY_COLUMNS, api_key};

const INSERT: &str = "INSERT INTO api_keys (tenant_id, id, name, prefix, secret_hash, scopes, created_at, \
    last_used_at, expires_at, revoked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

const REVOKE: &str = "UPDATE api_keys SET revoked_at = ?3 WHERE tenant_id = ?1 AND id = ?2 AND revoked_at IS NULL";

/// The most rows of a page.
const MOST_ROWS: u32 = 200;

#[async_trait]
impl ApiKeyStore for Session {
    async fn insert(&self, key: &ApiKeyRecord) -> Result<(), StorageError> {
        if key.tenant_id != self.tenant {
            return Err(self.spoil(StorageError::Other("an api key of another tenant".into())));
        }
        let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
        let values = vec![
            key.id.as_uuid().into(),
            key.name.as_str().into(),
            key.prefix.as_str().into(),
            key.secret_hash.clone().into(),
            scopes.join(" ").into(),
            key.created_at.as_micros().into(),
            key.last_used_at.map(Timestamp::as_micros).into(),
            key.expires_at.map(Timestamp::as_micros).into(),
            key.revoked_at.map(Timestamp::as_micros).into(),
        ];
        self.execute(INSERT, values).await.map(drop)
    }

    async fn find(&self, id: ApiKeyId) -> Result<Option<ApiKeyRecord>, StorageError> {
        let sql = format!("SELECT {API_KEY_COLUMNS} FROM api_keys AS k WHERE k.id = ?2 AND k.tenant_id = ?1");
        self.query(&sql, vec![id.as_uuid().into()]).await?.first().map(api_key).transpose()
    }

    async fn list(&self, page: PageRequest) -> Result<Page<ApiKeyRecord>, StorageError> {
        let limit = page.limit.clamp(1, MOST_ROWS);
        let (after, mut values) = match page.after {
            Some(after) => {
                let place = vec![after.at.as_micros().into(), after.id.into()];
                ("AND (k.created_at, k.id) < (?2, ?3)", place)
            }
            None => ("", Vec::new()),
        };
        values.push(i64::from(limit + 1).into());
        let sql = format!(
            "SELECT {API_KEY_COLUMNS} FROM api_keys AS k WHERE k.tenant_id = ?1 {after} \
             ORDER BY k.created_at DESC, k.id DESC LIMIT ?{}",
            values.len() + 1
        );
        let rows = self.query(&sql, values).await?;
        let mut items = rows.iter().map(api_key).collect::<Result<Vec<_>, _>>()?;
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next = items.last().filter(|_| more).map(|last| Keyset { at: last.created_at, id: last.id.as_uuid() });
        Ok(Page { items, next })
    }

    async fn revoke(&self, id: ApiKeyId, at: Timestamp) -> Result<bool, StorageError> {
        Ok(self.execute(REVOKE, vec![id.as_uuid().into(), at.as_micros().into()]).await? == 1)
    }
}

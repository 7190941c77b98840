//! The unscoped door: from a credential or a name to its tenant. Questions go to the reader.

use async_trait::async_trait;
use hubchat_domain::{
    ApiKeyId, ApiKeyRecord, ChannelAccountId, ChannelType, Tenant, TenantId, TenantSlug, Timestamp, WebOrigin,
};
use hubchat_migrations::Migrator;
use hubchat_ports::{Directory, StorageError, StoredAccount, TenantPulse};
use sea_orm::{QueryResult, Value};
use sea_orm_migration::MigratorTrait;
use serde_json::json;
use uuid::Uuid;

use crate::{
    Storage,
    error::from_db,
    rows::{API_KEY_COLUMNS, Fields, api_key, select_stored_accounts, stored_account},
    statements::{execute, id_list, localised, look_up, query},
};

const TENANTS: &str = "SELECT id, slug, name, created_at FROM tenants";

impl Storage {
    pub(crate) async fn read_one(&self, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>, StorageError> {
        // PostgreSQL takes no zero character; nothing has it in its name either.
        let unknown = |value: &Value| matches!(value, Value::String(Some(text)) if text.contains('\0'));
        if values.iter().any(unknown) {
            return Ok(None);
        }
        let sql = localised(self.reader().get_database_backend(), sql);
        Ok(query(self.reader(), &sql, values).await.map_err(from_db)?.into_iter().next())
    }

    pub(crate) async fn write(&self, sql: &str, values: Vec<Value>) -> Result<u64, StorageError> {
        let sql = localised(self.writer().get_database_backend(), sql);
        Ok(execute(self.writer(), &sql, values).await.map_err(from_db)?.rows_affected())
    }

    /// The rows of a table that have these ids, a JSON list, each looked up by its key.
    async fn of_ids(
        &self,
        columns: &str,
        (table, alias): (&str, &str),
        ids: String,
    ) -> Result<Vec<QueryResult>, StorageError> {
        let backend = self.reader().get_database_backend();
        let (list, row) = (id_list(backend, "?1"), look_up(backend, table, alias, "{}.id = o.id"));
        let sql = localised(backend, &format!("SELECT {columns} FROM {list} {row}"));
        query(self.reader(), &sql, vec![ids.into()]).await.map_err(from_db)
    }

    async fn find_account(&self, condition: &str, values: Vec<Value>) -> Result<Option<StoredAccount>, StorageError> {
        let sql = format!("{} WHERE {condition}", select_stored_accounts());
        self.read_one(&sql, values).await?.map(|row| stored_account(&row)).transpose()
    }
}

#[async_trait]
impl Directory for Storage {
    async fn find_tenant(&self, slug: &TenantSlug) -> Result<Option<Tenant>, StorageError> {
        let found = self.read_one(&format!("{TENANTS} WHERE slug = ?1"), vec![slug.as_str().into()]).await?;
        found.map(|row| tenant(&row, "")).transpose()
    }

    async fn find_tenant_by_id(&self, id: TenantId) -> Result<Option<Tenant>, StorageError> {
        let found = self.read_one(&format!("{TENANTS} WHERE id = ?1"), vec![id.as_uuid().into()]).await?;
        found.map(|row| tenant(&row, "")).transpose()
    }

    async fn list_tenants(&self, after: Option<TenantId>, limit: u32) -> Result<Vec<Tenant>, StorageError> {
        let sql = format!("{TENANTS} WHERE id > ?1 ORDER BY id LIMIT ?2");
        let sql = localised(self.reader().get_database_backend(), &sql);
        let values = vec![after.map_or(Uuid::nil(), TenantId::as_uuid).into(), i64::from(limit).into()];
        query(self.reader(), &sql, values).await.map_err(from_db)?.iter().map(|row| tenant(row, "")).collect()
    }

    async fn pulses(&self, tenants: &[TenantId]) -> Result<Vec<TenantPulse>, StorageError> {
        let rows = self
            .of_ids("t.id, t.event_epoch, t.event_seq, t.access_version", ("tenants", "t"), json!(tenants).to_string())
            .await?;
        let pulse = |row: &QueryResult| {
            let fields = Fields::plain(row, "tenant");
            Ok(TenantPulse {
                tenant_id: fields.id("id")?,
                epoch: fields.get("event_epoch")?,
                last: fields.get("event_seq")?,
                access_version: fields.get("access_version")?,
            })
        };
        rows.iter().map(pulse).collect()
    }

    async fn is_origin_listed(&self, origin: &WebOrigin) -> Result<bool, StorageError> {
        let sql = "SELECT tenant_id FROM tenant_origins WHERE origin = ?1 LIMIT 1";
        Ok(self.read_one(sql, vec![origin.as_str().into()]).await?.is_some())
    }

    async fn find_account_by_webhook_key(&self, webhook_key: &str) -> Result<Option<StoredAccount>, StorageError> {
        self.find_account("t.webhook_key = ?1", vec![webhook_key.into()]).await
    }

    async fn find_account_by_external_id(
        &self,
        channel: ChannelType,
        external_id: &str,
    ) -> Result<Option<StoredAccount>, StorageError> {
        let values = vec![channel.as_str().into(), external_id.into()];
        self.find_account("t.channel_type = ?1 AND t.external_id = ?2", values).await
    }

    async fn list_accounts(
        &self,
        after: Option<ChannelAccountId>,
        limit: u32,
    ) -> Result<Vec<(TenantId, ChannelAccountId)>, StorageError> {
        let sql =
            "SELECT tenant_id, id FROM channel_accounts WHERE status <> 'REMOVED' AND id > ?1 ORDER BY id LIMIT ?2";
        let sql = localised(self.reader().get_database_backend(), sql);
        let values = vec![after.map_or(Uuid::nil(), ChannelAccountId::as_uuid).into(), i64::from(limit).into()];
        let rows = query(self.reader(), &sql, values).await.map_err(from_db)?;
        rows.iter()
            .map(|row| {
                let fields = Fields::plain(row, "channel account");
                Ok((fields.id("tenant_id")?, fields.id("id")?))
            })
            .collect()
    }

    async fn find_api_key(&self, prefix: &str) -> Result<Option<ApiKeyRecord>, StorageError> {
        let sql = format!("SELECT {API_KEY_COLUMNS} FROM api_keys AS k WHERE k.prefix = ?1");
        self.read_one(&sql, vec![prefix.into()]).await?.map(|row| api_key(&row)).transpose()
    }

    async fn find_api_keys(&self, ids: &[ApiKeyId]) -> Result<Vec<ApiKeyRecord>, StorageError> {
        self.of_ids(API_KEY_COLUMNS, ("api_keys", "k"), json!(ids).to_string()).await?.iter().map(api_key).collect()
    }

    async fn touch_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE api_keys SET last_used_at = ?2 \
            WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)";
        self.write(sql, vec![id.as_uuid().into(), at.as_micros().into()]).await?;
        Ok(())
    }

    async fn ping(&self) -> Result<(), StorageError> {
        let outdated = || StorageError::Unavailable("the schema is not up to date".into());
        let newest = Migrator::migrations().last().map(|migration| migration.name().to_owned()).unwrap_or_default();
        let sql = "SELECT version FROM seaql_migrations WHERE version = ?1";
        let found = self.read_one(sql, vec![newest.into()]).await?;
        found.map(|_| ()).ok_or_else(outdated)
    }
}

/// The tenant whose columns begin with the prefix.
pub(crate) fn tenant(row: &QueryResult, prefix: &'static str) -> Result<Tenant, StorageError> {
    let fields = Fields::prefixed(row, prefix, "tenant");
    Ok(Tenant {
        id: fields.id("id")?,
        slug: fields.named("slug", |text| TenantSlug::parse(text).ok())?,
        name: fields.get("name")?,
        created_at: fields.time("created_at")?,
    })
}

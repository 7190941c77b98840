//! The unscoped door: from a credential or a name to its tenant.

use async_trait::async_trait;
use hubchat_domain::{ApiKeyId, ApiKeyRecord, ChannelType, Scope, Tenant, TenantId, TenantSlug, Timestamp};
use hubchat_ports::{Directory, InsertOutcome, StorageError, StoredAccount};
use sea_orm::{QueryResult, Value};

use crate::{
    columns::Columns,
    error::from_db,
    rows::read_stored_account,
    statements::{self, localised},
    storage::Storage,
};

fn tenant(row: &QueryResult) -> Result<Tenant, StorageError> {
    let columns = Columns::of(row, "tenant");
    Ok(Tenant {
        id: columns.id("id")?,
        slug: columns.named("slug", |text| TenantSlug::parse(text).ok())?,
        name: columns.get("name")?,
        created_at: columns.time("created_at")?,
    })
}

fn api_key(row: &QueryResult) -> Result<ApiKeyRecord, StorageError> {
    let columns = Columns::of(row, "api key");
    let scopes: String = columns.get("scopes")?;
    let scopes: Option<Vec<Scope>> = scopes.split(' ').map(Scope::parse).collect();
    Ok(ApiKeyRecord {
        id: columns.id("id")?,
        tenant_id: columns.id("tenant_id")?,
        name: columns.get("name")?,
        prefix: columns.get("prefix")?,
        secret_hash: columns.get("secret_hash")?,
        scopes: scopes.ok_or(StorageError::Corrupt { what: "api key" })?,
        created_at: columns.time("created_at")?,
        last_used_at: columns.optional_time("last_used_at")?,
        revoked_at: columns.optional_time("revoked_at")?,
    })
}

impl Storage {
    async fn look_up(&self, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>, StorageError> {
        let reader = self.reader();
        let sql = localised(reader.get_database_backend(), sql);
        statements::query_one(reader, &sql, values).await.map_err(from_db)
    }

    async fn write(&self, sql: &str, values: Vec<Value>) -> Result<u64, StorageError> {
        // In a task of its own, so that a caller that goes away cannot interrupt the statement.
        let (writer, sql) = (self.writer().clone(), localised(self.writer().get_database_backend(), sql));
        let written = tokio::spawn(async move { statements::execute(&writer, &sql, values).await });
        let written = written.await.map_err(|error| StorageError::Other(Box::new(error)))?;
        Ok(written.map_err(from_db)?.rows_affected())
    }
}

#[async_trait]
impl Directory for Storage {
    async fn find_tenant(&self, slug: &TenantSlug) -> Result<Option<Tenant>, StorageError> {
        let row = self.look_up("SELECT * FROM tenants WHERE slug = ?1", vec![slug.as_str().into()]).await?;
        row.as_ref().map(tenant).transpose()
    }

    async fn find_tenant_by_id(&self, id: TenantId) -> Result<Option<Tenant>, StorageError> {
        let row = self.look_up("SELECT * FROM tenants WHERE id = ?1", vec![id.as_uuid().into()]).await?;
        row.as_ref().map(tenant).transpose()
    }

    async fn insert_tenant(&self, tenant: &Tenant) -> Result<InsertOutcome, StorageError> {
        let sql = "INSERT INTO tenants (id, slug, name, created_at) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (slug) DO NOTHING";
        let values = vec![
            tenant.id.as_uuid().into(),
            tenant.slug.as_str().into(),
            tenant.name.clone().into(),
            tenant.created_at.as_micros().into(),
        ];
        let inserted = self.write(sql, values).await? == 1;
        Ok(if inserted { InsertOutcome::Inserted } else { InsertOutcome::AlreadyPresent })
    }

    async fn find_account_by_webhook_key(&self, webhook_key: &str) -> Result<Option<StoredAccount>, StorageError> {
        if webhook_key.contains('\0') {
            return Ok(None);
        }
        let sql = "SELECT * FROM channel_accounts WHERE webhook_key = ?1";
        let row = self.look_up(sql, vec![webhook_key.into()]).await?;
        row.map(|row| read_stored_account(Columns::of(&row, "channel account"))).transpose()
    }

    async fn find_account_by_external_id(
        &self,
        channel: ChannelType,
        external_id: &str,
    ) -> Result<Option<StoredAccount>, StorageError> {
        if external_id.contains('\0') {
            return Ok(None);
        }
        let sql = "SELECT * FROM channel_accounts WHERE channel_type = ?1 AND external_id = ?2";
        let row = self.look_up(sql, vec![channel.as_str().into(), external_id.into()]).await?;
        row.map(|row| read_stored_account(Columns::of(&row, "channel account"))).transpose()
    }

    async fn find_api_key(&self, prefix: &str) -> Result<Option<ApiKeyRecord>, StorageError> {
        if prefix.contains('\0') {
            return Ok(None);
        }
        let row = self.look_up("SELECT * FROM api_keys WHERE prefix = ?1", vec![prefix.into()]).await?;
        row.as_ref().map(api_key).transpose()
    }

    async fn insert_api_key(&self, key: &ApiKeyRecord) -> Result<(), StorageError> {
        let sql = "INSERT INTO api_keys \
                   (id, tenant_id, name, prefix, secret_hash, scopes, created_at, last_used_at, revoked_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
        let values = vec![
            key.id.as_uuid().into(),
            key.tenant_id.as_uuid().into(),
            key.name.clone().into(),
            key.prefix.clone().into(),
            key.secret_hash.clone().into(),
            scopes.join(" ").into(),
            key.created_at.as_micros().into(),
            key.last_used_at.map(Timestamp::as_micros).into(),
            key.revoked_at.map(Timestamp::as_micros).into(),
        ];
        self.write(sql, values).await.map(|_| ())
    }

    async fn touch_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE api_keys SET last_used_at = ?2 \
                   WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)";
        self.write(sql, vec![id.as_uuid().into(), at.as_micros().into()]).await.map(|_| ())
    }

    async fn ping(&self) -> Result<(), StorageError> {
        self.look_up("SELECT id FROM tenants LIMIT 1", Vec::new()).await.map(|_| ())
    }
}

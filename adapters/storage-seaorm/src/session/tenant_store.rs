//! The tenant itself.

use async_trait::async_trait;
use hubchat_domain::Tenant;
use hubchat_ports::{InsertOutcome, StorageError, TenantStore};

use super::{Session, outcome};

const INSERT: &str = "INSERT INTO tenants (id, slug, name, event_seq, public_reply_text, created_at) \
    VALUES (?1, ?2, ?3, 0, ?4, ?5) ON CONFLICT (slug) DO NOTHING";

#[async_trait]
impl TenantStore for Session {
    async fn insert(&self, tenant: &Tenant) -> Result<InsertOutcome, StorageError> {
        if tenant.id != self.tenant {
            return Err(self.spoil(StorageError::Other("a tenant in the session of another".into())));
        }
        let values = vec![
            tenant.slug.as_str().into(),
            tenant.name.as_str().into(),
            tenant.public_reply_text.clone().into(),
            tenant.created_at.as_micros().into(),
        ];
        Ok(outcome(self.execute(INSERT, values).await? == 1))
    }
}

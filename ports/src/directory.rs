//! The unscoped door: from a credential or a name to its tenant.

use async_trait::async_trait;
use hubchat_domain::{
    ApiKeyId, ApiKeyRecord, ChannelAccountId, ChannelType, Tenant, TenantId, TenantSlug, Timestamp, WebOrigin,
};

use crate::{StorageError, StoredAccount};

/// How far a tenant is: what those who follow it along look at all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenantPulse {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Which sequence of events.
    pub epoch: i64,
    /// The last place of the sequence.
    pub last: i64,
    /// Grows when roles, teams or settings of the tenant change, and with them maybe who may see what.
    pub access_version: i64,
}

/// Finds tenants, accounts and keys before the tenant is known. Nothing else may be unscoped.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Directory: Send + Sync {
    /// The tenant of that slug.
    async fn find_tenant(&self, slug: &TenantSlug) -> Result<Option<Tenant>, StorageError>;

    /// The tenant of that id.
    async fn find_tenant_by_id(&self, id: TenantId) -> Result<Option<Tenant>, StorageError>;

    /// The tenants by id, after one of them; at most `limit`.
    async fn list_tenants(&self, after: Option<TenantId>, limit: u32) -> Result<Vec<Tenant>, StorageError>;

    /// How far each of these tenants is, in one query.
    async fn pulses(&self, tenants: &[TenantId]) -> Result<Vec<TenantPulse>, StorageError>;

    /// Whether any tenant's settings allow pages of that origin: all that a browser's question before a request
    /// can be answered by, since it carries no credential.
    async fn is_origin_listed(&self, origin: &WebOrigin) -> Result<bool, StorageError>;

    /// The account whose webhook path ends with that key, whatever its status.
    async fn find_account_by_webhook_key(&self, webhook_key: &str) -> Result<Option<StoredAccount>, StorageError>;

    /// The account of a channel with that external id, whatever its status.
    async fn find_account_by_external_id(
        &self,
        channel: ChannelType,
        external_id: &str,
    ) -> Result<Option<StoredAccount>, StorageError>;

    /// The accounts of all tenants that are not removed, by id, after one of them; at most `limit`.
    async fn list_accounts(
        &self,
        after: Option<ChannelAccountId>,
        limit: u32,
    ) -> Result<Vec<(TenantId, ChannelAccountId)>, StorageError>;

    /// The API key with that prefix, whether it is still good or not.
    async fn find_api_key(&self, prefix: &str) -> Result<Option<ApiKeyRecord>, StorageError>;

    /// The keys of these ids, good or not, in one query and any order.
    async fn find_api_keys(&self, ids: &[ApiKeyId]) -> Result<Vec<ApiKeyRecord>, StorageError>;

    /// Notes the use of a key; an earlier moment than the one kept changes nothing.
    async fn touch_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<(), StorageError>;

    /// Whether storage answers and its schema is current: the readiness check.
    async fn ping(&self) -> Result<(), StorageError>;
}

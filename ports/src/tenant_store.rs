//! The tenant itself.

use async_trait::async_trait;
use hubchat_domain::Tenant;

use crate::{InsertOutcome, StorageError};

/// The tenant of a session.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TenantStore: Send + Sync {
    /// Adds the session's tenant; `AlreadyPresent` when the slug is taken. A tenant that is not the session's
    /// MUST be refused.
    async fn insert(&self, tenant: &Tenant) -> Result<InsertOutcome, StorageError>;
}

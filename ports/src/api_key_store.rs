//! The API keys of a tenant.

use async_trait::async_trait;
use hubchat_domain::{ApiKeyId, ApiKeyRecord, Timestamp};

use crate::{Page, PageRequest, StorageError};

/// API keys, in a session. A key is looked up by its prefix through the [`Directory`](crate::Directory), before
/// its tenant is known.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ApiKeyStore: Send + Sync {
    /// Adds a key.
    async fn insert(&self, key: &ApiKeyRecord) -> Result<(), StorageError>;

    /// The key of that id, whether it is still good or not.
    async fn find(&self, id: ApiKeyId) -> Result<Option<ApiKeyRecord>, StorageError>;

    /// All keys, the newest first, a page at a time.
    async fn list(&self, page: PageRequest) -> Result<Page<ApiKeyRecord>, StorageError>;

    /// Revokes a key; false when there is none that was not revoked before. From the commit on the directory MUST
    /// tell that it is revoked.
    async fn revoke(&self, id: ApiKeyId, at: Timestamp) -> Result<bool, StorageError>;
}

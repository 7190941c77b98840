//! Answers to requests that may be repeated.

use async_trait::async_trait;
use hubchat_domain::Timestamp;
use uuid::Uuid;

use crate::StorageError;

/// What a request with an idempotency key made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// What the key is for: the operation and the credential that used it.
    pub scope: String,
    /// The caller's key.
    pub key: String,
    /// A digest of the request; the same key with another request is refused.
    pub fingerprint: Vec<u8>,
    /// What was made.
    pub resource_id: Uuid,
    /// When the record may be forgotten.
    pub expires_at: Timestamp,
}

/// Idempotency records of one tenant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait IdempotencyStore: Send + Sync {
    /// Claims a key for this session. `None`: it is claimed, and the record becomes visible with the
    /// commit. `Some`: an earlier request made that record. A session that claims a key which another
    /// open session holds MUST wait for that one to end. A record past `now` counts as absent.
    async fn claim(
        &self,
        record: &IdempotencyRecord,
        now: Timestamp,
    ) -> Result<Option<IdempotencyRecord>, StorageError>;
}

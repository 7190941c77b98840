//! The data keys of a tenant, wrapped.

use async_trait::async_trait;
use hubchat_domain::{ChannelAccountId, Timestamp};

use crate::{InsertOutcome, SealedSecrets, StorageError, WrappedKey};

/// A data key with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataKey {
    /// The key.
    pub key: WrappedKey,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a newer one took its place; it opens what it sealed, and seals nothing more.
    pub retired_at: Option<Timestamp>,
}

/// A secret of an account that a former data key sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerSeal {
    /// The account.
    pub account_id: ChannelAccountId,
    /// Its secrets.
    pub sealed: SealedSecrets,
    /// The key that sealed them.
    pub key: WrappedKey,
}

/// Data keys of one tenant. None is ever deleted: a secret must not outlive its key.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait DataKeyStore: Send + Sync {
    /// The key that seals: the one of the highest version.
    async fn current(&self) -> Result<Option<DataKey>, StorageError>;

    /// All keys, oldest version first.
    async fn list(&self) -> Result<Vec<DataKey>, StorageError>;

    /// Adds a key; `AlreadyPresent` when the tenant has one of that version.
    async fn insert(&self, key: &DataKey) -> Result<InsertOutcome, StorageError>;

    /// Replaces the wrapping of a key; `Stale` when it is not `from` any more.
    async fn replace(&self, from: &WrappedKey, to: &WrappedKey) -> Result<(), StorageError>;

    /// Notes for all versions before this one that they seal no more; earlier notes stay.
    async fn retire_before(&self, version: i32, at: Timestamp) -> Result<(), StorageError>;

    /// Secrets that versions before this one sealed, by account, at most `limit`.
    async fn list_former_seals(&self, version: i32, limit: u32) -> Result<Vec<FormerSeal>, StorageError>;

    /// How many secrets versions before this one sealed.
    async fn count_former_seals(&self, version: i32) -> Result<u64, StorageError>;

    /// Replaces a secret by the same under the key of `version`; tells whether it was still the one that was read.
    async fn reseal(&self, former: &FormerSeal, sealed: &SealedSecrets, version: i32) -> Result<bool, StorageError>;
}

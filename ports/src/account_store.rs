//! Channel accounts of a tenant, with their sealed secrets.

use async_trait::async_trait;
use hubchat_domain::{ChannelAccount, ChannelAccountId};

use crate::{InsertOutcome, SealedSecrets, StorageError, WrappedKey};

/// An account as storage keeps it; the secrets open with the vault only.
#[derive(Debug, Clone)]
pub struct StoredAccount {
    /// The account.
    pub account: ChannelAccount,
    /// Its secrets, sealed to tenant, column and account.
    pub sealed: SealedSecrets,
    /// The data key that sealed them, wrapped; read together with them, so that it is always the right one.
    pub key: WrappedKey,
}

/// Channel accounts of one tenant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// The account of that id.
    async fn find(&self, id: ChannelAccountId) -> Result<Option<StoredAccount>, StorageError>;

    /// The accounts of these ids, in no particular order, in one query.
    async fn find_many(&self, ids: &[ChannelAccountId]) -> Result<Vec<StoredAccount>, StorageError>;

    /// All accounts, oldest first; a tenant has at most 1,000.
    async fn list(&self) -> Result<Vec<ChannelAccount>, StorageError>;

    /// Adds an account; its data key is stored before. MUST answer `AlreadyPresent` when any tenant has connected the same external
    /// account of the channel.
    async fn insert(&self, account: &StoredAccount) -> Result<InsertOutcome, StorageError>;

    /// Writes a changed account; `Stale` when it changed since it was read.
    async fn update(&self, account: &ChannelAccount) -> Result<(), StorageError>;

    /// Replaces the sealed secrets, which the data key of `version` sealed.
    async fn replace_secrets(
        &self,
        id: ChannelAccountId,
        sealed: &SealedSecrets,
        version: i32,
    ) -> Result<(), StorageError>;
}

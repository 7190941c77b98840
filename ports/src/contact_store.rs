//! Contacts of a tenant, and who they are on each account.

use async_trait::async_trait;
use hubchat_domain::{Contact, ContactId, ContactIdentity, ContactIdentityId, IdentityKey};

use crate::{InsertOutcome, StorageError};

/// An identity with its contact.
#[derive(Debug, Clone)]
pub struct KnownIdentity {
    /// The identity.
    pub identity: ContactIdentity,
    /// Its contact.
    pub contact: Contact,
}

/// Contacts of one tenant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ContactStore: Send + Sync {
    /// The contact of that id.
    async fn find(&self, id: ContactId) -> Result<Option<Contact>, StorageError>;

    /// The identity of that id, with its contact.
    async fn find_identity(&self, id: ContactIdentityId) -> Result<Option<KnownIdentity>, StorageError>;

    /// The identities of these keys that exist, by their own id or else by their alias, in no particular order,
    /// in one query, and in another one for those that are not known by their own id.
    async fn find_by_keys(&self, keys: &[IdentityKey]) -> Result<Vec<KnownIdentity>, StorageError>;

    /// Adds contacts, each with its first identity; an outcome for each. MUST write neither of a pair
    /// whose identity key exists.
    async fn insert_many(&self, contacts: &[KnownIdentity]) -> Result<Vec<InsertOutcome>, StorageError>;

    /// Writes a changed contact; `Stale` when it changed since it was read.
    async fn update(&self, contact: &Contact) -> Result<(), StorageError>;

    /// Writes a changed identity; `Stale` when it changed since it was read.
    async fn update_identity(&self, identity: &ContactIdentity) -> Result<(), StorageError>;
}

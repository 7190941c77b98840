//! Sessions: everything that is written together, for one tenant.

use async_trait::async_trait;
use hubchat_domain::TenantId;

use crate::{
    AccountStore, ActivityStore, ApiKeyStore, AuditQueries, AuditStore, ContactStore, ConversationStore, DataKeyStore,
    EventFeed, EventStore, IdempotencyStore, InboxQueries, JobStore, LeadStore, MediaStore, MemberStore, MessageStore,
    PurgeStore, ReadingStore, SettingsStore, TeamStore, TenantStore, WebhookEventStore,
};

/// Why storage could not do what was asked. No message carries a row's content.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The row changed since it was read, a unique place was taken, or what it belongs to went. Read again and retry.
    #[error("the row changed meanwhile")]
    Stale,
    /// The database chose this transaction to give way (deadlock, serialization, busy). Retry.
    #[error("the transaction had to give way")]
    Contention(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database cannot be reached or cannot take writes. Try again later.
    #[error("storage is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A stored value cannot be read back. An operator must look.
    #[error("a stored {what} cannot be read")]
    Corrupt {
        /// What kind of thing.
        what: &'static str,
    },
    /// Anything else; a defect.
    #[error("storage failed")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StorageError {
    /// Whether the same work, begun anew, may succeed at once.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Stale | Self::Contention(_))
    }
}

/// What became of an insert that may repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsertOutcome {
    /// The row is new.
    Inserted,
    /// A row with the same unique key was there before; nothing was written.
    AlreadyPresent,
}

/// Opens sessions and reads, each for one tenant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Repository: Send + Sync {
    /// Opens a session. On SQLite it MUST take the write lock at once; on PostgreSQL it MUST be one
    /// READ COMMITTED transaction. Nothing remote may be called while it is open.
    async fn begin(&self, tenant: TenantId) -> Result<Box<dyn UnitOfWork>, StorageError>;

    /// Makes what was taken away unreadable in the files of the database too, as far as that is in the hands
    /// of who uses it (SQLite: the write-ahead log is emptied; PostgreSQL: nothing, vacuum does it in time).
    async fn scrub(&self) -> Result<(), StorageError>;

    /// Reads for screens. They MUST NOT wait for a writer on SQLite.
    fn inbox(&self, tenant: TenantId) -> Box<dyn InboxQueries>;

    /// Reads for those who follow a tenant along. They MUST NOT wait for a writer on SQLite.
    fn feed(&self, tenant: TenantId) -> Box<dyn EventFeed>;

    /// Reads of the audit log. They MUST NOT wait for a writer on SQLite.
    fn audit(&self, tenant: TenantId) -> Box<dyn AuditQueries>;
}

/// A session: its stores share one transaction and see one tenant only.
///
/// Dropped without [`commit`](Self::commit), it MUST leave no trace. A row of another tenant MUST be
/// invisible to every method of every store, whatever id is asked for.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait UnitOfWork: Send + Sync {
    /// The tenant itself.
    fn tenants(&self) -> &dyn TenantStore;
    /// Channel accounts.
    fn accounts(&self) -> &dyn AccountStore;
    /// Data keys, wrapped.
    fn data_keys(&self) -> &dyn DataKeyStore;
    /// Contacts and their identities.
    fn contacts(&self) -> &dyn ContactStore;
    /// Leads.
    fn leads(&self) -> &dyn LeadStore;
    /// Activity logs.
    fn activities(&self) -> &dyn ActivityStore;
    /// Conversations.
    fn conversations(&self) -> &dyn ConversationStore;
    /// Messages.
    fn messages(&self) -> &dyn MessageStore;
    /// Files of messages.
    fn media(&self) -> &dyn MediaStore;
    /// What members have seen and write.
    fn readings(&self) -> &dyn ReadingStore;
    /// Members.
    fn members(&self) -> &dyn MemberStore;
    /// The tenant's settings.
    fn settings(&self) -> &dyn SettingsStore;
    /// API keys.
    fn api_keys(&self) -> &dyn ApiKeyStore;
    /// Teams.
    fn teams(&self) -> &dyn TeamStore;
    /// Domain events.
    fn events(&self) -> &dyn EventStore;
    /// Jobs to be done once this session is committed.
    fn jobs(&self) -> &dyn JobStore;
    /// Answers to repeated requests.
    fn idempotency(&self) -> &dyn IdempotencyStore;
    /// Received webhook events.
    fn webhook_events(&self) -> &dyn WebhookEventStore;
    /// What is taken away for good.
    fn purge(&self) -> &dyn PurgeStore;
    /// The audit log.
    fn audit(&self) -> &dyn AuditStore;
    /// Makes everything durable, entirely or not at all, and then wakes the queue if jobs were added, and tells the
    /// bus if there were events or changes of who may see what.
    /// An error MAY leave the outcome unknown only when the connection broke during the commit itself.
    async fn commit(self: Box<Self>) -> Result<(), StorageError>;
}

//! Conversations of a tenant.

use async_trait::async_trait;
use hubchat_domain::{ContactIdentityId, Conversation, ConversationId, LeadId, ThreadKey};

use crate::StorageError;

/// Conversations of one tenant.
///
/// A conversation that is added, or that moves to another lead, MUST have the owner and the team of its lead in the
/// same commit; those that the given record names are passed over.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ConversationStore: Send + Sync {
    /// The conversation of that id.
    async fn find(&self, id: ConversationId) -> Result<Option<Conversation>, StorageError>;

    /// The conversations of those ids that exist, each once, in no particular order, in one query.
    async fn find_many(&self, ids: &[ConversationId]) -> Result<Vec<Conversation>, StorageError>;

    /// The conversations of these threads that exist, by their own id or else by their alias, in no particular
    /// order, in one query, and in another one for those that have no conversation by their own id. On
    /// PostgreSQL the rows MUST be locked until the session ends, so that sequence numbers are given once.
    async fn find_by_threads(&self, threads: &[ThreadKey]) -> Result<Vec<Conversation>, StorageError>;

    /// The conversations with an identity, newest first; at most 100.
    async fn find_of_identity(&self, identity: ContactIdentityId) -> Result<Vec<Conversation>, StorageError>;

    /// The newest conversation of a lead.
    async fn find_latest_of_lead(&self, lead: LeadId) -> Result<Option<Conversation>, StorageError>;

    /// Adds conversations; `Stale` when the thread of one of them has a conversation already.
    async fn insert_many(&self, conversations: &[Conversation]) -> Result<(), StorageError>;

    /// Writes a changed conversation; `Stale` when it changed since it was read.
    async fn update(&self, conversation: &Conversation) -> Result<(), StorageError>;

    /// Writes changed conversations; `Stale`, and the session is spoilt, when one of them changed since it was read.
    async fn update_many(&self, conversations: &[Conversation]) -> Result<(), StorageError>;
}

//! Messages of a tenant.

use async_trait::async_trait;
use hubchat_domain::{ChannelAccountId, ConversationId, Message, MessageId};

use crate::{InsertOutcome, StorageError};

/// Messages of one tenant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait MessageStore: Send + Sync {
    /// The message of that id.
    async fn find(&self, id: MessageId) -> Result<Option<Message>, StorageError>;

    /// The messages of a list of ids, in one query and in any order; an id of none is passed over.
    async fn find_many(&self, ids: &[MessageId]) -> Result<Vec<Message>, StorageError>;

    /// The messages of an account with one of these provider ids, in one query. An id of a further
    /// part of a split message finds that message too.
    async fn find_by_external_ids(
        &self,
        account: ChannelAccountId,
        external_ids: &[String],
    ) -> Result<Vec<Message>, StorageError>;

    /// The newest messages of each of these conversations, at most `limit` of each, in one query and in any order.
    async fn find_newest(&self, conversations: &[ConversationId], limit: u32) -> Result<Vec<Message>, StorageError>;

    /// Adds messages; an outcome for each. MUST write nothing for one whose account and provider id
    /// exist. The order given is the order of the log.
    async fn insert_many(&self, messages: &[Message]) -> Result<Vec<InsertOutcome>, StorageError>;

    /// Writes a changed message; `Stale` when it changed since it was read.
    async fn update(&self, message: &Message) -> Result<(), StorageError>;

    /// Writes changed messages, all or none; `Stale` when one of them changed since it was read.
    async fn update_many(&self, messages: &[Message]) -> Result<(), StorageError>;
}

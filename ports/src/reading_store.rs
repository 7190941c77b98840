//! What members have seen, where they are mentioned, and what they write: theirs alone.

use async_trait::async_trait;
use hubchat_domain::{ConversationId, MemberId, MessageId, Timestamp};

use crate::{Draft, StorageError};

/// How far a member has read a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadPosition {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The member.
    pub member_id: MemberId,
    /// Of the customer's messages, counted as `inbound_count` of the conversation counts them, they have seen so many.
    pub seen_inbound: i64,
    /// When.
    pub at: Timestamp,
}

/// A member is to look at a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// The note.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The member.
    pub member_id: MemberId,
    /// When.
    pub at: Timestamp,
}

/// What members of one tenant have seen and what they write.
///
/// All of it MUST go with its conversation.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ReadingStore: Send + Sync {
    /// How far a member has read, if they ever did.
    async fn find_position(
        &self,
        conversation: ConversationId,
        member: MemberId,
    ) -> Result<Option<ReadPosition>, StorageError>;

    /// Keeps how far a member has read, in place of what was kept.
    async fn save_position(&self, position: &ReadPosition) -> Result<(), StorageError>;

    /// Keeps mentions; one that is kept already stays as it is.
    async fn add_mentions(&self, mentions: &[Mention]) -> Result<(), StorageError>;

    /// The member has seen the mentions of the conversation; answers how many were news.
    async fn see_mentions(
        &self,
        conversation: ConversationId,
        member: MemberId,
        at: Timestamp,
    ) -> Result<u64, StorageError>;

    /// Keeps what a member writes, in place of what was kept.
    async fn save_draft(&self, draft: &Draft) -> Result<(), StorageError>;

    /// Forgets what a member wrote; answers whether there was something.
    async fn delete_draft(&self, conversation: ConversationId, member: MemberId) -> Result<bool, StorageError>;
}

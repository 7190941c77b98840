//! What is taken away for good: conversations past their time, contacts on request, payloads that served.

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_domain::{
    ChannelAccountId, ContactId, ContactIdentityRecord, ConversationId, LeadId, Timestamp, WebhookEventId,
};

use crate::StorageError;

/// How much is old enough to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PurgeCounts {
    /// Conversations.
    pub conversations: u64,
    /// Their messages.
    pub messages: u64,
    /// Their files.
    pub files: u64,
}

/// What one batch took away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PurgedMessages {
    /// How many messages.
    pub messages: u64,
    /// How many files.
    pub files: u64,
    /// Where the bytes of those files are: rows are gone, bytes are not yet.
    pub storage_keys: Vec<String>,
}

/// Takes things of one tenant away for good.
///
/// Every method is bounded, so that a caller can commit in small steps; each MAY be repeated after an
/// interruption and goes on where it stopped.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PurgeStore: Send + Sync {
    /// Counts what [`list_closed_before`](Self::list_closed_before) would lead to.
    async fn count_closed_before(&self, moment: Timestamp) -> Result<PurgeCounts, StorageError>;

    /// Resolved conversations whose newest message is older than the moment, oldest first; at most `limit`.
    async fn list_closed_before(&self, moment: Timestamp, limit: u32) -> Result<Vec<ConversationId>, StorageError>;

    /// The conversations of a contact, at most `limit`.
    async fn conversations_of(&self, contact: ContactId, limit: u32) -> Result<Vec<ConversationId>, StorageError>;

    /// The identities of a contact, at most 1,000.
    async fn identities_of(&self, contact: ContactId) -> Result<Vec<ContactIdentityRecord>, StorageError>;

    /// The leads of a contact, at most 1,000.
    async fn leads_of(&self, contact: ContactId) -> Result<Vec<LeadId>, StorageError>;

    /// Takes messages of these conversations away, with their files' rows and further ids; at most `limit`.
    async fn delete_messages(
        &self,
        conversations: &[ConversationId],
        limit: u32,
    ) -> Result<PurgedMessages, StorageError>;

    /// Takes those of the conversations away that have no message any more; answers how many.
    async fn delete_empty_conversations(&self, conversations: &[ConversationId]) -> Result<u64, StorageError>;

    /// Takes leads away with their activity logs; answers how many. Their conversations must be gone.
    async fn delete_leads(&self, leads: &[LeadId]) -> Result<u64, StorageError>;

    /// Takes a contact away with its identities; `false` when it is not there. Its leads and conversations
    /// must be gone.
    async fn delete_contact(&self, contact: ContactId) -> Result<bool, StorageError>;

    /// Received events of an account whose payload holds a text, by id, after one of them; at most `limit`.
    async fn list_events_with(
        &self,
        account: ChannelAccountId,
        text: &str,
        after: Option<WebhookEventId>,
        limit: u32,
    ) -> Result<Vec<(WebhookEventId, Bytes)>, StorageError>;

    /// Empties the payloads of received events; that they came stays known, so that they do not come again.
    /// Those that were not carried out never will be: they count as ignored.
    async fn empty_events(&self, events: &[WebhookEventId], now: Timestamp) -> Result<u64, StorageError>;

    /// Takes received events away that were settled before a moment; at most `limit`. They would be taken for
    /// new if their provider sent them once more, so the moment lies well before the last repetition.
    async fn delete_events_settled_before(&self, moment: Timestamp, limit: u32) -> Result<u64, StorageError>;

    /// Takes uploads away that no message took up, made before a moment; at most `limit`.
    async fn delete_uploads_before(&self, moment: Timestamp, limit: u32) -> Result<PurgedMessages, StorageError>;

    /// Takes answers to repeated requests away that expired before a moment; at most `limit`.
    async fn delete_idempotency_before(&self, moment: Timestamp, limit: u32) -> Result<u64, StorageError>;

    /// Takes away what disabled members wrote and did not send, how far they read, and where they were mentioned; at
    /// most `limit` of each. What others see of them, such as messages and notes, MUST stay.
    async fn delete_left_behind(&self, limit: u32) -> Result<u64, StorageError>;

    /// Takes domain events away that are older than a moment, from the first on; at most `limit`.
    async fn delete_domain_events_before(&self, moment: Timestamp, limit: u32) -> Result<u64, StorageError>;
}

//! What screens read: one query per list, a page at a time.

use async_trait::async_trait;
use hubchat_domain::{
    Activity, ChannelAccountId, ChannelType, ConversationId, ConversationRecord, ConversationStatus, LeadId,
    LeadRecord, LeadStatus, MediaRecord, MemberId, MessageId, MessageRecord, Timestamp,
};
use uuid::Uuid;

use crate::{ExportKind, ExportPage, StorageError};

/// A place in a list: the sort key of the last row seen, with its id as tie-break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyset {
    /// The moment that the list is ordered by.
    pub at: Timestamp,
    /// The row's id.
    pub id: Uuid,
}

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// After this place; from the top when absent.
    pub after: Option<Keyset>,
    /// At most so many rows, 1 to 200.
    pub limit: u32,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins, when there is one.
    pub next: Option<Keyset>,
}

/// Which leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeadFilter {
    /// In this status.
    pub status: Option<LeadStatus>,
    /// Owned by this member.
    pub assigned_member_id: Option<MemberId>,
    /// Owned by nobody.
    pub unassigned: bool,
    /// First heard of through this channel.
    pub channel_type: Option<ChannelType>,
}

/// A lead as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadRow {
    /// The lead.
    pub lead: LeadRecord,
    /// The contact's name.
    pub contact_name: Option<String>,
    /// The contact's picture.
    pub contact_avatar_url: Option<String>,
    /// The owner's name.
    pub assigned_member_name: Option<String>,
    /// The newest conversation of the lead.
    pub conversation_id: Option<ConversationId>,
    /// That conversation's name of the customer.
    pub participant_name: Option<String>,
    /// That conversation's picture of the customer.
    pub participant_avatar_url: Option<String>,
    /// That conversation's newest message.
    pub last_message_preview: Option<String>,
    /// When that was.
    pub last_message_at: Option<Timestamp>,
    /// That conversation's unread messages.
    pub unread_count: i32,
}

/// Which conversations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// In this status.
    pub status: Option<ConversationStatus>,
    /// On this channel.
    pub channel_type: Option<ChannelType>,
    /// On this account.
    pub account_id: Option<ChannelAccountId>,
    /// Of this lead.
    pub lead_id: Option<LeadId>,
    /// With unread messages.
    pub unread: bool,
}

/// A conversation as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversationRow {
    /// The conversation.
    pub conversation: ConversationRecord,
    /// The account's name.
    pub account_name: String,
    /// The name on the channel.
    pub identity_name: Option<String>,
    /// The picture on the channel.
    pub identity_avatar_url: Option<String>,
    /// The provider's id of the customer.
    pub external_user_id: String,
    /// The contact's name.
    pub contact_name: Option<String>,
    /// The contact's picture.
    pub contact_avatar_url: Option<String>,
    /// The lead's status.
    pub lead_status: LeadStatus,
    /// The lead's owner.
    pub assigned_member_id: Option<MemberId>,
}

/// A message as a thread shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageRow {
    /// The message.
    pub message: MessageRecord,
    /// Its file.
    pub media: Option<MediaRecord>,
}

/// Reads for screens of one tenant: each method is one query, and a row of another tenant is never seen.
///
/// Lists are newest first and stable while rows are inserted: walking the pages MUST give every row
/// that was there at the start, and that did not change, exactly once.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait InboxQueries: Send + Sync {
    /// Leads, by last change.
    async fn list_leads(&self, filter: &LeadFilter, page: PageRequest) -> Result<Page<LeadRow>, StorageError>;

    /// One lead.
    async fn find_lead(&self, id: LeadId) -> Result<Option<LeadRow>, StorageError>;

    /// A lead's activity log; `None` when there is no such lead.
    async fn list_activity(&self, lead: LeadId, page: PageRequest) -> Result<Option<Page<Activity>>, StorageError>;

    /// Conversations, by newest message.
    async fn list_conversations(
        &self,
        filter: &ConversationFilter,
        page: PageRequest,
    ) -> Result<Page<ConversationRow>, StorageError>;

    /// One conversation.
    async fn find_conversation(&self, id: ConversationId) -> Result<Option<ConversationRow>, StorageError>;

    /// A conversation's messages, by the time they were written; `None` when there is no such conversation.
    async fn list_messages(
        &self,
        conversation: ConversationId,
        page: PageRequest,
    ) -> Result<Option<Page<MessageRow>>, StorageError>;

    /// One message.
    async fn find_message(&self, id: MessageId) -> Result<Option<MessageRow>, StorageError>;

    /// Rows of one kind as they are stored, from the `next` of the page before; at most 1,000. Secrets are no
    /// part of them. Rows that come or change meanwhile MAY be missed or seen in either state; one that was
    /// there all the while MUST be given exactly once.
    async fn export_page(
        &self,
        kind: ExportKind,
        after: Option<String>,
        limit: u32,
    ) -> Result<ExportPage, StorageError>;
}

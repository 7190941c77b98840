//! What screens read: one query per list, a page at a time.

use async_trait::async_trait;
use hubchat_domain::{
    AccountStatus, Activity, ChannelAccountId, ChannelType, ContactId, ConversationId, ConversationRecord,
    ConversationStatus, LeadId, LeadRecord, LeadStatus, MediaId, MediaRecord, MemberId, MessageId, MessageRecord,
    TeamId, Timestamp, Visibility,
};
use uuid::Uuid;

use crate::{ExportKind, ExportPage, StorageError, StoredSettings};

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
    /// Owned by no member; a team may have it.
    pub unassigned: bool,
    /// Given to this team.
    pub assigned_team_id: Option<TeamId>,
    /// Given to a team of this member's.
    pub teams_of: Option<MemberId>,
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
    /// The team's name.
    pub assigned_team_name: Option<String>,
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

/// In whose eyes conversations are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// How far they see.
    pub visibility: Visibility,
    /// The member whose unread messages and mentions are told; what is unread for everybody when it is no member.
    pub member: Option<MemberId>,
}

impl Viewer {
    /// Someone who sees everything, and is no member.
    pub const SYSTEM: Self = Self { visibility: Visibility::All, member: None };
}

/// In which order conversations are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ConversationOrder {
    /// The newest message first.
    #[default]
    Latest,
    /// Who has waited longest first; only those who wait.
    LongestWaiting,
}

/// Which conversations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether a condition holds, and any may go together")]
pub struct ConversationFilter {
    /// In this status.
    pub status: Option<ConversationStatus>,
    /// On this channel.
    pub channel_type: Option<ChannelType>,
    /// On this account.
    pub account_id: Option<ChannelAccountId>,
    /// Of this lead.
    pub lead_id: Option<LeadId>,
    /// With this contact.
    pub contact_id: Option<ContactId>,
    /// Open or pending.
    pub active: bool,
    /// With messages that are unread for the viewer.
    pub unread: bool,
    /// The customer waits for an answer: not resolved, and not put aside.
    pub waiting: bool,
    /// With notes that mention the viewer and that they have not seen; none for a viewer who is no member.
    pub mentioned: bool,
    /// Put aside, or not.
    pub snoozed: Option<bool>,
    /// Of a lead that this member owns.
    pub assigned_member_id: Option<MemberId>,
    /// Of a lead that no member owns; a team may have it.
    pub unassigned: bool,
    /// Of a lead that was given to this team.
    pub assigned_team_id: Option<TeamId>,
    /// Of a lead that was given to a team of this member's.
    pub teams_of: Option<MemberId>,
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
    /// The name of the lead's owner.
    pub assigned_member_name: Option<String>,
    /// The name of the lead's team.
    pub assigned_team_name: Option<String>,
    /// Messages that are unread for the viewer.
    pub unread_count: i64,
}

/// A channel account as the inbox names it: nothing by which one could send or receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: ChannelAccountId,
    /// The channel.
    pub channel_type: ChannelType,
    /// The name that people read.
    pub name: String,
    /// Whether it may be used.
    pub status: AccountStatus,
}

/// How much is in a lane of the inbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LaneCount {
    /// Conversations.
    pub total: i64,
    /// Those of them with messages that are unread for the viewer.
    pub unread: i64,
}

/// How much is in each lane: open and pending conversations that the viewer sees and that nobody put aside, but for
/// `snoozed`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LaneCounts {
    /// Of leads that the viewer owns.
    pub mine: LaneCount,
    /// Of leads that no member owns.
    pub unassigned: LaneCount,
    /// Of leads that were given to a team of the viewer's.
    pub team: LaneCount,
    /// Where the customer waits for an answer.
    pub waiting: LaneCount,
    /// With notes that mention the viewer and that they have not seen.
    pub mentioned: LaneCount,
    /// Put aside.
    pub snoozed: LaneCount,
    /// All.
    pub all: LaneCount,
}

/// Whose lanes are counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaneFilter {
    /// Only on this channel.
    pub channel_type: Option<ChannelType>,
    /// Only on this account.
    pub account_id: Option<ChannelAccountId>,
}

/// What a member wrote and has not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The thread.
    pub conversation_id: ConversationId,
    /// Whose.
    pub member_id: MemberId,
    /// The words.
    pub text: String,
    /// It is to be a note.
    pub note: bool,
    /// The uploaded file that is to go with it.
    pub media_id: Option<MediaId>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A draft as its writer reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftRow {
    /// The draft.
    pub draft: Draft,
    /// Its file, while there is one.
    pub file: Option<MediaRecord>,
}

/// A message as a thread shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageRow {
    /// The message.
    pub message: MessageRecord,
    /// Its file.
    pub media: Option<MediaRecord>,
}

/// A message that is to be delivered, with what its delivery asks.
#[derive(Debug, Clone, PartialEq)]
pub struct OutgoingRow {
    /// The message, with its file.
    pub row: MessageRow,
    /// Its conversation.
    pub conversation: ConversationRecord,
}

/// Reads for screens of one tenant: each method is one query, and a row of another tenant is never seen.
///
/// What is asked for someone who sees so far, and what they do not see, MUST be answered as what is not there.
///
/// Lists are newest first, where they do not say otherwise, and stable while rows are inserted: walking the pages MUST
/// give every row that was there at the start, and that did not change, exactly once.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait InboxQueries: Send + Sync {
    /// Leads, by last change.
    async fn list_leads(
        &self,
        visibility: &Visibility,
        filter: &LeadFilter,
        page: PageRequest,
    ) -> Result<Page<LeadRow>, StorageError>;

    /// One lead.
    async fn find_lead(&self, visibility: &Visibility, id: LeadId) -> Result<Option<LeadRow>, StorageError>;

    /// A lead's activity log; `None` when there is no such lead.
    async fn list_activity(
        &self,
        visibility: &Visibility,
        lead: LeadId,
        page: PageRequest,
    ) -> Result<Option<Page<Activity>>, StorageError>;

    /// Conversations, in that order.
    async fn list_conversations(
        &self,
        viewer: &Viewer,
        filter: &ConversationFilter,
        order: ConversationOrder,
        page: PageRequest,
    ) -> Result<Page<ConversationRow>, StorageError>;

    /// The tenant's channel accounts, removed ones too, oldest first: whose conversations are not seen is told all the
    /// same.
    async fn list_accounts(&self, page: PageRequest) -> Result<Page<AccountRow>, StorageError>;

    /// How much is in each lane, in one query.
    async fn count_lanes(&self, viewer: &Viewer, filter: &LaneFilter) -> Result<LaneCounts, StorageError>;

    /// What a member wrote in a conversation and has not sent, whoever asks.
    async fn find_draft(
        &self,
        conversation: ConversationId,
        member: MemberId,
    ) -> Result<Option<DraftRow>, StorageError>;

    /// One conversation.
    async fn find_conversation(
        &self,
        viewer: &Viewer,
        id: ConversationId,
    ) -> Result<Option<ConversationRow>, StorageError>;

    /// A conversation's messages, by the time they were written; `None` when there is no such conversation.
    async fn list_messages(
        &self,
        visibility: &Visibility,
        conversation: ConversationId,
        page: PageRequest,
    ) -> Result<Option<Page<MessageRow>>, StorageError>;

    /// One message, seen by whoever sees its conversation.
    async fn find_message(&self, visibility: &Visibility, id: MessageId) -> Result<Option<MessageRow>, StorageError>;

    /// Messages with their conversations, for their delivery, whoever sees them: in any order, each once, and those that
    /// are not there left out. At most 200.
    async fn find_outgoing(&self, ids: &[MessageId]) -> Result<Vec<OutgoingRow>, StorageError>;

    /// The tenant's settings, as [`SettingsStore::find`](crate::SettingsStore::find) tells them.
    async fn settings(&self) -> Result<StoredSettings, StorageError>;

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

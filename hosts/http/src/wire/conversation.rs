//! Conversations on the wire.

use hubchat_core::{
    UpdateConversationCommand,
    domain::{
        AvatarChoice, ChannelType, ConversationStatus, LeadStatus, MemberId, MessageKind, NameParts, TeamId,
        ThreadKind, display_name, https_avatar,
    },
    port::{ConversationRow, LaneCount, LaneCounts},
};
use poem_openapi::{Object, types::MaybeUndefined};
use serde::Deserialize;
use uuid::Uuid;

use super::{Moment, Named};

/// A thread of messages with a customer on one channel account.
#[derive(Debug, Object)]
#[oai(rename = "Conversation", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ConversationView {
    /// Its id.
    id: Uuid,
    /// The lead that it now belongs to.
    lead_id: Uuid,
    /// The customer.
    contact_id: Uuid,
    /// The account's channel.
    channel_type: Named<ChannelType>,
    /// The account.
    channel_account_id: Uuid,
    /// The account's name.
    channel_account_name: String,
    /// With one person, a named group or a nameless one, or about a comment.
    thread_type: Named<ThreadKind>,
    /// The provider's id of the thread: the person, the group or the room.
    external_thread_id: String,
    /// Whether it needs someone.
    status: Named<ConversationStatus>,
    /// Messages that nobody answered and that the member who asks has not seen; for a key those since the
    /// conversation was last marked read for everybody.
    unread_count: i64,
    /// How many messages the customer wrote that ask for something; it only grows.
    inbound_count: i64,
    /// Since when the customer waits for an answer.
    waiting_since: Option<Moment>,
    /// Until when it is put aside, unless the customer writes before.
    snoozed_until: Option<Moment>,
    /// The newest message in a line.
    last_message_preview: Option<String>,
    /// The newest message's type.
    last_message_type: Option<Named<MessageKind>>,
    /// When the newest message was written.
    last_message_at: Moment,
    /// When the customer last wrote.
    last_inbound_at: Option<Moment>,
    /// The name to show.
    participant_display_name: String,
    /// The picture to show; always HTTPS.
    participant_profile_image_url: Option<String>,
    /// The customer's name on the channel, when known.
    contact_identity_display_name: Option<String>,
    /// Where the lead stands.
    lead_status: Named<LeadStatus>,
    /// Who owns the lead.
    assigned_member_id: Option<Uuid>,
    /// The owner's name.
    assigned_member_name: Option<String>,
    /// The team that the lead was given to.
    assigned_team_id: Option<Uuid>,
    /// The team's name.
    assigned_team_name: Option<String>,
    /// The post, for threads that began with a comment.
    post_id: Option<String>,
    /// The newest comment of such a thread.
    comment_id: Option<String>,
    /// When the comment had its private reply.
    private_reply_at: Option<Moment>,
    /// Another system answers this thread now; nothing can be sent.
    standby: bool,
    /// When it began.
    created_at: Moment,
    /// When it last changed.
    updated_at: Moment,
    /// Rises with each change: of two versions of the conversation the higher one is the newer.
    version: i64,
}

impl From<ConversationRow> for ConversationView {
    fn from(row: ConversationRow) -> Self {
        let thread = row.conversation;
        let name = display_name(NameParts {
            conversation: thread.participant_name.as_deref(),
            contact: row.contact_name.as_deref(),
            identity: row.identity_name.as_deref(),
            external_user_id: Some(&row.external_user_id),
            external_thread_id: Some(&thread.thread.external_thread_id),
        });
        let picture = https_avatar(
            thread.participant_avatar_url.as_deref(),
            row.identity_avatar_url.as_deref(),
            row.contact_avatar_url.as_deref(),
            &name,
        );
        let comment = thread.comment.unwrap_or_default();
        Self {
            id: thread.id.as_uuid(),
            lead_id: thread.lead_id.as_uuid(),
            contact_id: thread.contact_id.as_uuid(),
            channel_type: Named(thread.channel_type),
            channel_account_id: thread.thread.account_id.as_uuid(),
            channel_account_name: row.account_name,
            thread_type: Named(thread.thread_kind),
            external_thread_id: thread.thread.external_thread_id,
            status: Named(thread.status),
            unread_count: row.unread_count,
            inbound_count: thread.inbound_count,
            waiting_since: thread.waiting_since.map(Moment),
            snoozed_until: thread.snoozed_until.map(Moment),
            last_message_preview: thread.last_message_preview,
            last_message_type: thread.last_message_kind.map(Named),
            last_message_at: Moment(thread.last_message_at),
            last_inbound_at: thread.last_inbound_at.map(Moment),
            participant_display_name: name,
            participant_profile_image_url: match picture {
                AvatarChoice::Url(url) => Some(url),
                AvatarChoice::Initials(_) => None,
            },
            contact_identity_display_name: row.identity_name,
            lead_status: Named(row.lead_status),
            assigned_member_id: thread.assigned_member_id.map(MemberId::as_uuid),
            assigned_member_name: row.assigned_member_name,
            assigned_team_id: thread.assigned_team_id.map(TeamId::as_uuid),
            assigned_team_name: row.assigned_team_name,
            post_id: comment.post_id,
            comment_id: comment.comment_id,
            private_reply_at: comment.replied_at.map(Moment),
            standby: thread.standby,
            created_at: Moment(thread.created_at),
            updated_at: Moment(thread.updated_at),
            version: thread.version,
        }
    }
}

/// What to change of a conversation; what is absent stays.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "ConversationPatch", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConversationPatch {
    /// Its status from now on.
    pub(crate) status: Option<Named<ConversationStatus>>,
    /// Until when it is put aside, within a year; null takes it back.
    #[serde(default)]
    pub(crate) snoozed_until: MaybeUndefined<Moment>,
}

impl ConversationPatch {
    /// What it asks for.
    pub(crate) fn into_command(self) -> UpdateConversationCommand {
        let snoozed_until = match self.snoozed_until {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(until) => Some(Some(until.0)),
        };
        UpdateConversationCommand { status: self.status.map(|status| status.0), mark: None, snoozed_until }
    }
}

/// What was seen.
#[derive(Debug, Default, Object, Deserialize)]
#[oai(rename = "ReadMark", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ReadMarkBody {
    /// The newest message is to be looked at again.
    #[serde(default)]
    #[oai(default)]
    pub(crate) unread: bool,
}

/// How much is in a lane.
#[derive(Debug, Object)]
#[oai(rename = "LaneCount", rename_all = "camelCase")]
pub(crate) struct LaneCountView {
    /// Conversations.
    total: i64,
    /// Those of them with messages that are unread for who asks.
    unread: i64,
}

impl From<LaneCount> for LaneCountView {
    fn from(count: LaneCount) -> Self {
        Self { total: count.total, unread: count.unread }
    }
}

/// How much is in each lane: open and pending conversations that nobody put aside, but for `snoozed`.
#[derive(Debug, Object)]
#[oai(rename = "LaneCounts", rename_all = "camelCase")]
pub(crate) struct LaneCountsView {
    /// Of leads that who asks owns.
    mine: LaneCountView,
    /// Of leads that no member owns.
    unassigned: LaneCountView,
    /// Of leads that were given to a team of who asks.
    team: LaneCountView,
    /// Where the customer waits for an answer.
    waiting: LaneCountView,
    /// With notes that mention who asks and that they have not seen.
    mentioned: LaneCountView,
    /// Put aside.
    snoozed: LaneCountView,
    /// All.
    all: LaneCountView,
}

impl From<LaneCounts> for LaneCountsView {
    fn from(counts: LaneCounts) -> Self {
        Self {
            mine: counts.mine.into(),
            unassigned: counts.unassigned.into(),
            team: counts.team.into(),
            waiting: counts.waiting.into(),
            mentioned: counts.mentioned.into(),
            snoozed: counts.snoozed.into(),
            all: counts.all.into(),
        }
    }
}

/// Whether the customer sees that someone is writing.
#[derive(Debug, Object)]
#[oai(rename = "Typing", rename_all = "camelCase")]
pub(crate) struct TypingView {
    /// Whether the channel took the signal.
    pub(crate) shown: bool,
}

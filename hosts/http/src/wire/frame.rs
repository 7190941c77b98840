//! Frames of the socket, in both directions.

use hubchat_core::{domain::PresenceState, port::PresentMember};
use poem_openapi::{Object, Union};
use uuid::Uuid;

use super::{EventView, Named, named::Names};

/// What a client says.
#[derive(Debug, Union)]
#[oai(rename = "ClientFrame", discriminator_name = "type", one_of)]
pub(crate) enum ClientFrame {
    #[oai(mapping = "hello")]
    Hello(HelloFrame),
    #[oai(mapping = "subscribe")]
    Subscribe(SubscribeFrame),
    #[oai(mapping = "unsubscribe")]
    Unsubscribe(UnsubscribeFrame),
    #[oai(mapping = "presence")]
    Presence(OwnPresenceFrame),
    #[oai(mapping = "renew")]
    Renew(RenewFrame),
}

/// The first frame of a client.
#[derive(Debug, Object)]
#[oai(rename = "HelloFrame", rename_all = "camelCase")]
pub(crate) struct HelloFrame {
    /// Where the client left off; from now on when absent or null.
    pub(crate) cursor: Option<String>,
    /// `inbox`, `presence`, `conversation:<id>`.
    pub(crate) topics: Vec<String>,
}

/// Follows one topic more.
#[derive(Debug, Object)]
#[oai(rename = "SubscribeFrame", rename_all = "camelCase")]
pub(crate) struct SubscribeFrame {
    /// The topic.
    pub(crate) topic: String,
}

/// Follows one topic less.
#[derive(Debug, Object)]
#[oai(rename = "UnsubscribeFrame", rename_all = "camelCase")]
pub(crate) struct UnsubscribeFrame {
    /// The topic.
    pub(crate) topic: String,
}

/// What the client's member does at a conversation. Said again every 20 seconds while it lasts.
#[derive(Debug, Object)]
#[oai(rename = "OwnPresenceFrame", rename_all = "camelCase")]
pub(crate) struct OwnPresenceFrame {
    /// The conversation.
    pub(crate) conversation_id: Uuid,
    /// What they do.
    pub(crate) state: Named<OwnState>,
}

/// The answer to `renew`: another ticket of the same person.
#[derive(Debug, Object)]
#[oai(rename = "RenewFrame", rename_all = "camelCase")]
pub(crate) struct RenewFrame {
    /// The ticket.
    pub(crate) ticket: String,
}

/// What somebody does at a conversation, or that they left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OwnState {
    At(PresenceState),
    Gone,
}

impl Names for OwnState {
    const TITLE: &'static str = "OwnPresenceState";
    const VALUES: &'static [Self] = &[Self::At(PresenceState::Viewing), Self::At(PresenceState::Typing), Self::Gone];

    fn name_of(self) -> &'static str {
        match self {
            Self::At(state) => state.as_str(),
            Self::Gone => "gone",
        }
    }
}

impl Names for PresenceState {
    const TITLE: &'static str = "PresenceState";
    const VALUES: &'static [Self] = Self::ALL;

    fn name_of(self) -> &'static str {
        self.as_str()
    }
}

/// Why a client has to read everything anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResetReason {
    /// What it missed is not kept any more, or is of another sequence.
    Gone,
    /// It missed too much to be sent one by one.
    TooMany,
    /// It takes frames slower than they come.
    Lagged,
    /// What it may see is another by now.
    Sight,
}

impl Names for ResetReason {
    const TITLE: &'static str = "ResetReason";
    const VALUES: &'static [Self] = &[Self::Gone, Self::TooMany, Self::Lagged, Self::Sight];

    fn name_of(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::TooMany => "too_many",
            Self::Lagged => "lagged",
            Self::Sight => "sight",
        }
    }
}

/// What the server says.
#[expect(clippy::large_enum_variant, reason = "one is there at a time, on its way to becoming text")]
#[derive(Debug, Union)]
#[oai(rename = "ServerFrame", discriminator_name = "type", one_of)]
pub(crate) enum ServerFrame {
    #[oai(mapping = "ready")]
    Ready(ReadyFrame),
    #[oai(mapping = "event")]
    Event(EventFrame),
    #[oai(mapping = "reset")]
    Reset(ResetFrame),
    #[oai(mapping = "presence")]
    Presence(PresenceFrame),
    #[oai(mapping = "beat")]
    Beat(BeatFrame),
    #[oai(mapping = "renew")]
    Renew(RenewAskedFrame),
    #[oai(mapping = "renewed")]
    Renewed(RenewedFrame),
}

/// What was missed has been sent; from here on events come as they happen.
#[derive(Debug, Object)]
#[oai(rename = "ReadyFrame", rename_all = "camelCase")]
pub(crate) struct ReadyFrame {
    /// Where the client is now.
    pub(crate) cursor: String,
    /// How many missed events were sent.
    pub(crate) missed: u32,
    /// So often a beat comes; twice without one is a dead connection.
    pub(crate) heartbeat_seconds: u32,
}

/// Something happened.
#[derive(Debug, Object)]
#[oai(rename = "EventFrame", rename_all = "camelCase")]
pub(crate) struct EventFrame {
    /// What.
    pub(crate) event: EventView,
}

/// Read everything anew; events after this cursor follow.
#[derive(Debug, Object)]
#[oai(rename = "ResetFrame", rename_all = "camelCase")]
pub(crate) struct ResetFrame {
    /// From here it goes on.
    pub(crate) cursor: String,
    /// Why.
    pub(crate) reason: Named<ResetReason>,
}

/// Everybody who is at a conversation now.
#[derive(Debug, Object)]
#[oai(rename = "PresenceFrame", rename_all = "camelCase")]
pub(crate) struct PresenceFrame {
    /// The conversation.
    pub(crate) conversation_id: Uuid,
    /// Who is there; nobody when empty.
    pub(crate) members: Vec<PresentMemberView>,
}

/// A member who is at a conversation.
#[derive(Debug, Object)]
#[oai(rename = "PresentMember", rename_all = "camelCase")]
pub(crate) struct PresentMemberView {
    /// Who.
    member_id: Uuid,
    /// Their name.
    name: String,
    /// What they do there.
    state: Named<PresenceState>,
}

impl From<PresentMember> for PresentMemberView {
    fn from(member: PresentMember) -> Self {
        Self { member_id: member.member_id.as_uuid(), name: member.name, state: Named(member.state) }
    }
}

/// The connection lives.
#[derive(Debug, Object)]
#[oai(rename = "BeatFrame", rename_all = "camelCase")]
pub(crate) struct BeatFrame {
    /// Where the client is, also when what happened was not for it.
    pub(crate) cursor: String,
}

/// The access token that opened the socket ends: come with another ticket.
#[derive(Debug, Object)]
#[oai(rename = "RenewAskedFrame", rename_all = "camelCase")]
pub(crate) struct RenewAskedFrame {
    /// Within so many seconds.
    pub(crate) within_seconds: u32,
}

/// The socket goes on.
#[derive(Debug, Object)]
#[oai(rename = "RenewedFrame", rename_all = "camelCase")]
pub(crate) struct RenewedFrame {
    /// From here on nothing else changed.
    pub(crate) cursor: String,
}

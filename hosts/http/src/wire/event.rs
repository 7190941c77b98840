//! Events on the wire: what happened, with the rows as they are now.

use hubchat_core::{
    LiveEvent, MediaDoor, Showing,
    domain::{ConversationId, EventType, LeadId, MemberId, MessageId},
};
use poem_openapi::Object;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ConversationView, LeadView, MessageView, Moment, Named, named::Names};

/// What an event is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventName {
    Of(EventType),
    LeadHidden,
}

impl Names for EventName {
    const TITLE: &'static str = "EventType";
    const VALUES: &'static [Self] = &[
        Self::Of(EventType::LeadCreated),
        Self::Of(EventType::LeadUpdated),
        Self::LeadHidden,
        Self::Of(EventType::ConversationCreated),
        Self::Of(EventType::ConversationUpdated),
        Self::Of(EventType::MessageCreated),
        Self::Of(EventType::MessageUpdated),
        Self::Of(EventType::ContactUpdated),
        Self::Of(EventType::ChannelUpdated),
    ];

    fn name_of(self) -> &'static str {
        match self {
            Self::Of(event) => event.as_str(),
            Self::LeadHidden => "lead.hidden",
        }
    }
}

/// Something that happened. The rows are as they are now, not as they were then: take one over unless you have a
/// newer one already.
#[derive(Debug, Object)]
#[oai(rename = "Event", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct EventView {
    /// From here it goes on: the next events come after this cursor.
    cursor: String,
    /// What happened. `lead.hidden`: a lead has left what you may see; forget it and all that belongs to it.
    r#type: Named<EventName>,
    /// When.
    at: Moment,
    /// The lead concerned.
    lead_id: Option<Uuid>,
    /// The conversation concerned.
    conversation_id: Option<Uuid>,
    /// The message concerned.
    message_id: Option<Uuid>,
    /// Particulars of the type.
    data: Value,
    /// The conversation; of a lead's events the newest one of the lead.
    conversation: Option<ConversationView>,
    /// The message.
    message: Option<MessageView>,
    /// The lead, in its own events.
    lead: Option<LeadView>,
}

impl EventView {
    /// An event as a reader gets it: a member, or a key.
    pub(crate) fn of(live: &LiveEvent, showing: Showing, reader: Option<MemberId>, door: &MediaDoor) -> Self {
        let event = &live.event;
        if showing != Showing::Whole {
            return Self {
                cursor: live.cursor.to_string(),
                r#type: Named(EventName::LeadHidden),
                at: Moment(event.at),
                lead_id: event.lead_id.map(LeadId::as_uuid),
                conversation_id: None,
                message_id: None,
                data: json!({}),
                conversation: None,
                message: None,
                lead: None,
            };
        }
        Self {
            cursor: live.cursor.to_string(),
            r#type: Named(EventName::Of(event.event_type)),
            at: Moment(event.at),
            lead_id: event.lead_id.map(LeadId::as_uuid),
            conversation_id: event.conversation_id.map(ConversationId::as_uuid),
            message_id: event.message_id.map(MessageId::as_uuid),
            data: event.data.clone(),
            conversation: live.conversation_for(reader).map(ConversationView::from),
            message: live.message.clone().map(|row| MessageView::of(row, door)),
            lead: live.lead.clone().map(LeadView::from),
        }
    }
}

/// Events in their order.
#[derive(Debug, Object)]
#[oai(rename = "EventPage", rename_all = "camelCase")]
pub(crate) struct EventPageView {
    /// What you may see of what happened.
    pub(crate) items: Vec<EventView>,
    /// What to give as `after` next.
    pub(crate) cursor: String,
    /// There is more already.
    pub(crate) more: bool,
}

/// A ticket that opens one socket.
#[derive(Debug, Object)]
#[oai(rename = "SocketTicket", rename_all = "camelCase")]
pub(crate) struct SocketTicketView {
    /// The ticket; shown once, good once.
    pub(crate) ticket: String,
    /// Until when it is good.
    pub(crate) expires_at: Moment,
}

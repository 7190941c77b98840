//! Domain events: what changed, for everyone who follows along.

use serde_json::Value;

use crate::{ConversationId, LeadId, MessageId, Timestamp, channel::named};

/// What changed. The names are public and stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventType {
    /// A lead was opened.
    LeadCreated,
    /// A lead changed.
    LeadUpdated,
    /// A thread began.
    ConversationCreated,
    /// A thread changed.
    ConversationUpdated,
    /// A message came to be.
    MessageCreated,
    /// A message changed.
    MessageUpdated,
    /// A contact changed.
    ContactUpdated,
    /// A channel account changed.
    ChannelUpdated,
}

named!(EventType {
    LeadCreated => "lead.created", LeadUpdated => "lead.updated",
    ConversationCreated => "conversation.created", ConversationUpdated => "conversation.updated",
    MessageCreated => "message.created", MessageUpdated => "message.updated",
    ContactUpdated => "contact.updated", ChannelUpdated => "channel.updated",
});

/// A fact, written in the transaction that made it true. Storage numbers a tenant's events in commit
/// order, without gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainEvent {
    /// What changed.
    pub event_type: EventType,
    /// The lead concerned.
    pub lead_id: Option<LeadId>,
    /// The thread concerned.
    pub conversation_id: Option<ConversationId>,
    /// The message concerned.
    pub message_id: Option<MessageId>,
    /// What a client needs to patch its view.
    pub data: Value,
    /// When.
    pub at: Timestamp,
}

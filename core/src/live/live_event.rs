//! An event as those who follow along get it, and who of them does.

use std::{collections::HashMap, sync::Arc};

use hubchat_domain::{ConversationId, DomainEvent, EventType, MemberId, TeamId, Visibility};
use hubchat_ports::{ConversationRow, LeadRow, MessageRow};
use serde::de::DeserializeOwned;

use super::EventCursor;

/// An event with the rows that it is about, as they were when they were read: never older than the event.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveEvent {
    /// The place from which its reader goes on.
    pub cursor: EventCursor,
    /// What happened.
    pub event: DomainEvent,
    /// The conversation; of a lead's events the newest one of the lead.
    pub conversation: Option<ConversationRow>,
    /// The message.
    pub message: Option<MessageRow>,
    /// The lead, of its own events.
    pub lead: Option<LeadRow>,
    /// How far members have read the conversation.
    pub(crate) positions: Arc<HashMap<(ConversationId, MemberId), i64>>,
}

/// What of an event someone gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Showing {
    /// All of it.
    Whole,
    /// That its lead has left what they see, and nothing else.
    Hidden,
    /// Nothing: it is not there for them.
    Nothing,
}

/// To whom a lead belongs.
type Owner = (Option<MemberId>, Option<TeamId>);

/// The names of data by which an event tells to whom its lead belonged before.
pub(crate) const PREVIOUS_MEMBER: &str = "previousMemberId";
/// See [`PREVIOUS_MEMBER`].
pub(crate) const PREVIOUS_TEAM: &str = "previousTeamId";

impl LiveEvent {
    /// What someone gets who sees so far. It is the owner of now who counts, not the one of then: nobody is told
    /// of a lead that they do not see any more, but that they do not.
    #[must_use]
    pub fn shown_to(&self, visibility: &Visibility) -> Showing {
        let Visibility::Only(_) = visibility else { return Showing::Whole };
        if self.event.event_type == EventType::ChannelUpdated {
            return Showing::Whole;
        }
        // Of what is gone, or belongs to no lead, nobody knows whose it was.
        let Some((member, team)) = self.owner() else { return Showing::Nothing };
        if visibility.sees_owner(member, team) {
            return Showing::Whole;
        }
        match self.previous_owner() {
            Some((member, team)) if visibility.sees_owner(member, team) => Showing::Hidden,
            _ => Showing::Nothing,
        }
    }

    /// The conversation as one reader is shown it: this is where a row is made for one reader. What is unread for a
    /// member depends on what they have seen; for keys it is what nobody has answered.
    #[must_use]
    pub fn conversation_for(&self, reader: Option<MemberId>) -> Option<ConversationRow> {
        let mut row = self.conversation.clone()?;
        row.unread_count = self.unread_for(reader)?;
        Some(row)
    }

    /// How many messages of the conversation are unread for a reader.
    #[must_use]
    pub fn unread_for(&self, reader: Option<MemberId>) -> Option<i64> {
        let row = self.conversation.as_ref()?;
        let Some(member) = reader else { return Some(row.unread_count) };
        let seen = self.positions.get(&(row.conversation.id, member)).copied();
        Some(row.conversation.unread_for(seen))
    }

    /// To whom it belongs now.
    fn owner(&self) -> Option<Owner> {
        let of_lead = self.lead.as_ref().map(|row| (row.lead.assigned_member_id, row.lead.assigned_team_id));
        of_lead.or_else(|| {
            let thread = &self.conversation.as_ref()?.conversation;
            Some((thread.assigned_member_id, thread.assigned_team_id))
        })
    }

    /// To whom it belonged before, when this event is about that.
    fn previous_owner(&self) -> Option<Owner> {
        if self.event.event_type != EventType::LeadUpdated {
            return None;
        }
        let data = self.event.data.as_object()?;
        let member = data.get(PREVIOUS_MEMBER)?;
        Some((id(member), id(data.get(PREVIOUS_TEAM)?)))
    }
}

fn id<T: DeserializeOwned>(value: &serde_json::Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

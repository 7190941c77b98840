//! What someone follows.

use std::str::FromStr;

use hubchat_domain::{ConversationId, EventType};

use super::LiveEvent;

/// One thing to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Every event that a list shows: all but changes of messages.
    Inbox,
    /// Every event of one conversation, and who is there.
    Conversation(ConversationId),
    /// Who is at which conversation.
    Presence,
}

/// There is no such topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a topic is inbox, presence or conversation:<id>")]
pub struct UnknownTopic;

impl FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(text: &str) -> Result<Self, UnknownTopic> {
        match text.split_once(':') {
            None if text == "inbox" => Ok(Self::Inbox),
            None if text == "presence" => Ok(Self::Presence),
            // Only the hyphenated form: an id has one spelling.
            Some(("conversation", id)) if id.len() == 36 => {
                id.parse().map(Self::Conversation).map_err(|_| UnknownTopic)
            }
            _ => Err(UnknownTopic),
        }
    }
}

/// What one client follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topics {
    inbox: bool,
    presence: bool,
    conversations: Vec<ConversationId>,
}

impl Topics {
    /// The most conversations that one client follows.
    pub const MOST_CONVERSATIONS: usize = 50;

    /// Follows one thing more; tells whether there was room for it.
    pub fn add(&mut self, topic: Topic) -> bool {
        match topic {
            Topic::Inbox => self.inbox = true,
            Topic::Presence => self.presence = true,
            Topic::Conversation(id) if self.conversations.contains(&id) => {}
            Topic::Conversation(_) if self.conversations.len() >= Self::MOST_CONVERSATIONS => return false,
            Topic::Conversation(id) => self.conversations.push(id),
        }
        true
    }

    /// Follows one thing less.
    pub fn remove(&mut self, topic: Topic) {
        match topic {
            Topic::Inbox => self.inbox = false,
            Topic::Presence => self.presence = false,
            Topic::Conversation(id) => self.conversations.retain(|known| *known != id),
        }
    }

    /// Whether an event is among them. That a lead has left what someone sees concerns them in any case.
    #[must_use]
    pub fn want(&self, event: &LiveEvent, hidden: bool) -> bool {
        if hidden {
            return self.inbox || !self.conversations.is_empty();
        }
        let shown = event.conversation.as_ref().map(|row| row.conversation.id);
        let of_thread = |id: &ConversationId| event.event.conversation_id == Some(*id) || shown == Some(*id);
        (self.inbox && event.event.event_type != EventType::MessageUpdated) || self.conversations.iter().any(of_thread)
    }

    /// Whether it is followed who is at a conversation.
    #[must_use]
    pub fn want_presence(&self, conversation: ConversationId) -> bool {
        self.presence || self.conversations.contains(&conversation)
    }

    /// Whether it is followed who is at every conversation.
    #[must_use]
    pub fn want_all_presence(&self) -> bool {
        self.presence
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_topic_has_one_spelling() {
        let id = Uuid::from_u128(0xabc);
        assert_eq!("inbox".parse(), Ok(Topic::Inbox));
        assert_eq!("presence".parse(), Ok(Topic::Presence));
        assert_eq!(format!("conversation:{id}").parse(), Ok(Topic::Conversation(id.into())));
        let simple = format!("conversation:{}", id.simple());
        for wrong in ["", "Inbox", "inbox:", "conversation", "conversation:", "lead:1", simple.as_str()] {
            assert_eq!(wrong.parse::<Topic>(), Err(UnknownTopic), "{wrong}");
        }
    }

    #[test]
    fn a_client_follows_a_bounded_number_of_conversations() {
        let mut topics = Topics::default();
        let id = |number: usize| Topic::Conversation(Uuid::from_u128(number as u128).into());
        for number in 0..Topics::MOST_CONVERSATIONS {
            assert!(topics.add(id(number)));
        }
        assert!(topics.add(id(0)), "what is followed already needs no room");
        assert!(!topics.add(id(1_000)));
        topics.remove(id(0));
        assert!(topics.add(id(1_000)));
        assert!(topics.want_presence(Uuid::from_u128(1_000).into()) && !topics.want_presence(Uuid::nil().into()));
        assert!(topics.add(Topic::Presence) && topics.want_presence(Uuid::nil().into()));
    }
}

//! What customers said: kept for redelivery and for the chat view.

use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde_json::{Value, json};

use super::LineState;
use crate::bounded::{BoundedMap, lock};

/// An event that was built, and the webhook's answer to it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SaidEvent {
    /// The HTTP status of the webhook's answer; 0 before it was posted.
    pub status: u16,
    /// The channel.
    pub destination: String,
    /// The user, group or room: where a reply goes.
    pub chat_id: String,
    /// The user, when the event names one.
    pub user_id: Option<String>,
    /// The event's id, the same in every redelivery.
    pub webhook_event_id: String,
    /// The message's id, for message events.
    pub message_id: Option<String>,
    /// Replies to the event, once.
    pub reply_token: Option<String>,
    /// Quotes the message.
    pub quote_token: Option<String>,
    /// Marks the message as read.
    pub mark_as_read_token: Option<String>,
    /// The whole event.
    pub event: Value,
}

impl SaidEvent {
    /// Reads the ids out of an event.
    pub(super) fn of(destination: &str, event: Value) -> Self {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let user_id = text("/source/userId");
        let chat_id = text("/source/groupId").or_else(|| text("/source/roomId")).or_else(|| user_id.clone());
        Self {
            status: 0,
            destination: destination.to_owned(),
            chat_id: chat_id.unwrap_or_default(),
            user_id,
            webhook_event_id: text("/webhookEventId").unwrap_or_default(),
            message_id: text("/message/id"),
            reply_token: text("/replyToken"),
            quote_token: text("/message/quoteToken"),
            mark_as_read_token: text("/message/markAsReadToken"),
            event,
        }
    }
}

/// One line of a chat.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatEntry {
    /// When, in milliseconds since the Unix epoch.
    pub at: i64,
    /// `customer` or `channel`.
    pub by: &'static str,
    /// The channel's destination.
    pub destination: String,
    /// The event the customer caused, or `{via, messageIds, messages}` for what the channel sent.
    pub content: Value,
}

#[derive(Debug)]
pub(super) struct SaidLog {
    events: Mutex<BoundedMap<String, Arc<KeptEvent>>>,
}

/// An event and when it was said.
#[derive(Debug)]
pub(crate) struct KeptEvent {
    at: i64,
    pub(crate) said: SaidEvent,
}

impl SaidLog {
    pub(super) fn new(kept: usize) -> Self {
        Self { events: Mutex::new(BoundedMap::new(kept)) }
    }

    pub(super) fn keep(&self, said: SaidEvent, at: i64) -> Arc<KeptEvent> {
        let kept = Arc::new(KeptEvent { at, said });
        lock(&self.events).insert(kept.said.webhook_event_id.clone(), Arc::clone(&kept));
        kept
    }

    pub(super) fn find(&self, webhook_event_id: &str) -> Option<SaidEvent> {
        let kept = lock(&self.events).get(webhook_event_id).cloned()?;
        Some(kept.said.clone())
    }

    fn of_chat(&self, chat_id: &str) -> Vec<Arc<KeptEvent>> {
        lock(&self.events).values().filter(|kept| kept.said.chat_id == chat_id).cloned().collect()
    }
}

/// Both directions of a chat. At the same millisecond the customer comes first.
pub(super) fn chat(state: &LineState, chat_id: &str) -> Vec<ChatEntry> {
    let said = state.said.of_chat(chat_id).into_iter().map(|kept| ChatEntry {
        at: kept.at,
        by: "customer",
        destination: kept.said.destination.clone(),
        content: kept.said.event.clone(),
    });
    let received = state.ledger.received_by(chat_id).into_iter().map(|effect| ChatEntry {
        at: effect.at,
        by: "channel",
        destination: effect.destination.clone(),
        content: json!({
            "via": effect.via,
            "messageIds": effect.message_ids().collect::<Vec<_>>(),
            "messages": effect.message_values(),
        }),
    });
    let mut entries: Vec<ChatEntry> = said.chain(received).collect();
    entries.sort_by_key(|entry| entry.at);
    entries
}

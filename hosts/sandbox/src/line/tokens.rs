//! Reply tokens and mark-as-read tokens: issued with events, checked when they come back.

use std::sync::Mutex;
use std::time::Duration;

use crate::bounded::{BoundedMap, lock};
use crate::config::SandboxConfig;

/// However often an event is redelivered, its token ends this long after the event.
const REPLY_TOKEN_LIMIT_MS: i64 = 20 * 60 * 1000;

#[derive(Debug)]
pub(super) struct Tokens {
    replies: Mutex<BoundedMap<String, ReplyToken>>,
    reads: Mutex<BoundedMap<String, ReadToken>>,
    life_ms: i64,
}

#[derive(Debug)]
struct ReplyToken {
    destination: String,
    to: String,
    event_at: i64,
    ends_at: i64,
    used: bool,
}

#[derive(Debug)]
struct ReadToken {
    destination: String,
    chat: String,
}

impl Tokens {
    pub(super) fn new(config: &SandboxConfig) -> Self {
        Self {
            replies: Mutex::new(BoundedMap::new(config.kept_effects)),
            reads: Mutex::new(BoundedMap::new(config.kept_effects)),
            life_ms: millis(config.reply_token_life),
        }
    }

    pub(super) fn issue_reply(&self, token: String, destination: &str, to: &str, now_ms: i64) {
        let issued = ReplyToken {
            destination: destination.to_owned(),
            to: to.to_owned(),
            event_at: now_ms,
            ends_at: now_ms.saturating_add(self.life_ms),
            used: false,
        };
        lock(&self.replies).insert(token, issued);
    }

    /// A redelivered event's token lives again from the redelivery, but a used one stays used.
    pub(super) fn renew_reply(&self, token: &str, now_ms: i64) {
        if let Some(known) = lock(&self.replies).get_mut(token) {
            known.ends_at =
                now_ms.saturating_add(self.life_ms).min(known.event_at.saturating_add(REPLY_TOKEN_LIMIT_MS));
        }
    }

    /// Who the token answers to, whether or not it can still be used.
    pub(super) fn receiver(&self, token: &str) -> Option<String> {
        lock(&self.replies).get(token).map(|known| known.to.clone())
    }

    /// Uses the token up and answers the receiver; `None` when it is unknown, used, too old or another channel's.
    pub(super) fn use_reply(&self, token: &str, destination: &str, now_ms: i64) -> Option<String> {
        let mut replies = lock(&self.replies);
        let known = replies.get_mut(token)?;
        if known.used || known.ends_at <= now_ms || known.destination != destination {
            return None;
        }
        known.used = true;
        Some(known.to.clone())
    }

    pub(super) fn issue_read(&self, token: String, destination: &str, chat: &str) {
        lock(&self.reads).insert(token, ReadToken { destination: destination.to_owned(), chat: chat.to_owned() });
    }

    /// The chat that the token marks as read, when it is this channel's.
    pub(super) fn chat_read(&self, token: &str, destination: &str) -> Option<String> {
        let reads = lock(&self.reads);
        reads.get(token).filter(|known| known.destination == destination).map(|known| known.chat.clone())
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

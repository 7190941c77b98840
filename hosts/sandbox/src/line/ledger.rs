//! What customers received, and the retry keys that keep it from happening twice.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::watch;
use uuid::Uuid;

use crate::bounded::{BoundedMap, lock};
use crate::config::SandboxConfig;
use crate::ids::Ids;

/// How a message was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// The push path.
    Push,
    /// The reply path.
    Reply,
}

/// One message object as LINE reports it sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SentMessage {
    /// The message's id.
    pub id: String,
    /// Quotes the message in a later one.
    pub quote_token: String,
}

/// One accepted send: what a customer received.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// 1 for the first effect, then rising by one.
    pub seq: u64,
    /// When, in milliseconds since the Unix epoch.
    pub at: i64,
    /// The channel that sent.
    pub destination: String,
    /// The user, group or room that received.
    pub to: String,
    /// How it was sent.
    pub via: Via,
    /// The caller's retry key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_key: Option<Uuid>,
    /// The id the answer carried.
    pub request_id: Uuid,
    /// One for each message object, in order.
    pub sent_messages: Vec<SentMessage>,
    /// The message objects, exactly as the caller wrote them: a JSON array.
    pub messages: Box<RawValue>,
    /// The user had blocked the channel: LINE accepted the send, and the user saw nothing.
    pub blocked: bool,
}

impl Effect {
    /// The message objects, parsed.
    pub fn message_values(&self) -> Vec<Value> {
        serde_json::from_str(self.messages.get()).unwrap_or_default()
    }

    /// The ids of the messages, in order.
    pub fn message_ids(&self) -> impl Iterator<Item = &str> {
        self.sent_messages.iter().map(|sent| sent.id.as_str())
    }
}

/// A send that passed all checks.
#[derive(Debug)]
pub(super) struct Send {
    pub(super) destination: String,
    pub(super) to: String,
    pub(super) via: Via,
    pub(super) retry_key: Option<Uuid>,
    pub(super) messages: Box<RawValue>,
    pub(super) message_count: usize,
    pub(super) blocked: bool,
}

/// What became of a send.
#[derive(Debug)]
pub(super) enum Recorded {
    Accepted(Arc<Effect>),
    /// The retry key was accepted before, with this effect.
    Repeated(Arc<Effect>),
    OverQuota,
}

#[derive(Debug)]
pub(super) struct Ledger {
    book: Mutex<Book>,
    written: watch::Sender<u64>,
    kept: usize,
    retry_key_life_ms: i64,
    quota: Option<u64>,
}

#[derive(Debug)]
struct Book {
    next_seq: u64,
    effects: VecDeque<Arc<Effect>>,
    accepted: BoundedMap<(String, Uuid), Accepted>,
    pushed: HashMap<String, u64>,
}

#[derive(Debug)]
struct Accepted {
    effect: Arc<Effect>,
    forget_at: i64,
}

impl Ledger {
    pub(super) fn new(config: &SandboxConfig) -> Self {
        Self {
            book: Mutex::new(Book {
                next_seq: 1,
                effects: VecDeque::new(),
                accepted: BoundedMap::new(config.kept_effects),
                pushed: HashMap::new(),
            }),
            written: watch::Sender::new(0),
            kept: config.kept_effects,
            retry_key_life_ms: i64::try_from(config.retry_key_life.as_millis()).unwrap_or(i64::MAX),
            quota: config.monthly_quota,
        }
    }

    /// Checks the retry key and the quota and records the effect, all or nothing: two requests with one
    /// key at the same moment give one effect.
    pub(super) fn record(&self, send: Send, now_ms: i64, ids: &Ids) -> Recorded {
        let mut book = lock(&self.book);
        if let Some(key) = send.retry_key
            && let Some(known) = book.accepted.get(&(send.destination.clone(), key))
            && known.forget_at > now_ms
        {
            return Recorded::Repeated(Arc::clone(&known.effect));
        }
        if send.via == Via::Push {
            let pushed = book.pushed.get_mut(&send.destination);
            let used = pushed.as_deref().copied().unwrap_or(0);
            if self.quota.is_some_and(|quota| used >= quota) {
                return Recorded::OverQuota;
            }
            match pushed {
                Some(pushed) => *pushed += 1,
                None => {
                    book.pushed.insert(send.destination.clone(), 1);
                }
            }
        }
        let sent_messages = (0..send.message_count)
            .map(|_| SentMessage { id: ids.message_id(), quote_token: ids.short_token() })
            .collect();
        let effect = Arc::new(Effect {
            seq: book.next_seq,
            at: now_ms,
            destination: send.destination,
            to: send.to,
            via: send.via,
            retry_key: send.retry_key,
            request_id: ids.uuid(),
            sent_messages,
            messages: send.messages,
            blocked: send.blocked,
        });
        book.next_seq += 1;
        book.effects.push_back(Arc::clone(&effect));
        if book.effects.len() > self.kept {
            book.effects.pop_front();
        }
        if let Some(key) = effect.retry_key {
            let forget_at = now_ms.saturating_add(self.retry_key_life_ms);
            book.accepted
                .insert((effect.destination.clone(), key), Accepted { effect: Arc::clone(&effect), forget_at });
        }
        drop(book);
        self.written.send_if_modified(|written| {
            let newer = effect.seq > *written;
            *written = effect.seq.max(*written);
            newer
        });
        Recorded::Accepted(effect)
    }

    /// Sequence numbers have no gaps, so the place is computed, not searched.
    pub(super) fn after(&self, seq: u64, limit: usize) -> Vec<Arc<Effect>> {
        let book = lock(&self.book);
        let first = book.effects.front().map_or(1, |effect| effect.seq);
        let skip = usize::try_from((seq + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        book.effects.iter().skip(skip).take(limit).cloned().collect()
    }

    pub(super) fn count(&self) -> u64 {
        lock(&self.book).next_seq - 1
    }

    pub(super) fn pushed(&self, destination: &str) -> u64 {
        lock(&self.book).pushed.get(destination).copied().unwrap_or(0)
    }

    pub(super) fn quota(&self) -> Option<u64> {
        self.quota
    }

    pub(super) fn received_by(&self, chat_id: &str) -> Vec<Arc<Effect>> {
        lock(&self.book).effects.iter().filter(|effect| effect.to == chat_id && !effect.blocked).cloned().collect()
    }

    pub(super) async fn wait_for(&self, count: u64, timeout: Duration) {
        let mut written = self.written.subscribe();
        // A timeout is an answer too: the caller looks at what is there.
        let _ = tokio::time::timeout(timeout, written.wait_for(|written| *written >= count)).await;
    }
}

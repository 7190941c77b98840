//! What customers and businesses did at every provider, in one order: the phone shows it as it grows.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::bounded::lock;
use crate::clock::SandboxClock;
use crate::line::{Effect, KeptEvent};
use crate::meta::MetaEffect;
use crate::telegram::TelegramEffect;

/// Entries kept; the oldest leave first.
const KEPT: usize = 5_000;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum By {
    Customer,
    Business,
}

/// What was done, in the provider's own words. Kept as it is, for most of it nobody ever looks at.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    LineSaid(Arc<KeptEvent>),
    LineSent(Arc<Effect>),
    Meta(Arc<MetaEffect>),
    Telegram(Arc<TelegramEffect>),
    Told(Value),
}

impl Content {
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::LineSaid(kept) => kept.said.event.clone(),
            Self::LineSent(effect) => json!({
                "via": effect.via,
                "messageIds": effect.message_ids().collect::<Vec<_>>(),
                "messages": effect.message_values(),
            }),
            Self::Meta(effect) => json!({ "id": effect.id, "to": effect.to, "body": effect.body }),
            Self::Telegram(effect) => {
                json!({ "method": effect.method, "messageId": effect.message_id, "body": effect.body })
            }
            Self::Told(value) => value.clone(),
        }
    }
}

/// Something that is to be noted.
#[derive(Debug)]
pub(crate) struct Note {
    /// `line`, `telegram`, `messenger`, `comment`, `instagram`, `instagram_comment` or `whatsapp`.
    pub(crate) channel: &'static str,
    pub(crate) account: String,
    /// The customer, as the account knows them; for a group the group.
    pub(crate) person: String,
    pub(crate) by: By,
    /// `said` by the customer; else what the business did, such as `message`, `read` or `typing`.
    pub(crate) operation: &'static str,
    /// The id of the message or comment; empty where it is about none.
    pub(crate) id: String,
    pub(crate) content: Content,
}

#[derive(Debug)]
pub(crate) struct Entry {
    seq: u64,
    at: i64,
    note: Note,
}

impl Entry {
    pub(crate) fn content(&self) -> Value {
        self.note.content.value()
    }

    fn told(&self) -> Value {
        let note = &self.note;
        json!({
            "seq": self.seq, "at": self.at, "channel": note.channel, "accountId": note.account,
            "personId": note.person, "by": note.by, "operation": note.operation, "id": note.id,
            "content": self.content(),
        })
    }
}

/// The timeline. Clones share all state.
#[derive(Debug, Clone)]
pub(crate) struct Timeline(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    clock: SandboxClock,
    /// Names this run: numbers of another one mean nothing here.
    epoch: String,
    entries: Mutex<VecDeque<Arc<Entry>>>,
    written: watch::Sender<u64>,
}

impl Timeline {
    pub(crate) fn new(clock: SandboxClock) -> Self {
        let epoch = format!("{:x}", clock.now_ms());
        let entries = Mutex::new(VecDeque::new());
        Self(Arc::new(Shared { clock, epoch, entries, written: watch::Sender::new(0) }))
    }

    pub(crate) fn note(&self, note: Note) {
        let mut entries = lock(&self.0.entries);
        let seq = entries.back().map_or(0, |entry| entry.seq) + 1;
        entries.push_back(Arc::new(Entry { seq, at: self.0.clock.now_ms(), note }));
        if entries.len() > KEPT {
            entries.pop_front();
        }
        // Under the lock, so that the number never goes back.
        self.0.written.send_replace(seq);
    }

    pub(crate) fn epoch(&self) -> &str {
        &self.0.epoch
    }

    pub(crate) fn find(&self, seq: u64) -> Option<Arc<Entry>> {
        let entries = lock(&self.0.entries);
        let first = entries.front()?.seq;
        entries.get(usize::try_from(seq.checked_sub(first)?).ok()?).cloned()
    }

    /// The entries after `seq`, oldest first, at most `limit`.
    pub(crate) fn after(&self, seq: u64, limit: usize) -> Vec<Arc<Entry>> {
        let entries = lock(&self.0.entries);
        let first = entries.front().map_or(1, |entry| entry.seq);
        let skip = usize::try_from(seq.saturating_add(1).saturating_sub(first)).unwrap_or(usize::MAX);
        entries.iter().skip(skip).take(limit).cloned().collect()
    }

    /// Waits until there is an entry after `seq`, or until `patience` ends.
    pub(crate) async fn grown(&self, seq: u64, patience: Duration) {
        let mut written = self.0.written.subscribe();
        // A timeout is an answer too: the caller looks at what is there.
        let _ = tokio::time::timeout(patience, written.wait_for(|newest| *newest > seq)).await;
    }

    /// The entries after `seq` as JSON, with the number to go on from.
    pub(crate) fn told(&self, seq: u64, limit: usize) -> Value {
        let entries = self.after(seq, limit);
        let last = entries.last().map_or(seq, |entry| entry.seq);
        let entries: Vec<Value> = entries.iter().map(|entry| entry.told()).collect();
        json!({ "epoch": self.epoch(), "entries": entries, "last": last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> Note {
        Note {
            channel: "line",
            account: "A".to_owned(),
            person: "P".to_owned(),
            by: By::Customer,
            operation: "said",
            id: String::new(),
            content: Content::Told(json!({ "text": text })),
        }
    }

    #[test]
    fn the_oldest_entries_leave_and_numbers_go_on() {
        let timeline = Timeline::new(SandboxClock::manual(0));
        for at in 0..KEPT + 2 {
            timeline.note(note(&at.to_string()));
        }
        assert!(timeline.find(2).is_none());
        assert_eq!(timeline.find(3).unwrap().content()["text"], "2");
        assert_eq!(timeline.after(0, 10).len(), 10);
        let told = timeline.told(5_001, 10);
        assert_eq!((told["entries"].as_array().unwrap().len(), &told["last"]), (1, &json!(5_002)));
        assert_eq!(timeline.told(9_999, 10)["entries"], json!([]));
    }

    #[tokio::test]
    async fn whoever_waits_hears_of_the_next_entry() {
        let timeline = Timeline::new(SandboxClock::manual(0));
        let waits = timeline.clone();
        let waiting = tokio::spawn(async move { waits.grown(0, Duration::from_mins(1)).await });
        timeline.note(note("x"));
        tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap().unwrap();
    }
}

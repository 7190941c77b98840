//! Calls that share a transaction, and what each of them is told.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use hubchat_ports::{IntakeReceipt, ReceivedEvent, StorageError};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// When a batch takes no further call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Enough {
    /// Once it holds so many events.
    pub(super) events: usize,
    /// Once it holds so many bytes.
    pub(super) bytes: usize,
}

/// What an event takes besides its texts: ids, times, lengths.
const BESIDES: usize = 128;

/// Someone's events, and where to answer.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) events: Vec<ReceivedEvent>,
    pub(super) answer: oneshot::Sender<Result<IntakeReceipt, StorageError>>,
}

/// Calls that are written together.
#[derive(Debug)]
pub(super) struct Batch(Vec<Call>);

impl Batch {
    /// What waits now, or what comes next; nothing once no one can call any more.
    pub(super) async fn collect(waiting: &mut mpsc::Receiver<Call>, enough: Enough) -> Option<Self> {
        let mut calls = vec![waiting.recv().await?];
        let (mut events, mut bytes) = size(&calls[0]);
        while events < enough.events
            && bytes < enough.bytes
            && let Ok(call) = waiting.try_recv()
        {
            let (more_events, more_bytes) = size(&call);
            events += more_events;
            bytes += more_bytes;
            calls.push(call);
        }
        Some(Self(calls))
    }

    /// The events in order of arrival, the first only of those that repeat each other.
    pub(super) fn events(&self) -> Vec<&ReceivedEvent> {
        let mut seen = HashSet::new();
        self.0
            .iter()
            .flat_map(|call| &call.events)
            .filter(|event| seen.insert((event.account_id, event.event_key.as_str())))
            .collect()
    }

    pub(super) fn is_shared(&self) -> bool {
        self.0.len() > 1
    }

    /// One batch for each call.
    pub(super) fn apart(self) -> impl Iterator<Item = Self> {
        self.0.into_iter().map(|call| Self(vec![call]))
    }

    /// Tells every call which of its events are new.
    pub(super) fn answer_stored(self, mut stored: HashSet<Uuid>) {
        for call in self.0 {
            // Taken out, so that an event is new to the first that brought it only.
            let new = call.events.iter().filter(|event| stored.remove(&event.id.as_uuid())).count();
            let receipt = IntakeReceipt { stored: new, duplicates: call.events.len() - new };
            // A caller that went away needs no answer.
            let _ = call.answer.send(Ok(receipt));
        }
    }

    /// Tells every call that nothing of it was stored, or that this cannot be known.
    pub(super) fn answer_error(self, error: StorageError) {
        let shared = Shared(Arc::new(error));
        for call in self.0 {
            let again: Box<dyn std::error::Error + Send + Sync> = Box::new(shared.clone());
            let error = match *shared.0 {
                StorageError::Unavailable(_) => StorageError::Unavailable(again),
                StorageError::Contention(_) => StorageError::Contention(again),
                _ => StorageError::Other(again),
            };
            let _ = call.answer.send(Err(error));
        }
    }
}

fn size(call: &Call) -> (usize, usize) {
    let bytes =
        call.events.iter().map(|event| event.raw.len() + event.event_key.len() + event.order_key.len() + BESIDES);
    (call.events.len(), bytes.sum())
}

/// One error that several callers are told.
#[derive(Debug, Clone)]
struct Shared(Arc<StorageError>);

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the events could not be stored")
    }
}

impl std::error::Error for Shared {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

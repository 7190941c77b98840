//! Who stands behind a session, kept for a few seconds.
//!
//! Every request of a member asks; a change made by another process is seen after [`StandingCache::LIFETIME`] at the
//! latest, one made through this process at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hubchat_domain::{SessionId, Timestamp, Visibility};
use hubchat_ports::{EndedHolder, Notice, Standing};

use super::visibility::visibility_of;
use crate::{Fault, Ports};

/// A session with everyone whom it concerns, and what its member may see.
#[derive(Debug)]
pub(super) struct KnownStanding {
    pub(super) standing: Standing,
    pub(super) visibility: Visibility,
}

#[derive(Clone)]
struct Entry {
    read_at: Timestamp,
    known: Option<Arc<KnownStanding>>,
}

/// Keeps standings for a few seconds. Cheap to clone.
#[derive(Clone)]
pub(crate) struct StandingCache {
    ports: Ports,
    entries: Arc<Mutex<HashMap<SessionId, Entry>>>,
}

impl StandingCache {
    /// For how long a standing is taken as read.
    pub(crate) const LIFETIME: Duration = Duration::from_secs(5);
    /// The most entries.
    const CAPACITY: usize = 10_000;

    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports, entries: Arc::default() }
    }

    /// The standing of a session, as it was a moment ago at most.
    pub(super) async fn find(&self, id: SessionId) -> Result<Option<Arc<KnownStanding>>, Fault> {
        // Counted from before the question: what changes while it is asked may be missing in the answer.
        let read_at = self.ports.clock.now();
        if let Some(entry) = self.fresh(id, read_at) {
            return Ok(entry.known);
        }
        let known = match self.ports.access.find_standing(id).await? {
            Some(standing) => {
                let visibility = visibility_of(&self.ports, &standing.member).await?;
                Some(Arc::new(KnownStanding { standing, visibility }))
            }
            None => None,
        };
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= Self::CAPACITY {
            entries.clear();
        }
        entries.insert(id, Entry { read_at, known: known.clone() });
        Ok(known)
    }

    /// Forgets a session that ended, and tells everyone that it did.
    pub(super) fn forget(&self, id: SessionId) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        self.ports.bus.announce(Notice::Ended { holder: EndedHolder::Session(id) });
    }

    /// Forgets everything, after a change that may concern several sessions, and tells everyone whose they are.
    pub(crate) fn clear(&self, holder: EndedHolder) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.ports.bus.announce(Notice::Ended { holder });
    }

    fn fresh(&self, id: SessionId, now: Timestamp) -> Option<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(&id).filter(|entry| now.since(entry.read_at) < Self::LIFETIME).cloned()
    }
}

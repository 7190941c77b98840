//! Sockets: what happened, at once, to everybody who may see it.
//!
//! For each tenant with sockets one task reads its events with their rows, once, and hands them to the tenant's
//! sockets; each socket looks at what of it is for its holder. The bus says when there is something to read. A look
//! at all tenants once a second says it as well, so that a lost notice costs a second and nothing else.
//!
//! A socket never misses an event silently: places are counted, and whoever cannot be given the next one is told to
//! read everything anew.

mod card;
mod clock;
mod connection;
mod door;
mod feed;
mod socket;
mod upkeep;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, Once, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use hubchat_core::{Hubchat, PresenceBoard, PresencePlace, SocketHolder, domain::TenantId, port::Notice};
use tokio::sync::{Notify, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use self::{
    card::Card,
    feed::{Feed, Shared},
};
use crate::HttpConfig;

pub(crate) use door::open;

/// The most sockets of one member, or of one key, in this process.
const MOST_OF_ONE: usize = 20;
/// The most sockets of this process.
const MOST: usize = 20_000;
/// So many sockets read what they missed at the same time.
const READERS: usize = 4;

/// Everything about sockets in this process.
pub(crate) struct Live {
    hubchat: Hubchat,
    config: HttpConfig,
    shutdown: CancellationToken,
    feeds: Mutex<HashMap<TenantId, Arc<Feed>>>,
    cards: Mutex<HashMap<u64, Arc<Card>>>,
    numbers: AtomicU64,
    presence: Mutex<PresenceBoard>,
    /// Looks after the sockets at once.
    look: Notify,
    readers: Semaphore,
    upkeep: Once,
    tasks: TaskTracker,
}

/// There are too many sockets already.
pub(crate) struct TooMany;

impl Live {
    pub(crate) fn new(hubchat: Hubchat, config: HttpConfig, shutdown: CancellationToken) -> Arc<Self> {
        let process: Uuid = hubchat.ports.ids.next_uuid();
        Arc::new(Self {
            hubchat,
            config,
            shutdown,
            feeds: Mutex::default(),
            cards: Mutex::default(),
            numbers: AtomicU64::new(1),
            presence: Mutex::new(PresenceBoard::new(process)),
            look: Notify::new(),
            readers: Semaphore::new(READERS),
            upkeep: Once::new(),
            tasks: TaskTracker::new(),
        })
    }

    /// Ends once every socket was told that this process stops.
    pub(crate) async fn closed(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Lets somebody in, if there is room.
    fn register(self: &Arc<Self>, holder: SocketHolder) -> Result<Registration, TooMany> {
        self.upkeep.call_once(|| upkeep::start(self));
        let mut cards = self.cards.lock().unwrap_or_else(PoisonError::into_inner);
        let same = cards.values().filter(|card| card.is_of(&holder)).count();
        if cards.len() >= MOST || same >= MOST_OF_ONE {
            return Err(TooMany);
        }
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let card = Arc::new(Card::new(number, holder));
        cards.insert(number, Arc::clone(&card));
        metrics::gauge!("hubchat_sockets").increment(1.0);
        Ok(Registration { live: Arc::clone(self), card })
    }

    fn cards(&self) -> Vec<Arc<Card>> {
        self.cards.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn feed(&self, tenant: TenantId) -> Option<Arc<Feed>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned()
    }

    fn all_feeds(&self) -> Vec<Arc<Feed>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn with_presence<T>(&self, change: impl FnOnce(&mut PresenceBoard) -> T) -> T {
        change(&mut self.presence.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows the tenant's sockets who is at a conversation now.
    fn show_presence(&self, at: PresencePlace) {
        if let Some(feed) = self.feed(at.tenant_id) {
            feed.share(Shared::Presence(at));
        }
    }

    /// The same, and tells other processes what this one knows.
    fn tell_presence(&self, at: PresencePlace) {
        self.show_presence(at);
        let notice = self.with_presence(|board| board.notice(at));
        self.hubchat.ports.bus.announce(Notice::Presence(notice));
    }
}

/// A place among the sockets, given back when this is dropped.
pub(crate) struct Registration {
    live: Arc<Live>,
    card: Arc<Card>,
}

impl Drop for Registration {
    fn drop(&mut self) {
        let number = self.card.number();
        self.live.cards.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        metrics::gauge!("hubchat_sockets").decrement(1.0);
        for at in self.live.with_presence(|board| board.leave_all(number)) {
            self.live.tell_presence(at);
        }
    }
}

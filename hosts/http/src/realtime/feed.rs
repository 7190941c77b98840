//! One tenant's events, read once for all of its sockets.

use std::{
    sync::{
        Arc, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use hubchat_core::{
    EventCursor, Fault, FollowError, FollowEvents, LiveEvent, MediaDoor, PresencePlace, Showing,
    domain::{MemberId, TenantId},
};
use poem_openapi::types::ToJSON;
use tokio::{
    sync::{Notify, OnceCell, broadcast},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use super::Live;
use crate::wire::{EventFrame, EventView, ServerFrame};

/// So many events are held for a socket that is slow; it is then told to read everything anew.
const HELD: usize = 256;
/// Between two readings: what is committed meanwhile is read together.
const PACE: Duration = Duration::from_millis(5);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What all sockets of a tenant get.
#[derive(Clone)]
pub(super) enum Shared {
    /// Something happened.
    Event(Arc<ReadEvent>),
    /// The sequence went on elsewhere: a restore, or a part of it that is gone.
    Anew,
    /// Others are at a conversation.
    Presence(PresencePlace),
}

/// An event with its rows, and the frames that tell of it, made when the first socket needs them.
pub(super) struct ReadEvent {
    pub(super) live: LiveEvent,
    whole: OnceLock<String>,
    hidden: OnceLock<String>,
}

impl ReadEvent {
    pub(super) fn new(live: LiveEvent) -> Self {
        Self { live, whole: OnceLock::new(), hidden: OnceLock::new() }
    }

    /// The frame for a reader who gets so much of it. It is made once for all for whom it is the same.
    pub(super) fn frame(&self, showing: Showing, reader: Option<MemberId>, door: &MediaDoor) -> String {
        let make = |reader| {
            let event = EventView::of(&self.live, showing, reader, door);
            ServerFrame::Event(EventFrame { event }).to_json_string()
        };
        let kept = match showing {
            Showing::Whole if self.live.unread_for(reader) == self.live.unread_for(None) => &self.whole,
            Showing::Whole => return make(reader),
            _ => &self.hidden,
        };
        kept.get_or_init(|| make(None)).clone()
    }
}

/// See the module.
pub(super) struct Feed {
    tenant: TenantId,
    shared: broadcast::Sender<Shared>,
    /// There may be something to read.
    nudge: Notify,
    begun: OnceCell<()>,
    epoch: AtomicI64,
    seq: AtomicI64,
    /// The sequence is another one.
    anew: AtomicBool,
    /// So many sockets follow; counted under the lock of all feeds.
    followers: AtomicUsize,
    stop: CancellationToken,
}

impl Feed {
    fn new(tenant: TenantId) -> Self {
        Self {
            tenant,
            shared: broadcast::channel(HELD).0,
            nudge: Notify::new(),
            begun: OnceCell::new(),
            epoch: AtomicI64::new(0),
            seq: AtomicI64::new(0),
            anew: AtomicBool::new(false),
            followers: AtomicUsize::new(0),
            stop: CancellationToken::new(),
        }
    }

    pub(super) fn share(&self, shared: Shared) {
        // Nobody may be listening just now.
        let _ = self.shared.send(shared);
    }

    /// There may be something to read.
    pub(super) fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// So far is the tenant, as somebody read a moment ago.
    pub(super) fn note_pulse(&self, epoch: i64, last: i64) {
        let (known, seq) = (self.epoch.load(Ordering::Acquire), self.seq.load(Ordering::Acquire));
        if self.begun.initialized() && (epoch != known || last < seq) {
            self.anew.store(true, Ordering::Release);
            self.nudge();
        } else if last > seq {
            self.nudge();
        }
    }

    fn cursor(&self) -> EventCursor {
        EventCursor { epoch: self.epoch.load(Ordering::Acquire), seq: self.seq.load(Ordering::Acquire) }
    }

    fn go_on_from(&self, cursor: EventCursor) {
        self.epoch.store(cursor.epoch, Ordering::Release);
        self.seq.store(cursor.seq, Ordering::Release);
    }
}

/// A socket that follows its tenant, until this is dropped.
pub(super) struct Following {
    live: Arc<Live>,
    feed: Arc<Feed>,
    pub(super) shared: broadcast::Receiver<Shared>,
}

impl Live {
    /// Follows a tenant. What is committed after this answered reaches the receiver, all of it and in order.
    pub(super) async fn follow(self: &Arc<Self>, tenant: TenantId) -> Result<Following, Fault> {
        let feed = {
            let mut feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
            let feed = Arc::clone(feeds.entry(tenant).or_insert_with(|| Arc::new(Feed::new(tenant))));
            feed.followers.fetch_add(1, Ordering::Relaxed);
            feed
        };
        let following = Following { live: Arc::clone(self), shared: feed.shared.subscribe(), feed };
        let feed = &following.feed;
        feed.begun
            .get_or_try_init(|| async {
                let head = self.hubchat.follow_events.head(tenant).await?;
                feed.go_on_from(EventCursor { epoch: head.epoch, seq: head.last });
                let (live, feed) = (Arc::clone(self), Arc::clone(feed));
                let stop = feed.stop.clone();
                tokio::spawn(stop.run_until_cancelled_owned(async move { read(&live, &feed).await }));
                Ok::<_, Fault>(())
            })
            .await?;
        Ok(following)
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let mut feeds = self.live.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        if self.feed.followers.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.feed.stop.cancel();
            feeds.remove(&self.feed.tenant);
        }
    }
}

/// Reads the tenant's events for as long as somebody follows.
async fn read(live: &Live, feed: &Feed) {
    let mut pause = FIRST_PAUSE;
    loop {
        feed.nudge.notified().await;
        loop {
            match turn(live, feed).await {
                Ok(more) => {
                    pause = FIRST_PAUSE;
                    sleep(PACE).await;
                    if !more {
                        break;
                    }
                }
                Err(fault) => {
                    warn(feed, &fault);
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }
}

fn warn(feed: &Feed, fault: &Fault) {
    let error = fault as &dyn std::error::Error;
    tracing::warn!(tenant.id = %feed.tenant, error, "events could not be read; trying again");
}

/// Reads once; tells whether there may be more.
async fn turn(live: &Live, feed: &Feed) -> Result<bool, Fault> {
    if feed.anew.swap(false, Ordering::AcqRel) {
        begin_anew(live, feed).await?;
        return Ok(false);
    }
    let events = match live.hubchat.follow_events.after(feed.tenant, feed.cursor(), FollowEvents::MOST).await {
        Ok(events) => events,
        Err(FollowError::Gone) => {
            begin_anew(live, feed).await?;
            return Ok(false);
        }
        Err(FollowError::Fault(fault)) => return Err(fault),
    };
    let more = events.len() >= FollowEvents::MOST as usize;
    for event in events {
        note_owner(live, feed, &event);
        feed.seq.store(event.cursor.seq, Ordering::Release);
        feed.share(Shared::Event(Arc::new(ReadEvent::new(event))));
    }
    Ok(more)
}

async fn begin_anew(live: &Live, feed: &Feed) -> Result<(), Fault> {
    let head = live.hubchat.follow_events.head(feed.tenant).await?;
    feed.go_on_from(EventCursor { epoch: head.epoch, seq: head.last });
    feed.share(Shared::Anew);
    Ok(())
}

/// Who is at a conversation is for those who see it: its owner may have changed.
fn note_owner(live: &Live, feed: &Feed, event: &LiveEvent) {
    let Some(row) = &event.conversation else { return };
    let at = PresencePlace { tenant_id: feed.tenant, conversation_id: row.conversation.id };
    let owner = (row.conversation.assigned_member_id, row.conversation.assigned_team_id);
    if live.with_presence(|board| board.belongs_to(at, owner)) {
        live.tell_presence(at);
    }
}

//! Reading a tenant's events with their rows.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
    sync::Arc,
    time::Duration,
};

use hubchat_domain::{EventType, Permission, TenantId};
use hubchat_ports::{FeedHead, StorageError, StoredEvent};

use super::{EventCursor, LiveEvent, Showing};
use crate::{Actor, ErrorCode, Fault, Ports};

/// Why events were not read.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// What came after the cursor is not kept any more, or it is of another sequence. Read the rows anew, and go on
    /// from now.
    #[error("what came after this cursor is not kept any more")]
    Gone,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StorageError> for FollowError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

impl ErrorCode for FollowError {
    fn code(&self) -> &'static str {
        match self {
            Self::Gone => "events_gone",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        if let Self::Gone = self { Some("after") } else { None }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// A page of the feed, for one reader.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPage {
    /// What the reader may see, with how much of it; never [`Showing::Nothing`].
    pub items: Vec<(LiveEvent, Showing)>,
    /// From here it goes on.
    pub cursor: EventCursor,
    /// There is more already.
    pub more: bool,
}

/// Reads events, with the rows that they are about.
#[derive(Clone)]
pub struct FollowEvents {
    ports: Ports,
}

impl FollowEvents {
    /// The most events that are read at once.
    pub const MOST: u32 = 200;

    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Where a tenant's sequence stands.
    pub async fn head(&self, tenant: TenantId) -> Result<FeedHead, Fault> {
        Ok(self.ports.repository.feed(tenant).head().await?)
    }

    /// The next events after a place, for everybody: whoever hands them on asks [`LiveEvent::shown_to`]. However
    /// many they are, the database is asked as often. The caller knows that the sequence is the cursor's.
    pub async fn after(
        &self,
        tenant: TenantId,
        cursor: EventCursor,
        limit: u32,
    ) -> Result<Vec<LiveEvent>, FollowError> {
        let feed = self.ports.repository.feed(tenant);
        let events = feed.list_after(cursor.seq, limit.clamp(1, Self::MOST)).await?;
        if events.first().is_some_and(|first| first.seq != cursor.seq + 1) {
            return Err(FollowError::Gone);
        }
        // Rows are read after their events, so they are never older.
        let leads = feed
            .find_leads(&distinct(&events, |stored| stored.event.lead_id.filter(|_| is_about_lead(stored))))
            .await?;
        let leads: HashMap<_, _> = leads.into_iter().map(|row| (row.lead.id, row)).collect();
        let newest = |stored: &StoredEvent| leads.get(&stored.event.lead_id?)?.conversation_id;
        let thread = |stored: &StoredEvent| stored.event.conversation_id.or_else(|| newest(stored));
        let threads = distinct(&events, thread);
        let conversations = feed.find_conversations(&threads).await?;
        let conversations: HashMap<_, _> = conversations.into_iter().map(|row| (row.conversation.id, row)).collect();
        let positions = feed.find_positions(&threads).await?;
        let positions = positions.into_iter().map(|at| ((at.conversation_id, at.member_id), at.seen_inbound));
        let positions: Arc<HashMap<_, _>> = Arc::new(positions.collect());
        let messages = feed.find_messages(&distinct(&events, |stored| stored.event.message_id)).await?;
        let messages: HashMap<_, _> = messages.into_iter().map(|row| (row.message.id, row)).collect();
        let live = |stored: StoredEvent| LiveEvent {
            cursor: EventCursor { epoch: cursor.epoch, seq: stored.seq },
            conversation: thread(&stored).and_then(|id| conversations.get(&id).cloned()),
            message: stored.event.message_id.and_then(|id| messages.get(&id).cloned()),
            lead: stored.event.lead_id.filter(|_| is_about_lead(&stored)).and_then(|id| leads.get(&id).cloned()),
            event: stored.event,
            positions: Arc::clone(&positions),
        };
        Ok(events.into_iter().map(live).collect())
    }

    /// A page of what the actor may see; from now on, and empty, without a cursor. A page may be empty although
    /// there is more: then what came was not for them.
    pub async fn page(&self, actor: &Actor, after: Option<EventCursor>, limit: u32) -> Result<EventPage, FollowError> {
        actor.require(Permission::InboxRead)?;
        let head = self.head(actor.tenant_id()).await?;
        let Some(after) = after else {
            let cursor = EventCursor { epoch: head.epoch, seq: head.last };
            return Ok(EventPage { items: Vec::new(), cursor, more: false });
        };
        if !head.continues(after.epoch, after.seq) {
            return Err(FollowError::Gone);
        }
        let events = self.after(actor.tenant_id(), after, limit).await?;
        let cursor = events.last().map_or(after, |last| last.cursor);
        let shown = |event: LiveEvent| {
            let showing = event.shown_to(actor.visibility());
            (showing != Showing::Nothing).then_some((event, showing))
        };
        Ok(EventPage { items: events.into_iter().filter_map(shown).collect(), cursor, more: cursor.seq < head.last })
    }
}

/// Whether a client that shows the lead has to show it anew.
fn is_about_lead(stored: &StoredEvent) -> bool {
    matches!(stored.event.event_type, EventType::LeadCreated | EventType::LeadUpdated)
}

/// The ids that events name, each once.
fn distinct<T: Copy + Ord + Hash>(events: &[StoredEvent], id: impl Fn(&StoredEvent) -> Option<T>) -> Vec<T> {
    events.iter().filter_map(id).collect::<BTreeSet<_>>().into_iter().collect()
}

//! What is done with a conversation by hand: read it, close it, put it aside.

use std::time::Duration;

use hubchat_domain::{
    AuditAction, Conversation, ConversationId, ConversationStatus, DomainEvent, EventType, Permission, Timestamp,
    Visibility,
};
use hubchat_ports::{ConversationRow, ReadPosition, StorageError, UnitOfWork, Viewer};
use serde_json::{Map, Value, json};

use super::{signals::seen_job, wake_conversation::wake_job};
use crate::{
    Actor, ErrorCode, Fault, Ports,
    fault::{Retries, faults_become},
};

/// Whether everything up to now was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadMark {
    /// It was: by the member who asks, or by everybody when no member asks.
    Read,
    /// The newest message is to be looked at again.
    Unread,
}

/// What to change; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UpdateConversationCommand {
    /// Its status from now on.
    pub status: Option<ConversationStatus>,
    /// What was seen of it.
    pub mark: Option<ReadMark>,
    /// Until when it is put aside; `Some(None)` takes it back.
    pub snoozed_until: Option<Option<Timestamp>>,
}

/// Why a conversation was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateConversationError {
    /// There is no such conversation, or the actor does not see it.
    #[error("no such conversation")]
    Unknown,
    /// The moment to put it aside until is past, or further away than a year.
    #[error("a conversation is put aside until a moment in the future, within a year")]
    SnoozeOutOfRange,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(UpdateConversationError);

impl ErrorCode for UpdateConversationError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "conversation_not_found",
            Self::SnoozeOutOfRange => "validation_failed",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        matches!(self, Self::SnoozeOutOfRange).then_some("snoozedUntil")
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Changes conversations.
#[derive(Clone)]
pub struct UpdateConversation {
    ports: Ports,
}

impl UpdateConversation {
    /// For how long a conversation may be put aside.
    pub const LONGEST_SNOOZE: Duration = Duration::from_hours(366 * 24);

    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Changes a conversation; a change that is no news writes nothing.
    pub async fn run(
        &self,
        actor: &Actor,
        id: ConversationId,
        command: UpdateConversationCommand,
    ) -> Result<ConversationRow, UpdateConversationError> {
        actor.require(Permission::LeadsWrite)?;
        if let Some(Some(until)) = command.snoozed_until {
            let now = self.ports.clock.now();
            if until <= now || until > now.plus(Self::LONGEST_SNOOZE) {
                return Err(UpdateConversationError::SnoozeOutOfRange);
            }
        }
        let mut retries = Retries::default();
        loop {
            let result = self.attempt(actor, id, command).await;
            if !retries.again(&result, &self.ports).await {
                result?;
                break;
            }
        }
        // Whoever owns it by now: this is what the actor's own change made of it.
        let viewer = Viewer { visibility: Visibility::All, ..actor.viewer() };
        let row = self.ports.repository.inbox(actor.tenant_id()).find_conversation(&viewer, id).await?;
        row.ok_or(UpdateConversationError::Unknown)
    }

    async fn attempt(
        &self,
        actor: &Actor,
        id: ConversationId,
        command: UpdateConversationCommand,
    ) -> Result<(), UpdateConversationError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let found = session.conversations().find(id).await?.filter(|found| actor.sees_conversation(found));
        let mut conversation = found.ok_or(UpdateConversationError::Unknown)?;
        let before = conversation.clone();
        let marked = match command.mark {
            Some(mark) => self.mark(&*session, actor, &mut conversation, mark, now).await?,
            None => Marked::default(),
        };
        let moved = command.status.is_some_and(|status| conversation.set_status(status, now));
        let snoozed = command.snoozed_until.is_some_and(|until| conversation.snooze(until, now));
        let changed = conversation != before;
        if !changed && !marked.news && !marked.seen {
            return Ok(());
        }
        let record = conversation.record();
        if changed {
            session.conversations().update(&conversation).await?;
        }
        let mut data = json!({"status": record.status, "unreadCount": record.unread_count});
        if snoozed {
            data["snoozedUntil"] = json!(record.snoozed_until);
        }
        if changed || marked.news {
            session.events().append(vec![changed_event(&conversation, data, now)]).await?;
        }
        if moved || snoozed {
            let (was, is) = deeds(&before, &conversation, moved, snoozed);
            let draft = actor.audit(AuditAction::ConversationUpdated, id, Some(was), Some(is), now);
            session.audit().append(draft).await?;
        }
        let mut jobs = Vec::new();
        if marked.seen {
            jobs.push(seen_job(id));
        }
        if snoozed && let Some(until) = record.snoozed_until {
            jobs.push(wake_job(id, until, now));
        }
        if !jobs.is_empty() {
            session.jobs().append(&jobs).await?;
        }
        Ok(session.commit().await?)
    }

    /// Marks what was seen: for the member who asks, without taking it from their colleagues, or for everybody.
    async fn mark(
        &self,
        session: &dyn UnitOfWork,
        actor: &Actor,
        conversation: &mut Conversation,
        mark: ReadMark,
        now: Timestamp,
    ) -> Result<Marked, StorageError> {
        let Some(member) = actor.as_member().map(|member| member.id) else {
            let news = match mark {
                ReadMark::Read => conversation.mark_read(now),
                ReadMark::Unread => conversation.mark_unread(now),
            };
            // Of an answered thread nothing is unread, and yet the customer does not know that they were heard.
            return Ok(Marked { news, seen: mark == ReadMark::Read && conversation.record().inbound_count > 0 });
        };
        let record = conversation.record();
        let id = record.id;
        let known = session.readings().find_position(id, member).await?;
        let seen_before = known.map(|position| position.seen_inbound);
        let unread = record.unread_for(seen_before);
        let seen_inbound = match mark {
            ReadMark::Read if seen_before.unwrap_or(0) < record.inbound_count => record.inbound_count,
            ReadMark::Unread if unread == 0 && record.inbound_count > 0 => record.inbound_count - 1,
            _ => {
                let mentions = mark == ReadMark::Read && session.readings().see_mentions(id, member, now).await? > 0;
                return Ok(Marked { news: mentions, seen: false });
            }
        };
        let position = ReadPosition { conversation_id: id, member_id: member, seen_inbound, at: now };
        session.readings().save_position(&position).await?;
        if mark == ReadMark::Read {
            session.readings().see_mentions(id, member, now).await?;
        } else {
            conversation.mark_unread(now);
        }
        Ok(Marked { news: true, seen: mark == ReadMark::Read })
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Marked {
    /// Something is other than it was.
    news: bool,
    /// Messages of the customer were seen.
    seen: bool,
}

/// What is told of a conversation that changed.
pub(crate) fn changed_event(conversation: &Conversation, data: Value, now: Timestamp) -> DomainEvent {
    let record = conversation.record();
    DomainEvent {
        event_type: EventType::ConversationUpdated,
        lead_id: Some(record.lead_id),
        conversation_id: Some(record.id),
        message_id: None,
        data,
        at: now,
    }
}

/// What the audit log tells of a change: what was, and what is.
fn deeds(before: &Conversation, after: &Conversation, moved: bool, snoozed: bool) -> (Value, Value) {
    let tell = |conversation: &Conversation| {
        let (record, mut told) = (conversation.record(), Map::new());
        if moved {
            told.insert("status".to_owned(), json!(record.status));
        }
        if snoozed {
            told.insert("snoozedUntil".to_owned(), json!(record.snoozed_until));
        }
        Value::Object(told)
    };
    (tell(before), tell(after))
}

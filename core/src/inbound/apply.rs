//! Applying events to what a batch holds: what each kind means for what is known already.

use std::time::Duration;

use hubchat_domain::{
    ContactIdentityId, ConversationId, DeliveryStatus, Direction, EventType, IdentityKey, InboundEvent,
    InboundEventKind, Message, MessageContent, SystemNotice, ThreadKey, Timestamp,
};
use hubchat_ports::{EventOutcome, PendingEvent};

use serde_json::json;

use super::batch::{Batch, external_id_of, own_id_of, thread_alias, thread_key};
use crate::conversations::changed_event;

/// How long an event waits for a send of ours that may be what it speaks of.
const WAIT_FOR_SEND: Duration = Duration::from_mins(2);
/// How long the echo of an unknown thread waits for the private reply that may open it.
const WAIT_FOR_THREAD: Duration = Duration::from_secs(5);
/// How far a provider's clock and ours may differ for a receipt by time.
const CLOCK_LEEWAY: Duration = Duration::from_secs(2);
/// How old a send without a known outcome may be to be recognised by its content.
const RECOGNISABLE: Duration = Duration::from_hours(1);

fn ignored(reason: &str) -> EventOutcome {
    EventOutcome::Ignored { reason: reason.to_owned() }
}

/// Whether the bytes of a message may be on their way.
fn in_flight(message: &Message) -> bool {
    let record = message.record();
    record.delivery_status == DeliveryStatus::Queued && record.attempt.is_some()
}

impl Batch<'_> {
    /// Whether an event speaks of a send whose outcome is not written yet: it has to come again, or the same
    /// message would show twice and its receipt be lost.
    pub(super) fn must_wait(&self, event: &PendingEvent, parsed: &[InboundEvent], now: Timestamp) -> bool {
        if now.since(event.received_at) > WAIT_FOR_SEND {
            return false;
        }
        parsed.iter().any(|parsed| {
            let speaks_of_ours =
                matches!(parsed.kind, InboundEventKind::Echo { .. } | InboundEventKind::Receipt { .. });
            let known = external_id_of(&parsed.kind).is_some_and(|id| self.place_of(event.account_id, id).is_some());
            if !speaks_of_ours || known {
                return false;
            }
            let unknown_thread = self.thread_of(event, parsed).is_none();
            match own_id_of(&parsed.kind).and_then(|id| self.place_of_own(event.account_id, id)) {
                // A private reply may just be opening the thread that the echo names.
                None if unknown_thread && matches!(parsed.kind, InboundEventKind::Echo { .. }) => {
                    now.since(event.received_at) <= WAIT_FOR_THREAD
                }
                Some(place) => self.messages.get(place).is_some_and(|held| in_flight(&held.thing)),
                None => self.thread_of(event, parsed).is_some_and(|thread| {
                    self.messages
                        .iter()
                        .any(|held| held.thing.record().conversation_id == thread && in_flight(&held.thing))
                }),
            }
        })
    }

    fn thread_of(&self, event: &PendingEvent, parsed: &InboundEvent) -> Option<ConversationId> {
        let key = thread_key(event.account_id, parsed.thread.as_ref()?);
        self.conversations.get(&key).map(|held| held.thing.record().id)
    }

    /// Applies what one received event held.
    pub(super) fn apply_all(
        &mut self,
        event: &PendingEvent,
        parsed: Vec<InboundEvent>,
        now: Timestamp,
    ) -> EventOutcome {
        let mut outcome = ignored("empty");
        for parsed in parsed {
            let this = self.apply(event, parsed, now);
            if outcome != EventOutcome::Processed {
                outcome = this;
            }
        }
        outcome
    }

    fn apply(&mut self, event: &PendingEvent, parsed: InboundEvent, now: Timestamp) -> EventOutcome {
        if let InboundEventKind::Unsupported { event_type, .. } = &parsed.kind {
            return ignored(&format!("unsupported:{event_type}"));
        }
        if let Some((place, settled)) = self.known_message(event, &parsed, now) {
            let changed = self.change_message(place, &parsed.kind, now);
            return if settled || changed { EventOutcome::Processed } else { ignored("duplicate") };
        }
        let Some(thread) = &parsed.thread else { return ignored("no_thread") };
        let key = thread_key(event.account_id, thread);
        let own = self.conversations.own_key(&key).cloned();
        let own = own.or_else(|| {
            let alias = thread_alias(event.account_id, thread)?;
            self.conversations.own_key(&alias).cloned()
        });
        match (&parsed.kind, &own) {
            (InboundEventKind::Receipt { .. }, _) => return ignored("unknown_message"),
            (InboundEventKind::ReceiptUpTo { until, status }, Some(own)) => {
                return self.note_receipts(own, *until, *status, now);
            }
            (InboundEventKind::Moved { to }, Some(own)) => return self.move_thread(own, to, now),
            (kind, None) if !begins(kind) => return ignored("unknown_thread"),
            _ => {}
        }
        let identity_key = self.ensure_contact(event, &parsed, now);
        let key = own.unwrap_or(key);
        self.ensure_thread(event, &parsed, &key, &identity_key, now);
        self.add_message(event, parsed, &key, &identity_key, now);
        EventOutcome::Processed
    }

    /// The message that an event is about, if it is known: by the provider's id, by our own, or, for an echo of
    /// a send without a known outcome, by what it says. Tells too whether the event settled its outcome.
    fn known_message(&mut self, event: &PendingEvent, parsed: &InboundEvent, now: Timestamp) -> Option<(usize, bool)> {
        let external_id = external_id_of(&parsed.kind)?;
        if let Some(place) = self.place_of(event.account_id, external_id) {
            return Some((place, false));
        }
        let by_own = own_id_of(&parsed.kind).and_then(|id| self.place_of_own(event.account_id, id));
        let place = by_own.or_else(|| {
            let InboundEventKind::Echo { content, .. } = &parsed.kind else { return None };
            let thread = self.thread_of(event, parsed)?;
            self.messages.iter().position(|held| is_lost_send(&held.thing, thread, content, now))
        })?;
        let held = self.messages.get_mut(place)?;
        if held.thing.record().direction != Direction::Outbound {
            return None;
        }
        let settled = held.thing.note_echo(external_id, now);
        if settled {
            held.touch();
            let message = held.thing.clone();
            self.note_lost_private_reply(event, parsed, &message, now);
            self.announce_message(EventType::MessageUpdated, &message, now);
        }
        self.also_known_as(event.account_id, external_id, place);
        Some((place, settled))
    }

    /// The answer to a private reply was lost, and with it the person's id in private: the echo tells it too.
    fn note_lost_private_reply(
        &mut self,
        event: &PendingEvent,
        parsed: &InboundEvent,
        message: &Message,
        now: Timestamp,
    ) {
        let (InboundEventKind::Echo { .. }, Some(thread)) = (&parsed.kind, &parsed.thread) else { return };
        let id = message.record().conversation_id;
        let told = thread_key(event.account_id, thread);
        let comment = self.conversations.values().find(|held| {
            let record = held.thing.record();
            record.id == id && record.comment.is_some() && record.address.is_none()
        });
        let Some(own) = comment.map(|held| held.thing.record().thread.clone()) else { return };
        let leads_there = self.conversations.also(&own, &told);
        let Some(held) = self.conversations.get_mut(&own) else { return };
        let conversation = held.touch();
        conversation.note_private_reply(Some(&thread.external_thread_id), now);
        if leads_there {
            conversation.set_alias(Some(&thread.external_thread_id), now);
        }
        let identity = conversation.record().identity_id;
        let key = IdentityKey { account_id: event.account_id, external_user_id: thread.external_thread_id.clone() };
        self.also_named(identity, &key, now);
    }

    /// The person is found by this name too from now on, unless it is another person's.
    fn also_named(&mut self, identity: ContactIdentityId, name: &IdentityKey, now: Timestamp) {
        let person = self.identities.values().find(|held| held.thing.identity.record().id == identity);
        if let Some(own) = person.map(|held| held.thing.identity.record().key.clone())
            && self.identities.also(&own, name)
            && let Some(held) = self.identities.get_mut(&own)
            && held.thing.identity.set_alias(Some(&name.external_user_id), now)
        {
            held.touch();
        }
    }

    /// An edit, an unsend, an echo or a receipt of a message that is known; tells whether it changed anything.
    fn change_message(&mut self, place: usize, kind: &InboundEventKind, now: Timestamp) -> bool {
        let Some(held) = self.messages.get_mut(place) else { return false };
        let changed = match kind {
            InboundEventKind::Edited { text, .. } => held.thing.edit(text, now),
            InboundEventKind::Unsent { .. } => held.thing.unsend(now),
            InboundEventKind::Receipt { status: DeliveryStatus::Failed, failure: Some(failure), .. } => {
                held.thing.note_failure(failure.clone(), now)
            }
            InboundEventKind::Receipt { status, .. } => held.thing.note_receipt(*status, now),
            InboundEventKind::Echo { .. } if held.thing.record().direction == Direction::Outbound => {
                held.thing.note_receipt(DeliveryStatus::Sent, now)
            }
            _ => false,
        };
        if !changed {
            return false;
        }
        held.touch();
        let message = held.thing.clone();
        let id = message.record().conversation_id;
        self.announce_message(EventType::MessageUpdated, &message, now);
        let Some(held) = self.conversations.values_mut().find(|held| held.thing.record().id == id) else { return true };
        let conversation = held.touch();
        conversation.note_message_changed(&message, now);
        // It was taken, and did not arrive.
        if message.record().delivery_status == DeliveryStatus::Failed
            && conversation.note_failed(&message, self.messages.iter().map(|held| &held.thing), now)
        {
            let data = json!({"waitingSince": conversation.record().waiting_since});
            self.events.push(changed_event(conversation, data, now));
        }
        true
    }

    /// Everything that was sent in the thread until then has come this far.
    fn note_receipts(
        &mut self,
        thread: &ThreadKey,
        until: Timestamp,
        status: DeliveryStatus,
        now: Timestamp,
    ) -> EventOutcome {
        let Some(id) = self.conversations.get(thread).map(|held| held.thing.record().id) else {
            return ignored("unknown_thread");
        };
        let until = until.plus(CLOCK_LEEWAY);
        let mut changed = Vec::new();
        for held in &mut self.messages {
            let record = held.thing.record();
            // What failed or may be lost is not proved by the fate of others.
            let waits = matches!(record.delivery_status, DeliveryStatus::Sent | DeliveryStatus::Delivered);
            let before = record.sent_at.is_some_and(|at| at <= until);
            if record.conversation_id == id
                && record.direction == Direction::Outbound
                && waits
                && before
                && held.thing.note_receipt(status, now)
            {
                changed.push(held.touch().clone());
            }
        }
        for message in &changed {
            self.announce_message(EventType::MessageUpdated, message, now);
        }
        if changed.is_empty() { ignored("duplicate") } else { EventOutcome::Processed }
    }

    fn move_thread(&mut self, thread: &ThreadKey, to: &str, now: Timestamp) -> EventOutcome {
        let other = ThreadKey { account_id: thread.account_id, external_thread_id: to.to_owned() };
        if !self.conversations.also(thread, &other) {
            return ignored("thread_exists");
        }
        let Some(held) = self.conversations.get_mut(thread) else { return ignored("unknown_thread") };
        let conversation = held.touch();
        conversation.move_to(to, now);
        let identity = conversation.record().identity_id;
        let key = IdentityKey { account_id: thread.account_id, external_user_id: to.to_owned() };
        self.also_named(identity, &key, now);
        EventOutcome::Processed
    }
}

/// Whether an event opens a thread that is not known yet.
fn begins(kind: &InboundEventKind) -> bool {
    match kind {
        InboundEventKind::Notice(notice) => notice.reachable() == Some(true) || *notice == SystemNotice::Referred,
        InboundEventKind::Reaction { .. }
        | InboundEventKind::Receipt { .. }
        | InboundEventKind::ReceiptUpTo { .. }
        | InboundEventKind::Moved { .. } => false,
        _ => true,
    }
}

/// Whether a message is a send of ours without a known outcome that says just this.
fn is_lost_send(message: &Message, thread: ConversationId, content: &MessageContent, now: Timestamp) -> bool {
    let record = message.record();
    let says_the_same = match (content, &record.content) {
        (MessageContent::Text { text }, MessageContent::Text { text: ours }) => text == ours,
        (told, ours) => told.kind() == ours.kind(),
    };
    record.conversation_id == thread
        && record.delivery_status == DeliveryStatus::Uncertain
        && record.external_message_id.is_none()
        && now.since(record.created_at) <= RECOGNISABLE
        && says_the_same
}

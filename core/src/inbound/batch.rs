//! What a reservation of events changes, held in memory until it is written at once.
//!
//! Everything that the events may touch is read with one query a kind; the events are then applied one
//! after the other; and everything that changed is written with one statement a kind.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use hubchat_domain::{
    Activity, ActivityKind, Author, ChannelAccountId, ChannelType, Contact, ContactId, ContactIdentity, Conversation,
    DeliveryStatus, Direction, DomainEvent, EventType, IdentityKey, InboundEvent, InboundEventKind, InboundThread,
    Lead, Media, MediaRecord, MediaStatus, Message, MessageRecord, Sender, SystemNotice, TenantId, ThreadKey,
    Timestamp,
};
use hubchat_ports::{EventOutcome, InsertOutcome, KnownIdentity, NewJob, PendingEvent, StorageError, UnitOfWork};
use serde_json::json;

use super::{
    held::{Held, State, pick},
    spoken::Spoken,
};
use crate::{Ports, jobs, media::FETCH_MEDIA_JOB, tenants::FETCH_PROFILE_JOB};

/// A message is shown at the provider's time within these bounds around its receipt, so that a wrong
/// clock or a hostile payload cannot move it to another age.
const EARLIEST: Duration = Duration::from_hours(7 * 24);
const LATEST: Duration = Duration::from_mins(5);

/// Inserts the new and updates the changed of a store's things, each in one call.
macro_rules! write_both {
    ($store:expr, $held:expr) => {{
        let new = pick($held, State::New);
        if !new.is_empty() {
            $store.insert_many(&new).await?;
        }
        let changed = pick($held, State::Changed);
        if !changed.is_empty() {
            $store.update_many(&changed).await?;
        }
    }};
}

/// The changes of one reservation for one tenant.
pub(super) struct Batch<'a> {
    ports: &'a Ports,
    tenant: TenantId,
    identities: HashMap<IdentityKey, Held<KnownIdentity>>,
    leads: HashMap<ContactId, Held<Lead>>,
    conversations: HashMap<ThreadKey, Held<Conversation>>,
    /// In order of arrival, so that the log keeps it.
    messages: Vec<Held<Message>>,
    by_external_id: HashMap<(ChannelAccountId, String), usize>,
    media: Vec<Media>,
    activities: Vec<Activity>,
    events: Vec<DomainEvent>,
    jobs: Vec<NewJob>,
}

fn thread_key(account: ChannelAccountId, thread: &InboundThread) -> ThreadKey {
    ThreadKey { account_id: account, external_thread_id: thread.external_thread_id.clone() }
}

fn identity_key(account: ChannelAccountId, thread: &InboundThread) -> IdentityKey {
    IdentityKey { account_id: account, external_user_id: thread.external_thread_id.clone() }
}

fn external_id_of(kind: &InboundEventKind) -> Option<&str> {
    match kind {
        InboundEventKind::Message { external_message_id, .. }
        | InboundEventKind::Edited { external_message_id, .. }
        | InboundEventKind::Unsent { external_message_id }
        | InboundEventKind::Receipt { external_message_id, .. } => Some(external_message_id),
        InboundEventKind::Notice(_) | InboundEventKind::Unsupported { .. } => None,
    }
}

impl<'a> Batch<'a> {
    /// Reads everything that the events may touch.
    pub(super) async fn load(
        ports: &'a Ports,
        tenant: TenantId,
        session: &dyn UnitOfWork,
        received: &[(PendingEvent, Result<Vec<InboundEvent>, EventOutcome>)],
    ) -> Result<Self, StorageError> {
        let mut keys = BTreeSet::new();
        let mut threads = BTreeSet::new();
        let mut external: HashMap<ChannelAccountId, BTreeSet<String>> = HashMap::new();
        for (event, parsed) in received {
            for parsed in parsed.iter().flatten() {
                if let Some(thread) = &parsed.thread {
                    keys.insert(identity_key(event.account_id, thread));
                    threads.insert(thread_key(event.account_id, thread));
                }
                if let Some(id) = external_id_of(&parsed.kind) {
                    external.entry(event.account_id).or_default().insert(id.to_owned());
                }
            }
        }
        let mut batch = Self {
            ports,
            tenant,
            identities: HashMap::new(),
            leads: HashMap::new(),
            conversations: HashMap::new(),
            messages: Vec::new(),
            by_external_id: HashMap::new(),
            media: Vec::new(),
            activities: Vec::new(),
            events: Vec::new(),
            jobs: Vec::new(),
        };
        if keys.is_empty() && external.is_empty() {
            return Ok(batch);
        }
        let threads: Vec<ThreadKey> = threads.into_iter().collect();
        for conversation in session.conversations().find_by_threads(&threads).await? {
            batch.conversations.insert(conversation.record().thread.clone(), Held::read(conversation));
        }
        let keys: Vec<IdentityKey> = keys.into_iter().collect();
        let known = session.contacts().find_by_keys(&keys).await?;
        let contacts: BTreeSet<ContactId> = known.iter().map(|known| known.contact.record().id).collect();
        for known in known {
            batch.identities.insert(known.identity.record().key.clone(), Held::read(known));
        }
        if !contacts.is_empty() {
            let contacts: Vec<ContactId> = contacts.into_iter().collect();
            for lead in session.leads().find_latest_of_contacts(&contacts).await? {
                batch.leads.insert(lead.record().contact_id, Held::read(lead));
            }
        }
        for (account, ids) in external {
            let ids: Vec<String> = ids.into_iter().collect();
            for message in session.messages().find_by_external_ids(account, &ids).await? {
                batch.remember(Held::read(message));
            }
        }
        Ok(batch)
    }

    fn remember(&mut self, message: Held<Message>) {
        let record = message.thing.record();
        let place = self.messages.len();
        let ids = record.external_message_id.iter().chain(&record.further_external_ids);
        for id in ids {
            self.by_external_id.insert((record.account_id, id.clone()), place);
        }
        self.messages.push(message);
    }

    /// Applies what one received event held.
    pub(super) fn apply_all(
        &mut self,
        event: &PendingEvent,
        parsed: Vec<InboundEvent>,
        now: Timestamp,
    ) -> EventOutcome {
        let mut outcome = EventOutcome::Ignored { reason: "empty".to_owned() };
        for parsed in parsed {
            let this = self.apply(event, parsed, now);
            if outcome != EventOutcome::Processed {
                outcome = this;
            }
        }
        outcome
    }

    fn apply(&mut self, event: &PendingEvent, parsed: InboundEvent, now: Timestamp) -> EventOutcome {
        let ignored = |reason: &str| EventOutcome::Ignored { reason: reason.to_owned() };
        if let InboundEventKind::Unsupported { event_type, .. } = &parsed.kind {
            return EventOutcome::Ignored { reason: format!("unsupported:{event_type}") };
        }
        let known_message =
            external_id_of(&parsed.kind).and_then(|id| self.by_external_id.get(&(event.account_id, id.to_owned())));
        if let Some(&place) = known_message {
            let changed = self.change_message(place, &parsed.kind, now);
            return if changed { EventOutcome::Processed } else { ignored("duplicate") };
        }
        let Some(thread) = &parsed.thread else { return ignored("no_thread") };
        let (key, identity_key) = (thread_key(event.account_id, thread), identity_key(event.account_id, thread));
        let begins = match &parsed.kind {
            InboundEventKind::Receipt { .. } => return ignored("unknown_message"),
            InboundEventKind::Notice(notice) => notice.reachable() == Some(true),
            _ => true,
        };
        if !begins && !self.conversations.contains_key(&key) {
            return ignored("unknown_thread");
        }
        self.ensure_contact(event, &identity_key, now);
        self.ensure_thread(event, &parsed, &key, &identity_key, now);
        self.add_message(event, parsed, &key, &identity_key, now);
        EventOutcome::Processed
    }

    /// An edit, an unsend or a receipt of a message that is known; tells whether it changed anything.
    fn change_message(&mut self, place: usize, kind: &InboundEventKind, now: Timestamp) -> bool {
        let Some(held) = self.messages.get_mut(place) else { return false };
        let before = held.thing.clone();
        let changed = match kind {
            InboundEventKind::Edited { text, .. } => held.thing.edit(text, now),
            InboundEventKind::Unsent { .. } => held.thing.unsend(now),
            InboundEventKind::Receipt { status, .. } => held.thing.note_receipt(*status, now),
            _ => false,
        };
        if !changed {
            return false;
        }
        held.touch();
        let message = held.thing.clone();
        let record = before.record();
        let thread = self.conversations.values_mut().find(|c| c.thing.record().id == record.conversation_id);
        if let Some(conversation) = thread {
            conversation.touch().note_message_changed(&message, now);
        }
        self.announce_message(EventType::MessageUpdated, &message, now);
        true
    }

    fn ensure_contact(&mut self, event: &PendingEvent, key: &IdentityKey, now: Timestamp) {
        if self.identities.contains_key(key) {
            return;
        }
        let contact = Contact::first_seen(self.ports.next_id(), self.tenant, now);
        let identity =
            ContactIdentity::first_seen(self.ports.next_id(), &contact, key.clone(), event.channel_type, now);
        self.jobs.push(jobs::background(
            FETCH_PROFILE_JOB,
            &format!("profile:{}", identity.record().id),
            &json!({"identityId": identity.record().id}),
        ));
        self.identities.insert(key.clone(), Held::new(KnownIdentity { identity, contact }));
    }

    /// Makes sure of the lead and the conversation. What the customer says after a lead was won or lost
    /// opens a new one.
    fn ensure_thread(
        &mut self,
        event: &PendingEvent,
        parsed: &InboundEvent,
        key: &ThreadKey,
        identity_key: &IdentityKey,
        now: Timestamp,
    ) {
        let (Some(person), Some(thread)) = (self.identities.get(identity_key), &parsed.thread) else { return };
        let identity = person.thing.identity.clone();
        let contact_id = person.thing.contact.record().id;
        let needs_lead = match self.leads.get(&contact_id) {
            None => true,
            Some(lead) => !lead.thing.record().status.is_open() && parsed.kind.is_customer_message(),
        };
        if needs_lead {
            self.open_lead(contact_id, (event.account_id, event.channel_type), now);
        }
        let Some(lead) = self.leads.get_mut(&contact_id) else { return };
        if parsed.kind.is_customer_message() {
            lead.touch().touch(now);
        }
        let lead_id = lead.thing.record().id;
        if let Some(conversation) = self.conversations.get_mut(key) {
            conversation.touch().move_to_lead(lead_id, now);
        } else {
            let id = self.ports.next_id();
            let conversation = Conversation::begin(id, (key.clone(), thread.kind), &identity, lead_id, now);
            self.events.push(DomainEvent {
                event_type: EventType::ConversationCreated,
                lead_id: Some(lead_id),
                conversation_id: Some(id),
                message_id: None,
                data: json!({"channelType": event.channel_type, "contactId": contact_id}),
                at: now,
            });
            self.conversations.insert(key.clone(), Held::new(conversation));
        }
    }

    fn open_lead(&mut self, contact: ContactId, source: (ChannelAccountId, ChannelType), now: Timestamp) {
        let lead = Lead::open(self.ports.next_id(), self.tenant, contact, source, now);
        let id = lead.record().id;
        self.activities.push(Activity {
            id: self.ports.next_id(),
            lead_id: id,
            kind: ActivityKind::LeadCreated,
            author: Author::System,
            detail: json!({"channelType": source.1}),
            at: now,
        });
        self.events.push(DomainEvent {
            event_type: EventType::LeadCreated,
            lead_id: Some(id),
            conversation_id: None,
            message_id: None,
            data: json!({"contactId": contact, "status": lead.record().status}),
            at: now,
        });
        // A closed lead that gives way was written before; were it changed here, it would be lost, so
        // it is only ever replaced when untouched.
        self.leads.insert(contact, Held::new(lead));
    }

    fn add_message(
        &mut self,
        event: &PendingEvent,
        parsed: InboundEvent,
        key: &ThreadKey,
        identity_key: &IdentityKey,
        now: Timestamp,
    ) {
        let Some(conversation) = self.conversations.get_mut(key) else { return };
        let earliest = event.received_at.minus(EARLIEST);
        let told_at = parsed.occurred_at.unwrap_or(event.received_at);
        let occurred_at = told_at.clamp(earliest, event.received_at.plus(LATEST));
        let conversation = conversation.touch();
        conversation.set_standby(parsed.standby, now);
        if let Some(token) = &parsed.reply_token
            && let Ok(adapter) = self.ports.channels.get(event.channel_type)
        {
            let capabilities = adapter.capabilities();
            if let Some(ttl) = capabilities.reply_handle_ttl {
                let limits = (ttl, capabilities.reply_handle_max_age);
                conversation.offer_reply(token, told_at, limits, event.received_at);
            }
        }
        let spoken = Spoken::of(parsed.kind, &event.event_key);
        if let Some(reachable) = spoken.notice.and_then(SystemNotice::reachable)
            && let Some(person) = self.identities.get_mut(identity_key)
            && person.thing.identity.set_reachable(reachable, now)
        {
            person.touch();
        }
        let message_id = self.ports.next_id();
        let mut content = spoken.content;
        if let (Some(source), Some(file)) = (spoken.media, content.attachment_mut()) {
            let media = Media::expected(MediaRecord {
                id: self.ports.next_id(),
                tenant_id: self.tenant,
                account_id: event.account_id,
                message_id: Some(message_id),
                status: MediaStatus::Pending,
                source,
                content_type: None,
                size: file.size.and_then(|size| i64::try_from(size).ok()),
                file_name: file.file_name.clone(),
                storage_key: None,
                thumbnail_key: None,
                failure: None,
                created_at: now,
                updated_at: now,
                version: 1,
            });
            let media_id = media.record().id;
            file.media_id = Some(media_id);
            let order_key = format!("media:{media_id}");
            self.jobs.push(jobs::background(FETCH_MEDIA_JOB, &order_key, &json!({"mediaId": media_id})));
            self.media.push(media);
        }
        let mut message = Message::received(MessageRecord {
            id: message_id,
            tenant_id: self.tenant,
            conversation_id: conversation.record().id,
            account_id: event.account_id,
            lead_id: conversation.record().lead_id,
            seq: conversation.next_seq(),
            direction: Direction::Inbound,
            sender: if spoken.notice.is_some() {
                Sender::System
            } else {
                Sender::Contact { external_user_id: parsed.sender_external_id }
            },
            content,
            external_message_id: Some(spoken.external_id),
            further_external_ids: Vec::new(),
            quote_token: spoken.quote_token,
            quoted_external_id: spoken.quoted_external_id,
            delivery_status: DeliveryStatus::Delivered,
            failure: None,
            attempt: None,
            occurred_at,
            created_at: now,
            updated_at: now,
            sent_at: None,
            edited_at: None,
            unsent_at: None,
            former_texts: Vec::new(),
            version: 1,
        });
        if spoken.unsent {
            message.unsend(now);
        }
        conversation.note_message(&message, now);
        if spoken.notice.is_none() && !spoken.unsent {
            self.activities.push(Activity {
                id: self.ports.next_id(),
                lead_id: message.record().lead_id,
                kind: ActivityKind::MessageReceived,
                author: Author::System,
                detail: json!({"messageId": message_id, "messageType": message.record().content.kind()}),
                at: now,
            });
        }
        self.announce_message(EventType::MessageCreated, &message, now);
        self.remember(Held::new(message));
    }

    fn announce_message(&mut self, event_type: EventType, message: &Message, now: Timestamp) {
        let record = message.record();
        self.events.push(DomainEvent {
            event_type,
            lead_id: Some(record.lead_id),
            conversation_id: Some(record.conversation_id),
            message_id: Some(record.id),
            data: json!({
                "direction": record.direction,
                "messageType": record.content.kind(),
                "deliveryStatus": record.delivery_status,
                "seq": record.seq,
            }),
            at: now,
        });
    }

    /// Writes everything that changed, parents first.
    pub(super) async fn write(mut self, session: &dyn UnitOfWork) -> Result<(), StorageError> {
        let taken = |outcomes: &[InsertOutcome]| outcomes.contains(&InsertOutcome::AlreadyPresent);
        let people = pick(self.identities.values(), State::New);
        if !people.is_empty() && taken(&session.contacts().insert_many(&people).await?) {
            return Err(StorageError::Stale);
        }
        for person in pick(self.identities.values(), State::Changed) {
            session.contacts().update_identity(&person.identity).await?;
        }
        write_both!(session.leads(), self.leads.values());
        write_both!(session.conversations(), self.conversations.values());
        let messages = pick(self.messages.iter(), State::New);
        if !messages.is_empty() && taken(&session.messages().insert_many(&messages).await?) {
            return Err(StorageError::Stale);
        }
        let edited = pick(self.messages.iter(), State::Changed);
        if !edited.is_empty() {
            session.messages().update_many(&edited).await?;
        }
        if !self.media.is_empty() {
            session.media().insert_many(&self.media).await?;
        }
        if !self.activities.is_empty() {
            session.activities().append(&self.activities).await?;
        }
        if !self.events.is_empty() {
            session.events().append(std::mem::take(&mut self.events)).await?;
        }
        if !self.jobs.is_empty() {
            session.jobs().append(&self.jobs).await?;
        }
        Ok(())
    }
}

//! What a reservation of events changes, held in memory until it is written at once.
//!
//! Everything that the events may touch is read with one query a kind; the events are then applied one
//! after the other; and everything that changed is written with one statement a kind.

use std::collections::{BTreeSet, HashMap, HashSet};

use hubchat_domain::{
    Activity, ChannelAccountId, ContactId, Conversation, ConversationId, DomainEvent, EventType, IdentityKey,
    InboundEvent, InboundEventKind, InboundThread, Lead, Media, Message, MessageId, TenantId, ThreadKey, ThreadKind,
    Timestamp,
};
use hubchat_ports::{EventOutcome, InsertOutcome, KnownIdentity, NewJob, PendingEvent, StorageError, UnitOfWork};
use serde_json::json;

use super::{
    aliased::Aliased,
    held::{Held, State, pick},
};
use crate::Ports;

/// So many of a thread's newest messages are looked at when an event speaks of them without their ids.
const NEWEST: u32 = 100;

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
    pub(super) ports: &'a Ports,
    pub(super) tenant: TenantId,
    pub(super) identities: Aliased<IdentityKey, KnownIdentity>,
    pub(super) leads: HashMap<ContactId, Held<Lead>>,
    /// Closed leads that gave way to new ones.
    pub(super) former_leads: Vec<Held<Lead>>,
    pub(super) conversations: Aliased<ThreadKey, Conversation>,
    /// In order of arrival, so that the log keeps it.
    pub(super) messages: Vec<Held<Message>>,
    by_external_id: HashMap<(ChannelAccountId, String), usize>,
    by_id: HashMap<MessageId, usize>,
    pub(super) media: Vec<Media>,
    pub(super) activities: Vec<Activity>,
    pub(super) events: Vec<DomainEvent>,
    pub(super) jobs: Vec<NewJob>,
}

pub(super) fn thread_key(account: ChannelAccountId, thread: &InboundThread) -> ThreadKey {
    ThreadKey { account_id: account, external_thread_id: thread.external_thread_id.clone() }
}

/// The thread's other key.
pub(super) fn thread_alias(account: ChannelAccountId, thread: &InboundThread) -> Option<ThreadKey> {
    let alias = thread.alias.clone()?;
    Some(ThreadKey { account_id: account, external_thread_id: alias })
}

/// Who the thread is with: the person, the group, or whoever wrote the comment.
pub(super) fn identity_key(account: ChannelAccountId, event: &InboundEvent, thread: &InboundThread) -> IdentityKey {
    let commenter = event.sender_external_id.as_ref().filter(|_| thread.kind == ThreadKind::Comment);
    let external_user_id = commenter.unwrap_or(&thread.external_thread_id).clone();
    IdentityKey { account_id: account, external_user_id }
}

/// The person's other key.
pub(super) fn identity_alias(account: ChannelAccountId, thread: &InboundThread) -> Option<IdentityKey> {
    let alias = thread.alias.clone()?;
    Some(IdentityKey { account_id: account, external_user_id: alias })
}

/// The provider's id of the message that an event is about.
pub(super) fn external_id_of(kind: &InboundEventKind) -> Option<&str> {
    match kind {
        InboundEventKind::Message { external_message_id, .. }
        | InboundEventKind::Edited { external_message_id, .. }
        | InboundEventKind::Unsent { external_message_id }
        | InboundEventKind::Echo { external_message_id, .. }
        | InboundEventKind::Receipt { external_message_id, .. } => Some(external_message_id),
        InboundEventKind::Reaction { external_id, .. } => Some(external_id),
        InboundEventKind::Notice(_)
        | InboundEventKind::ReceiptUpTo { .. }
        | InboundEventKind::Moved { .. }
        | InboundEventKind::Unsupported { .. } => None,
    }
}

/// Our own id of the message that an event is about, where the provider gives it back.
pub(super) fn own_id_of(kind: &InboundEventKind) -> Option<MessageId> {
    match kind {
        InboundEventKind::Echo { message_id, .. } | InboundEventKind::Receipt { message_id, .. } => *message_id,
        _ => None,
    }
}

/// Whether an event speaks of messages that may have to be found without their provider's ids.
fn asks_for_newest(kind: &InboundEventKind) -> bool {
    matches!(
        kind,
        InboundEventKind::Echo { .. } | InboundEventKind::Receipt { .. } | InboundEventKind::ReceiptUpTo { .. }
    )
}

/// What the events may touch, by name.
#[derive(Default)]
struct Wanted {
    identities: BTreeSet<IdentityKey>,
    threads: BTreeSet<ThreadKey>,
    external: HashMap<ChannelAccountId, BTreeSet<String>>,
    own: BTreeSet<MessageId>,
    newest_of: BTreeSet<ThreadKey>,
}

impl Wanted {
    fn of(received: &[(PendingEvent, Result<Vec<InboundEvent>, EventOutcome>)]) -> Self {
        let mut wanted = Self::default();
        for (event, parsed) in received {
            let account = event.account_id;
            for parsed in parsed.iter().flatten() {
                if let Some(thread) = &parsed.thread {
                    let key = thread_key(account, thread);
                    if asks_for_newest(&parsed.kind) {
                        wanted.newest_of.insert(key.clone());
                    }
                    wanted.identities.insert(identity_key(account, parsed, thread));
                    wanted.identities.extend(identity_alias(account, thread));
                    wanted.threads.insert(key);
                    wanted.threads.extend(thread_alias(account, thread));
                }
                if let InboundEventKind::Moved { to } = &parsed.kind {
                    wanted.threads.insert(ThreadKey { account_id: account, external_thread_id: to.clone() });
                    wanted.identities.insert(IdentityKey { account_id: account, external_user_id: to.clone() });
                }
                if let Some(id) = external_id_of(&parsed.kind) {
                    wanted.external.entry(account).or_default().insert(id.to_owned());
                }
                wanted.own.extend(own_id_of(&parsed.kind));
            }
        }
        wanted
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
        let wanted = Wanted::of(received);
        let mut batch = Self {
            ports,
            tenant,
            identities: Aliased::new(),
            leads: HashMap::new(),
            former_leads: Vec::new(),
            conversations: Aliased::new(),
            messages: Vec::new(),
            by_external_id: HashMap::new(),
            by_id: HashMap::new(),
            media: Vec::new(),
            activities: Vec::new(),
            events: Vec::new(),
            jobs: Vec::new(),
        };
        if wanted.identities.is_empty() && wanted.external.is_empty() {
            return Ok(batch);
        }
        batch.load_people(session, &wanted).await?;
        for (account, ids) in &wanted.external {
            let ids: Vec<String> = ids.iter().cloned().collect();
            for message in session.messages().find_by_external_ids(*account, &ids).await? {
                batch.remember(Held::read(message));
            }
        }
        if !wanted.own.is_empty() {
            let ids: Vec<MessageId> = wanted.own.iter().copied().collect();
            for message in session.messages().find_many(&ids).await? {
                batch.load_thread_of(session, &message).await?;
                batch.remember(Held::read(message));
            }
        }
        let newest_of: HashSet<ConversationId> = wanted
            .newest_of
            .iter()
            .filter_map(|key| batch.conversations.get(key))
            .map(|held| held.thing.record().id)
            .collect();
        if !newest_of.is_empty() {
            let newest_of: Vec<ConversationId> = newest_of.into_iter().collect();
            for message in session.messages().find_newest(&newest_of, NEWEST).await? {
                batch.remember(Held::read(message));
            }
        }
        Ok(batch)
    }

    /// A private reply is known by our own id before anybody knows that its thread goes on under the name of the
    /// echo.
    async fn load_thread_of(&mut self, session: &dyn UnitOfWork, message: &Message) -> Result<(), StorageError> {
        let id = message.record().conversation_id;
        if self.conversations.values().any(|held| held.thing.record().id == id) {
            return Ok(());
        }
        let Some(conversation) = session.conversations().find(id).await? else { return Ok(()) };
        let contact = conversation.record().contact_id;
        if !self.leads.contains_key(&contact) {
            let leads = session.leads().find_latest_of_contacts(&[contact]).await?;
            self.leads.extend(leads.into_iter().map(|lead| (contact, Held::read(lead))));
        }
        if let Some(person) = session.contacts().find_identity(conversation.record().identity_id).await? {
            self.identities.insert(person.identity.record().key.clone(), None, Held::read(person));
        }
        self.conversations.insert(conversation.record().thread.clone(), None, Held::read(conversation));
        Ok(())
    }

    async fn load_people(&mut self, session: &dyn UnitOfWork, wanted: &Wanted) -> Result<(), StorageError> {
        let threads: Vec<ThreadKey> = wanted.threads.iter().cloned().collect();
        for conversation in session.conversations().find_by_threads(&threads).await? {
            let record = conversation.record();
            let key = record.thread.clone();
            let other =
                record.alias.clone().map(|alias| ThreadKey { account_id: key.account_id, external_thread_id: alias });
            self.conversations.insert(key, other, Held::read(conversation));
        }
        let keys: Vec<IdentityKey> = wanted.identities.iter().cloned().collect();
        let known = session.contacts().find_by_keys(&keys).await?;
        let mut contacts: BTreeSet<ContactId> = known.iter().map(|known| known.contact.record().id).collect();
        for known in known {
            let record = known.identity.record();
            let key = record.key.clone();
            let other =
                record.alias.clone().map(|alias| IdentityKey { account_id: key.account_id, external_user_id: alias });
            self.identities.insert(key, other, Held::read(known));
        }
        // A thread found by another name may be of a person who is not found by that name.
        contacts.extend(self.conversations.values().map(|held| held.thing.record().contact_id));
        if !contacts.is_empty() {
            let contacts: Vec<ContactId> = contacts.into_iter().collect();
            for lead in session.leads().find_latest_of_contacts(&contacts).await? {
                self.leads.insert(lead.record().contact_id, Held::read(lead));
            }
        }
        Ok(())
    }

    /// Keeps a message in reach of the events that follow, once.
    pub(super) fn remember(&mut self, message: Held<Message>) {
        let record = message.thing.record();
        if self.by_id.contains_key(&record.id) {
            return;
        }
        let place = self.messages.len();
        self.by_id.insert(record.id, place);
        let ids = record.external_message_id.iter().chain(&record.further_external_ids);
        for id in ids {
            self.by_external_id.insert((record.account_id, id.clone()), place);
        }
        self.messages.push(message);
    }

    /// Where the message of that provider's id is.
    pub(super) fn place_of(&self, account: ChannelAccountId, external_id: &str) -> Option<usize> {
        self.by_external_id.get(&(account, external_id.to_owned())).copied()
    }

    /// Where the message of our own id is, if it is one of this account's.
    pub(super) fn place_of_own(&self, account: ChannelAccountId, id: MessageId) -> Option<usize> {
        let place = *self.by_id.get(&id)?;
        self.messages.get(place).filter(|held| held.thing.record().account_id == account).map(|_| place)
    }

    /// From now on the message is found by this provider's id too.
    pub(super) fn also_known_as(&mut self, account: ChannelAccountId, external_id: &str, place: usize) {
        self.by_external_id.insert((account, external_id.to_owned()), place);
    }

    pub(super) fn announce_message(&mut self, event_type: EventType, message: &Message, now: Timestamp) {
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
            session.contacts().update(&person.contact).await?;
        }
        write_both!(session.leads(), self.leads.values().chain(&self.former_leads));
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

//! A little world for the tests of what events become: stores that know a few things and remember every write.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{
    Activity, ChannelType, Contact, ContactIdentity, Conversation, DomainEvent, EventType, InboundEvent,
    InboundEventKind, InboundThread, Lead, Media, Message, MessageContent, MessageId, TenantId, ThreadKey, ThreadKind,
    WebhookEventId,
};
use hubchat_ports::{
    ActivityStore, ContactStore, ConversationStore, EventOutcome, EventStore, InsertOutcome, InvalidEvent, JobId,
    JobLease, JobStore, KnownIdentity, Lane, LeadStore, MediaStore, MessageStore, MockActivityStore, MockContactStore,
    MockConversationStore, MockEventStore, MockJobStore, MockLeadStore, MockMediaStore, MockMessageStore,
    MockUnitOfWork, MockWebhookEventStore, NewJob, PendingEvent, ReservedJob, WebhookEventStore,
};
use uuid::Uuid;

use super::{PROCESS_EVENT_JOB, ProcessInbound};
use crate::{
    JobOutcome, RetryPolicy,
    test_ports::{TestPorts, account_id, conversation, lead, line_adapter, now, person, tenant},
};

/// What is known before the events come, and how long ago they came.
#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) people: Vec<KnownIdentity>,
    pub(super) leads: Vec<Lead>,
    pub(super) conversations: Vec<Conversation>,
    pub(super) messages: Vec<Message>,
    pub(super) waited: Duration,
    /// In so many sessions the new people turn out to be there already.
    pub(super) people_taken: usize,
}

/// What one committed session wrote: `new_` what it added, without that what it changed.
#[derive(Default)]
pub(super) struct Written {
    pub(super) tenant: Option<TenantId>,
    pub(super) new_people: Vec<KnownIdentity>,
    pub(super) identities: Vec<ContactIdentity>,
    pub(super) contacts: Vec<Contact>,
    pub(super) new_leads: Vec<Lead>,
    pub(super) leads: Vec<Lead>,
    pub(super) new_conversations: Vec<Conversation>,
    pub(super) conversations: Vec<Conversation>,
    pub(super) new_messages: Vec<Message>,
    pub(super) messages: Vec<Message>,
    pub(super) media: Vec<Media>,
    pub(super) activities: Vec<Activity>,
    pub(super) events: Vec<DomainEvent>,
    pub(super) jobs: Vec<NewJob>,
    pub(super) settled: Vec<EventOutcome>,
}

impl Written {
    /// Whether nothing but the outcomes of the events was written.
    pub(super) fn is_empty(&self) -> bool {
        let people = self.new_people.len() + self.identities.len() + self.contacts.len();
        let threads = self.new_conversations.len() + self.conversations.len();
        let leads = self.new_leads.len() + self.leads.len();
        let messages = self.new_messages.len() + self.messages.len() + self.media.len();
        people + threads + leads + messages + self.activities.len() + self.events.len() + self.jobs.len() == 0
    }

    pub(super) fn event_types(&self) -> Vec<EventType> {
        self.events.iter().map(|event| event.event_type).collect()
    }
}

/// What became of the events.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) outcomes: Vec<JobOutcome>,
    pub(super) begun: usize,
    pub(super) commits: Vec<Written>,
}

impl Seen {
    pub(super) fn only_commit(&self) -> &Written {
        assert_eq!(self.commits.len(), 1, "one commit");
        self.commits.first().expect("one commit")
    }
}

/// What the adapter makes of one event.
pub(super) type Parsed = Result<Vec<InboundEvent>, InvalidEvent>;

impl World {
    /// One person with an open lead and a direct thread.
    pub(super) fn of_one_thread() -> Self {
        Self::of_thread(conversation(|_| ()))
    }

    /// The same, with another thread of the person's.
    pub(super) fn of_thread(thread: Conversation) -> Self {
        Self { people: vec![person()], leads: vec![lead()], conversations: vec![thread], ..Self::default() }
    }

    /// The same, with a message in the thread.
    pub(super) fn of_message(message: Message) -> Self {
        Self { messages: vec![message], ..Self::of_one_thread() }
    }

    /// Processes one event.
    pub(super) async fn hear(self, event: InboundEvent) -> Seen {
        self.hear_all(vec![event]).await
    }

    /// Processes events that came one by one and are reserved together.
    pub(super) async fn hear_all(self, events: Vec<InboundEvent>) -> Seen {
        self.process(events.into_iter().map(|event| (tenant(), Ok(vec![event]))).collect()).await
    }

    /// Processes what the adapter makes of events of tenants.
    pub(super) async fn process(self, received: Vec<(TenantId, Parsed)>) -> Seen {
        let jobs: Vec<ReservedJob> =
            (0_u8..).zip(&received).map(|(number, (tenant, _))| job(number, *tenant)).collect();
        let parsed: BTreeMap<u8, Parsed> = (0_u8..).zip(received.into_iter().map(|(_, parsed)| parsed)).collect();
        let mut adapter = line_adapter(None);
        adapter.expect_parse().returning(move |raw| {
            let number = raw.first().expect("the event's number");
            parsed.get(number).cloned().expect("an event of the test")
        });
        let mut ports = TestPorts { adapter: Some(adapter), ..TestPorts::default() };
        let seen = Arc::new(Mutex::new(Seen::default()));
        let told = Arc::clone(&seen);
        ports.repository.expect_begin().returning(move |tenant| {
            told.lock().expect("not poisoned").begun += 1;
            Ok(Box::new(session(&self, tenant, &told)))
        });
        let outcomes = ProcessInbound::new(ports.build(), RetryPolicy::default()).run(&jobs).await;
        let mut seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        seen.outcomes = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
        seen
    }
}

fn event_id(number: u8) -> WebhookEventId {
    Uuid::from_u128(u128::from(number)).into()
}

fn job(number: u8, tenant_id: TenantId) -> ReservedJob {
    ReservedJob {
        lease: JobLease { job_id: JobId(i64::from(number)), token: 1 },
        lane: Lane::Inbound,
        tenant_id,
        order_key: "thread".to_owned(),
        kind: PROCESS_EVENT_JOB.to_owned(),
        payload: serde_json::json!({"webhookEventId": event_id(number)}).to_string(),
        attempt: 1,
        enqueued_at: now(),
    }
}

type Told = Arc<Mutex<Written>>;

/// Lets a store's method remember the slice that it is given.
macro_rules! remembers {
    ($store:ident.$expect:ident, $told:ident.$field:ident) => {{
        let told = Arc::clone($told);
        $store.$expect().returning(move |things| {
            told.lock().expect("not poisoned").$field.extend_from_slice(things);
            Ok(())
        });
    }};
}

/// A session over the little world; what it wrote is told once it is committed.
fn session(world: &World, tenant: TenantId, seen: &Arc<Mutex<Seen>>) -> MockUnitOfWork {
    let told = &Arc::new(Mutex::new(Written { tenant: Some(tenant), ..Written::default() }));
    let mut session = MockUnitOfWork::new();
    let taken = seen.lock().is_ok_and(|seen| seen.begun <= world.people_taken);
    session.expect_contacts().return_const(Box::new(contacts(world, taken, told)) as Box<dyn ContactStore>);
    session.expect_conversations().return_const(Box::new(conversations(world, told)) as Box<dyn ConversationStore>);
    session.expect_messages().return_const(Box::new(messages(world, told)) as Box<dyn MessageStore>);
    let mut leads = MockLeadStore::new();
    let known = world.leads.clone();
    leads.expect_find_latest_of_contacts().returning(move |contacts| {
        Ok(known.iter().filter(|lead| contacts.contains(&lead.record().contact_id)).cloned().collect())
    });
    remembers!(leads.expect_insert_many, told.new_leads);
    remembers!(leads.expect_update_many, told.leads);
    session.expect_leads().return_const(Box::new(leads) as Box<dyn LeadStore>);
    let mut media = MockMediaStore::new();
    remembers!(media.expect_insert_many, told.media);
    session.expect_media().return_const(Box::new(media) as Box<dyn MediaStore>);
    let mut activities = MockActivityStore::new();
    remembers!(activities.expect_append, told.activities);
    session.expect_activities().return_const(Box::new(activities) as Box<dyn ActivityStore>);
    let mut jobs = MockJobStore::new();
    remembers!(jobs.expect_append, told.jobs);
    session.expect_jobs().return_const(Box::new(jobs) as Box<dyn JobStore>);
    let mut events = MockEventStore::new();
    let log = Arc::clone(told);
    events.expect_append().returning(move |events| {
        log.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    let mut received = MockWebhookEventStore::new();
    let received_at = now().minus(world.waited);
    received.expect_find_pending().returning(move |ids| {
        let pending = |id: &WebhookEventId| PendingEvent {
            id: *id,
            account_id: account_id(),
            channel_type: ChannelType::Line,
            event_key: id.to_string(),
            raw: vec![id.as_uuid().as_bytes()[15]].into(),
            received_at,
        };
        Ok(ids.iter().map(pending).collect())
    });
    let log = Arc::clone(told);
    received.expect_settle().returning(move |outcomes, _| {
        log.lock().expect("not poisoned").settled.extend(outcomes.iter().map(|(_, outcome)| outcome.clone()));
        Ok(())
    });
    session.expect_webhook_events().return_const(Box::new(received) as Box<dyn WebhookEventStore>);
    let (log, seen) = (Arc::clone(told), Arc::clone(seen));
    session.expect_commit().returning(move || {
        let written = std::mem::take(&mut *log.lock().expect("not poisoned"));
        seen.lock().expect("not poisoned").commits.push(written);
        Ok(())
    });
    session
}

/// Those found by their own key, or else by their other one; each once.
fn found<K: PartialEq, T: Clone>(
    known: &[T],
    keys: &[K],
    own: impl Fn(&T) -> K,
    other: impl Fn(&T) -> Option<K>,
) -> Vec<T> {
    let places: BTreeSet<usize> = keys
        .iter()
        .filter_map(|key| {
            let by_own = known.iter().position(|thing| own(thing) == *key);
            by_own.or_else(|| known.iter().position(|thing| other(thing).as_ref() == Some(key)))
        })
        .collect();
    places.into_iter().filter_map(|place| known.get(place).cloned()).collect()
}

fn contacts(world: &World, taken: bool, told: &Told) -> MockContactStore {
    let mut contacts = MockContactStore::new();
    let known = world.people.clone();
    contacts.expect_find_by_keys().returning(move |keys| {
        Ok(found(
            &known,
            keys,
            |person| person.identity.record().key.clone(),
            |person| {
                let (mut key, alias) = (person.identity.record().key.clone(), person.identity.record().alias.clone()?);
                key.external_user_id = alias;
                Some(key)
            },
        ))
    });
    let known = world.people.clone();
    contacts
        .expect_find_identity()
        .returning(move |id| Ok(known.iter().find(|person| person.identity.record().id == id).cloned()));
    let log = Arc::clone(told);
    contacts.expect_insert_many().returning(move |people| {
        log.lock().expect("not poisoned").new_people.extend_from_slice(people);
        let outcome = if taken { InsertOutcome::AlreadyPresent } else { InsertOutcome::Inserted };
        Ok(vec![outcome; people.len()])
    });
    let log = Arc::clone(told);
    contacts.expect_update_identity().returning(move |identity| {
        log.lock().expect("not poisoned").identities.push(identity.clone());
        Ok(())
    });
    let log = Arc::clone(told);
    contacts.expect_update().returning(move |contact| {
        log.lock().expect("not poisoned").contacts.push(contact.clone());
        Ok(())
    });
    contacts
}

fn conversations(world: &World, told: &Told) -> MockConversationStore {
    let mut conversations = MockConversationStore::new();
    let known = world.conversations.clone();
    conversations.expect_find_by_threads().returning(move |keys| {
        Ok(found(
            &known,
            keys,
            |thread| thread.record().thread.clone(),
            |thread| thread.record().alias.as_deref().map(thread_key),
        ))
    });
    let known = world.conversations.clone();
    conversations.expect_find().returning(move |id| Ok(known.iter().find(|thread| thread.record().id == id).cloned()));
    remembers!(conversations.expect_insert_many, told.new_conversations);
    remembers!(conversations.expect_update_many, told.conversations);
    conversations
}

fn messages(world: &World, told: &Told) -> MockMessageStore {
    let mut messages = MockMessageStore::new();
    let known = world.messages.clone();
    messages.expect_find_by_external_ids().returning(move |account, ids| {
        assert_eq!(account, account_id());
        let has_one = |message: &&Message| {
            let record = message.record();
            record.external_message_id.iter().chain(&record.further_external_ids).any(|id| ids.contains(id))
        };
        Ok(known.iter().filter(has_one).cloned().collect())
    });
    let known = world.messages.clone();
    messages
        .expect_find_many()
        .returning(move |ids| Ok(known.iter().filter(|message| ids.contains(&message.record().id)).cloned().collect()));
    let known = world.messages.clone();
    messages.expect_find_newest().returning(move |threads, _| {
        Ok(known.iter().filter(|message| threads.contains(&message.record().conversation_id)).cloned().collect())
    });
    let log = Arc::clone(told);
    messages.expect_insert_many().returning(move |new| {
        log.lock().expect("not poisoned").new_messages.extend_from_slice(new);
        Ok(vec![InsertOutcome::Inserted; new.len()])
    });
    remembers!(messages.expect_update_many, told.messages);
    messages
}

/// A thread of the account's.
pub(super) fn thread_key(external_thread_id: &str) -> ThreadKey {
    ThreadKey { account_id: account_id(), external_thread_id: external_thread_id.to_owned() }
}

/// An event in the person's direct thread, now.
pub(super) fn event(kind: InboundEventKind) -> InboundEvent {
    event_in(InboundThread::of(ThreadKind::Direct, "Uperson"), kind)
}

/// An event in a thread, now.
pub(super) fn event_in(thread: InboundThread, kind: InboundEventKind) -> InboundEvent {
    InboundEvent { thread: Some(thread), occurred_at: Some(now()), ..InboundEvent::of(kind) }
}

fn text(text: &str) -> MessageContent {
    MessageContent::Text { text: text.to_owned() }
}

/// The customer writes.
pub(super) fn wrote(external_id: &str, words: &str) -> InboundEventKind {
    InboundEventKind::Message {
        external_message_id: external_id.to_owned(),
        content: text(words),
        media: None,
        quote_token: None,
        quoted_external_id: None,
    }
}

/// Our account wrote, as the provider tells.
pub(super) fn echo(external_id: &str, words: &str, message_id: Option<MessageId>) -> InboundEventKind {
    InboundEventKind::Echo {
        external_message_id: external_id.to_owned(),
        content: text(words),
        media: None,
        quoted_external_id: None,
        message_id,
    }
}

/// An event that changed nothing, for that reason.
pub(super) fn ignored(reason: &str) -> EventOutcome {
    EventOutcome::Ignored { reason: reason.to_owned() }
}

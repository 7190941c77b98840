//! Names and pictures of customers, with mocks: kept everywhere they are shown, and never insisted on.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{
    AccountStatus, Contact, ContactIdentity, Conversation, DomainEvent, EventType, Profile, ThreadKind,
};
use hubchat_ports::{
    AccountStore, AttemptCount, ContactStore, ConversationStore, EventStore, FetchError, JobId, JobLease,
    KnownIdentity, Lane, MockAccountStore, MockContactStore, MockConversationStore, MockEventStore, MockUnitOfWork,
    ProfileQuery, ReservedJob, StorageError,
};
use serde_json::json;
use uuid::Uuid;

use super::{FETCH_PROFILE_JOB, FetchProfile};
use crate::{
    AccountCache, JobOutcome, RetryPolicy,
    test_ports::{TestPorts, account_id, conversation, lead, line_adapter, now, person, stored_account, tenant},
};

/// A little world: a customer with conversations on an account, and what the provider answers.
struct World {
    /// As each session finds them; the last one stays.
    people: Vec<Option<KnownIdentity>>,
    threads: Vec<Conversation>,
    account_is_there: bool,
    channel_is_here: bool,
    /// The provider must not be asked when there is no answer.
    answer: Option<Result<Profile, FetchError>>,
    failures: Vec<StorageError>,
    attempt: u32,
    payload: String,
}

/// What one committed session wrote.
#[derive(Default)]
struct Written {
    contacts: Vec<Contact>,
    identities: Vec<ContactIdentity>,
    threads: Vec<Conversation>,
    events: Vec<DomainEvent>,
}

#[derive(Default)]
struct Seen {
    commits: Vec<Written>,
    /// Sessions that looked the customer up.
    lookups: usize,
    queries: Vec<ProfileQuery>,
}

fn profile() -> Profile {
    Profile {
        display_name: Some("Mali".to_owned()),
        avatar_url: Some("https://cdn.example/m.jpg".to_owned()),
        language: Some("th".to_owned()),
    }
}

fn away(after: Option<Duration>) -> FetchError {
    FetchError::Retry { after, reason: "no connection".to_owned() }
}

impl World {
    fn new(answer: Result<Profile, FetchError>) -> Self {
        Self {
            people: vec![Some(person())],
            threads: vec![conversation(|_| ())],
            account_is_there: true,
            channel_is_here: true,
            answer: Some(answer),
            failures: Vec::new(),
            attempt: 1,
            payload: json!({"identityId": person().identity.record().id}).to_string(),
        }
    }

    /// A world in which the provider must not be asked.
    fn silent() -> Self {
        Self { answer: None, ..Self::new(Ok(profile())) }
    }

    async fn fetch(self) -> (JobOutcome, Seen) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default().with_open_vault();
        if self.channel_is_here {
            let mut adapter = line_adapter(None);
            if let Some(answer) = self.answer {
                let log = Arc::clone(&seen);
                adapter.expect_fetch_profile().times(1).returning(move |access, query| {
                    assert_eq!(access.account.id, account_id());
                    log.lock().expect("not poisoned").queries.push(query.clone());
                    answer.clone()
                });
            }
            ports.adapter = Some(adapter);
        }
        let (people, threads, account_is_there) = (Arc::new(self.people), self.threads, self.account_is_there);
        let (failures, log) = (Arc::new(Mutex::new(self.failures.into_iter())), Arc::clone(&seen));
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            Ok(Box::new(session(&people, &threads, account_is_there, &failures, &log)))
        });
        let ports = ports.build();
        let fetch = FetchProfile::new(ports.clone(), AccountCache::new(ports), RetryPolicy::default());
        let job = ReservedJob {
            lease: JobLease { job_id: JobId(1), token: 1 },
            lane: Lane::Background,
            tenant_id: tenant(),
            order_key: "identity".to_owned(),
            kind: FETCH_PROFILE_JOB.to_owned(),
            payload: self.payload,
            attempt: self.attempt,
            enqueued_at: now(),
        };
        let outcome = fetch.run(&job).await;
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (outcome, seen)
    }
}

/// A session over the little world; what it wrote is told once it is committed.
fn session(
    people: &Arc<Vec<Option<KnownIdentity>>>,
    threads: &[Conversation],
    account_is_there: bool,
    failures: &Arc<Mutex<std::vec::IntoIter<StorageError>>>,
    seen: &Arc<Mutex<Seen>>,
) -> MockUnitOfWork {
    let written = Arc::new(Mutex::new(Written::default()));
    let mut contacts = MockContactStore::new();
    let (people, log) = (Arc::clone(people), Arc::clone(seen));
    contacts.expect_find_identity().returning(move |id| {
        assert_eq!(id, person().identity.record().id);
        let mut seen = log.lock().expect("not poisoned");
        seen.lookups += 1;
        Ok(people.get(seen.lookups - 1).or(people.last()).cloned().flatten())
    });
    let (log, failures) = (Arc::clone(&written), Arc::clone(failures));
    contacts.expect_update_identity().returning(move |identity| {
        log.lock().expect("not poisoned").identities.push(identity.clone());
        failures.lock().expect("not poisoned").next().map_or(Ok(()), Err)
    });
    let log = Arc::clone(&written);
    contacts.expect_update().returning(move |contact| {
        log.lock().expect("not poisoned").contacts.push(contact.clone());
        Ok(())
    });
    let mut conversations = MockConversationStore::new();
    let found = threads.to_vec();
    conversations.expect_find_of_identity().returning(move |_| Ok(found.clone()));
    let log = Arc::clone(&written);
    conversations.expect_update().returning(move |thread| {
        log.lock().expect("not poisoned").threads.push(thread.clone());
        Ok(())
    });
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(move |_| Ok(account_is_there.then(|| stored_account(AccountStatus::Active))));
    let mut events = MockEventStore::new();
    let log = Arc::clone(&written);
    events.expect_append().returning(move |events| {
        log.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    let mut session = MockUnitOfWork::new();
    session.expect_contacts().return_const(Box::new(contacts) as Box<dyn ContactStore>);
    session.expect_conversations().return_const(Box::new(conversations) as Box<dyn ConversationStore>);
    session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    let log = Arc::clone(seen);
    session.expect_commit().returning(move || {
        let written = std::mem::take(&mut *written.lock().expect("not poisoned"));
        log.lock().expect("not poisoned").commits.push(written);
        Ok(())
    });
    session
}

impl Seen {
    fn only_commit(&self) -> &Written {
        assert_eq!(self.commits.len(), 1, "one commit");
        self.commits.first().expect("one commit")
    }
}

#[tokio::test]
async fn a_name_and_picture_are_kept_with_identity_contact_and_every_conversation() {
    let mut world = World::new(Ok(profile()));
    world.threads.push(conversation(|record| record.id = Uuid::from_u128(0xf4).into()));
    let (outcome, seen) = world.fetch().await;
    assert_eq!(outcome, JobOutcome::Done);
    let written = seen.only_commit();
    let told = (profile().display_name, profile().avatar_url);
    let [identity] = written.identities.as_slice() else { panic!("one identity") };
    let identity = identity.record();
    assert_eq!((identity.display_name.clone(), identity.avatar_url.clone()), told);
    assert_eq!((identity.language.as_deref(), identity.profile_fetched_at), (Some("th"), Some(now())));
    let [contact] = written.contacts.as_slice() else { panic!("one contact") };
    assert_eq!((contact.record().display_name.clone(), contact.record().avatar_url.clone()), told);
    assert_eq!(written.threads.len(), 2);
    assert!(
        written
            .threads
            .iter()
            .map(Conversation::record)
            .all(|thread| { (thread.participant_name.clone(), thread.participant_avatar_url.clone()) == told })
    );
}

#[tokio::test]
async fn others_learn_of_the_contact_and_of_each_conversation() {
    let seen = World::new(Ok(profile())).fetch().await.1;
    let [contact, thread] = seen.only_commit().events.as_slice() else { panic!("two events") };
    assert_eq!((contact.event_type, contact.at), (EventType::ContactUpdated, now()));
    assert_eq!(contact.data, json!({"contactId": person().contact.record().id}));
    assert_eq!((thread.event_type, thread.at), (EventType::ConversationUpdated, now()));
    let ids = (Some(lead().record().id), Some(conversation(|_| ()).record().id));
    assert_eq!((thread.lead_id, thread.conversation_id), ids);
    assert!(!thread.data.to_string().contains("Mali"), "no event carries a name");
}

#[tokio::test]
async fn a_name_of_the_contact_that_is_known_from_elsewhere_stays() {
    let mut known = person();
    let mut record = known.contact.record().clone();
    record.display_name = Some("Khun Mali".to_owned());
    known.contact = Contact::restore(record);
    let mut world = World::new(Ok(Profile { avatar_url: None, ..profile() }));
    world.people = vec![Some(known)];
    let seen = world.fetch().await.1;
    let written = seen.only_commit();
    assert!(written.contacts.is_empty());
    let types: Vec<_> = written.events.iter().map(|event| event.event_type).collect();
    assert_eq!(types, [EventType::ConversationUpdated], "the conversation shows the name on the channel");
}

#[tokio::test]
async fn a_profile_that_is_no_news_notes_that_it_was_asked_and_tells_nobody() {
    let mut known = person();
    known.contact.learn_profile(&profile(), now());
    let mut world = World::new(Ok(profile()));
    world.people = vec![Some(known)];
    world.threads = vec![conversation(|record| {
        record.participant_name = profile().display_name;
        record.participant_avatar_url = profile().avatar_url;
    })];
    let seen = world.fetch().await.1;
    let written = seen.only_commit();
    assert_eq!((written.identities.len(), written.contacts.len(), written.threads.len()), (1, 0, 0));
    assert!(written.events.is_empty());
}

#[tokio::test]
async fn a_profile_that_is_not_to_be_had_is_noted_as_asked_and_takes_nothing_away() {
    for answer in [FetchError::NotAvailable { reason: "blocked".to_owned() }, FetchError::Gone] {
        let mut known = person();
        known.identity.learn_profile(&profile(), now());
        let mut world = World::new(Err(answer));
        world.people = vec![Some(known)];
        let (outcome, seen) = world.fetch().await;
        assert_eq!(outcome, JobOutcome::Done);
        let written = seen.only_commit();
        let names: Vec<_> = written.identities.iter().map(|one| one.record().display_name.clone()).collect();
        assert_eq!(names, [profile().display_name]);
        assert!(written.identities.iter().all(|one| one.record().profile_fetched_at == Some(now())));
        assert!(written.contacts.is_empty() && written.threads.is_empty() && written.events.is_empty());
    }
}

#[tokio::test]
async fn the_provider_is_asked_about_the_thread_of_the_newest_conversation() {
    let mut world = World::new(Ok(profile()));
    world.threads.insert(
        0,
        conversation(|record| {
            record.thread.external_thread_id = "Cgroup".to_owned();
            record.thread_kind = ThreadKind::Group;
        }),
    );
    let query = ProfileQuery { thread_kind: ThreadKind::Group, external_thread_id: "Cgroup".to_owned(), member: None };
    assert_eq!(world.fetch().await.1.queries, [query]);
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_and_counted() {
    let answers = [away(None), FetchError::NotReady, FetchError::Unauthorized { reason: "token".to_owned() }];
    for answer in answers {
        let (outcome, seen) = World::new(Err(answer.clone())).fetch().await;
        let JobOutcome::Retry { delay, error, count } = outcome else { panic!("{outcome:?}") };
        assert_eq!((delay, count), (Duration::from_millis(500), AttemptCount::Counted));
        assert_eq!(error, answer.to_string());
        assert!(seen.commits.is_empty());
    }
}

#[tokio::test]
async fn the_providers_wish_to_wait_is_obeyed() {
    let (outcome, _) = World::new(Err(away(Some(Duration::from_secs(40))))).fetch().await;
    let JobOutcome::Retry { delay, count, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!((delay, count), (Duration::from_secs(40), AttemptCount::Counted));
}

#[tokio::test]
async fn the_last_failure_makes_a_dead_letter() {
    let mut world = World::new(Err(away(None)));
    world.attempt = RetryPolicy::default().max_attempts;
    let (outcome, seen) = world.fetch().await;
    assert_eq!(outcome, JobOutcome::Dead { error: away(None).to_string() });
    assert!(seen.commits.is_empty());
}

#[tokio::test]
async fn a_customer_who_is_gone_before_or_meanwhile_is_done_with() {
    let mut before = World::silent();
    before.people = vec![None];
    let mut meanwhile = World::new(Ok(profile()));
    meanwhile.people = vec![Some(person()), None];
    for world in [before, meanwhile] {
        let (outcome, seen) = world.fetch().await;
        assert_eq!((outcome, seen.commits.len()), (JobOutcome::Done, 0));
    }
}

#[tokio::test]
async fn without_account_channel_or_conversation_the_fall_back_names_serve() {
    let worlds = [
        World { account_is_there: false, ..World::silent() },
        World { channel_is_here: false, ..World::silent() },
        World { threads: Vec::new(), ..World::silent() },
    ];
    for world in worlds {
        let (outcome, seen) = world.fetch().await;
        assert_eq!((outcome, seen.commits.len()), (JobOutcome::Done, 0));
    }
}

#[tokio::test]
async fn a_customer_who_changed_meanwhile_is_read_again_and_the_provider_not_asked_twice() {
    let mut world = World::new(Ok(profile()));
    world.failures = vec![StorageError::Stale];
    let (outcome, seen) = world.fetch().await;
    assert_eq!((outcome, seen.queries.len(), seen.lookups), (JobOutcome::Done, 1, 3));
    assert_eq!(seen.only_commit().events.len(), 2);
}

#[tokio::test]
async fn storage_that_is_away_costs_no_attempt() {
    for failures in [
        vec![StorageError::Unavailable("no connection".into())],
        (0..9).map(|_| StorageError::Stale).collect::<Vec<_>>(),
    ] {
        let mut world = World::new(Ok(profile()));
        world.failures = failures;
        let (outcome, seen) = world.fetch().await;
        let JobOutcome::Retry { delay, count, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!((delay, count), (Duration::from_secs(1), AttemptCount::NotCounted));
        assert!(seen.commits.is_empty());
    }
}

#[tokio::test]
async fn a_payload_that_cannot_be_read_is_given_up_at_once() {
    for payload in ["", "{}", r#"{"identityId":"no id"}"#] {
        let world = World { payload: payload.to_owned(), ..World::silent() };
        let (outcome, seen) = world.fetch().await;
        assert!(matches!(outcome, JobOutcome::Dead { .. }), "{outcome:?}");
        assert_eq!(seen.lookups, 0);
    }
}

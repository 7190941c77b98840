//! What a private reply to a comment brings with it, with mocks: all of it in one transaction, or nothing.

use std::sync::{Arc, Mutex};

use hubchat_domain::{
    Activity, ActivityKind, CommentThread, ContactIdentity, Conversation, DeliveryStatus, DomainEvent, EventType,
    IdentityKey, Message, MessageContent, MessageKind, Sender, TenantSettings, ThreadKey, ThreadKind,
};
use hubchat_ports::{
    ActivityStore, ContactStore, ConversationStore, EventStore, InsertOutcome, JobStore, KnownIdentity, Lane,
    MessageStore, MockActivityStore, MockContactStore, MockConversationStore, MockEventStore, MockJobStore,
    MockMessageStore, MockUnitOfWork, NewJob, SentMessage, StorageError,
};
use uuid::Uuid;

use super::{DELIVER_JOB, private_reply::PrivateReplies};
use crate::{
    Fault,
    test_ports::{TestPorts, account_id, conversation, now, person, queued_message, settings_store, tenant},
};

/// A little world: a private reply to a comment that the provider just accepted.
#[derive(Clone)]
struct World {
    message: Option<Message>,
    /// Whoever has the thread of the person's name in private.
    holder: Option<Conversation>,
    /// Whoever is known by that name.
    namesake: Option<KnownIdentity>,
    public_text: Option<&'static str>,
    recipient: Option<&'static str>,
    /// So many sessions find that something changed meanwhile.
    stale: usize,
}

/// What one committed session wrote.
#[derive(Default)]
struct Written {
    messages: Vec<Message>,
    answers: Vec<Message>,
    conversations: Vec<Conversation>,
    identities: Vec<ContactIdentity>,
    activities: Vec<Activity>,
    events: Vec<DomainEvent>,
    jobs: Vec<NewJob>,
}

#[derive(Default)]
struct Seen {
    begun: usize,
    commits: Vec<Written>,
}

impl Seen {
    fn only_commit(&self) -> &Written {
        assert_eq!(self.commits.len(), 1, "one commit");
        self.commits.first().expect("one commit")
    }
}

fn private_thread() -> ThreadKey {
    ThreadKey { account_id: account_id(), external_thread_id: "private".to_owned() }
}

fn comment_thread() -> Conversation {
    conversation(|record| {
        record.thread.external_thread_id = "post:Uperson".to_owned();
        record.thread_kind = ThreadKind::Comment;
        record.comment = Some(CommentThread { comment_id: Some("c1".to_owned()), ..CommentThread::default() });
        record.last_seq = 1;
    })
}

fn other_thread(change: impl FnOnce(&mut hubchat_domain::ConversationRecord)) -> Conversation {
    conversation(|record| {
        record.id = Uuid::from_u128(0xf1).into();
        change(record);
    })
}

impl World {
    fn new() -> Self {
        Self {
            message: Some(queued_message(|_| ())),
            holder: None,
            namesake: None,
            public_text: Some("answered in private"),
            recipient: Some("private"),
            stale: 0,
        }
    }

    async fn sent(self) -> Seen {
        let (result, seen) = self.try_sent().await;
        result.expect("recorded");
        seen
    }

    async fn try_sent(self) -> (Result<(), Fault>, Seen) {
        let mut ports = TestPorts::default();
        let sent = SentMessage {
            external_ids: vec!["e1".to_owned()],
            recipient_id: self.recipient.map(str::to_owned),
            ..SentMessage::default()
        };
        let seen = Arc::new(Mutex::new(Seen::default()));
        let told = Arc::clone(&seen);
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            told.lock().expect("not poisoned").begun += 1;
            Ok(Box::new(session(&self, &told)))
        });
        let replies = PrivateReplies::new(ports.build());
        let result = replies.sent(tenant(), queued_message(|_| ()).record().id, &sent).await;
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (result, seen)
    }
}

/// A session over the little world; what it wrote is told once it is committed.
fn session(world: &World, seen: &Arc<Mutex<Seen>>) -> MockUnitOfWork {
    let written = Arc::new(Mutex::new(Written::default()));
    let mut messages = MockMessageStore::new();
    let found = world.message.clone();
    messages.expect_find().returning(move |_| Ok(found.clone()));
    let log = Arc::clone(&written);
    messages.expect_insert_many().returning(move |new| {
        log.lock().expect("not poisoned").answers.extend_from_slice(new);
        Ok(vec![InsertOutcome::Inserted; new.len()])
    });
    let log = Arc::clone(&written);
    messages.expect_update().returning(move |message| {
        log.lock().expect("not poisoned").messages.push(message.clone());
        Ok(())
    });
    let mut conversations = MockConversationStore::new();
    conversations.expect_find().returning(|_| Ok(Some(comment_thread())));
    let holder = world.holder.clone();
    conversations.expect_find_by_threads().returning(move |keys| {
        assert_eq!(keys, [private_thread()]);
        Ok(holder.clone().into_iter().collect())
    });
    let (log, stale) = (Arc::clone(&written), seen.lock().is_ok_and(|seen| seen.begun <= world.stale));
    conversations.expect_update().returning(move |conversation| {
        log.lock().expect("not poisoned").conversations.push(conversation.clone());
        if stale { Err(StorageError::Stale) } else { Ok(()) }
    });
    let mut contacts = MockContactStore::new();
    let namesake = world.namesake.clone();
    contacts.expect_find_by_keys().returning(move |keys| {
        assert_eq!(keys, [IdentityKey { account_id: account_id(), external_user_id: "private".to_owned() }]);
        Ok(namesake.clone().into_iter().collect())
    });
    contacts.expect_find_identity().returning(|_| Ok(Some(person())));
    let log = Arc::clone(&written);
    contacts.expect_update_identity().returning(move |identity| {
        log.lock().expect("not poisoned").identities.push(identity.clone());
        Ok(())
    });
    let mut activities = MockActivityStore::new();
    let log = Arc::clone(&written);
    activities.expect_append().returning(move |lines| {
        log.lock().expect("not poisoned").activities.extend_from_slice(lines);
        Ok(())
    });
    let mut events = MockEventStore::new();
    let log = Arc::clone(&written);
    events.expect_append().returning(move |events| {
        log.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    let mut jobs = MockJobStore::new();
    let log = Arc::clone(&written);
    jobs.expect_append().returning(move |new| {
        log.lock().expect("not poisoned").jobs.extend_from_slice(new);
        Ok(())
    });
    let public_reply_text = world.public_text.map(str::to_owned);
    let settings = TenantSettings { public_reply_text, ..TenantSettings::default() };
    let mut session = MockUnitOfWork::new();
    session.expect_settings().return_const(settings_store(settings));
    session.expect_messages().return_const(Box::new(messages) as Box<dyn MessageStore>);
    session.expect_conversations().return_const(Box::new(conversations) as Box<dyn ConversationStore>);
    session.expect_contacts().return_const(Box::new(contacts) as Box<dyn ContactStore>);
    session.expect_activities().return_const(Box::new(activities) as Box<dyn ActivityStore>);
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    session.expect_jobs().return_const(Box::new(jobs) as Box<dyn JobStore>);
    let seen = Arc::clone(seen);
    session.expect_commit().returning(move || {
        let written = std::mem::take(&mut *written.lock().expect("not poisoned"));
        seen.lock().expect("not poisoned").commits.push(written);
        Ok(())
    });
    session
}

#[tokio::test]
async fn message_thread_person_and_public_answer_are_written_in_one_transaction() {
    let seen = World::new().sent().await;
    let written = seen.only_commit();
    let message = written.messages.first().expect("the message").record();
    assert_eq!((message.delivery_status, message.external_message_id.as_deref()), (DeliveryStatus::Sent, Some("e1")));
    let thread = written.conversations.first().expect("the thread").record();
    assert_eq!((thread.address.as_deref(), thread.alias.as_deref()), (Some("private"), Some("private")));
    assert_eq!(thread.comment.as_ref().and_then(|comment| comment.replied_at), Some(now()));
    assert_eq!(written.identities.first().and_then(|known| known.record().alias.as_deref()), Some("private"));
    assert_eq!((written.answers.len(), written.jobs.len()), (1, 1));
    assert_eq!(written.activities.iter().map(|line| line.kind).collect::<Vec<_>>(), [ActivityKind::MessageSent]);
    let events: Vec<EventType> = written.events.iter().map(|event| event.event_type).collect();
    assert_eq!(events, [EventType::MessageUpdated, EventType::MessageCreated]);
}

#[tokio::test]
async fn the_public_answer_waits_in_a_row_of_its_own() {
    let seen = World::new().sent().await;
    let written = seen.only_commit();
    let answer = written.answers.first().expect("an answer").record();
    let content = MessageContent::PublicReply { text: "answered in private".to_owned(), comment_id: "c1".to_owned() };
    assert_eq!((&answer.content, &answer.sender), (&content, &Sender::System));
    assert_eq!((answer.delivery_status, answer.seq), (DeliveryStatus::Queued, 2));
    let job = written.jobs.first().expect("a job");
    assert_eq!((job.lane, job.kind.as_str()), (Lane::Outbound, DELIVER_JOB));
    assert_eq!(job.order_key, format!("public:{}", answer.id));
    assert_eq!(job.payload, serde_json::json!({"messageId": answer.id}).to_string());
    let thread = written.conversations.first().expect("the thread").record();
    assert_eq!((thread.last_seq, thread.last_message_kind), (2, Some(MessageKind::PublicReply)));
}

#[tokio::test]
async fn a_tenant_that_writes_nothing_publicly_gets_no_public_answer() {
    let seen = World { public_text: None, ..World::new() }.sent().await;
    let written = seen.only_commit();
    assert!(written.answers.is_empty() && written.jobs.is_empty());
    assert_eq!(written.messages.len(), 1);
    assert_eq!(written.conversations.first().and_then(|thread| thread.record().address.as_deref()), Some("private"));
}

#[tokio::test]
async fn a_provider_that_does_not_tell_the_person_leaves_thread_and_person_without_another_name() {
    let seen = World { recipient: None, ..World::new() }.sent().await;
    let written = seen.only_commit();
    let thread = written.conversations.first().expect("the thread").record();
    assert_eq!((thread.address.as_deref(), thread.alias.as_deref()), (None, None));
    assert_eq!(thread.comment.as_ref().and_then(|comment| comment.replied_at), Some(now()));
    assert!(written.identities.is_empty());
}

#[tokio::test]
async fn the_private_name_moves_from_a_former_comment_thread() {
    let former = other_thread(|record| {
        record.thread.external_thread_id = "earlier:Uperson".to_owned();
        record.thread_kind = ThreadKind::Comment;
        record.alias = Some("private".to_owned());
    });
    let seen = World { holder: Some(former.clone()), ..World::new() }.sent().await;
    let written = seen.only_commit();
    let aliases: Vec<_> =
        written.conversations.iter().map(|thread| (thread.record().id, thread.record().alias.as_deref())).collect();
    // The former thread first: no two may have the name at once.
    assert_eq!(aliases, [(former.record().id, None), (comment_thread().record().id, Some("private"))]);
}

#[tokio::test]
async fn the_private_name_stays_with_a_direct_thread_of_the_persons() {
    let direct = other_thread(|record| record.thread = private_thread());
    let seen = World { holder: Some(direct), ..World::new() }.sent().await;
    let [thread] = seen.only_commit().conversations.as_slice() else { panic!("one thread") };
    assert_eq!(thread.record().id, comment_thread().record().id);
    assert_eq!((thread.record().address.as_deref(), thread.record().alias.as_deref()), (Some("private"), None));
}

#[tokio::test]
async fn a_person_takes_no_name_from_another_person() {
    let seen = World { namesake: Some(person()), ..World::new() }.sent().await;
    assert!(seen.only_commit().identities.is_empty());
}

#[tokio::test]
async fn a_message_that_no_longer_waits_changes_nothing() {
    let settled = |status| queued_message(|record| record.delivery_status = status);
    let gone = [Some(settled(DeliveryStatus::Sent)), Some(settled(DeliveryStatus::Uncertain)), None];
    for message in gone {
        let seen = World { message, ..World::new() }.sent().await;
        assert_eq!((seen.begun, seen.commits.len()), (1, 0));
    }
}

#[tokio::test]
async fn a_thread_that_changed_meanwhile_is_read_again_and_answered_once() {
    let seen = World { stale: 1, ..World::new() }.sent().await;
    assert_eq!(seen.begun, 2);
    assert_eq!(seen.only_commit().answers.len(), 1);
}

#[tokio::test]
async fn a_thread_that_changes_all_the_time_is_told() {
    let (result, seen) = World { stale: 9, ..World::new() }.try_sent().await;
    assert!(matches!(result, Err(Fault::Contended)), "{result:?}");
    assert!(seen.commits.is_empty());
}

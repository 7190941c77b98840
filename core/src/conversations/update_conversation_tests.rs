//! Reading, resolving and reopening conversations, with mocks.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{
    AuditAction, AuditDraft, AuditSubject, Conversation, ConversationId, ConversationStatus, DomainEvent, EventType,
    Scope,
};
use hubchat_ports::{
    ConversationRow, ConversationStore, EventStore, JobStore, MockConversationStore, MockEventStore, MockInboxQueries,
    MockJobStore, MockUnitOfWork, StorageError,
};
use serde_json::json;
use uuid::Uuid;

use super::{ReadMark, UpdateConversation, UpdateConversationCommand, UpdateConversationError};
use crate::{
    ErrorCode,
    test_ports::{TestPorts, actor, audit_store, conversation, conversation_row, lead, now, tenant},
};

/// A conversation as each session finds it, the last one staying, and how the writes of it fail.
struct World {
    conversations: Vec<Conversation>,
    failures: Vec<StorageError>,
    scopes: Vec<Scope>,
    row_is_gone: bool,
}

/// What one committed session wrote.
#[derive(Default)]
struct Written {
    conversations: Vec<Conversation>,
    events: Vec<DomainEvent>,
    audit: Vec<AuditDraft>,
}

struct Seen {
    result: Result<ConversationRow, UpdateConversationError>,
    begun: usize,
    commits: Vec<Written>,
}

impl World {
    fn new(conversation: Conversation) -> Self {
        let scopes = vec![Scope::InboxWrite];
        Self { conversations: vec![conversation], failures: Vec::new(), scopes, row_is_gone: false }
    }

    async fn update(self, command: UpdateConversationCommand) -> Seen {
        self.update_one(conversation(|_| ()).record().id, command).await
    }

    async fn update_one(self, id: ConversationId, command: UpdateConversationCommand) -> Seen {
        let commits = Arc::new(Mutex::new(Vec::<Written>::new()));
        let begun = Arc::new(Mutex::new(0));
        let mut ports = TestPorts::default();
        let (found, row_is_gone, told) = (self.conversations.clone(), self.row_is_gone, Arc::clone(&commits));
        ports.repository.expect_inbox().returning(move |asked| {
            assert_eq!(asked, tenant());
            let told = told.lock().expect("not poisoned");
            let newest = told.iter().rev().find_map(|written| written.conversations.last().cloned());
            let row = newest.or_else(|| found.last().cloned()).filter(|_| !row_is_gone);
            let mut inbox = MockInboxQueries::new();
            inbox.expect_find_conversation().returning(move |_, _| Ok(row.as_ref().map(conversation_row)));
            Box::new(inbox)
        });
        let (found, failures) = (self.conversations, Arc::new(Mutex::new(self.failures.into_iter())));
        let (told, count) = (Arc::clone(&commits), Arc::clone(&begun));
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            let mut count = count.lock().expect("not poisoned");
            let conversation = found.get(*count).or(found.last()).cloned();
            *count += 1;
            Ok(Box::new(session(conversation, &failures, &told)))
        });
        let result = UpdateConversation::new(ports.build()).run(&actor(&self.scopes), id, command).await;
        let commits = std::mem::take(&mut *commits.lock().expect("not poisoned"));
        let begun = *begun.lock().expect("not poisoned");
        Seen { result, begun, commits }
    }
}

/// A session over the little world; what it wrote is told once it is committed.
fn session(
    found: Option<Conversation>,
    failures: &Arc<Mutex<std::vec::IntoIter<StorageError>>>,
    commits: &Arc<Mutex<Vec<Written>>>,
) -> MockUnitOfWork {
    let written = Arc::new(Mutex::new(Written::default()));
    let mut conversations = MockConversationStore::new();
    conversations.expect_find().returning(move |id| Ok(found.clone().filter(|found| found.record().id == id)));
    let (told, failures) = (Arc::clone(&written), Arc::clone(failures));
    conversations.expect_update().returning(move |conversation| {
        told.lock().expect("not poisoned").conversations.push(conversation.clone());
        failures.lock().expect("not poisoned").next().map_or(Ok(()), Err)
    });
    let mut events = MockEventStore::new();
    let told = Arc::clone(&written);
    events.expect_append().returning(move |events| {
        told.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    let mut session = MockUnitOfWork::new();
    session.expect_conversations().return_const(Box::new(conversations) as Box<dyn ConversationStore>);
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    let log = Arc::clone(&written);
    let audit = audit_store(move |draft| log.lock().expect("not poisoned").audit.push(draft));
    session.expect_audit().return_const(audit);
    let mut jobs = MockJobStore::new();
    jobs.expect_append().returning(|new| {
        assert_eq!(new.len(), 1, "the customer's app is told once that the thread was seen");
        Ok(())
    });
    session.expect_jobs().return_const(Box::new(jobs) as Box<dyn JobStore>);
    let commits = Arc::clone(commits);
    session.expect_commit().returning(move || {
        let written = std::mem::take(&mut *written.lock().expect("not poisoned"));
        commits.lock().expect("not poisoned").push(written);
        Ok(())
    });
    session
}

fn to(status: ConversationStatus) -> UpdateConversationCommand {
    UpdateConversationCommand { status: Some(status), ..UpdateConversationCommand::default() }
}

const READ: UpdateConversationCommand =
    UpdateConversationCommand { status: None, mark: Some(ReadMark::Read), snoozed_until: None };

fn unread(status: ConversationStatus) -> Conversation {
    conversation(|record| {
        record.status = status;
        record.unread_count = 3;
    })
}

impl Seen {
    fn only_commit(&self) -> &Written {
        assert_eq!(self.commits.len(), 1, "one commit");
        self.commits.first().expect("one commit")
    }
}

#[tokio::test]
async fn a_conversation_is_resolved_and_stays_unread() {
    let seen = World::new(unread(ConversationStatus::Open)).update(to(ConversationStatus::Resolved)).await;
    assert_eq!(seen.only_commit().conversations.len(), 1);
    let row = seen.result.expect("changed").conversation;
    assert_eq!((row.status, row.unread_count), (ConversationStatus::Resolved, 3));
}

#[tokio::test]
async fn a_resolved_conversation_is_opened_again() {
    let seen = World::new(unread(ConversationStatus::Resolved)).update(to(ConversationStatus::Open)).await;
    assert_eq!(seen.result.expect("changed").conversation.status, ConversationStatus::Open);
}

#[tokio::test]
async fn marking_read_clears_the_count_and_keeps_the_status() {
    let seen = World::new(unread(ConversationStatus::Pending)).update(READ).await;
    let row = seen.result.expect("changed").conversation;
    assert_eq!((row.status, row.unread_count), (ConversationStatus::Pending, 0));
}

#[tokio::test]
async fn reading_and_resolving_at_once_is_one_write_and_one_event() {
    let command = UpdateConversationCommand { mark: Some(ReadMark::Read), ..to(ConversationStatus::Resolved) };
    let seen = World::new(unread(ConversationStatus::Open)).update(command).await;
    let written = seen.only_commit();
    assert_eq!(written.conversations.len(), 1);
    let [event] = written.events.as_slice() else { panic!("one event") };
    assert_eq!((event.event_type, event.at), (EventType::ConversationUpdated, now()));
    let thread = conversation(|_| ()).record().id;
    assert_eq!((event.lead_id, event.conversation_id), (Some(lead().record().id), Some(thread)));
    assert_eq!(event.data, json!({"status": "RESOLVED", "unreadCount": 0}));
}

#[tokio::test]
async fn a_change_that_is_no_news_writes_nothing() {
    let news = [
        UpdateConversationCommand::default(),
        READ,
        to(ConversationStatus::Open),
        UpdateConversationCommand { mark: Some(ReadMark::Read), ..to(ConversationStatus::Open) },
    ];
    for command in news {
        let seen = World::new(conversation(|_| ())).update(command).await;
        assert!(seen.commits.is_empty(), "{command:?}");
        assert_eq!(seen.result.expect("no error"), conversation_row(&conversation(|_| ())));
    }
}

#[tokio::test]
async fn a_conversation_that_is_not_there_is_unknown() {
    let seen = World::new(conversation(|_| ())).update_one(Uuid::from_u128(9).into(), READ).await;
    let error = seen.result.expect_err("unknown");
    assert_eq!((error.code(), error.retry_after()), ("conversation_not_found", None));
}

#[tokio::test]
async fn a_conversation_that_is_gone_after_the_commit_is_unknown() {
    let mut world = World::new(unread(ConversationStatus::Open));
    world.row_is_gone = true;
    assert!(matches!(world.update(READ).await.result, Err(UpdateConversationError::Unknown)));
}

#[tokio::test]
async fn a_message_that_came_meanwhile_is_not_lost_from_the_conversation() {
    let mut world = World::new(unread(ConversationStatus::Open));
    world.conversations.push(conversation(|record| {
        record.unread_count = 4;
        record.last_seq = 4;
    }));
    world.failures = vec![StorageError::Stale];
    let seen = world.update(to(ConversationStatus::Resolved)).await;
    assert_eq!((seen.begun, seen.only_commit().events.len()), (2, 1));
    let row = seen.result.expect("changed").conversation;
    assert_eq!((row.status, row.unread_count, row.last_seq), (ConversationStatus::Resolved, 4, 4));
}

#[tokio::test]
async fn a_conversation_that_changes_all_the_time_is_given_up() {
    let mut world = World::new(unread(ConversationStatus::Open));
    world.failures = (0..9).map(|_| StorageError::Contention("busy".into())).collect();
    let seen = world.update(READ).await;
    assert_eq!((seen.begun, seen.commits.len()), (4, 0));
    let error = seen.result.expect_err("contended");
    assert_eq!((error.code(), error.retry_after()), ("contended", Some(Duration::from_secs(1))));
}

#[tokio::test]
async fn a_key_that_only_reads_changes_no_conversation() {
    let mut world = World::new(unread(ConversationStatus::Open));
    world.scopes = vec![Scope::InboxRead];
    let seen = world.update(READ).await;
    assert_eq!(seen.begun, 0);
    assert_eq!(seen.result.expect_err("no scope").code(), "forbidden");
}

#[tokio::test]
async fn a_change_of_status_is_written_to_the_audit_log_and_a_mere_reading_is_not() {
    let seen = World::new(unread(ConversationStatus::Open)).update(to(ConversationStatus::Resolved)).await;
    let [entry] = seen.only_commit().audit.as_slice() else { panic!("one entry") };
    let id = conversation(|_| ()).record().id;
    assert_eq!((entry.action, &entry.subject), (AuditAction::ConversationUpdated, &AuditSubject::from(id)));
    let values = (Some(json!({"status": "OPEN"})), Some(json!({"status": "RESOLVED"})));
    assert_eq!((entry.before.clone(), entry.after.clone()), values);
    assert_eq!(World::new(unread(ConversationStatus::Open)).update(READ).await.only_commit().audit, []);
}

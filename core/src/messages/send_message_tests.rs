//! What accepting a message writes, and when it writes nothing, with mocks.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{
    AuditAction, AuditDraft, AuditSubject, ChannelType, Conversation, ConversationId, DeliveryStatus, DomainEvent,
    EventType, Message, Scope, TenantSettings,
};
use hubchat_ports::{
    ContactStore, ContentRefused, ConversationStore, EventStore, IdempotencyRecord, IdempotencyStore, InsertOutcome,
    JobStore, Lane, LeadRow, LimitReached, MessageRow, MessageStore, MockContactStore, MockConversationStore,
    MockEventStore, MockIdempotencyStore, MockJobStore, MockMessageStore, MockUnitOfWork, NewJob, StorageError,
};

use super::{NewContent, QueuedMessage, SendMessage, SendMessageCommand, SendMessageError, SendTarget};
use crate::{
    ErrorCode, KeepLimits, Limits, SettingsCache,
    test_ports::{
        TestPorts, actor, adapter_of, allowance, audit_store, conversation, inbox_with, lead, now, person,
        queued_message,
    },
};

/// What was written; a session that is not committed leaves its writes here too.
#[derive(Default)]
struct Seen {
    messages: Vec<Message>,
    conversations: Vec<Conversation>,
    events: Vec<DomainEvent>,
    audit: Vec<AuditDraft>,
    jobs: Vec<NewJob>,
    commits: u32,
    begun: u32,
    /// The keys of limits under which a place was taken.
    takes: Vec<String>,
}

struct World {
    conversation: Option<Conversation>,
    earlier: Option<IdempotencyRecord>,
    refused: Option<ContentRefused>,
    /// The customer blocked the account.
    blocked: bool,
    /// Too many messages went into the conversation.
    limited: bool,
    /// So many commits fail as stale before one succeeds.
    stale: u32,
}

impl Default for World {
    fn default() -> Self {
        Self {
            conversation: Some(conversation(|_| ())),
            earlier: None,
            refused: None,
            blocked: false,
            limited: false,
            stale: 0,
        }
    }
}

fn send_message(ports: TestPorts) -> SendMessage {
    let ports = ports.build();
    let limits = KeepLimits::new(ports.clone(), SettingsCache::new(ports.clone()), Limits::default());
    SendMessage::new(ports, limits)
}

/// What lists show of the lead whose newest conversation is that one.
fn lead_row(conversation: ConversationId) -> LeadRow {
    LeadRow {
        lead: lead().record().clone(),
        contact_name: None,
        contact_avatar_url: None,
        assigned_member_name: None,
        assigned_team_name: None,
        conversation_id: Some(conversation),
        participant_name: None,
        participant_avatar_url: None,
        last_message_preview: None,
        last_message_at: None,
        unread_count: 0,
    }
}

impl World {
    async fn send(self, command: SendMessageCommand) -> (Result<QueuedMessage, SendMessageError>, Seen) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default().with_open_vault();
        let channel = self.conversation.as_ref().map_or(ChannelType::Line, |known| known.record().channel_type);
        let mut adapter = adapter_of(channel, None);
        let refused = self.refused.clone();
        adapter.expect_check_content().returning(move |_, _| refused.clone().map_or(Ok(()), Err));
        ports.adapter = Some(adapter);
        let (self_limited, threads) = (self.limited, self.conversation.clone());
        let told = Arc::clone(&seen);
        ports.repository.expect_begin().returning(move |_| Ok(Box::new(self.session(&told))));
        let told = Arc::clone(&seen);
        ports.repository.expect_inbox().returning(move |_| {
            let (told, thread) = (Arc::clone(&told), threads.clone());
            let mut inbox = inbox_with(TenantSettings::default());
            inbox.expect_find_lead().returning(move |_, id| {
                let thread = thread.as_ref().filter(|thread| thread.record().lead_id == id);
                Ok(thread.map(|thread| lead_row(thread.record().id)))
            });
            inbox.expect_find_message().returning(move |_, id| {
                let made = told.lock().expect("not poisoned").messages.last().cloned();
                let message = made.unwrap_or_else(|| queued_message(|record| record.id = id));
                assert_eq!(message.record().id, id);
                Ok(Some(MessageRow { message: message.record().clone(), media: None }))
            });
            Box::new(inbox)
        });
        let (limited, log) = (self_limited, Arc::clone(&seen));
        ports.rate_limiter.expect_take().returning(move |key, quota| {
            log.lock().expect("not poisoned").takes.push(key.to_owned());
            let retry_after = Duration::from_secs(2);
            if limited { Err(LimitReached { limit: quota.burst.get(), retry_after }) } else { Ok(allowance()) }
        });
        let result = send_message(ports).run(&actor(&[Scope::MessagesSend]), &command).await;
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (result, seen)
    }

    fn session(&self, seen: &Arc<Mutex<Seen>>) -> MockUnitOfWork {
        seen.lock().expect("not poisoned").begun += 1;
        let mut conversations = MockConversationStore::new();
        let found = self.conversation.clone();
        conversations.expect_find().returning(move |id| Ok(found.clone().filter(|found| found.record().id == id)));
        let found = self.conversation.clone();
        conversations
            .expect_find_latest_of_lead()
            .returning(move |id| Ok(found.clone().filter(|found| found.record().lead_id == id)));
        let told = Arc::clone(seen);
        conversations.expect_update().returning(move |changed| {
            told.lock().expect("not poisoned").conversations.push(changed.clone());
            Ok(())
        });
        let mut messages = MockMessageStore::new();
        messages.expect_find().returning(|_| Ok(None));
        let told = Arc::clone(seen);
        messages.expect_insert_many().returning(move |new| {
            told.lock().expect("not poisoned").messages.extend_from_slice(new);
            Ok(vec![InsertOutcome::Inserted; new.len()])
        });
        let mut events = MockEventStore::new();
        let told = Arc::clone(seen);
        events.expect_append().returning(move |new| {
            told.lock().expect("not poisoned").events.extend(new);
            Ok(())
        });
        let mut jobs = MockJobStore::new();
        let told = Arc::clone(seen);
        jobs.expect_append().returning(move |new| {
            told.lock().expect("not poisoned").jobs.extend_from_slice(new);
            Ok(())
        });
        let mut idempotency = MockIdempotencyStore::new();
        let earlier = self.earlier.clone();
        idempotency.expect_claim().returning(move |_, _| Ok(earlier.clone()));
        let mut contacts = MockContactStore::new();
        let blocked = self.blocked;
        contacts.expect_find_identity().returning(move |_| {
            let mut person = person();
            person.identity.set_reachable(!blocked, now());
            Ok(Some(person))
        });
        let mut session = MockUnitOfWork::new();
        session.expect_contacts().return_const(Box::new(contacts) as Box<dyn ContactStore>);
        session.expect_conversations().return_const(Box::new(conversations) as Box<dyn ConversationStore>);
        session.expect_messages().return_const(Box::new(messages) as Box<dyn MessageStore>);
        session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
        let log = Arc::clone(seen);
        let audit = audit_store(move |draft| log.lock().expect("not poisoned").audit.push(draft));
        session.expect_audit().return_const(audit);
        session.expect_jobs().return_const(Box::new(jobs) as Box<dyn JobStore>);
        session.expect_idempotency().return_const(Box::new(idempotency) as Box<dyn IdempotencyStore>);
        let (told, stale) = (Arc::clone(seen), self.stale);
        session.expect_commit().returning(move || {
            let mut seen = told.lock().expect("not poisoned");
            if seen.begun <= stale {
                return Err(StorageError::Stale);
            }
            seen.commits += 1;
            Ok(())
        });
        session
    }
}

fn hello() -> SendMessageCommand {
    SendMessageCommand {
        by_person: false,
        target: SendTarget::Conversation(conversation(|_| ()).record().id),
        content: NewContent::Text("hello".to_owned()),
        reply_to: None,
        client_message_id: None,
        idempotency_key: None,
    }
}

fn told(command: &SendMessageCommand) -> Vec<u8> {
    format!("{:?} {:?} {:?} {}", command.content, command.target, command.reply_to, command.by_person).into_bytes()
}

fn earlier(fingerprint: Vec<u8>) -> IdempotencyRecord {
    let resource_id = queued_message(|_| ()).record().id.as_uuid();
    let (scope, key) = ("message.send".to_owned(), "key".to_owned());
    IdempotencyRecord { scope, key, fingerprint, resource_id, expires_at: crate::test_ports::now() }
}

fn refused(result: Result<QueuedMessage, SendMessageError>, seen: &Seen) -> &'static str {
    assert!(seen.messages.is_empty() && seen.jobs.is_empty() && seen.events.is_empty() && seen.commits == 0);
    result.expect_err("refused").code()
}

#[tokio::test]
async fn a_text_is_queued_with_its_job_and_event_in_one_commit() {
    let (result, seen) = World::default().send(hello()).await;
    let queued = result.expect("accepted");
    assert_eq!((queued.replayed, queued.row.message.delivery_status), (false, DeliveryStatus::Queued));
    let thread = seen.conversations.first().expect("updated").record();
    assert_eq!((thread.last_message_preview.as_deref(), thread.last_seq, thread.unread_count), (Some("hello"), 1, 0));
    let job = seen.jobs.first().expect("a job");
    assert_eq!((job.lane, job.kind.as_str()), (Lane::Outbound, super::DELIVER_JOB));
    assert_eq!(job.order_key, thread.id.to_string());
    let kinds: Vec<_> = seen.events.iter().map(|event| event.event_type).collect();
    assert_eq!((kinds, seen.messages.len(), seen.commits), (vec![EventType::MessageCreated], 1, 1));
}

#[tokio::test]
async fn a_lead_stands_for_its_newest_conversation() {
    let command = SendMessageCommand { target: SendTarget::Lead(lead().record().id), ..hello() };
    let (result, _) = World::default().send(command).await;
    assert_eq!(result.expect("accepted").row.message.conversation_id, conversation(|_| ()).record().id);
}

#[tokio::test]
async fn the_same_key_with_the_same_command_gives_the_earlier_message_and_writes_nothing() {
    let command = SendMessageCommand { idempotency_key: Some("key".to_owned()), ..hello() };
    let world = World { earlier: Some(earlier(told(&command))), ..World::default() };
    let (result, seen) = world.send(command).await;
    let queued = result.expect("replayed");
    assert_eq!((queued.replayed, queued.row.message.id), (true, queued_message(|_| ()).record().id));
    assert!(seen.messages.is_empty() && seen.jobs.is_empty() && seen.commits == 0);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let command = SendMessageCommand { idempotency_key: Some("key".to_owned()), ..hello() };
    let world = World { earlier: Some(earlier(b"another".to_vec())), ..World::default() };
    let (result, seen) = world.send(command).await;
    assert_eq!(refused(result, &seen), "idempotency_key_reused");
}

#[tokio::test]
async fn an_unknown_conversation_is_told_so() {
    let (result, seen) = World { conversation: None, ..World::default() }.send(hello()).await;
    assert_eq!(refused(result, &seen), "conversation_not_found");
}

#[tokio::test]
async fn what_the_channel_cannot_carry_is_not_queued() {
    let refusal = ContentRefused { field: "content", reason: "too long".to_owned() };
    let (result, seen) = World { refused: Some(refusal), ..World::default() }.send(hello()).await;
    assert_eq!(result.as_ref().expect_err("refused").field(), Some("content"));
    assert_eq!(refused(result, &seen), "invalid_content");
}

#[tokio::test]
async fn a_thread_that_another_system_answers_takes_no_message() {
    let conversation = Some(conversation(|record| record.standby = true));
    let (result, seen) = World { conversation, ..World::default() }.send(hello()).await;
    assert_eq!(refused(result, &seen), "conversation_standby");
}

#[tokio::test]
async fn whoever_blocked_the_account_is_not_written_to() {
    let (result, seen) = World { blocked: true, ..World::default() }.send(hello()).await;
    assert_eq!(refused(result, &seen), "recipient_unreachable");
}

#[tokio::test]
async fn what_the_rules_of_the_channel_forbid_now_is_refused_before_anything_is_queued() {
    let day = Duration::from_hours(24);
    let just_under = |age: Duration| age.saturating_sub(Duration::from_micros(1));
    for (age, by_person, code) in [
        (just_under(day), false, None),
        (day, false, Some("persons_only")),
        (day, true, None),
        (just_under(7 * day), true, None),
        (7 * day, true, Some("window_closed")),
    ] {
        let conversation = Some(conversation(|record| {
            record.channel_type = ChannelType::Facebook;
            record.last_inbound_at = Some(now().minus(age));
        }));
        let (result, seen) =
            World { conversation, ..World::default() }.send(SendMessageCommand { by_person, ..hello() }).await;
        match code {
            Some(code) => assert_eq!(refused(result, &seen), code, "{age:?}"),
            None => assert_eq!(seen.messages.len(), 1, "{age:?}: {result:?}"),
        }
    }
}

#[tokio::test]
async fn a_message_to_answer_that_is_not_there_is_refused() {
    let command = SendMessageCommand { reply_to: Some(queued_message(|_| ()).record().id), ..hello() };
    let (result, seen) = World::default().send(command).await;
    assert_eq!(refused(result, &seen), "message_not_found");
}

#[tokio::test]
async fn a_key_that_only_reads_sends_nothing() {
    let send = send_message(TestPorts::default());
    let result = send.run(&actor(&[Scope::InboxRead]), &hello()).await;
    assert_eq!(result.expect_err("no scope").code(), "forbidden");
}

#[tokio::test]
async fn a_stale_session_is_done_anew_but_not_for_ever() {
    let (result, seen) = World { stale: 1, ..World::default() }.send(hello()).await;
    assert!(result.is_ok());
    assert_eq!((seen.begun, seen.commits), (2, 1));
    let (result, seen) = World { stale: u32::MAX, ..World::default() }.send(hello()).await;
    assert_eq!(result.expect_err("contended").code(), "contended");
    assert_eq!((seen.begun, seen.commits), (4, 0));
}

#[tokio::test]
async fn a_conversation_at_its_limit_takes_no_message_and_no_session_is_opened() {
    for target in [hello().target, SendTarget::Lead(lead().record().id)] {
        let command = SendMessageCommand { target, ..hello() };
        let (result, seen) = World { limited: true, ..World::default() }.send(command).await;
        let refused = result.expect_err("at its limit");
        assert_eq!((refused.code(), refused.retry_after()), ("rate_limited", Some(Duration::from_secs(2))));
        assert_eq!((seen.begun, seen.takes.len()), (0, 1));
    }
}

#[tokio::test]
async fn both_ways_to_a_conversation_count_as_one() {
    let by_id = World::default().send(hello()).await.1.takes;
    let target = SendTarget::Lead(lead().record().id);
    let by_lead = World::default().send(SendMessageCommand { target, ..hello() }).await.1.takes;
    assert_eq!(by_id.len(), 1);
    assert_eq!(by_id, by_lead);
}

#[tokio::test]
async fn a_message_is_written_to_the_audit_log_without_its_words() {
    let (result, seen) = World::default().send(hello()).await;
    result.expect("queued");
    let [entry] = seen.audit.as_slice() else { panic!("one entry") };
    let id = seen.messages.first().expect("a message").record().id;
    assert_eq!((entry.action, &entry.subject), (AuditAction::MessageSent, &AuditSubject::from(id)));
    let after = serde_json::json!({
        "conversationId": conversation(|_| ()).record().id, "leadId": crate::test_ports::lead().record().id,
        "messageType": "TEXT", "channelType": "LINE",
    });
    assert_eq!((&entry.before, &entry.after), (&None, &Some(after)));
}

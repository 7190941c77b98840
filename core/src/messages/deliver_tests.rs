//! What each outcome of a send means, with mocks: never twice, never silently lost.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{
    AccountStatus, AttemptRoute, AuditAction, AuditDraft, AuditSubject, Conversation, DeliveryAttempt, DeliveryStatus,
    Direction, Message, MessageContent, MessageRecord, ReplyHandle,
};
use hubchat_ports::{
    AccountStore, ActivityStore, AttemptCount, ConversationStore, EventStore, JobId, JobLease, Lane, MessageRow,
    MessageStore, MockAccountStore, MockActivityStore, MockConversationStore, MockEventStore, MockInboxQueries,
    MockMessageStore, MockUnitOfWork, OutgoingRow, ReservedJob, SendError, SendRequest, SentMessage,
};

use uuid::Uuid;

use super::Deliver;
use crate::{
    AccountCache, JobOutcome, MediaDoor, RetryPolicy,
    test_ports::{
        TestPorts, allowance, audit_store, conversation, line_adapter, now, queued_message, stored_account, tenant,
    },
};

const KEY_LIFE: Duration = Duration::from_hours(23);

/// A little world: one message in one conversation, and what the provider answers, call by call.
struct World {
    message: Message,
    conversation: Conversation,
    account: AccountStatus,
    idempotent_send: Option<Duration>,
    answers: Vec<Result<SentMessage, SendError>>,
    job_attempt: u32,
    /// The newest messages of the conversation.
    thread: Vec<Message>,
}

/// What happened in it.
#[derive(Default)]
struct Seen {
    requests: Vec<SendRequest>,
    messages: Vec<Message>,
    conversations: Vec<Conversation>,
    accounts: Vec<AccountStatus>,
    audit: Vec<AuditDraft>,
}

impl World {
    fn new(answers: Vec<Result<SentMessage, SendError>>) -> Self {
        Self {
            message: queued_message(|_| ()),
            conversation: conversation(|_| ()),
            account: AccountStatus::Active,
            idempotent_send: Some(KEY_LIFE),
            answers,
            job_attempt: 1,
            thread: Vec::new(),
        }
    }

    async fn deliver(self) -> (JobOutcome, Seen) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default().with_open_vault();
        let (row, thread) = (self.message.record().clone(), self.conversation.record().clone());
        ports.repository.expect_inbox().returning(move |_| {
            let (row, thread) = (row.clone(), thread.clone());
            let mut inbox = MockInboxQueries::new();
            inbox.expect_find_outgoing().returning(move |ids| {
                assert_eq!(ids, [row.id]);
                let row = MessageRow { message: row.clone(), media: None };
                Ok(vec![OutgoingRow { row, conversation: thread.clone() }])
            });
            Box::new(inbox)
        });
        let (message, conversation, account) = (self.message.clone(), self.conversation.clone(), self.account);
        let (told, thread) = (Arc::clone(&seen), self.thread.clone());
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            Ok(Box::new(session((&message, &thread), &conversation, account, &told)))
        });
        let mut adapter = line_adapter(self.idempotent_send);
        let answers = Mutex::new(self.answers.into_iter());
        let told = Arc::clone(&seen);
        adapter.expect_send().returning(move |_, request| {
            told.lock().expect("not poisoned").requests.push(request.clone());
            answers.lock().expect("not poisoned").next().expect("a send that the test did not expect")
        });
        ports.adapter = Some(adapter);
        ports.rate_limiter.expect_take().returning(|_, _| Ok(allowance()));
        let ports = ports.build();
        let deliver = Deliver::new(
            ports.clone(),
            AccountCache::new(ports.clone()),
            MediaDoor::new(ports, None),
            RetryPolicy::default(),
        );
        let job = ReservedJob {
            lease: JobLease { job_id: JobId(1), token: 1 },
            lane: Lane::Outbound,
            tenant_id: tenant(),
            order_key: "conversation".to_owned(),
            kind: super::DELIVER_JOB.to_owned(),
            payload: serde_json::json!({"messageId": self.message.record().id}).to_string(),
            attempt: self.job_attempt,
            enqueued_at: now(),
        };
        let outcome = deliver.run(&job).await;
        drop(deliver);
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (outcome, seen)
    }
}

/// A session over the little world that remembers every write.
fn session(
    (message, thread): (&Message, &[Message]),
    conversation: &Conversation,
    status: AccountStatus,
    seen: &Arc<Mutex<Seen>>,
) -> MockUnitOfWork {
    let newest = |seen: &Arc<Mutex<Seen>>, first: &Message| {
        seen.lock().expect("not poisoned").messages.last().cloned().unwrap_or_else(|| first.clone())
    };
    let mut messages = MockMessageStore::new();
    let (first, told) = (message.clone(), Arc::clone(seen));
    messages.expect_find().returning(move |_| Ok(Some(newest(&told, &first))));
    let (first, told) = (message.clone(), Arc::clone(seen));
    messages.expect_find_many().returning(move |_| Ok(vec![newest(&told, &first)]));
    let thread = thread.to_vec();
    messages.expect_find_newest().returning(move |_, _| Ok(thread.clone()));
    let told = Arc::clone(seen);
    messages.expect_update_many().returning(move |messages| {
        told.lock().expect("not poisoned").messages.extend_from_slice(messages);
        Ok(())
    });
    let told = Arc::clone(seen);
    messages.expect_update().returning(move |message| {
        told.lock().expect("not poisoned").messages.push(message.clone());
        Ok(())
    });
    let mut conversations = MockConversationStore::new();
    let found = conversation.clone();
    let there = found.clone();
    conversations.expect_find().returning(move |_| Ok(Some(found.clone())));
    conversations.expect_find_many().returning(move |_| Ok(vec![there.clone()]));
    let told = Arc::clone(seen);
    conversations.expect_update().returning(move |conversation| {
        told.lock().expect("not poisoned").conversations.push(conversation.clone());
        Ok(())
    });
    let told = Arc::clone(seen);
    conversations.expect_update_many().returning(move |conversations| {
        told.lock().expect("not poisoned").conversations.extend_from_slice(conversations);
        Ok(())
    });
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(move |_| Ok(Some(stored_account(status))));
    let told = Arc::clone(seen);
    accounts.expect_update().returning(move |account| {
        told.lock().expect("not poisoned").accounts.push(account.record().status);
        Ok(())
    });
    let mut activities = MockActivityStore::new();
    activities.expect_append().returning(|_| Ok(()));
    let mut events = MockEventStore::new();
    events.expect_append().returning(|_| Ok(()));
    let mut session = MockUnitOfWork::new();
    session.expect_messages().return_const(Box::new(messages) as Box<dyn MessageStore>);
    session.expect_conversations().return_const(Box::new(conversations) as Box<dyn ConversationStore>);
    session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
    session.expect_activities().return_const(Box::new(activities) as Box<dyn ActivityStore>);
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    let log = Arc::clone(seen);
    let audit = audit_store(move |draft| log.lock().expect("not poisoned").audit.push(draft));
    session.expect_audit().return_const(audit);
    session.expect_commit().returning(|| Ok(()));
    session
}

#[expect(clippy::unnecessary_wraps, reason = "an answer among others that are errors")]
fn sent(id: &str) -> Result<SentMessage, SendError> {
    Ok(SentMessage { external_ids: vec![id.to_owned()], ..SentMessage::default() })
}

fn lost() -> SendError {
    SendError::Uncertain { reason: "the connection broke".to_owned() }
}

fn refused_handle() -> SendError {
    SendError::ReplyHandleRefused { reason: "Invalid reply token".to_owned() }
}

fn handle() -> ReplyHandle {
    ReplyHandle { token: "token".to_owned(), expires_at: now().plus(Duration::from_secs(30)) }
}

fn last(seen: &Seen) -> (DeliveryStatus, bool) {
    let record = seen.messages.last().expect("the message was written").record().clone();
    (record.delivery_status, record.attempt.is_some())
}

#[tokio::test]
async fn an_accepted_message_is_sent_with_the_providers_id() {
    let (outcome, seen) = World::new(vec![sent("1")]).deliver().await;
    assert_eq!(outcome, JobOutcome::Done);
    let record = seen.messages.last().expect("written").record();
    assert_eq!((record.delivery_status, record.external_message_id.as_deref()), (DeliveryStatus::Sent, Some("1")));
    assert!(seen.requests.iter().all(|request| request.reply_handle.is_none()));
}

#[tokio::test]
async fn a_living_reply_handle_is_used_once_and_noted_before_the_bytes_leave() {
    let mut world = World::new(vec![sent("1")]);
    world.conversation = conversation(|record| record.reply_handle = Some(handle()));
    let (outcome, seen) = world.deliver().await;
    assert_eq!(outcome, JobOutcome::Done);
    assert_eq!(seen.requests.first().and_then(|request| request.reply_handle.clone()), Some(handle()));
    let noted = seen.messages.first().expect("the attempt was noted").record();
    assert!(matches!(&noted.attempt, Some(DeliveryAttempt { route: AttemptRoute::Reply { .. }, .. })));
    assert!(seen.conversations.first().expect("the handle was taken").record().reply_handle.is_none());
}

#[tokio::test]
async fn an_expired_reply_handle_is_not_used() {
    let mut world = World::new(vec![sent("1")]);
    let expired = ReplyHandle { expires_at: now(), ..handle() };
    world.conversation = conversation(|record| record.reply_handle = Some(expired));
    let (_, seen) = world.deliver().await;
    assert!(seen.requests.iter().all(|request| request.reply_handle.is_none()));
}

#[tokio::test]
async fn a_handle_refused_at_its_first_use_gives_way_to_a_push_at_once() {
    let mut world = World::new(vec![Err(refused_handle()), sent("2")]);
    world.conversation = conversation(|record| record.reply_handle = Some(handle()));
    let (outcome, seen) = world.deliver().await;
    assert_eq!((outcome, last(&seen)), (JobOutcome::Done, (DeliveryStatus::Sent, false)));
    assert_eq!(seen.requests.len(), 2);
    assert!(seen.requests.last().is_some_and(|request| request.reply_handle.is_none()));
}

#[tokio::test]
async fn a_reply_whose_answer_was_lost_is_never_pushed() {
    let interrupted =
        DeliveryAttempt { started_at: now(), key_used_since: now(), route: AttemptRoute::Reply { handle: handle() } };
    let mut world = World::new(vec![Err(refused_handle())]);
    world.message = queued_message(|record| record.attempt = Some(interrupted));
    let (outcome, seen) = world.deliver().await;
    assert_eq!((outcome, last(&seen)), (JobOutcome::Done, (DeliveryStatus::Uncertain, false)));
    assert_eq!(seen.requests.len(), 1, "the same reply again, and nothing else");
}

#[tokio::test]
async fn an_unknown_outcome_is_tried_again_under_the_same_key() {
    let (outcome, seen) = World::new(vec![Err(lost())]).deliver().await;
    assert!(matches!(outcome, JobOutcome::Retry { count: AttemptCount::Counted, .. }), "{outcome:?}");
    assert_eq!(last(&seen), (DeliveryStatus::Queued, true));
}

#[tokio::test]
async fn an_unknown_outcome_of_a_channel_without_keys_is_uncertain_and_not_tried_again() {
    let mut world = World::new(vec![Err(lost())]);
    world.idempotent_send = None;
    let (outcome, seen) = world.deliver().await;
    assert_eq!((outcome, last(&seen)), (JobOutcome::Done, (DeliveryStatus::Uncertain, false)));
    let noted = seen.messages.first().expect("the attempt was noted before").record();
    assert!(noted.attempt.is_some());
}

#[tokio::test]
async fn on_a_channel_without_keys_what_had_no_effect_is_sent_when_its_time_comes() {
    let reason = || "not now".to_owned();
    for refusal in [
        SendError::RateLimited { after: None, reason: reason() },
        SendError::Retry { after: None, reason: reason() },
        SendError::Unauthorized { reason: reason() },
    ] {
        let mut world = World::new(vec![Err(refusal.clone())]);
        world.idempotent_send = None;
        let (outcome, seen) = world.deliver().await;
        assert!(!outcome.is_final(), "{refusal}");
        assert!(seen.messages.first().is_some_and(|noted| noted.record().attempt.is_some()), "{refusal}");
        assert_eq!(last(&seen), (DeliveryStatus::Queued, false), "{refusal}: no attempt stands in the way");
    }
}

#[tokio::test]
async fn after_a_crash_a_channel_without_keys_sends_nothing() {
    let attempt = DeliveryAttempt { started_at: now(), key_used_since: now(), route: AttemptRoute::Direct };
    let mut world = World::new(Vec::new());
    world.idempotent_send = None;
    world.message = queued_message(|record| record.attempt = Some(attempt));
    let (outcome, seen) = world.deliver().await;
    assert_eq!((outcome, last(&seen)), (JobOutcome::Done, (DeliveryStatus::Uncertain, false)));
    assert!(seen.requests.is_empty());
}

#[tokio::test]
async fn a_key_past_its_life_is_not_used_again() {
    for used_since in [Some(now().minus(KEY_LIFE)), None] {
        let attempt = used_since.map(|key_used_since| DeliveryAttempt {
            started_at: now(),
            key_used_since,
            route: AttemptRoute::Direct,
        });
        let mut world = World::new(Vec::new());
        world.job_attempt = 2;
        world.message = queued_message(|record| {
            record.attempt = attempt;
            record.created_at = now().minus(KEY_LIFE);
        });
        let (outcome, seen) = world.deliver().await;
        assert_eq!((outcome, last(&seen)), (JobOutcome::Done, (DeliveryStatus::Uncertain, false)));
    }
}

#[tokio::test]
async fn refused_credentials_make_the_account_wait_and_cost_no_attempt() {
    let unauthorized = Err(SendError::Unauthorized { reason: "invalid token".to_owned() });
    let (outcome, seen) = World::new(vec![unauthorized]).deliver().await;
    assert!(matches!(outcome, JobOutcome::Retry { count: AttemptCount::NotCounted, .. }), "{outcome:?}");
    assert_eq!(seen.accounts, [AccountStatus::Unauthorized]);
    assert!(seen.messages.iter().all(|message| message.record().delivery_status == DeliveryStatus::Queued));
}

#[tokio::test]
async fn sends_of_an_account_that_waits_are_not_tried() {
    let mut world = World::new(Vec::new());
    world.account = AccountStatus::Unauthorized;
    let (outcome, seen) = world.deliver().await;
    assert!(matches!(outcome, JobOutcome::Retry { count: AttemptCount::NotCounted, .. }), "{outcome:?}");
    assert!(seen.requests.is_empty());
}

#[tokio::test]
async fn a_rate_limit_is_obeyed_and_costs_no_attempt() {
    let after = Some(Duration::from_secs(3));
    let limited = Err(SendError::RateLimited { after, reason: "slow down".to_owned() });
    let (outcome, _) = World::new(vec![limited]).deliver().await;
    let JobOutcome::Retry { delay, count, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!((delay, count), (Duration::from_secs(3), AttemptCount::NotCounted));
}

#[tokio::test]
async fn an_unsent_reply_gives_its_handle_back() {
    let retry = Err(SendError::Retry { after: None, reason: "no connection".to_owned() });
    let mut world = World::new(vec![retry]);
    world.conversation = conversation(|record| record.reply_handle = Some(handle()));
    let (outcome, seen) = world.deliver().await;
    assert!(matches!(outcome, JobOutcome::Retry { count: AttemptCount::Counted, .. }), "{outcome:?}");
    assert!(!last(&seen).1, "the attempt is forgotten");
}

#[tokio::test]
async fn the_last_failure_is_shown_and_becomes_a_dead_letter() {
    let retry = || Err(SendError::Retry { after: None, reason: "500".to_owned() });
    let mut world = World::new(vec![retry()]);
    world.job_attempt = RetryPolicy::default().max_attempts;
    let (outcome, seen) = world.deliver().await;
    assert!(matches!(outcome, JobOutcome::Dead { .. }), "{outcome:?}");
    assert_eq!(last(&seen).0, DeliveryStatus::Failed);
}

#[tokio::test]
async fn what_the_provider_refuses_is_failed_with_its_reason() {
    let rejected = Err(SendError::Rejected { code: "quota_exhausted", reason: "monthly limit".to_owned() });
    let (outcome, seen) = World::new(vec![rejected]).deliver().await;
    assert_eq!((outcome, last(&seen).0), (JobOutcome::Done, DeliveryStatus::Failed));
    let failure = seen.messages.last().and_then(|message| message.record().failure.clone()).expect("a reason");
    assert_eq!((failure.code.as_str(), failure.reason.as_str()), ("quota_exhausted", "monthly limit"));
}

#[tokio::test]
async fn after_a_failure_the_customer_waits_unless_a_later_answer_stands() {
    let other = |seq, change: fn(&mut MessageRecord)| {
        queued_message(|record| {
            (record.id, record.seq) = (Uuid::from_u128(0xd5ff).into(), seq);
            change(record);
        })
    };
    let sent = |record: &mut MessageRecord| record.delivery_status = DeliveryStatus::Sent;
    let wrote = now().minus(Duration::from_mins(5));
    for (thread, waits) in [
        (vec![], true),
        (vec![other(9, |_| ())], false),
        (vec![other(9, sent)], false),
        (vec![other(2, sent)], true),
        (vec![other(9, |record| record.delivery_status = DeliveryStatus::Failed)], true),
        (vec![other(9, |record| record.direction = Direction::Internal)], true),
        // Tried again after the customer wrote once more: what was answered before that answers nothing since.
        (vec![other(6, sent), other(7, |record| record.direction = Direction::Inbound)], true),
        (vec![other(6, |record| record.direction = Direction::Inbound), other(7, sent)], false),
        (vec![other(9, |record| record.content = MessageContent::System { text: "left".to_owned() })], true),
    ] {
        let mut world = World::new(vec![Err(SendError::Rejected { code: "refused", reason: "no".to_owned() })]);
        world.message = queued_message(|record| record.seq = 5);
        world.conversation = conversation(|record| record.last_inbound_at = Some(wrote));
        world.thread = thread;
        let (_, seen) = world.deliver().await;
        let told = seen.conversations.last().map(|conversation| conversation.record().waiting_since);
        assert_eq!(told, waits.then_some(Some(wrote)), "{:?}", seen.conversations);
    }
}

#[tokio::test]
async fn a_message_that_is_settled_is_not_sent_again() {
    let mut world = World::new(Vec::new());
    world.message = queued_message(|record| record.delivery_status = DeliveryStatus::Sent);
    let (outcome, seen) = world.deliver().await;
    assert_eq!(outcome, JobOutcome::Done);
    assert!(seen.requests.is_empty() && seen.messages.is_empty());
}

#[tokio::test]
async fn an_account_that_is_refused_at_a_send_is_written_to_the_audit_log() {
    let refused = SendError::Unauthorized { reason: "invalid token".to_owned() };
    let (_, seen) = World::new(vec![Err(refused)]).deliver().await;
    let [entry] = seen.audit.as_slice() else { panic!("one entry") };
    let subject = AuditSubject::from(crate::test_ports::account_id());
    assert_eq!((entry.action, &entry.subject), (AuditAction::ChannelStatusChanged, &subject));
    assert_eq!(entry.after, Some(serde_json::json!({"status": "UNAUTHORIZED"})));
}

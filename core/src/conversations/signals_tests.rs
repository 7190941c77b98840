//! Signals with mocks: given where the customer can notice them, and never in anyone's way.

use std::sync::{Arc, Mutex};

use hubchat_domain::{
    AccountStatus, ChannelAccount, ChannelType, CommentThread, Conversation, ConversationId, DeliveryStatus, Direction,
    Message, Scope, TenantSettings, ThreadKind,
};
use hubchat_ports::{
    AccountStore, AttemptCount, FetchError, JobId, JobLease, Lane, MessageStore, MockAccountStore, MockMessageStore,
    MockUnitOfWork, ReservedJob, SignalRequest, StorageError, StoredAccount, ThreadSignal,
};
use uuid::Uuid;

use super::{SEEN_JOB, SignalError, Signalled, Signals, signals::seen_job};
use crate::{
    AccountCache, ErrorCode, JobOutcome, RetryPolicy, SettingsCache,
    test_ports::{
        TestPorts, actor, conversation, conversation_row, inbox_with, line_adapter, now, queued_message,
        stored_account, tenant,
    },
};

/// A little world: a conversation on an account, its newest messages, and what the provider answers.
struct World {
    conversation: Option<Conversation>,
    account: Option<StoredAccount>,
    messages: Vec<Message>,
    answer: Result<(), FetchError>,
    storage_is_away: bool,
    settings: TenantSettings,
    scopes: Vec<Scope>,
}

fn message(seq: i64, direction: Direction) -> Message {
    queued_message(|record| {
        record.seq = seq;
        record.direction = direction;
        record.delivery_status = DeliveryStatus::Delivered;
        record.external_message_id = Some(format!("m{seq}"));
    })
}

fn id() -> ConversationId {
    conversation(|_| ()).record().id
}

impl World {
    fn of(conversation: Conversation) -> Self {
        Self {
            conversation: Some(conversation),
            account: Some(stored_account(AccountStatus::Active)),
            messages: Vec::new(),
            answer: Ok(()),
            storage_is_away: false,
            settings: TenantSettings::default(),
            scopes: vec![Scope::MessagesSend],
        }
    }

    async fn typing(self) -> (Result<Signalled, SignalError>, Vec<SignalRequest>) {
        let actor = actor(&self.scopes);
        let (signals, seen) = self.build();
        let outcome = signals.typing(&actor, id()).await;
        drop(signals);
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (outcome, seen)
    }

    async fn seen(self, payload: String) -> (JobOutcome, Vec<SignalRequest>) {
        let (signals, seen) = self.build();
        let job = ReservedJob {
            lease: JobLease { job_id: JobId(1), token: 1 },
            lane: Lane::Background,
            tenant_id: tenant(),
            order_key: "seen".to_owned(),
            kind: SEEN_JOB.to_owned(),
            payload,
            attempt: 1,
            enqueued_at: now(),
        };
        let outcome = signals.run(&job).await;
        drop(signals);
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (outcome, seen)
    }

    fn build(self) -> (Signals, Arc<Mutex<Vec<SignalRequest>>>) {
        let mut ports = TestPorts::default().with_open_vault();
        let (thread, away, settings) = (self.conversation, self.storage_is_away, self.settings);
        ports.repository.expect_inbox().returning(move |asked| {
            assert_eq!(asked, tenant());
            let thread = thread.clone();
            let mut inbox = inbox_with(settings.clone());
            inbox.expect_find_conversation().returning(move |_, _| {
                let row = thread.as_ref().map(conversation_row);
                if away { Err(StorageError::Unavailable("gone".into())) } else { Ok(row) }
            });
            Box::new(inbox)
        });
        let (account, messages) = (self.account, self.messages);
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            let (account, newest) = (account.clone(), messages.clone());
            let mut accounts = MockAccountStore::new();
            accounts.expect_find().returning(move |_| Ok(account.clone()));
            let mut messages = MockMessageStore::new();
            messages.expect_find_newest().returning(move |threads, _| {
                assert_eq!(threads, [id()]);
                Ok(newest.clone())
            });
            let mut session = MockUnitOfWork::new();
            session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
            session.expect_messages().return_const(Box::new(messages) as Box<dyn MessageStore>);
            session.expect_commit().never();
            Ok(Box::new(session))
        });
        let seen = Arc::new(Mutex::new(Vec::new()));
        let mut adapter = line_adapter(None);
        let (log, answer) = (Arc::clone(&seen), self.answer);
        adapter.expect_signal().returning(move |_, request| {
            log.lock().expect("not poisoned").push(request.clone());
            answer.clone()
        });
        ports.adapter = Some(adapter);
        let ports = ports.build();
        let (accounts, settings) = (AccountCache::new(ports.clone()), SettingsCache::new(ports.clone()));
        (Signals::new(ports, accounts, settings, RetryPolicy::default()), seen)
    }
}

/// A thread that began with a comment, and goes on in private or does not yet.
fn comment_thread(address: Option<&str>) -> Conversation {
    conversation(|record| {
        record.thread_kind = ThreadKind::Comment;
        record.comment = Some(CommentThread::default());
        record.address = address.map(str::to_owned);
    })
}

#[tokio::test]
async fn typing_is_given_in_the_thread() {
    let (outcome, seen) = World::of(conversation(|_| ())).typing().await;
    assert_eq!(outcome.expect("given"), Signalled::Given);
    let expected = SignalRequest {
        thread_kind: ThreadKind::Direct,
        external_thread_id: "Uperson".to_owned(),
        newest_inbound_id: None,
        signal: ThreadSignal::Typing,
    };
    assert_eq!(seen, [expected]);
}

#[tokio::test]
async fn the_customers_newest_message_is_named_whatever_the_order() {
    let messages = vec![
        message(2, Direction::Inbound),
        message(4, Direction::Outbound),
        message(3, Direction::Inbound),
        message(1, Direction::Inbound),
    ];
    let (_, seen) = World { messages, ..World::of(conversation(|_| ())) }.typing().await;
    assert_eq!(seen.first().and_then(|request| request.newest_inbound_id.as_deref()), Some("m3"));
}

#[tokio::test]
async fn in_a_thread_that_another_system_owns_nothing_is_given() {
    let (outcome, seen) = World::of(conversation(|record| record.standby = true)).typing().await;
    assert_eq!((outcome.expect("no error"), seen.len()), (Signalled::NotGiven, 0));
}

#[tokio::test]
async fn on_an_account_that_does_not_send_nothing_is_given() {
    for status in [AccountStatus::Paused, AccountStatus::Unauthorized, AccountStatus::Removed] {
        let account = Some(stored_account(status));
        let (outcome, seen) = World { account, ..World::of(conversation(|_| ())) }.typing().await;
        assert_eq!((outcome.expect("no error"), seen.len()), (Signalled::NotGiven, 0), "{status}");
    }
}

#[tokio::test]
async fn under_a_comment_nothing_is_given_until_the_thread_goes_on_in_private() {
    let (outcome, seen) = World::of(comment_thread(None)).typing().await;
    assert_eq!((outcome.expect("no error"), seen.len()), (Signalled::NotGiven, 0));
    let (outcome, seen) = World::of(comment_thread(Some("private"))).typing().await;
    assert_eq!(outcome.expect("given"), Signalled::Given);
    assert_eq!(seen.first().map(|request| request.external_thread_id.as_str()), Some("private"));
}

#[tokio::test]
async fn without_account_or_channel_nothing_is_given() {
    let mut elsewhere = stored_account(AccountStatus::Active);
    let mut record = elsewhere.account.record().clone();
    record.channel_type = ChannelType::Shopee;
    elsewhere.account = ChannelAccount::restore(record);
    for account in [None, Some(elsewhere)] {
        let (outcome, seen) = World { account, ..World::of(conversation(|_| ())) }.typing().await;
        assert_eq!((outcome.expect("no error"), seen.len()), (Signalled::NotGiven, 0));
    }
}

#[tokio::test]
async fn what_the_provider_does_not_take_is_no_error() {
    let answer = Err(FetchError::NotAvailable { reason: "no such signal".to_owned() });
    let (outcome, _) = World { answer, ..World::of(conversation(|_| ())) }.typing().await;
    assert_eq!(outcome.expect("no error"), Signalled::NotGiven);
}

#[tokio::test]
async fn typing_in_an_unknown_conversation_is_told() {
    let (outcome, _) = World { conversation: None, ..World::of(conversation(|_| ())) }.typing().await;
    assert_eq!(outcome.expect_err("unknown").code(), "conversation_not_found");
}

#[tokio::test]
async fn a_key_that_may_not_send_gives_no_signal() {
    let world = World { scopes: vec![Scope::InboxRead], ..World::of(conversation(|_| ())) };
    let (outcome, seen) = world.typing().await;
    assert_eq!((outcome.expect_err("forbidden").code(), seen.len()), ("forbidden", 0));
}

#[tokio::test]
async fn the_seen_job_tells_the_customers_app() {
    let world = World { messages: vec![message(1, Direction::Inbound)], ..World::of(conversation(|_| ())) };
    let (outcome, seen) = world.seen(seen_job(id()).payload).await;
    assert_eq!(outcome, JobOutcome::Done);
    let [request] = seen.as_slice() else { panic!("one signal") };
    assert_eq!((request.signal, request.newest_inbound_id.as_deref()), (ThreadSignal::Seen, Some("m1")));
}

#[tokio::test]
async fn the_seen_job_waits_in_a_row_of_its_thread() {
    let job = seen_job(id());
    assert_eq!((job.lane, job.kind.as_str()), (Lane::Background, SEEN_JOB));
    assert_eq!(job.order_key, format!("seen:{}", id()));
    assert_ne!(job.order_key, seen_job(Uuid::from_u128(1).into()).order_key);
}

#[tokio::test]
async fn the_seen_job_is_done_when_nobody_takes_the_signal_or_the_thread_is_gone() {
    let answer = Err(FetchError::Retry { after: None, reason: "no connection".to_owned() });
    let refused = World { answer, ..World::of(conversation(|_| ())) };
    let gone = World { conversation: None, ..World::of(conversation(|_| ())) };
    for world in [refused, gone] {
        assert_eq!(world.seen(seen_job(id()).payload).await.0, JobOutcome::Done);
    }
}

#[tokio::test]
async fn the_seen_job_goes_back_uncounted_while_storage_is_away() {
    let world = World { storage_is_away: true, ..World::of(conversation(|_| ())) };
    let (outcome, _) = world.seen(seen_job(id()).payload).await;
    assert!(matches!(outcome, JobOutcome::Retry { count: AttemptCount::NotCounted, .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_seen_job_that_cannot_be_read_is_dead() {
    let (outcome, _) = World::of(conversation(|_| ())).seen("{".to_owned()).await;
    assert_eq!(outcome, JobOutcome::dead("the payload cannot be read"));
}

#[tokio::test]
async fn a_tenant_that_shows_neither_gives_neither() {
    let settings = TenantSettings { show_typing: false, show_seen: false, ..TenantSettings::default() };
    let world = || World { settings: settings.clone(), ..World::of(conversation(|_| ())) };
    let (outcome, seen) = world().typing().await;
    assert_eq!((outcome.expect("no error"), seen.len()), (Signalled::NotGiven, 0));
    let (outcome, seen) = world().seen(seen_job(id()).payload).await;
    assert_eq!((outcome, seen.len()), (JobOutcome::Done, 0));
}

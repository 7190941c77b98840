//! By which right a message that waited goes out, with mocks: what is no longer allowed fails and is not sent.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{
    AccountStatus, AttemptRoute, ChannelAccount, ChannelType, CommentThread, Conversation, DeliveryAttempt,
    DeliveryStatus, Message, MessageContent, MessageRecord, SendMode, Sender, TenantSettings, ThreadKind,
};
use hubchat_ports::{
    AccountStore, ActivityStore, ContactStore, ConversationStore, EventStore, JobId, JobLease, Lane, MessageRow,
    MessageStore, MockAccountStore, MockActivityStore, MockContactStore, MockConversationStore, MockEventStore,
    MockInboxQueries, MockMessageStore, MockUnitOfWork, OutgoingRow, ReservedJob, SendError, SendRequest, SentMessage,
};
use uuid::Uuid;

use super::Deliver;
use crate::{
    AccountCache, JobOutcome, MediaDoor, RetryPolicy,
    test_ports::{
        TestPorts, adapter_of, allowance, conversation, now, person, queued_message, settings_store, stored_account,
        tenant,
    },
};

const DAY: Duration = Duration::from_hours(24);

/// A little world: a message in a thread of a page, and what the provider answers once, if it is asked.
struct World {
    message: Message,
    thread: Conversation,
    answer: Option<Result<SentMessage, SendError>>,
}

#[derive(Default)]
struct Seen {
    requests: Vec<SendRequest>,
    messages: Vec<Message>,
    conversations: Vec<Conversation>,
}

impl Seen {
    fn last(&self) -> &MessageRecord {
        self.messages.last().expect("the message was written").record()
    }

    fn only_request(&self) -> &SendRequest {
        assert_eq!(self.requests.len(), 1, "one send");
        self.requests.first().expect("one send")
    }
}

/// A Messenger thread in which the customer wrote so long ago.
fn messenger(ago: Duration) -> Conversation {
    conversation(|record| {
        record.channel_type = ChannelType::Facebook;
        record.last_inbound_at = Some(now().minus(ago));
    })
}

/// A thread that began with a comment so long ago.
fn comment_thread(ago: Duration, change: impl FnOnce(&mut CommentThread)) -> Conversation {
    let mut comment = CommentThread {
        post_id: Some("post".to_owned()),
        comment_id: Some("c1".to_owned()),
        commented_at: Some(now().minus(ago)),
        ..CommentThread::default()
    };
    change(&mut comment);
    conversation(|record| {
        record.channel_type = ChannelType::Facebook;
        record.thread_kind = ThreadKind::Comment;
        record.comment = Some(comment);
    })
}

fn by_person() -> Message {
    queued_message(|record| record.sender = Sender::Member { id: Uuid::from_u128(7).into() })
}

fn public_reply() -> Message {
    let content = MessageContent::PublicReply { text: "in private".to_owned(), comment_id: "c1".to_owned() };
    queued_message(|record| record.content = content)
}

#[expect(clippy::unnecessary_wraps, reason = "an answer where there may be none")]
fn accepted() -> Option<Result<SentMessage, SendError>> {
    let recipient_id = Some("private".to_owned());
    Some(Ok(SentMessage { external_ids: vec!["e1".to_owned()], recipient_id, ..SentMessage::default() }))
}

impl World {
    async fn deliver(self) -> (JobOutcome, Seen) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default().with_open_vault();
        let (row, thread) = (self.message.record().clone(), self.thread.record().clone());
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
        let mut adapter = adapter_of(ChannelType::Facebook, None);
        let (answer, log) = (Mutex::new(self.answer), Arc::clone(&seen));
        adapter.expect_send().returning(move |_, request| {
            log.lock().expect("not poisoned").requests.push(request.clone());
            answer.lock().expect("not poisoned").take().expect("a send that the test did not expect")
        });
        ports.adapter = Some(adapter);
        ports.rate_limiter.expect_take().returning(|_, _| Ok(allowance()));
        let (message, thread, log) = (self.message.clone(), self.thread, Arc::clone(&seen));
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            Ok(Box::new(session(&message, &thread, &log)))
        });
        let ports = ports.build();
        let (accounts, media) = (AccountCache::new(ports.clone()), MediaDoor::new(ports.clone(), None));
        let deliver = Deliver::new(ports, accounts, media, RetryPolicy::default());
        let job = ReservedJob {
            lease: JobLease { job_id: JobId(1), token: 1 },
            lane: Lane::Outbound,
            tenant_id: tenant(),
            order_key: "conversation".to_owned(),
            kind: super::DELIVER_JOB.to_owned(),
            payload: serde_json::json!({"messageId": self.message.record().id}).to_string(),
            attempt: 1,
            enqueued_at: now(),
        };
        let outcome = deliver.run(&job).await;
        drop(deliver);
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (outcome, seen)
    }
}

/// A session over the little world that remembers every write.
fn session(message: &Message, thread: &Conversation, seen: &Arc<Mutex<Seen>>) -> MockUnitOfWork {
    let newest = |seen: &Arc<Mutex<Seen>>, first: &Message| {
        seen.lock().expect("not poisoned").messages.last().cloned().unwrap_or_else(|| first.clone())
    };
    let mut messages = MockMessageStore::new();
    let (first, told) = (message.clone(), Arc::clone(seen));
    messages.expect_find().returning(move |_| Ok(Some(newest(&told, &first))));
    let (first, told) = (message.clone(), Arc::clone(seen));
    messages.expect_find_many().returning(move |_| Ok(vec![newest(&told, &first)]));
    messages.expect_find_newest().returning(|_, _| Ok(Vec::new()));
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
    let found = thread.clone();
    let there = found.clone();
    conversations.expect_find().returning(move |_| Ok(Some(found.clone())));
    conversations.expect_find_many().returning(move |_| Ok(vec![there.clone()]));
    conversations.expect_find_by_threads().returning(|_| Ok(Vec::new()));
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
    let mut contacts = MockContactStore::new();
    contacts.expect_find_by_keys().returning(|_| Ok(Vec::new()));
    contacts.expect_find_identity().returning(|_| Ok(Some(person())));
    contacts.expect_update_identity().returning(|_| Ok(()));
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(|_| {
        let mut stored = stored_account(AccountStatus::Active);
        let mut record = stored.account.record().clone();
        record.channel_type = ChannelType::Facebook;
        stored.account = ChannelAccount::restore(record);
        Ok(Some(stored))
    });
    let mut activities = MockActivityStore::new();
    activities.expect_append().returning(|_| Ok(()));
    let mut events = MockEventStore::new();
    events.expect_append().returning(|_| Ok(()));
    let settings = TenantSettings { public_reply_text: None, ..TenantSettings::default() };
    let mut session = MockUnitOfWork::new();
    session.expect_settings().return_const(settings_store(settings));
    session.expect_messages().return_const(Box::new(messages) as Box<dyn MessageStore>);
    session.expect_conversations().return_const(Box::new(conversations) as Box<dyn ConversationStore>);
    session.expect_contacts().return_const(Box::new(contacts) as Box<dyn ContactStore>);
    session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
    session.expect_activities().return_const(Box::new(activities) as Box<dyn ActivityStore>);
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    session.expect_commit().returning(|| Ok(()));
    session
}

#[tokio::test]
async fn within_the_window_a_message_goes_out_as_an_ordinary_one() {
    let world = World { message: queued_message(|_| ()), thread: messenger(DAY / 2), answer: accepted() };
    let (outcome, seen) = world.deliver().await;
    assert_eq!((outcome, seen.last().delivery_status), (JobOutcome::Done, DeliveryStatus::Sent));
    let request = seen.only_request();
    assert_eq!((request.mode, request.comment_id.as_deref()), (SendMode::Standard, None));
}

#[tokio::test]
async fn a_message_whose_window_closed_while_it_waited_fails_with_the_policys_code_and_is_not_sent() {
    for (message, thread, code) in [
        (by_person(), messenger(DAY * 8), "window_closed"),
        (queued_message(|_| ()), messenger(DAY * 2), "persons_only"),
        (by_person(), comment_thread(DAY * 8, |_| ()), "comment_too_old"),
        (by_person(), comment_thread(DAY, |comment| comment.replied_at = Some(now())), "awaiting_answer"),
        (by_person(), conversation(|record| record.standby = true), "standby"),
    ] {
        let (outcome, seen) = World { message, thread, answer: None }.deliver().await;
        assert_eq!((outcome, seen.last().delivery_status), (JobOutcome::Done, DeliveryStatus::Failed), "{code}");
        let failure = seen.last().failure.clone().expect("a reason");
        assert_eq!(failure.code, code);
        assert!(!failure.reason.is_empty() && seen.requests.is_empty(), "{code}");
    }
}

#[tokio::test]
async fn a_persons_message_past_the_first_day_goes_as_a_persons_late_answer() {
    let world = World { message: by_person(), thread: messenger(DAY + Duration::from_secs(1)), answer: accepted() };
    let (_, seen) = world.deliver().await;
    assert_eq!(seen.only_request().mode, SendMode::HumanAgent);
}

#[tokio::test]
async fn a_private_reply_goes_to_the_comment_and_its_thread_goes_on_in_private() {
    let world = World { message: queued_message(|_| ()), thread: comment_thread(DAY, |_| ()), answer: accepted() };
    let (outcome, seen) = world.deliver().await;
    assert_eq!((outcome, seen.last().delivery_status), (JobOutcome::Done, DeliveryStatus::Sent));
    let request = seen.only_request();
    assert_eq!((request.mode, request.comment_id.as_deref()), (SendMode::PrivateReply, Some("c1")));
    let thread = seen.conversations.last().expect("written").record();
    assert_eq!(thread.address.as_deref(), Some("private"));
}

#[tokio::test]
async fn once_the_person_wrote_in_private_the_comment_is_answered_no_more() {
    let mut record = comment_thread(DAY, |comment| comment.wrote_in_private_at = Some(now())).record().clone();
    record.address = Some("private".to_owned());
    let thread = Conversation::restore(record);
    let (_, seen) = World { message: queued_message(|_| ()), thread, answer: accepted() }.deliver().await;
    let request = seen.only_request();
    assert_eq!((request.mode, request.comment_id.as_deref()), (SendMode::Standard, None));
    assert_eq!(request.external_thread_id, "private");
}

#[tokio::test]
async fn a_private_reply_whose_answer_is_lost_is_uncertain_and_opens_nothing() {
    let lost = Some(Err(SendError::Uncertain { reason: "the connection broke".to_owned() }));
    let world = World { message: queued_message(|_| ()), thread: comment_thread(DAY, |_| ()), answer: lost };
    let (outcome, seen) = world.deliver().await;
    assert_eq!((outcome, seen.last().delivery_status), (JobOutcome::Done, DeliveryStatus::Uncertain));
    assert!(seen.conversations.is_empty());
}

#[tokio::test]
async fn a_public_reply_that_may_be_tried_again_is_failed_once_and_not_repeated() {
    let reason = || "busy".to_owned();
    for answer in
        [SendError::Retry { after: None, reason: reason() }, SendError::RateLimited { after: None, reason: reason() }]
    {
        let mut record = comment_thread(DAY, |comment| comment.replied_at = Some(now())).record().clone();
        record.last_inbound_at = Some(now().minus(DAY));
        let thread = Conversation::restore(record);
        let (outcome, seen) = World { message: public_reply(), thread, answer: Some(Err(answer)) }.deliver().await;
        assert_eq!((outcome, seen.last().delivery_status), (JobOutcome::Done, DeliveryStatus::Failed));
        let failure = seen.last().failure.clone().expect("a reason");
        assert_eq!((failure.code.as_str(), failure.reason.as_str()), ("tried_once", "busy"));
        assert_eq!(seen.requests.len(), 1);
        assert!(seen.conversations.is_empty(), "nobody waits: they were answered in private");
    }
}

#[tokio::test]
async fn a_public_reply_goes_out_although_the_person_has_yet_to_answer_in_private() {
    let thread = comment_thread(DAY, |comment| comment.replied_at = Some(now()));
    let (_, seen) = World { message: public_reply(), thread, answer: accepted() }.deliver().await;
    assert_eq!(seen.only_request().mode, SendMode::Standard);
    assert_eq!(seen.last().delivery_status, DeliveryStatus::Sent);
    assert!(seen.conversations.is_empty(), "the thread is as the private reply left it");
}

#[tokio::test]
async fn a_quote_is_left_out_in_a_comment_thread_and_kept_elsewhere() {
    let quoting = || queued_message(|record| record.quoted_external_id = Some("c1".to_owned()));
    for (thread, expected) in [(comment_thread(DAY, |_| ()), None), (messenger(DAY / 2), Some("c1"))] {
        let (_, seen) = World { message: quoting(), thread, answer: accepted() }.deliver().await;
        assert_eq!(seen.only_request().quoted_external_id.as_deref(), expected);
    }
}

#[tokio::test]
async fn after_a_crash_nothing_is_sent_again_and_the_outcome_is_unknown_whatever_the_policy_says_now() {
    let attempt = DeliveryAttempt { started_at: now(), key_used_since: now(), route: AttemptRoute::Direct };
    let replied = |comment: &mut CommentThread| comment.replied_at = Some(now());
    for thread in [comment_thread(DAY, |_| ()), comment_thread(DAY, replied), messenger(DAY * 8)] {
        let message = queued_message(|record| record.attempt = Some(attempt.clone()));
        let (outcome, seen) = World { message, thread, answer: None }.deliver().await;
        assert_eq!((outcome, seen.last().delivery_status), (JobOutcome::Done, DeliveryStatus::Uncertain));
        assert!(seen.requests.is_empty());
    }
}

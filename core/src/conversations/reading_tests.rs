//! What each member has seen, and what is put aside, with mocks.

use std::time::Duration;

use hubchat_domain::{
    ConversationRecord, ConversationStatus, EventType, Permission, Scope, Timestamp, Viewpoint, Visibility,
};
use hubchat_ports::{JobId, JobLease, Lane, ReservedJob};
use serde_json::json;

use super::{
    ReadMark, UpdateConversation, UpdateConversationCommand, WAKE_JOB, WakeConversation,
    thread_world::{Thread, Written, colleague, member_id, take},
};
use crate::{
    ErrorCode, Fault, RetryPolicy, UpdateConversationError,
    jobs::JobOutcome,
    test_ports::{actor, conversation, now, tenant},
};

fn with(change: impl FnOnce(&mut ConversationRecord)) -> Thread {
    Thread { conversation: Some(conversation(change)), ..Thread::default() }
}

/// Three messages that nobody answered, of five that the customer wrote.
fn unread() -> Thread {
    with(|record| (record.unread_count, record.inbound_count) = (3, 5))
}

fn mark(mark: ReadMark) -> UpdateConversationCommand {
    UpdateConversationCommand { mark: Some(mark), ..UpdateConversationCommand::default() }
}

fn snooze(until: Option<Timestamp>) -> UpdateConversationCommand {
    UpdateConversationCommand { snoozed_until: Some(until), ..UpdateConversationCommand::default() }
}

async fn by_member(thread: Thread, command: UpdateConversationCommand) -> Written {
    let (ports, log) = thread.ports();
    let id = conversation(|_| ()).record().id;
    UpdateConversation::new(ports).run(&colleague(1, Visibility::All), id, command).await.expect("changed");
    take(&log)
}

#[tokio::test]
async fn a_member_reads_for_themselves_alone() {
    let written = by_member(unread(), mark(ReadMark::Read)).await;
    let [position] = written.positions.as_slice() else { panic!("one position") };
    assert_eq!((position.member_id, position.seen_inbound), (member_id(1), 5));
    assert!(written.conversations.is_empty(), "it stays unread for their colleagues");
    assert_eq!((written.jobs.len(), written.events.len(), written.commits), (1, 1, 1));
    assert!(written.audit.is_empty());
}

#[tokio::test]
async fn a_key_reads_for_everybody() {
    let (ports, log) = unread().ports();
    let id = conversation(|_| ()).record().id;
    let key = actor(&[Scope::InboxWrite]);
    UpdateConversation::new(ports).run(&key, id, mark(ReadMark::Read)).await.expect("changed");
    let written = take(&log);
    assert_eq!(written.conversations.first().expect("written").record().unread_count, 0);
    assert!(written.positions.is_empty());
}

#[tokio::test]
async fn an_answered_thread_is_seen_all_the_same_and_the_customer_is_told() {
    let answered = || with(|record| (record.unread_count, record.inbound_count) = (0, 5));
    let written = by_member(answered(), mark(ReadMark::Read)).await;
    assert_eq!(written.positions.first().expect("kept").seen_inbound, 5);
    assert_eq!((written.jobs.len(), written.commits), (1, 1));
    let (ports, log) = answered().ports();
    let id = conversation(|_| ()).record().id;
    let key = actor(&[Scope::InboxWrite]);
    UpdateConversation::new(ports).run(&key, id, mark(ReadMark::Read)).await.expect("told");
    let written = take(&log);
    assert_eq!((written.jobs.len(), written.conversations.len(), written.events.len()), (1, 0, 0));
}

#[tokio::test]
async fn reading_what_was_read_is_no_news_but_a_mention_that_is_seen_is() {
    let read = || Thread { seen_inbound: Some(5), ..unread() };
    let written = by_member(read(), mark(ReadMark::Read)).await;
    assert_eq!((written.commits, written.positions.len()), (0, 0));
    let written = by_member(Thread { unseen_mentions: 1, ..read() }, mark(ReadMark::Read)).await;
    assert_eq!((written.commits, written.jobs.len(), written.events.len()), (1, 0, 1));
}

#[tokio::test]
async fn unread_again_is_one_message_for_the_member_who_asks() {
    let answered = with(|record| (record.unread_count, record.inbound_count) = (0, 5));
    let written = by_member(Thread { seen_inbound: Some(5), ..answered }, mark(ReadMark::Unread)).await;
    assert_eq!(written.positions.first().expect("kept").seen_inbound, 4);
    assert_eq!(written.conversations.first().expect("written").record().unread_count, 1);
    assert!(written.jobs.is_empty(), "the customer is not told");
    let silent = by_member(with(|_| ()), mark(ReadMark::Unread)).await;
    assert_eq!(silent.commits, 0, "there is nothing to read");
}

#[tokio::test]
async fn a_conversation_is_put_aside_with_a_job_that_brings_it_back() {
    let until = now().plus(Duration::from_hours(3));
    let written = by_member(with(|_| ()), snooze(Some(until))).await;
    let record = written.conversations.first().expect("written").record();
    assert_eq!((record.snoozed_until, record.status), (Some(until), ConversationStatus::Open));
    let [job] = written.jobs.as_slice() else { panic!("one job") };
    assert_eq!((job.lane, job.kind.as_str(), job.delay), (Lane::Background, WAKE_JOB, Duration::from_hours(3)));
    let [entry] = written.audit.as_slice() else { panic!("one entry") };
    assert_eq!(
        (entry.before.clone(), entry.after.clone()),
        (Some(json!({"snoozedUntil": null})), Some(json!({"snoozedUntil": until})))
    );
    let back = by_member(with(|record| record.snoozed_until = Some(until)), snooze(None)).await;
    assert_eq!(back.conversations.first().expect("written").record().snoozed_until, None);
    assert!(back.jobs.is_empty());
}

#[tokio::test]
async fn a_conversation_is_put_aside_until_a_moment_to_come_within_a_year() {
    let far = now().plus(UpdateConversation::LONGEST_SNOOZE + Duration::from_secs(1));
    for until in [now(), Timestamp::from_micros(0), far] {
        let (ports, log) = Thread::default().ports();
        let id = conversation(|_| ()).record().id;
        let refused = UpdateConversation::new(ports).run(&colleague(1, Visibility::All), id, snooze(Some(until))).await;
        let error = refused.expect_err("refused");
        assert_eq!((error.code(), error.field()), ("validation_failed", Some("snoozedUntil")));
        assert_eq!(take(&log).commits, 0);
    }
}

#[tokio::test]
async fn what_a_member_does_not_see_they_do_not_change() {
    let (ports, log) = unread().ports();
    let id = conversation(|_| ()).record().id;
    let nobodys = colleague(1, Visibility::Only(Viewpoint::default()));
    let refused = UpdateConversation::new(ports).run(&nobodys, id, mark(ReadMark::Read)).await;
    assert!(matches!(refused, Err(UpdateConversationError::Unknown)));
    assert_eq!(take(&log).commits, 0);
    let (ports, _) = unread().ports();
    let reader = actor(&[Scope::InboxRead]);
    let refused = UpdateConversation::new(ports).run(&reader, id, mark(ReadMark::Read)).await;
    assert!(matches!(
        refused,
        Err(UpdateConversationError::Fault(Fault::Forbidden { permission: Permission::LeadsWrite }))
    ));
}

async fn wake(thread: Thread, payload: &str) -> (JobOutcome, Written) {
    let (ports, log) = thread.ports();
    let job = ReservedJob {
        lease: JobLease { job_id: JobId(1), token: 1 },
        tenant_id: tenant(),
        lane: Lane::Background,
        order_key: "wake".to_owned(),
        kind: WAKE_JOB.to_owned(),
        payload: payload.to_owned(),
        attempt: 1,
        enqueued_at: now(),
    };
    let outcome = WakeConversation::new(ports, RetryPolicy::default()).run(&job).await;
    (outcome, take(&log))
}

#[tokio::test]
async fn its_hour_brings_it_back_unless_it_was_put_aside_anew() {
    let until = now().plus(Duration::from_hours(3));
    let payload = json!({"conversationId": conversation(|_| ()).record().id, "until": until}).to_string();
    let (outcome, written) = wake(with(|record| record.snoozed_until = Some(until)), &payload).await;
    assert_eq!(outcome, JobOutcome::Done);
    assert_eq!(written.conversations.first().expect("written").record().snoozed_until, None);
    assert_eq!(written.events.first().expect("told").event_type, EventType::ConversationUpdated);
    for other in [None, Some(until.plus(Duration::from_secs(1)))] {
        let (outcome, written) = wake(with(|record| record.snoozed_until = other), &payload).await;
        assert_eq!((outcome, written.commits), (JobOutcome::Done, 0));
    }
    let (outcome, _) = wake(Thread { conversation: None, ..Thread::default() }, &payload).await;
    assert_eq!(outcome, JobOutcome::Done);
    let (outcome, _) = wake(Thread::default(), "no payload").await;
    assert!(matches!(outcome, JobOutcome::Dead { .. }));
}

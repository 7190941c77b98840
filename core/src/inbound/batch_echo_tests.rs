//! What echoes and receipts of our own messages become, with mocks of every store: never a second message.

use std::time::Duration;

use hubchat_domain::{
    ActivityKind, AttemptRoute, ConversationId, DeliveryAttempt, DeliveryFailure, DeliveryStatus, Direction, EventType,
    InboundEvent, InboundEventKind, Message, MessageId, MessageRecord, Sender, Timestamp,
};
use hubchat_ports::{AttemptCount, EventOutcome};
use uuid::Uuid;

use super::batch_world::{Seen, World, echo, event, ignored, wrote};
use crate::{
    JobOutcome,
    test_ports::{conversation, now, queued_message},
};

fn message(number: u128, change: impl FnOnce(&mut MessageRecord)) -> Message {
    queued_message(|record| {
        record.id = Uuid::from_u128(number).into();
        change(record);
    })
}

/// A message that was sent under the provider's id `ours` so long ago.
fn sent(number: u128, status: DeliveryStatus, ago: Duration) -> Message {
    message(number, |record| {
        record.delivery_status = status;
        record.seq = i64::try_from(number).expect("small");
        record.external_message_id = Some(format!("ours{number}"));
        record.sent_at = Some(now().minus(ago));
    })
}

fn uncertain() -> Message {
    queued_message(|record| {
        record.delivery_status = DeliveryStatus::Uncertain;
        record.failure = Some(DeliveryFailure { code: "outcome_unknown".to_owned(), reason: "lost".to_owned() });
    })
}

/// A message whose bytes are on their way.
fn in_flight() -> Message {
    let attempt = DeliveryAttempt { started_at: now(), key_used_since: now(), route: AttemptRoute::Direct };
    queued_message(|record| record.attempt = Some(attempt))
}

fn own_id() -> MessageId {
    queued_message(|_| ()).record().id
}

fn receipt(external_id: &str, status: DeliveryStatus, message_id: Option<MessageId>) -> InboundEvent {
    let external_message_id = external_id.to_owned();
    event(InboundEventKind::Receipt { external_message_id, status, failure: None, message_id })
}

fn up_to(until: Timestamp, status: DeliveryStatus) -> InboundEvent {
    event(InboundEventKind::ReceiptUpTo { until, status })
}

fn changed(seen: &Seen) -> Vec<(MessageId, DeliveryStatus)> {
    let messages = seen.only_commit().messages.iter().map(Message::record);
    messages.map(|record| (record.id, record.delivery_status)).collect()
}

#[tokio::test]
async fn an_echo_without_our_id_becomes_an_outgoing_message_by_the_providers_app() {
    let seen = World::of_one_thread().hear(event(echo("e1", "from the app", None))).await;
    let written = seen.only_commit();
    let message = written.new_messages.first().expect("a message").record();
    assert_eq!((message.direction, message.sender.clone()), (Direction::Outbound, Sender::NativeApp));
    assert_eq!((message.delivery_status, message.sent_at), (DeliveryStatus::Sent, Some(now())));
    let thread = written.conversations.first().expect("changed").record();
    assert_eq!((thread.unread_count, thread.last_inbound_at), (0, None));
    assert_eq!(written.activities.first().map(|activity| activity.kind), Some(ActivityKind::MessageSent));
    assert_eq!(written.settled, [EventOutcome::Processed]);
}

#[tokio::test]
async fn the_echo_of_an_unknown_thread_waits_a_moment_for_the_private_reply_that_may_open_it() {
    let seen = World::default().hear(event(echo("e1", "hello", None))).await;
    assert!(matches!(seen.outcomes.first(), Some(JobOutcome::Retry { count: AttemptCount::NotCounted, .. })));
    assert!(seen.only_commit().is_empty() && seen.only_commit().settled.is_empty());
    let later = World { waited: Duration::from_secs(6), ..World::default() };
    let seen = later.hear(event(echo("e1", "hello", None))).await;
    assert_eq!(seen.only_commit().new_conversations.len(), 1);
}

#[tokio::test]
async fn an_echo_with_our_id_settles_a_send_of_unknown_outcome_and_never_doubles_it() {
    let seen = World::of_message(uncertain()).hear(event(echo("e1", "hello", Some(own_id())))).await;
    let written = seen.only_commit();
    let message = written.messages.first().expect("settled").record();
    assert_eq!((message.id, message.delivery_status), (own_id(), DeliveryStatus::Sent));
    assert_eq!((message.external_message_id.as_deref(), message.failure.clone()), (Some("e1"), None));
    assert!(written.new_messages.is_empty());
    assert_eq!(written.event_types(), [EventType::MessageUpdated]);
}

#[tokio::test]
async fn an_echo_that_settles_a_send_counts_as_processed() {
    let seen = World::of_message(uncertain()).hear(event(echo("e1", "hello", Some(own_id())))).await;
    assert_eq!(seen.only_commit().settled, [EventOutcome::Processed]);
}

#[tokio::test]
async fn an_echo_without_our_id_settles_a_lost_send_that_says_the_same() {
    let seen = World::of_message(uncertain()).hear(event(echo("e1", "hello", None))).await;
    assert_eq!(changed(&seen), [(own_id(), DeliveryStatus::Sent)]);
    assert!(seen.only_commit().new_messages.is_empty());
}

#[tokio::test]
async fn an_echo_that_says_something_else_settles_nothing() {
    let seen = World::of_message(uncertain()).hear(event(echo("e1", "another", None))).await;
    assert!(seen.only_commit().messages.is_empty());
    assert_eq!(seen.only_commit().new_messages.len(), 1);
}

#[tokio::test]
async fn of_two_lost_sends_that_say_the_same_each_echo_settles_one() {
    let lost = |number| message(number, |record| record.delivery_status = DeliveryStatus::Uncertain);
    let world = World { messages: vec![lost(1), lost(2)], ..World::of_one_thread() };
    let seen = world.hear_all(vec![event(echo("e1", "hello", None)), event(echo("e2", "hello", None))]).await;
    let mut told: Vec<_> =
        seen.only_commit().messages.iter().map(|message| message.record().external_message_id.clone()).collect();
    told.sort();
    assert_eq!(told, [Some("e1".to_owned()), Some("e2".to_owned())]);
    assert!(seen.only_commit().new_messages.is_empty());
}

#[tokio::test]
async fn the_echo_of_a_message_that_is_known_as_sent_writes_nothing() {
    let known = sent(1, DeliveryStatus::Sent, Duration::ZERO);
    let seen = World::of_message(known).hear(event(echo("ours1", "hello", None))).await;
    assert!(seen.only_commit().is_empty());
    assert_eq!(seen.only_commit().settled, [ignored("duplicate")]);
}

#[tokio::test]
async fn an_echo_with_the_id_of_a_customers_message_does_not_change_it() {
    let theirs = queued_message(|record| {
        record.direction = Direction::Inbound;
        record.delivery_status = DeliveryStatus::Delivered;
        record.external_message_id = Some("m1".to_owned());
    });
    let seen = World::of_message(theirs).hear(event(echo("e1", "hello", Some(own_id())))).await;
    assert!(seen.only_commit().messages.is_empty());
    assert_eq!(seen.only_commit().new_messages.len(), 1);
}

#[tokio::test]
async fn while_bytes_are_on_their_way_echo_and_receipt_are_put_back_and_settle_nothing() {
    let told = [
        event(echo("e1", "hello", Some(own_id()))),
        event(echo("e1", "hello", None)),
        receipt("e1", DeliveryStatus::Delivered, Some(own_id())),
        receipt("e1", DeliveryStatus::Delivered, None),
    ];
    for told in told {
        let seen = World::of_message(in_flight()).hear(told.clone()).await;
        let Some(JobOutcome::Retry { count, .. }) = seen.outcomes.first() else { panic!("{told:?}") };
        assert_eq!(*count, AttemptCount::NotCounted);
        assert!(seen.only_commit().is_empty() && seen.only_commit().settled.is_empty(), "{told:?}");
    }
}

#[tokio::test]
async fn the_customers_words_do_not_wait_for_a_send() {
    let seen = World::of_message(in_flight()).hear(event(wrote("m1", "hello"))).await;
    assert_eq!(seen.outcomes, [JobOutcome::Done]);
}

#[tokio::test]
async fn after_two_minutes_an_echo_waits_no_longer_for_bytes_on_their_way() {
    let waited = Duration::from_secs(121);
    let world = World { waited, ..World::of_message(in_flight()) };
    let seen = world.hear(event(echo("e1", "hello", Some(own_id())))).await;
    assert_eq!(seen.outcomes, [JobOutcome::Done]);
    assert_eq!(changed(&seen), [(own_id(), DeliveryStatus::Sent)]);
    let world = World { waited, ..World::of_message(in_flight()) };
    let seen = world.hear(receipt("e1", DeliveryStatus::Delivered, None)).await;
    assert_eq!(seen.only_commit().settled, [ignored("unknown_message")]);
}

#[tokio::test]
async fn a_receipt_moves_a_message_forward_and_a_late_one_not_back() {
    for (known, told, expected) in [
        (DeliveryStatus::Sent, DeliveryStatus::Delivered, Some(DeliveryStatus::Delivered)),
        (DeliveryStatus::Sent, DeliveryStatus::Read, Some(DeliveryStatus::Read)),
        (DeliveryStatus::Read, DeliveryStatus::Delivered, None),
    ] {
        let world = World::of_message(sent(1, known, Duration::ZERO));
        let seen = world.hear(receipt("ours1", told, None)).await;
        let statuses: Vec<_> = changed(&seen).into_iter().map(|(_, status)| status).collect();
        assert_eq!(statuses, Vec::from_iter(expected), "{known} {told}");
    }
}

#[tokio::test]
async fn a_receipt_of_a_message_that_nobody_knows_changes_nothing() {
    let seen = World::of_one_thread().hear(receipt("e1", DeliveryStatus::Read, None)).await;
    assert!(seen.only_commit().is_empty());
    assert_eq!(seen.only_commit().settled, [ignored("unknown_message")]);
}

fn failed(external_message_id: &str) -> (DeliveryFailure, InboundEvent) {
    let failure = DeliveryFailure { code: "131026".to_owned(), reason: "not on WhatsApp".to_owned() };
    let kind = InboundEventKind::Receipt {
        external_message_id: external_message_id.to_owned(),
        status: DeliveryStatus::Failed,
        failure: Some(failure.clone()),
        message_id: None,
    };
    (failure, event(kind))
}

#[tokio::test]
async fn a_failed_receipt_keeps_its_reason() {
    let (failure, told) = failed("ours1");
    let seen = World::of_message(sent(1, DeliveryStatus::Sent, Duration::ZERO)).hear(told).await;
    let message = seen.only_commit().messages.first().expect("changed").record();
    assert_eq!((message.delivery_status, message.failure.clone()), (DeliveryStatus::Failed, Some(failure)));
    assert_eq!(seen.only_commit().settled, [EventOutcome::Processed]);
}

#[tokio::test]
async fn who_was_answered_by_what_then_failed_waits_again() {
    let wrote = now().minus(Duration::from_mins(5));
    for (later, waits) in [(None, true), (Some(DeliveryStatus::Sent), false), (Some(DeliveryStatus::Failed), true)] {
        let answered = conversation(|record| (record.last_inbound_at, record.waiting_since) = (Some(wrote), None));
        let messages = [Some(DeliveryStatus::Sent), later].into_iter().flatten().zip(1..);
        let messages = messages.map(|(status, number)| sent(number, status, Duration::ZERO)).collect();
        let world = World { conversations: vec![answered], messages, ..World::of_one_thread() };
        let seen = world.hear(failed("ours1").1).await;
        let thread = seen.only_commit().conversations.first().expect("changed").record();
        assert_eq!(thread.waiting_since, waits.then_some(wrote), "{later:?}");
        let told = seen.only_commit().event_types().contains(&EventType::ConversationUpdated);
        assert_eq!(told, waits, "{later:?}");
    }
}

#[tokio::test]
async fn a_receipt_up_to_a_moment_moves_what_was_sent_until_then() {
    let minute = Duration::from_mins(1);
    let before = now().minus(minute);
    let world = World {
        messages: vec![
            sent(1, DeliveryStatus::Sent, minute * 2),
            sent(2, DeliveryStatus::Delivered, minute * 2),
            sent(3, DeliveryStatus::Sent, Duration::ZERO),
        ],
        ..World::of_one_thread()
    };
    let seen = world.hear(up_to(before, DeliveryStatus::Read)).await;
    let read = |number| (Uuid::from_u128(number).into(), DeliveryStatus::Read);
    assert_eq!(changed(&seen), [read(1), read(2)]);
    assert_eq!(seen.only_commit().event_types(), [EventType::MessageUpdated, EventType::MessageUpdated]);
    assert_eq!(seen.only_commit().settled, [EventOutcome::Processed]);
}

#[tokio::test]
async fn a_receipt_up_to_a_moment_allows_for_clocks_that_differ() {
    let world = World::of_message(sent(1, DeliveryStatus::Sent, Duration::ZERO));
    let seen = world.hear(up_to(now().minus(Duration::from_secs(2)), DeliveryStatus::Delivered)).await;
    assert_eq!(changed(&seen).len(), 1);
}

#[tokio::test]
async fn a_receipt_up_to_a_moment_proves_nothing_of_what_failed_or_may_be_lost() {
    for status in [DeliveryStatus::Failed, DeliveryStatus::Uncertain, DeliveryStatus::Queued] {
        let world = World::of_message(sent(1, status, Duration::from_mins(1)));
        let seen = world.hear(up_to(now(), DeliveryStatus::Read)).await;
        assert!(seen.only_commit().is_empty(), "{status}");
        assert_eq!(seen.only_commit().settled, [ignored("duplicate")], "{status}");
    }
}

#[tokio::test]
async fn a_receipt_up_to_a_moment_leaves_other_threads_and_the_customers_words_alone() {
    let elsewhere = message(1, |record| {
        *record = sent(1, DeliveryStatus::Sent, Duration::ZERO).record().clone();
        record.conversation_id = ConversationId::from_uuid(Uuid::from_u128(0xf1));
    });
    let theirs = message(2, |record| {
        *record = sent(2, DeliveryStatus::Delivered, Duration::ZERO).record().clone();
        record.direction = Direction::Inbound;
    });
    let world = World { messages: vec![elsewhere, theirs], ..World::of_one_thread() };
    // The first event brings the other thread's message within reach.
    let events = vec![receipt("ours1", DeliveryStatus::Sent, None), up_to(now(), DeliveryStatus::Read)];
    let seen = world.hear_all(events).await;
    assert!(seen.only_commit().is_empty());
}

//! Sending again what did not arrive, with mocks.

use hubchat_domain::{
    AuditAction, DeliveryFailure, DeliveryStatus, Direction, EventType, MessageRecord, Scope, Visibility,
};
use hubchat_ports::{Lane, MessageRow};

use super::{DELIVER_JOB, RetryMessage, RetryMessageError};
use crate::{
    ErrorCode,
    conversations::thread_world::{Thread, Written, colleague, take},
    test_ports::{actor, conversation, now, queued_message},
};

fn message(change: impl FnOnce(&mut MessageRecord)) -> Thread {
    let waiting = conversation(|record| record.waiting_since = Some(now()));
    Thread { message: Some(queued_message(change)), conversation: Some(waiting), ..Thread::default() }
}

fn in_status(status: DeliveryStatus) -> Thread {
    message(|record| {
        record.delivery_status = status;
        record.failure = Some(DeliveryFailure { code: "rejected".to_owned(), reason: "no".to_owned() });
    })
}

async fn retry(thread: Thread, confirmed: bool) -> (Result<MessageRow, RetryMessageError>, Written) {
    let (ports, log) = thread.ports();
    let id = queued_message(|_| ()).record().id;
    let result = RetryMessage::new(ports).run(&colleague(1, Visibility::All), id, confirmed).await;
    (result, take(&log))
}

#[tokio::test]
async fn a_failed_message_is_queued_again_under_its_own_id() {
    let (result, written) = retry(in_status(DeliveryStatus::Failed), false).await;
    let row = result.expect("queued").message;
    assert_eq!(
        (row.delivery_status, row.failure, row.id),
        (DeliveryStatus::Queued, None, queued_message(|_| ()).record().id)
    );
    let [job] = written.jobs.as_slice() else { panic!("one job") };
    assert_eq!(
        (job.lane, job.kind.as_str(), job.order_key.as_str()),
        (Lane::Outbound, DELIVER_JOB, row.conversation_id.to_string().as_str())
    );
    assert_eq!(written.conversations.first().expect("answered").record().waiting_since, None);
    assert_eq!(written.events.first().expect("told").event_type, EventType::MessageUpdated);
    assert_eq!(written.audit.first().expect("noted").action, AuditAction::MessageRetried);
    assert_eq!(written.commits, 1);
}

#[tokio::test]
async fn an_uncertain_message_is_queued_again_only_when_somebody_looked() {
    let (result, written) = retry(in_status(DeliveryStatus::Uncertain), false).await;
    assert_eq!((result.expect_err("refused").code(), written.commits), ("retry_needs_confirmation", 0));
    let (result, written) = retry(in_status(DeliveryStatus::Uncertain), true).await;
    assert_eq!((result.expect("queued").message.delivery_status, written.jobs.len()), (DeliveryStatus::Queued, 1));
}

#[tokio::test]
async fn what_is_on_its_way_or_arrived_is_not_sent_again() {
    let others = [DeliveryStatus::Queued, DeliveryStatus::Sent, DeliveryStatus::Delivered, DeliveryStatus::Read];
    let mut threads: Vec<Thread> = others.into_iter().map(in_status).collect();
    for direction in [Direction::Inbound, Direction::Internal] {
        threads.push(message(|record| {
            (record.direction, record.delivery_status) = (direction, DeliveryStatus::Failed);
        }));
    }
    threads.push(message(|record| {
        (record.unsent_at, record.delivery_status) = (Some(now()), DeliveryStatus::Failed);
    }));
    for thread in threads {
        let (result, written) = retry(thread, true).await;
        assert_eq!((result.expect_err("refused").code(), written.commits), ("message_not_retryable", 0));
    }
}

#[tokio::test]
async fn a_message_that_is_not_there_is_not_sent_and_a_reader_sends_none() {
    let (result, _) = retry(Thread::default(), false).await;
    assert_eq!(result.expect_err("unknown").code(), "message_not_found");
    let (ports, log) = in_status(DeliveryStatus::Failed).ports();
    let id = queued_message(|_| ()).record().id;
    let refused = RetryMessage::new(ports).run(&actor(&[Scope::InboxWrite]), id, false).await;
    assert_eq!((refused.expect_err("refused").code(), take(&log).commits), ("forbidden", 0));
}

//! What becomes of a reservation of received events, with mocks: a bad one costs its siblings nothing.

use std::sync::{Arc, Mutex};

use hubchat_domain::{ChannelType, InboundEvent, InboundEventKind, WebhookEventId};
use hubchat_ports::{
    AttemptCount, EventOutcome, JobId, JobLease, Lane, MockUnitOfWork, MockWebhookEventStore, PendingEvent,
    ReservedJob, StorageError, WebhookEventStore,
};
use uuid::Uuid;

use super::{PROCESS_EVENT_JOB, ProcessInbound};
use crate::{
    JobOutcome, RetryPolicy,
    test_ports::{TestPorts, account_id, line_adapter, now, tenant},
};

fn event_id(number: u8) -> WebhookEventId {
    Uuid::from_u128(u128::from(number)).into()
}

fn job(number: u8, order_key: &str) -> ReservedJob {
    ReservedJob {
        lease: JobLease { job_id: JobId(i64::from(number)), token: 1 },
        lane: Lane::Inbound,
        tenant_id: tenant(),
        order_key: order_key.to_owned(),
        kind: PROCESS_EVENT_JOB.to_owned(),
        payload: serde_json::json!({"webhookEventId": event_id(number)}).to_string(),
        attempt: 1,
        enqueued_at: now(),
    }
}

type Fails = fn(begun: usize, events: &[(WebhookEventId, EventOutcome)]) -> Option<StorageError>;

/// Runs jobs whose events hold their number; 66 panics the adapter, last, for it poisons its mock. Answers the outcomes and
/// what was settled and committed.
async fn run(jobs: &[ReservedJob], fails: Fails) -> (Vec<JobOutcome>, Vec<(WebhookEventId, EventOutcome)>) {
    let settled = Arc::new(Mutex::new((0, Vec::new())));
    let mut ports = TestPorts::default();
    let mut adapter = line_adapter(None);
    adapter.expect_parse().returning(|raw| {
        assert_ne!(raw, [66], "a defect of the adapter");
        let kind = InboundEventKind::Unsupported { event_type: "beacon".to_owned(), detail: None };
        let (thread, sender_external_id, occurred_at, reply_token) = (None, None, None, None);
        Ok(vec![InboundEvent { thread, sender_external_id, occurred_at, reply_token, ..InboundEvent::of(kind) }])
    });
    ports.adapter = Some(adapter);
    let told = Arc::clone(&settled);
    ports.repository.expect_begin().returning(move |_| {
        told.lock().expect("not poisoned").0 += 1;
        let mut events = MockWebhookEventStore::new();
        events.expect_find_pending().returning(|ids| {
            let pending = |id: &WebhookEventId| PendingEvent {
                id: *id,
                account_id: account_id(),
                channel_type: ChannelType::Line,
                event_key: id.to_string(),
                raw: vec![id.as_uuid().as_bytes()[15]].into(),
                received_at: now(),
            };
            Ok(ids.iter().map(pending).collect())
        });
        let told = Arc::clone(&told);
        events.expect_settle().returning(move |outcomes, _| {
            let mut told = told.lock().expect("not poisoned");
            if let Some(error) = fails(told.0, outcomes) {
                return Err(error);
            }
            told.1.extend_from_slice(outcomes);
            Ok(())
        });
        let mut session = MockUnitOfWork::new();
        session.expect_webhook_events().return_const(Box::new(events) as Box<dyn WebhookEventStore>);
        session.expect_commit().returning(|| Ok(()));
        Ok(Box::new(session))
    });
    let outcomes = ProcessInbound::new(ports.build(), RetryPolicy::default()).run(jobs).await;
    let settled = std::mem::take(&mut settled.lock().expect("not poisoned").1);
    (outcomes.into_iter().map(|(_, outcome)| outcome).collect(), settled)
}

#[tokio::test]
async fn an_unsupported_event_is_ignored_with_its_kind() {
    let (outcomes, settled) = run(&[job(1, "a")], |_, _| None).await;
    assert_eq!(outcomes, [JobOutcome::Done]);
    assert_eq!(settled, [(event_id(1), EventOutcome::Ignored { reason: "unsupported:beacon".to_owned() })]);
}

#[tokio::test]
async fn an_adapter_that_panics_costs_its_event_only() {
    let (outcomes, settled) = run(&[job(1, "a"), job(66, "b")], |_, _| None).await;
    assert_eq!(outcomes, [JobOutcome::Done, JobOutcome::dead("the channel adapter panicked")]);
    assert!(matches!(settled.last(), Some((_, EventOutcome::Dead { .. }))));
}

#[tokio::test]
async fn an_unreadable_payload_is_dead() {
    let unreadable = ReservedJob { payload: "{".to_owned(), ..job(1, "a") };
    assert_eq!(run(&[unreadable], |_, _| None).await.0, [JobOutcome::dead("the payload cannot be read")]);
}

#[tokio::test]
async fn while_storage_is_away_all_go_back_uncounted() {
    let (outcomes, _) = run(&[job(1, "a"), job(2, "b")], |_, _| Some(StorageError::Unavailable("away".into()))).await;
    assert_eq!(outcomes.len(), 2);
    assert!(outcomes.iter().all(|o| matches!(o, JobOutcome::Retry { count: AttemptCount::NotCounted, .. })));
}

#[tokio::test]
async fn a_stale_session_is_done_anew() {
    let (outcomes, settled) = run(&[job(1, "a")], |begun, _| (begun == 1).then_some(StorageError::Stale)).await;
    assert_eq!((outcomes, settled.len()), (vec![JobOutcome::Done], 1));
}

#[tokio::test]
async fn a_thread_that_stays_busy_is_no_fault_of_the_event() {
    let (outcomes, settled) = run(&[job(1, "a")], |_, _| Some(StorageError::Stale)).await;
    let uncounted = matches!(outcomes.first(), Some(JobOutcome::Retry { count: AttemptCount::NotCounted, .. }));
    assert!(uncounted && settled.is_empty(), "{outcomes:?}");
}

#[tokio::test]
async fn a_poisonous_event_goes_back_with_its_successors_and_siblings_go_on() {
    let poison: Fails = |_, outcomes| {
        let poisonous = outcomes.iter().any(|(id, _)| *id == event_id(1));
        poisonous.then_some(StorageError::Corrupt { what: "lead" })
    };
    let (outcomes, settled) = run(&[job(1, "a"), job(2, "a"), job(3, "b")], poison).await;
    assert!(matches!(outcomes.first(), Some(JobOutcome::Retry { count: AttemptCount::Counted, .. })), "{outcomes:?}");
    assert_eq!(outcomes.get(1..), Some(&[JobOutcome::Release, JobOutcome::Done][..]));
    assert_eq!(settled.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [event_id(3)]);
}

//! The intake beyond the port's suite: repeats at once, shared commits, bad neighbours.

use std::time::Duration;

use crate::rig::{Rig, on_postgres, on_sqlite, tenant};
use hubchat_domain::{ChannelAccountId, ChannelType, Timestamp, WebhookEventId};
use hubchat_ports::{IntakeReceipt, JobQueue, Lane, ReceivedEvent, ReserveRequest, StorageError, WebhookIntake};
use uuid::Uuid;

fn event(id: u128, event_key: &str) -> ReceivedEvent {
    ReceivedEvent {
        id: WebhookEventId::from_uuid(Uuid::from_u128(id)),
        tenant_id: tenant(),
        account_id: ChannelAccountId::from_uuid(Uuid::from_u128(9)),
        channel_type: ChannelType::Line,
        event_key: event_key.to_owned(),
        order_key: "conversation".to_owned(),
        raw: br#"{"type":"message"}"#.as_slice().into(),
        received_at: Timestamp::from_micros(1_700_000_000_000_000),
    }
}

/// Calls them all at once; answers in order.
async fn together(rig: &Rig, calls: Vec<Vec<ReceivedEvent>>) -> Vec<Result<IntakeReceipt, StorageError>> {
    let calls: Vec<_> = calls
        .into_iter()
        .map(|events| {
            let intake = rig.intake.clone();
            tokio::spawn(async move { intake.record(events).await })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    answers
}

async fn rows(rig: &Rig) -> (i64, i64, i64) {
    (
        rig.scalar("SELECT count(*) FROM webhook_events").await,
        rig.scalar("SELECT count(*) FROM jobs").await,
        rig.intake.ledger().await.unwrap().received,
    )
}

async fn the_same_webhook_many_times_at_once_is_stored_once(rig: Rig) {
    for round in 0..10 {
        let calls = (0..16).map(|n| vec![event(round * 100 + n + 1, &format!("round {round}"))]).collect();
        let stored: usize = together(&rig, calls).await.into_iter().map(|answer| answer.unwrap().stored).sum();
        assert_eq!(stored, 1);
    }
    assert_eq!(rows(&rig).await, (10, 10, 10));
}

async fn an_event_repeated_within_a_call_is_stored_once(rig: Rig) {
    let receipt = rig.intake.record(vec![event(1, "a"), event(2, "a"), event(1, "a"), event(3, "b")]).await.unwrap();
    assert_eq!(receipt, IntakeReceipt { stored: 2, duplicates: 2 });
    assert_eq!(rig.intake.record(vec![]).await.unwrap(), IntakeReceipt::default());
    assert_eq!(rows(&rig).await, (2, 2, 2));
}

async fn callers_at_once_share_commits(rig: Rig) {
    let calls = (1..=64).map(|n| vec![event(n, &format!("key {n}"))]).collect();
    for answer in together(&rig, calls).await {
        assert_eq!(answer.unwrap(), IntakeReceipt { stored: 1, duplicates: 0 });
    }
    assert_eq!(rows(&rig).await, (64, 64, 64));
    // Each transaction writes one row of the ledger.
    let commits = rig.scalar("SELECT count(*) FROM inbound_ledger").await;
    assert!(commits <= 32, "{commits} commits for 64 callers");
}

async fn one_bad_event_fails_its_own_call_only(rig: Rig) {
    rig.intake.record(vec![event(1, "first")]).await.unwrap();
    // The id is taken by another event.
    let mut calls: Vec<_> = (2..=40).map(|n| vec![event(n, &format!("key {n}"))]).collect();
    calls.insert(20, vec![event(100, "its neighbour"), event(1, "bad")]);
    for (place, answer) in together(&rig, calls).await.into_iter().enumerate() {
        assert_eq!(answer.is_ok(), place != 20, "call {place}");
    }
    assert_eq!(rows(&rig).await, (40, 40, 40));
}

async fn a_caller_that_goes_away_disturbs_nobody(rig: Rig) {
    let mut calls = Vec::new();
    for n in 1..=40 {
        let intake = rig.intake.clone();
        let call = tokio::spawn(async move { intake.record(vec![event(n, &format!("key {n}"))]).await });
        if n % 2 == 0 {
            tokio::task::yield_now().await;
            call.abort();
        } else {
            calls.push(call);
        }
    }
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().stored, 1);
    }
    assert!(rig.scalar("SELECT count(*) FROM webhook_events").await >= 20);
    // In one statement, since the events of those that went away may still be coming.
    let apart = "SELECT abs(e.n - j.n) + abs(e.n - l.n) FROM (SELECT count(*) AS n FROM webhook_events) e, \
        (SELECT count(*) AS n FROM jobs) j, (SELECT CAST(sum(received) AS bigint) AS n FROM inbound_ledger) l";
    assert_eq!(rig.scalar(apart).await, 0);
}

async fn jobs_come_in_the_order_of_arrival(rig: Rig) {
    // Keys that sort against the order of arrival.
    let events: Vec<_> = (1..=100).map(|n| event(n, &format!("{:04}", 1000 - n))).collect();
    let ids: Vec<_> = events.iter().map(|event| format!("{{\"webhookEventId\":\"{}\"}}", event.id)).collect();
    rig.intake.record(events).await.unwrap();
    let request =
        ReserveRequest { lane: Lane::Inbound, max_jobs: 200, max_per_key: 200, lease: Duration::from_mins(1) };
    let jobs = rig.queue.reserve(request).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.payload.clone()).collect::<Vec<_>>(), ids);
    assert!(jobs.iter().all(|job| job.kind == "inbound.process.v1" && job.tenant_id == tenant()));
}

async fn folding_the_ledger_loses_no_count(rig: Rig) {
    for n in 1..=1_100 {
        rig.intake.record(vec![event(n, &format!("key {n}"))]).await.unwrap();
    }
    assert_eq!(rig.intake.ledger().await.unwrap().received, 1_100);
    tokio::time::timeout(Duration::from_mins(1), async {
        while rig.scalar("SELECT count(*) FROM inbound_ledger").await > 1_000 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    assert_eq!(rig.intake.ledger().await.unwrap().received, 1_100);
}

async fn the_intake_survives_the_loss_of_its_connections_to_postgresql(rig: Rig) {
    for n in 1..=3 {
        rig.intake.record(vec![event(n, &format!("key {n}"))]).await.unwrap();
        let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        assert!(rig.scalar(ended).await > 0);
    }
    let receipt = rig.intake.record(vec![event(4, "key 4")]).await.unwrap();
    assert_eq!(receipt.stored, 1);
}

on_sqlite! {
    the_same_webhook_many_times_at_once_is_stored_once,
    an_event_repeated_within_a_call_is_stored_once,
    callers_at_once_share_commits,
    one_bad_event_fails_its_own_call_only,
    a_caller_that_goes_away_disturbs_nobody,
    jobs_come_in_the_order_of_arrival,
    folding_the_ledger_loses_no_count,
}

on_postgres! {
    the_same_webhook_many_times_at_once_is_stored_once,
    an_event_repeated_within_a_call_is_stored_once,
    callers_at_once_share_commits,
    one_bad_event_fails_its_own_call_only,
    a_caller_that_goes_away_disturbs_nobody,
    jobs_come_in_the_order_of_arrival,
    folding_the_ledger_loses_no_count,
    the_intake_survives_the_loss_of_its_connections_to_postgresql,
}

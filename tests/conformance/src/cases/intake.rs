//! The way in: each event once, with its job, in order.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, join_all, ready};
use hubchat_domain::{ChannelType, WebhookEventId};
use hubchat_ports::{InboundLedger, IntakeReceipt, Lane, ReceivedEvent, ReserveRequest, ReservedJob, UnroutedEvent};
use serde_json::json;

use crate::StorageHarness;
use crate::jobs::{complete, reserve, up_to};
use crate::specimens::{moments, short_texts, texts};
use crate::world::{Shop, World, at, whole};

const INBOUND: ReserveRequest = ReserveRequest { lane: Lane::Inbound, ..up_to(1_000, 1_000) };

fn event(world: &World<'_>, shop: &Shop, key: &str) -> ReceivedEvent {
    ReceivedEvent {
        id: world.id(),
        tenant_id: shop.tenant.id,
        account_id: shop.account.record().id,
        channel_type: ChannelType::Line,
        event_key: key.to_owned(),
        order_key: "thread".to_owned(),
        raw: Bytes::from_static(b"{}"),
        received_at: at(1),
    }
}

async fn record(harness: &dyn StorageHarness, events: Vec<ReceivedEvent>) -> (usize, usize) {
    let IntakeReceipt { stored, duplicates } = harness.intake().record(events).await.unwrap();
    (stored, duplicates)
}

/// The events that jobs are for, in the order of the jobs' numbers.
fn events_of(jobs: &[ReservedJob]) -> Vec<WebhookEventId> {
    let mut jobs: Vec<&ReservedJob> = jobs.iter().collect();
    jobs.sort_by_key(|job| job.lease.job_id);
    jobs.iter()
        .map(|job| {
            let payload: serde_json::Value = serde_json::from_str(&job.payload).unwrap();
            let id = payload["webhookEventId"].as_str().unwrap().parse().unwrap();
            assert_eq!(payload, json!({ "webhookEventId": WebhookEventId::to_string(&id) }));
            id
        })
        .collect()
}

async fn received(harness: &dyn StorageHarness) -> i64 {
    let ledger = harness.intake().ledger().await.unwrap();
    assert_eq!(ledger, InboundLedger { received: ledger.received, ..InboundLedger::default() });
    ledger.received
}

pub async fn recorded_events_wait_with_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let mut events = Vec::new();
    for (number, text) in texts().into_iter().enumerate() {
        let raw = if number == 0 { Bytes::from((0..=255).collect::<Vec<u8>>()) } else { Bytes::from(text) };
        events.push(ReceivedEvent {
            channel_type: ChannelType::ALL[number % ChannelType::ALL.len()],
            event_key: short_texts().get(number).cloned().unwrap_or_else(|| format!("key {number}")),
            raw,
            received_at: moments()[number % moments().len()],
            ..event(&world, &shop, "")
        });
    }
    assert_eq!(record(harness, events.clone()).await, (events.len(), 0));
    let ids: Vec<WebhookEventId> = events.iter().map(|event| event.id).collect();
    let session = world.begin(shop.tenant.id).await;
    let pending = session.webhook_events().find_pending(&ids).await.unwrap();
    assert_eq!(pending.len(), events.len());
    for event in &events {
        let kept = pending.iter().find(|other| other.id == event.id).unwrap();
        assert_eq!((kept.account_id, kept.channel_type), (event.account_id, event.channel_type));
        assert_eq!((&kept.event_key, &kept.raw), (&event.event_key, &event.raw));
        assert_eq!(kept.received_at, event.received_at);
    }
}

pub async fn every_event_has_its_job_in_the_order_of_the_events(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let first: Vec<ReceivedEvent> = ["c", "a", "b"].map(|key| event(&world, &shop, key)).to_vec();
    let mut second: Vec<ReceivedEvent> = ["z", "y"].map(|key| event(&world, &shop, key)).to_vec();
    "ห้อง 🍎".clone_into(&mut second[0].order_key);
    let all: Vec<ReceivedEvent> = first.iter().chain(&second).cloned().collect();
    assert_eq!(record(harness, first).await, (3, 0));
    assert_eq!(record(harness, second).await, (2, 0));
    let jobs = reserve(harness, INBOUND).await;
    assert_eq!(events_of(&jobs), all.iter().map(|event| event.id).collect::<Vec<_>>());
    for job in &jobs {
        let id = events_of(std::slice::from_ref(job))[0];
        let of = all.iter().find(|event| event.id == id).unwrap();
        assert_eq!((job.lane, job.tenant_id, job.attempt), (Lane::Inbound, shop.tenant.id, 1));
        assert_eq!((job.kind.as_str(), &job.order_key), ("inbound.process.v1", &of.order_key));
    }
    for lane in [Lane::Outbound, Lane::Background] {
        assert!(reserve(harness, ReserveRequest { lane, ..INBOUND }).await.is_empty());
    }
}

pub async fn an_event_that_came_before_is_left_out_with_its_job(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let other = Shop { tenant: shop.tenant.clone(), account: world.account(shop.tenant.id).await };
    let keys = |keys: &[&str]| keys.iter().map(|key| event(&world, &shop, key)).collect::<Vec<_>>();
    assert_eq!(record(harness, keys(&["a", "b", "a", "a"])).await, (2, 2), "within one call");
    assert_eq!(record(harness, keys(&["b", "c", "a"])).await, (1, 2), "across calls");
    assert_eq!(record(harness, keys(&["a"])).await, (0, 1));
    assert_eq!(record(harness, keys(&["A", "a "])).await, (2, 0), "other texts are other keys");
    assert_eq!(record(harness, vec![event(&world, &other, "a")]).await, (1, 0), "another account");
    assert_eq!(record(harness, Vec::new()).await, (0, 0));
    assert_eq!(received(harness).await, 6);
    let jobs = reserve(harness, INBOUND).await;
    assert_eq!(jobs.len(), 6);
    complete(harness, &jobs).await;
    assert_eq!(record(harness, keys(&["a", "b"])).await, (0, 2), "after its job is done");
}

pub async fn the_first_of_two_equal_events_is_the_one_that_is_kept(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let first = ReceivedEvent { raw: Bytes::from_static(b"{\"n\":1}"), ..event(&world, &shop, "a") };
    let second = ReceivedEvent { raw: Bytes::from_static(b"{\"n\":2}"), ..event(&world, &shop, "a") };
    assert_eq!(record(harness, vec![first.clone(), second.clone()]).await, (1, 1));
    let session = world.begin(shop.tenant.id).await;
    let pending = session.webhook_events().find_pending(&[first.id, second.id]).await.unwrap();
    assert_eq!((pending.len(), pending[0].id, &pending[0].raw), (1, first.id, &first.raw));
    drop(session);
    assert_eq!(events_of(&reserve(harness, INBOUND).await), [first.id]);
}

pub async fn two_equal_webhooks_at_the_same_time_are_stored_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    for round in 0..20 {
        let keys: Vec<String> = (0..3).map(|n| format!("{round}-{n}")).collect();
        let webhook = || keys.iter().map(|key| event(&world, &shop, key)).collect::<Vec<_>>();
        // The second is the same webhook with its events turned round: neither order may deadlock.
        let mut turned = webhook();
        turned.reverse();
        let (one, two) = futures_util::future::join(record(harness, webhook()), record(harness, turned)).await;
        assert_eq!((one.0 + two.0, one.1 + two.1), (3, 3), "round {round}");
    }
    assert_eq!(received(harness).await, 60);
    assert_eq!(reserve(harness, INBOUND).await.len(), 60);
}

pub async fn sixty_four_callers_at_the_same_time_are_each_answered(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.shop("one").await, world.shop("two").await);
    let calls: Vec<Vec<ReceivedEvent>> = (0..64)
        .map(|caller| {
            let shop = if caller % 2 == 0 { &one } else { &two };
            // Two of its own, and one that 32 callers have in common.
            ["x".to_owned(), format!("{caller}-0"), format!("{caller}-1")]
                .iter()
                .map(|key| ReceivedEvent { order_key: format!("t{}", caller % 8), ..event(&world, shop, key) })
                .collect()
        })
        .collect();
    let receipts = join_all(calls.iter().cloned().map(|events| record(harness, events))).await;
    assert!(receipts.iter().all(|(stored, duplicates)| stored + duplicates == 3 && *stored >= 2));
    assert_eq!(receipts.iter().map(|(stored, _)| stored).sum::<usize>(), 64 * 2 + 2);
    assert_eq!(received(harness).await, 64 * 2 + 2);

    let jobs = reserve(harness, INBOUND).await;
    let events: BTreeSet<WebhookEventId> = events_of(&jobs).into_iter().collect();
    assert_eq!((jobs.len(), events.len()), (64 * 2 + 2, 64 * 2 + 2));
    for call in &calls {
        assert!(call[1..].iter().all(|event| events.contains(&event.id)), "an event of its own has no job");
    }
    for (shop, remainder) in [(&one, 0), (&two, 1)] {
        let mine: Vec<WebhookEventId> =
            calls.iter().skip(remainder).step_by(2).flatten().map(|event| event.id).collect();
        let session = world.begin(shop.tenant.id).await;
        assert_eq!(session.webhook_events().find_pending(&mine).await.unwrap().len(), 65);
        assert!(jobs.iter().filter(|job| job.tenant_id == shop.tenant.id).count() == 65);
    }
}

pub async fn events_of_several_tenants_fit_in_one_call(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.shop("one").await, world.shop("two").await);
    let events: Vec<ReceivedEvent> =
        (0..500).map(|n| event(&world, if n % 2 == 0 { &one } else { &two }, &format!("e{n}"))).collect();
    assert_eq!(record(harness, events.clone()).await, (500, 0));
    let ids: Vec<WebhookEventId> = events.iter().map(|event| event.id).collect();
    for shop in [&one, &two] {
        let session = world.begin(shop.tenant.id).await;
        let pending = session.webhook_events().find_pending(&ids).await.unwrap();
        assert_eq!(pending.len(), 250);
        assert!(pending.iter().all(|event| event.account_id == shop.account.record().id));
    }
    let jobs = reserve(harness, INBOUND).await;
    assert_eq!(events_of(&jobs), ids);
    assert!(jobs.iter().zip(&events).all(|(job, event)| job.tenant_id == event.tenant_id));
}

pub async fn a_caller_that_goes_away_does_not_disturb_the_others(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let (mut stay, mut kept) = (Vec::new(), Vec::new());
    for n in 0..32 {
        let events = vec![event(&world, &shop, &format!("{n}-a")), event(&world, &shop, &format!("{n}-b"))];
        if n % 2 == 0 {
            kept.extend(events.iter().map(|event| event.id));
            stay.push(begun(harness, events));
        } else {
            // Handed over, and then nobody waits for the answer.
            drop(harness.intake().record(events).now_or_never());
        }
    }
    for receipt in join_all(stay).await {
        assert_eq!(receipt, (2, 0));
    }
    // What the others left behind is there wholly or not at all, and the way in is still open.
    assert_eq!(record(harness, vec![event(&world, &shop, "last")]).await, (1, 0));
    let ledger = received(harness).await;
    assert!((33..=65).contains(&ledger) && ledger % 2 == 1, "{ledger}");
    let jobs = reserve(harness, INBOUND).await;
    let with_jobs: BTreeSet<WebhookEventId> = events_of(&jobs).into_iter().collect();
    assert!(kept.iter().all(|id| with_jobs.contains(id)));
    let again = received(harness).await;
    assert!(whole(jobs.len()) == ledger || again > ledger, "{} jobs for {ledger} events", jobs.len());
}

/// A call that is begun at once, as a server's task begins it.
fn begun(harness: &dyn StorageHarness, events: Vec<ReceivedEvent>) -> BoxFuture<'_, (usize, usize)> {
    let mut call = record(harness, events).boxed();
    match (&mut call).now_or_never() {
        Some(receipt) => ready(receipt).boxed(),
        None => call,
    }
}

fn unrouted(world: &World<'_>, destination: &str, key: &str, seconds: i64) -> UnroutedEvent {
    UnroutedEvent {
        id: world.id(),
        channel_type: ChannelType::Facebook,
        destination: destination.to_owned(),
        event_key: key.to_owned(),
        order_key: "thread".to_owned(),
        raw: Bytes::from_static(b"{\"a\":\"\\u0e2a\"}"),
        received_at: at(seconds),
    }
}

pub async fn events_of_unknown_accounts_are_kept_once_and_taken_oldest_first(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let intake = harness.intake();
    let (second, first) = (unrouted(&world, "page", "2", 2), unrouted(&world, "page", "1", 1));
    let other = unrouted(&world, "another", "1", 1);
    intake.keep_unrouted(vec![second.clone(), first.clone(), other.clone()]).await.unwrap();
    intake.keep_unrouted(vec![unrouted(&world, "page", "1", 5)]).await.unwrap();
    let list = |channel, destination, limit| intake.list_unrouted(channel, destination, limit);
    assert_eq!(list(ChannelType::Facebook, "page", 10).await.unwrap(), [first.clone(), second.clone()]);
    assert_eq!(list(ChannelType::Facebook, "page", 1).await.unwrap(), std::slice::from_ref(&first));
    assert!(list(ChannelType::Instagram, "page", 10).await.unwrap().is_empty(), "of another channel");
    intake.drop_unrouted(&[first.id, world.id()]).await.unwrap();
    assert_eq!(list(ChannelType::Facebook, "page", 10).await.unwrap(), [second]);
    assert_eq!(list(ChannelType::Facebook, "another", 10).await.unwrap(), [other]);
    assert_eq!(intake.drop_unrouted_before(at(1)).await.unwrap(), 0);
    assert_eq!(intake.drop_unrouted_before(at(2)).await.unwrap(), 1, "the one that came before");
    assert!(list(ChannelType::Facebook, "another", 10).await.unwrap().is_empty());
    assert_eq!(received(harness).await, 0, "nobody's inbox has them");
}

//! Received webhook events: each ends once, and the ledger adds up.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures_util::future::join_all;
use hubchat_domain::{ChannelType, WebhookEventId};
use hubchat_ports::{EventOutcome, InboundLedger, ReceivedEvent, StorageError};

use crate::StorageHarness;
use crate::world::{Shop, World, at};

fn received(world: &World<'_>, shop: &Shop, key: &str) -> ReceivedEvent {
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

async fn record(world: &World<'_>, harness: &dyn StorageHarness, shop: &Shop, keys: &[&str]) -> Vec<WebhookEventId> {
    let events: Vec<ReceivedEvent> = keys.iter().map(|key| received(world, shop, key)).collect();
    let ids = events.iter().map(|event| event.id).collect();
    assert_eq!(harness.intake().record(events).await.unwrap().stored, keys.len());
    ids
}

async fn waiting(world: &World<'_>, shop: &Shop, ids: &[WebhookEventId]) -> BTreeSet<WebhookEventId> {
    let session = world.begin(shop.tenant.id).await;
    session.webhook_events().find_pending(ids).await.unwrap().iter().map(|event| event.id).collect()
}

fn ignored() -> EventOutcome {
    EventOutcome::Ignored { reason: "own echo".to_owned() }
}

fn dead() -> EventOutcome {
    EventOutcome::Dead { error: "not understood: ไม่รู้จัก".to_owned() }
}

pub async fn settled_events_wait_no_longer_and_the_ledger_adds_up(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let ids = record(&world, harness, &shop, &["a", "b", "c", "d"]).await;
    let outcomes = [(ids[0], EventOutcome::Processed), (ids[1], ignored()), (ids[2], dead())];
    let session = world.begin(shop.tenant.id).await;
    session.webhook_events().settle(&outcomes, at(2)).await.unwrap();
    drop(session);
    assert_eq!(waiting(&world, &shop, &ids).await.len(), 4, "a dropped session settles nothing");
    assert_eq!(harness.intake().ledger().await.unwrap(), InboundLedger { received: 4, ..InboundLedger::default() });

    let session = world.begin(shop.tenant.id).await;
    session.webhook_events().settle(&outcomes, at(2)).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(waiting(&world, &shop, &ids).await, BTreeSet::from([ids[3]]));
    let ledger = harness.intake().ledger().await.unwrap();
    assert_eq!(ledger, InboundLedger { received: 4, processed: 1, ignored: 1, dead: 1 });
}

pub async fn an_event_is_settled_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let ids = record(&world, harness, &shop, &["a", "b"]).await;
    let session = world.begin(shop.tenant.id).await;
    session.webhook_events().settle(&[(ids[0], EventOutcome::Processed)], at(2)).await.unwrap();
    session.commit().await.unwrap();
    for outcomes in [vec![(ids[0], dead())], vec![(ids[1], dead()), (ids[0], dead())], vec![(world.id(), dead())]] {
        let session = world.begin(shop.tenant.id).await;
        let late = session.webhook_events().settle(&outcomes, at(3)).await;
        assert!(matches!(late, Err(StorageError::Stale)));
    }
    assert_eq!(waiting(&world, &shop, &ids).await, BTreeSet::from([ids[1]]));
    let ledger = harness.intake().ledger().await.unwrap();
    assert_eq!(ledger, InboundLedger { received: 2, processed: 1, ..InboundLedger::default() });
}

pub async fn an_event_raced_for_is_settled_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let ids = record(&world, harness, &shop, &["a", "b", "c"]).await;
    let settled = join_all((0..8).map(|turn| {
        let (world, shop, ids) = (&world, &shop, &ids);
        async move {
            let session = world.begin(shop.tenant.id).await;
            let mut outcomes: Vec<_> = ids.iter().map(|id| (*id, EventOutcome::Processed)).collect();
            outcomes.rotate_left(turn % 3);
            session.webhook_events().settle(&outcomes, at(2)).await?;
            session.commit().await
        }
    }))
    .await;
    assert_eq!(settled.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(settled.iter().filter_map(|outcome| outcome.as_ref().err()).all(StorageError::is_retryable));
    assert_eq!(harness.intake().ledger().await.unwrap().processed, 3);
}

pub async fn dead_and_ignored_events_can_be_opened_again(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let other = world.shop("other").await;
    let ids = record(&world, harness, &shop, &["done", "ignored", "dead", "waits"]).await;
    let outcomes = [(ids[0], EventOutcome::Processed), (ids[1], ignored()), (ids[2], dead())];
    let session = world.begin(shop.tenant.id).await;
    session.webhook_events().settle(&outcomes, at(2)).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(other.tenant.id).await;
    assert_eq!(session.webhook_events().reopen(&ids).await.unwrap(), 0, "another tenant's events");
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.webhook_events().reopen(&ids).await.unwrap(), 2);
    session.commit().await.unwrap();
    assert_eq!(waiting(&world, &shop, &ids).await, BTreeSet::from([ids[1], ids[2], ids[3]]));
    let ledger = harness.intake().ledger().await.unwrap();
    assert_eq!(ledger, InboundLedger { received: 4, processed: 1, ignored: 0, dead: 0 });

    let session = world.begin(shop.tenant.id).await;
    session.webhook_events().settle(&[(ids[2], EventOutcome::Processed)], at(3)).await.unwrap();
    session.commit().await.unwrap();
    let ledger = harness.intake().ledger().await.unwrap();
    assert_eq!(ledger, InboundLedger { received: 4, processed: 2, ignored: 0, dead: 0 });
}

pub async fn another_tenants_event_can_be_neither_seen_nor_settled(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, other) = (world.shop("mali").await, world.shop("other").await);
    let ids = record(&world, harness, &shop, &["a"]).await;
    let session = world.begin(other.tenant.id).await;
    assert!(session.webhook_events().find_pending(&ids).await.unwrap().is_empty());
    let settled = session.webhook_events().settle(&[(ids[0], EventOutcome::Processed)], at(2)).await;
    assert!(matches!(settled, Err(StorageError::Stale)));
    drop(session);
    assert_eq!(waiting(&world, &shop, &ids).await.len(), 1);
    assert_eq!(harness.intake().ledger().await.unwrap().processed, 0);
}

pub async fn hundreds_of_events_are_settled_in_one_call(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let keys: Vec<String> = (0..500).map(|n| format!("e{n}")).collect();
    let ids = record(&world, harness, &shop, &keys.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(waiting(&world, &shop, &ids).await.len(), 500);
    let kinds = [EventOutcome::Processed, ignored(), dead(), EventOutcome::Processed];
    let outcomes: Vec<_> = ids.iter().zip(kinds.iter().cycle()).map(|(id, kind)| (*id, kind.clone())).collect();
    let session = world.begin(shop.tenant.id).await;
    session.webhook_events().settle(&outcomes, at(2)).await.unwrap();
    session.commit().await.unwrap();
    assert!(waiting(&world, &shop, &ids).await.is_empty());
    let ledger = harness.intake().ledger().await.unwrap();
    assert_eq!(ledger, InboundLedger { received: 500, processed: 250, ignored: 125, dead: 125 });
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.webhook_events().reopen(&ids).await.unwrap(), 250);
}

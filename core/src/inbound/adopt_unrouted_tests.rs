//! Bringing in what came before an account was connected, with mocks: all of it, once, whatever breaks off.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use hubchat_domain::{
    AccountStatus, AuditAction, AuditDraft, ChannelAccountRecord, ChannelCapabilities, ChannelType, WebhookEventId,
};
use hubchat_ports::{
    AccountStore, ChannelAdapter, FetchError, IntakeReceipt, MockAccountStore, MockChannelAdapter, MockUnitOfWork,
    MockWebhookIntake, ReceivedEvent, StorageError, UnroutedEvent,
};
use uuid::Uuid;

use super::AdoptUnrouted;
use crate::{
    AccountCache, Actor, CheckChannel,
    test_ports::{TestPorts, account_id, audit_store, line_adapter, now, stored_account, tenant},
};

/// A little intake: what is kept, and what was recorded.
#[derive(Default)]
struct Kept {
    unrouted: Vec<UnroutedEvent>,
    recorded: Vec<ReceivedEvent>,
    calls: Vec<&'static str>,
    audit: Vec<AuditDraft>,
    /// Forgetting fails so often.
    drop_fails: usize,
}

fn unrouted(number: u128) -> UnroutedEvent {
    UnroutedEvent {
        id: Uuid::from_u128(number).into(),
        channel_type: ChannelType::Line,
        destination: "Ubot".to_owned(),
        event_key: format!("key{number}"),
        order_key: "Uperson".to_owned(),
        raw: Bytes::from_static(b"{}"),
        received_at: now(),
    }
}

fn account() -> ChannelAccountRecord {
    stored_account(AccountStatus::Active).account.record().clone()
}

/// An intake over what is kept; pages are as long as is asked for.
fn intake(kept: &Arc<Mutex<Kept>>) -> MockWebhookIntake {
    let mut intake = MockWebhookIntake::new();
    let world = Arc::clone(kept);
    intake.expect_list_unrouted().returning(move |channel, destination, limit| {
        let mut world = world.lock().expect("not poisoned");
        world.calls.push("list");
        let its = |event: &&UnroutedEvent| event.channel_type == channel && event.destination == destination;
        let limit = usize::try_from(limit).expect("a small number");
        Ok(world.unrouted.iter().filter(its).take(limit).cloned().collect())
    });
    let world = Arc::clone(kept);
    intake.expect_record().returning(move |events| {
        let mut world = world.lock().expect("not poisoned");
        world.calls.push("record");
        let mut receipt = IntakeReceipt::default();
        for event in events {
            if world.recorded.iter().any(|known| known.event_key == event.event_key) {
                receipt.duplicates += 1;
            } else {
                receipt.stored += 1;
                world.recorded.push(event);
            }
        }
        Ok(receipt)
    });
    let world = Arc::clone(kept);
    intake.expect_drop_unrouted().returning(move |ids: &[WebhookEventId]| {
        let mut world = world.lock().expect("not poisoned");
        world.calls.push("drop");
        if world.drop_fails > 0 {
            world.drop_fails -= 1;
            return Err(StorageError::Unavailable("gone".into()));
        }
        world.unrouted.retain(|event| !ids.contains(&event.id));
        Ok(())
    });
    intake
}

fn adopting(unrouted: Vec<UnroutedEvent>) -> (AdoptUnrouted, Arc<Mutex<Kept>>) {
    let kept = Arc::new(Mutex::new(Kept { unrouted, ..Kept::default() }));
    let mut ports = TestPorts { intake: intake(&kept), ..TestPorts::default() };
    let world = Arc::clone(&kept);
    ports.repository.expect_begin().returning(move |_| Ok(Box::new(auditing(&world))));
    (AdoptUnrouted::new(ports.build()), kept)
}

/// A session in which only the audit log is written.
fn auditing(kept: &Arc<Mutex<Kept>>) -> MockUnitOfWork {
    let world = Arc::clone(kept);
    let mut session = MockUnitOfWork::new();
    let audit = audit_store(move |draft| world.lock().expect("not poisoned").audit.push(draft));
    session.expect_audit().return_const(audit);
    session.expect_commit().returning(|| Ok(()));
    session
}

#[tokio::test]
async fn kept_events_become_the_accounts_with_their_keys_and_times() {
    let (adopt, kept) = adopting(vec![unrouted(1)]);
    assert_eq!(adopt.run(&Actor::system(tenant()), &account()).await.expect("adopted"), 1);
    let expected = ReceivedEvent {
        id: Uuid::from_u128(1).into(),
        tenant_id: tenant(),
        account_id: account_id(),
        channel_type: ChannelType::Line,
        event_key: "key1".to_owned(),
        order_key: format!("{}:Uperson", account_id()),
        raw: Bytes::from_static(b"{}"),
        received_at: now(),
    };
    let kept = kept.lock().expect("not poisoned");
    assert_eq!(kept.recorded, [expected]);
    let [entry] = kept.audit.as_slice() else { panic!("one entry") };
    let after = Some(serde_json::json!({"events": 1}));
    assert_eq!((entry.action, &entry.after), (AuditAction::EventsAdopted, &after));
}

#[tokio::test]
async fn pages_are_brought_in_until_nothing_is_kept_in_order() {
    let (adopt, kept) = adopting((1..=450).map(unrouted).collect());
    assert_eq!(adopt.run(&Actor::system(tenant()), &account()).await.expect("adopted"), 450);
    let kept = kept.lock().expect("not poisoned");
    assert!(kept.unrouted.is_empty());
    let keys: Vec<&str> = kept.recorded.iter().map(|event| event.event_key.as_str()).collect();
    let expected: Vec<String> = (1..=450).map(|number| format!("key{number}")).collect();
    assert_eq!(keys, expected);
    assert_eq!(kept.calls.iter().filter(|call| **call == "record").count(), 3);
}

#[tokio::test]
async fn nothing_is_forgotten_before_it_is_recorded() {
    let (adopt, kept) = adopting(vec![unrouted(1)]);
    adopt.run(&Actor::system(tenant()), &account()).await.expect("adopted");
    assert_eq!(kept.lock().expect("not poisoned").calls, ["list", "record", "drop", "list"]);
}

#[tokio::test]
async fn what_was_brought_in_before_a_crash_is_passed_over_and_forgotten() {
    let (adopt, kept) = adopting(vec![unrouted(1), unrouted(2)]);
    kept.lock().expect("not poisoned").drop_fails = 1;
    assert!(matches!(adopt.run(&Actor::system(tenant()), &account()).await, Err(StorageError::Unavailable(_))));
    kept.lock().expect("not poisoned").unrouted.push(unrouted(3));
    assert_eq!(adopt.run(&Actor::system(tenant()), &account()).await.expect("adopted"), 1, "only the third is new");
    let kept = kept.lock().expect("not poisoned");
    assert_eq!((kept.recorded.len(), kept.unrouted.len()), (3, 0));
}

#[tokio::test]
async fn events_of_other_accounts_stay_where_they_are() {
    let other = UnroutedEvent { destination: "Uother".to_owned(), ..unrouted(2) };
    let elsewhere = UnroutedEvent { channel_type: ChannelType::Facebook, ..unrouted(3) };
    let (adopt, kept) = adopting(vec![unrouted(1), other.clone(), elsewhere.clone()]);
    assert_eq!(adopt.run(&Actor::system(tenant()), &account()).await.expect("adopted"), 1);
    assert_eq!(kept.lock().expect("not poisoned").unrouted, [other, elsewhere]);
}

#[tokio::test]
async fn an_account_whose_id_at_the_provider_is_not_known_brings_in_nothing() {
    let (adopt, kept) = adopting(vec![unrouted(1)]);
    let nameless = ChannelAccountRecord { external_id: None, ..account() };
    assert_eq!(adopt.run(&Actor::system(tenant()), &nameless).await.expect("nothing to do"), 0);
    let kept = kept.lock().expect("not poisoned");
    assert!(kept.calls.is_empty() && kept.audit.is_empty());
}

/// An account of a channel whose app has one webhook for all accounts, or of one without.
async fn look_at_account(app_webhook: bool) -> Arc<Mutex<Kept>> {
    let kept = Arc::new(Mutex::new(Kept { unrouted: vec![unrouted(1)], ..Kept::default() }));
    let mut adapter = MockChannelAdapter::new();
    adapter.expect_channel_type().return_const(ChannelType::Line);
    adapter
        .expect_capabilities()
        .returning(move || ChannelCapabilities { app_webhook, ..line_adapter(None).capabilities() });
    adapter.expect_check().returning(|_| Err(FetchError::Gone));
    let ports = TestPorts { adapter: Some(adapter), intake: intake(&kept), ..TestPorts::default() };
    let session = || {
        let mut accounts = MockAccountStore::new();
        accounts.expect_find().returning(|_| Ok(Some(stored_account(AccountStatus::Active))));
        let mut session = MockUnitOfWork::new();
        session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
        session
    };
    let adopting = app_webhook.then(|| auditing(&kept));
    let sessions = std::iter::once(session()).chain(adopting).chain([session()]).collect();
    let ports = ports.with_open_vault().with_sessions(sessions).build();
    let check = CheckChannel::new(ports.clone(), AccountCache::new(ports), None);
    check.run(tenant(), account_id(), false).await.expect("looked at");
    kept
}

#[tokio::test]
async fn whoever_looks_at_an_account_of_an_apps_brings_in_what_is_kept_for_it() {
    let kept = look_at_account(true).await;
    let kept = kept.lock().expect("not poisoned");
    assert_eq!((kept.recorded.len(), kept.unrouted.len()), (1, 0));
}

#[tokio::test]
async fn an_account_with_a_webhook_of_its_own_is_looked_at_without_asking_for_kept_events() {
    assert!(look_at_account(false).await.lock().expect("not poisoned").calls.is_empty());
}

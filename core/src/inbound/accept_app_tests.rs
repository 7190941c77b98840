//! Webhooks of a provider's app, with mocks: each event goes to its account, whoever's that is; and hand-shakes.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use hubchat_domain::{AccountStatus, ChannelAccount, ChannelCapabilities, ChannelType, MessageKind, TenantId};
use hubchat_ports::{
    IntakeReceipt, MockChannelAdapter, RawEvent, ReceivedEvent, StorageError, StoredAccount, UnroutedEvent,
    VerifyError, WebhookBatch, WebhookHeaders,
};
use uuid::Uuid;

use super::{AcceptWebhook, AcceptWebhookError, Accepted, WebhookAddress};
use crate::{
    AccountCache, ErrorCode,
    test_ports::{TestPorts, now, stored_account, tenant},
};

const CHANNEL: ChannelType = ChannelType::Facebook;

fn other_tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(0xeeee))
}

/// A page of a tenant's, by the provider's id.
fn page(name: &str, tenant_id: TenantId) -> StoredAccount {
    let mut stored = stored_account(AccountStatus::Active);
    let mut record = stored.account.record().clone();
    record.id = Uuid::from_u128(name.bytes().map(u128::from).sum()).into();
    record.tenant_id = tenant_id;
    record.channel_type = CHANNEL;
    record.external_id = Some(name.to_owned());
    stored.account = ChannelAccount::restore(record);
    stored
}

/// A channel whose app has one webhook for all accounts.
fn app_adapter() -> MockChannelAdapter {
    let mut adapter = MockChannelAdapter::new();
    adapter.expect_channel_type().return_const(CHANNEL);
    adapter.expect_capabilities().returning(|| ChannelCapabilities {
        send_kinds: &[MessageKind::Text],
        max_text_utf16: 2_000,
        idempotent_send: None,
        reply_handle_ttl: None,
        reply_handle_max_age: None,
        media_limits: &[],
        app_webhook: true,
        sends_per_second: 100,
    });
    adapter
}

fn raw(event_key: &str, destination: Option<&str>) -> RawEvent {
    RawEvent {
        event_key: event_key.to_owned(),
        order_key: "person".to_owned(),
        destination: destination.map(str::to_owned),
        raw: Bytes::from_static(b"{}"),
    }
}

/// What the intake was given, in order of the calls.
#[derive(Default)]
struct Seen {
    calls: Vec<&'static str>,
    recorded: Vec<ReceivedEvent>,
    kept: Vec<UnroutedEvent>,
}

/// Accepts a webhook that holds these events.
async fn accept(
    batch: WebhookBatch,
    verified: Result<(), VerifyError>,
    keeping: fn() -> Result<(), StorageError>,
) -> (Result<Accepted, AcceptWebhookError>, Seen) {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let mut ports = TestPorts::default().with_open_vault();
    ports.directory.expect_find_account_by_external_id().returning(|channel, name| {
        assert_eq!(channel, CHANNEL);
        Ok(match name {
            "page1" => Some(page(name, tenant())),
            "page2" => Some(page(name, other_tenant())),
            _ => None,
        })
    });
    let mut adapter = app_adapter();
    adapter.expect_verify_app().times(1).return_const(verified);
    adapter.expect_split().returning(move |_| Ok(batch.clone()));
    ports.adapter = Some(adapter);
    let log = Arc::clone(&seen);
    ports.intake.expect_record().returning(move |events| {
        let mut seen = log.lock().expect("not poisoned");
        seen.calls.push("record");
        let stored = events.len();
        seen.recorded.extend(events);
        Ok(IntakeReceipt { stored, duplicates: 0 })
    });
    let log = Arc::clone(&seen);
    ports.intake.expect_keep_unrouted().returning(move |events| {
        let mut seen = log.lock().expect("not poisoned");
        seen.calls.push("keep");
        seen.kept.extend(events);
        keeping()
    });
    let ports = ports.build();
    let accept = AcceptWebhook::new(ports.clone(), AccountCache::new(ports));
    let body = Bytes::from_static(b"{}");
    let outcome = accept.run(CHANNEL, WebhookAddress::Destination, &WebhookHeaders::default(), &body).await;
    drop(accept);
    let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
    (outcome, seen)
}

fn holding(events: Vec<RawEvent>) -> WebhookBatch {
    WebhookBatch { destination: None, events }
}

#[tokio::test]
async fn events_of_two_tenants_and_an_unknown_account_each_go_their_way() {
    let events = vec![raw("a", Some("page1")), raw("b", Some("page2")), raw("c", Some("nobody"))];
    let (outcome, seen) = accept(holding(events), Ok(()), || Ok(())).await;
    assert_eq!(outcome.expect("accepted"), Accepted { stored: 2, duplicates: 0, unrouted: 1 });
    let recorded: Vec<_> = seen.recorded.iter().map(|event| (event.tenant_id, event.event_key.as_str())).collect();
    assert_eq!(recorded, [(tenant(), "a"), (other_tenant(), "b")]);
    let [kept] = seen.kept.as_slice() else { panic!("one kept event") };
    assert_eq!((kept.channel_type, kept.destination.as_str(), kept.event_key.as_str()), (CHANNEL, "nobody", "c"));
    assert_eq!((kept.order_key.as_str(), kept.received_at), ("person", now()));
}

#[tokio::test]
async fn each_event_waits_in_the_row_of_its_accounts_thread() {
    let events = vec![raw("a", Some("page1")), raw("b", Some("page2"))];
    let (_, seen) = accept(holding(events), Ok(()), || Ok(())).await;
    let rows: Vec<&str> = seen.recorded.iter().map(|event| event.order_key.as_str()).collect();
    let row = |name, tenant| format!("{}:person", page(name, tenant).account.record().id);
    assert_eq!(rows, [row("page1", tenant()), row("page2", other_tenant())]);
}

#[tokio::test]
async fn an_event_without_an_account_of_its_own_goes_to_that_of_the_body() {
    let batch = WebhookBatch { destination: Some("page2".to_owned()), events: vec![raw("a", None)] };
    let (outcome, seen) = accept(batch, Ok(()), || Ok(())).await;
    assert_eq!(outcome.expect("accepted").stored, 1);
    assert_eq!(seen.recorded.first().map(|event| event.tenant_id), Some(other_tenant()));
}

#[tokio::test]
async fn a_webhook_that_is_not_the_apps_stores_nothing() {
    let (outcome, seen) = accept(holding(vec![raw("a", Some("page1"))]), Err(VerifyError::Mismatch), || Ok(())).await;
    assert_eq!(outcome.expect_err("not the app's").code(), "webhook_not_verified");
    assert!(seen.calls.is_empty());
}

#[tokio::test]
async fn what_cannot_be_kept_is_not_acknowledged() {
    let events = vec![raw("a", Some("page1")), raw("b", Some("nobody"))];
    let (outcome, _) = accept(holding(events), Ok(()), || Err(StorageError::Unavailable("gone".into()))).await;
    let error = outcome.expect_err("storage is away");
    assert_eq!((error.code(), error.retry_after().is_some()), ("storage_unavailable", true));
}

#[tokio::test]
async fn only_what_there_is_is_written() {
    let (outcome, seen) = accept(holding(Vec::new()), Ok(()), || Ok(())).await;
    assert_eq!(outcome.expect("accepted"), Accepted { stored: 0, duplicates: 0, unrouted: 0 });
    assert!(seen.calls.is_empty());
    let (_, seen) = accept(holding(vec![raw("a", Some("nobody"))]), Ok(()), || Ok(())).await;
    assert_eq!(seen.calls, ["keep"]);
    let (_, seen) = accept(holding(vec![raw("a", Some("page1"))]), Ok(()), || Ok(())).await;
    assert_eq!(seen.calls, ["record"]);
}

/// Asks for a hand-shake; the words are right, and the account's secrets are there or not.
async fn shake(address: WebhookAddress<'_>, words: &str, with_secrets: bool) -> Result<bool, AcceptWebhookError> {
    let mut ports = TestPorts::default().with_open_vault();
    ports
        .directory
        .expect_find_account_by_webhook_key()
        .returning(|key| Ok((key == "key").then(|| page("page1", tenant()))));
    let mut adapter = app_adapter();
    adapter.expect_accepts_handshake().returning(move |words, secrets| {
        assert_eq!(secrets.get("channel_secret").is_some(), with_secrets);
        words == "right"
    });
    ports.adapter = Some(adapter);
    let ports = ports.build();
    AcceptWebhook::new(ports.clone(), AccountCache::new(ports)).handshake(CHANNEL, address, words).await
}

#[tokio::test]
async fn a_handshake_of_the_apps_webhook_is_proved_without_an_account() {
    assert!(shake(WebhookAddress::Destination, "right", false).await.expect("asked"));
    assert!(!shake(WebhookAddress::Destination, "wrong", false).await.expect("asked"));
}

#[tokio::test]
async fn a_handshake_of_an_accounts_webhook_is_proved_with_its_secrets() {
    assert!(shake(WebhookAddress::Key("key"), "right", true).await.expect("asked"));
    assert!(!shake(WebhookAddress::Key("key"), "wrong", true).await.expect("asked"));
}

#[tokio::test]
async fn a_handshake_of_an_unknown_key_is_refused() {
    let error = shake(WebhookAddress::Key("another"), "right", true).await.expect_err("unknown");
    assert_eq!(error.code(), "webhook_unknown");
}

#[tokio::test]
async fn a_handshake_by_another_channels_path_is_refused() {
    let mut ports = TestPorts::default().with_open_vault();
    ports.directory.expect_find_account_by_webhook_key().returning(|_| Ok(Some(stored_account(AccountStatus::Active))));
    ports.adapter = Some(app_adapter());
    let ports = ports.build();
    let accept = AcceptWebhook::new(ports.clone(), AccountCache::new(ports));
    let error = accept.handshake(CHANNEL, WebhookAddress::Key("key"), "right").await.expect_err("LINE's key");
    assert_eq!(error.code(), "webhook_unknown");
}

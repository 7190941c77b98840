//! Sessions in bad weather: callers that go away, connections that die, statements that fail.

use std::time::{Duration, Instant};

use hubchat_domain::{
    ChannelAccount, ChannelAccountRecord, ChannelType, Contact, DomainEvent, EventType, Lead, Tenant, TenantId,
    TenantSlug, Timestamp,
};
use hubchat_ports::{
    DataKey, Directory, InsertOutcome, Repository, SealedSecrets, StorageError, StoredAccount, WrappedKey,
};
use uuid::Uuid;

use crate::database::{TestDatabase, on_both};

const NOW: Timestamp = Timestamp::EPOCH;

fn tenant() -> TenantId {
    Uuid::from_u128(1).into()
}

async fn with_tenant(database: &TestDatabase) {
    let slug = TenantSlug::parse("mali").unwrap();
    let tenant = Tenant { id: tenant(), slug, name: "Mali".to_owned(), created_at: NOW };
    let session = database.storage.begin(tenant.id).await.unwrap();
    assert_eq!(session.tenants().insert(&tenant).await.unwrap(), InsertOutcome::Inserted);
    session.data_keys().insert(&DataKey { key: key(), created_at: NOW, retired_at: None }).await.unwrap();
    session.commit().await.unwrap();
}

fn key() -> WrappedKey {
    WrappedKey { tenant_id: tenant(), version: 1, wrapped: "wrapped".to_owned() }
}

fn account(number: u128) -> StoredAccount {
    let account = ChannelAccount::restore(ChannelAccountRecord {
        id: Uuid::from_u128(number).into(),
        tenant_id: tenant(),
        channel_type: ChannelType::Line,
        name: "Front desk".to_owned(),
        external_id: Some(format!("bot-{number}")),
        webhook_key: format!("key-{number}"),
        status: hubchat_domain::AccountStatus::Active,
        status_reason: None,
        last_checked_at: None,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    });
    StoredAccount { account, sealed: SealedSecrets("sealed".to_owned()), key: key() }
}

fn event() -> DomainEvent {
    DomainEvent {
        event_type: EventType::ChannelUpdated,
        lead_id: None,
        conversation_id: None,
        message_id: None,
        data: serde_json::json!({}),
        at: NOW,
    }
}

/// Waits until a query answers zero.
async fn until_none(database: &TestDatabase, sql: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while database.number(sql).await != 0 {
        assert!(Instant::now() < deadline, "never none: {sql}");
        tokio::task::yield_now().await;
    }
}

async fn callers_that_go_away_leave_the_writer_free(database: &TestDatabase) {
    with_tenant(database).await;
    for round in 0..60_u32 {
        let storage = database.storage.clone();
        let call = tokio::spawn(async move {
            let session = storage.begin(tenant()).await.unwrap();
            session.accounts().insert(&account(u128::from(round) + 1)).await.unwrap();
            session.events().append(vec![event()]).await.unwrap();
            session.accounts().list().await.unwrap();
        });
        // At a different place each time: before the transaction began, while it began, or within it.
        for _ in 0..round % 20 {
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(Duration::from_micros(u64::from(round) * 40)).await;
        call.abort();
    }
    let session = database.storage.begin(tenant()).await.unwrap();
    assert_eq!(session.accounts().list().await.unwrap(), []);
    session.accounts().insert(&account(1)).await.unwrap();
    session.commit().await.unwrap();
}

async fn nothing_of_a_spoilt_session_is_committed(database: &TestDatabase) {
    with_tenant(database).await;
    let session = database.storage.begin(tenant()).await.unwrap();
    session.accounts().insert(&account(1)).await.unwrap();
    // A lead of a contact that is not there.
    let contact = Contact::first_seen(Uuid::from_u128(9).into(), tenant(), NOW);
    let source = (account(1).account.record().id, ChannelType::Line);
    let lead = Lead::open(Uuid::from_u128(8).into(), tenant(), contact.record().id, source, NOW);
    session.leads().insert_many(&[lead]).await.unwrap_err();
    assert!(session.commit().await.is_err(), "PostgreSQL would have answered this COMMIT with a ROLLBACK");
    let session = database.storage.begin(tenant()).await.unwrap();
    assert_eq!(session.accounts().list().await.unwrap(), []);
}

async fn a_row_of_another_tenant_is_refused(database: &TestDatabase) {
    with_tenant(database).await;
    let session = database.storage.begin(Uuid::from_u128(2).into()).await.unwrap();
    assert!(matches!(session.accounts().insert(&account(1)).await, Err(StorageError::Other(_))));
    assert!(session.commit().await.is_err());
}

async fn events_of_a_tenant_that_is_not_there_fail_the_commit(database: &TestDatabase) {
    let session = database.storage.begin(tenant()).await.unwrap();
    session.events().append(vec![event()]).await.unwrap();
    assert!(session.commit().await.is_err());
}

async fn names_with_a_zero_character_are_unknown(database: &TestDatabase) {
    assert!(database.storage.find_account_by_webhook_key("key\0").await.unwrap().is_none());
    assert!(database.storage.find_api_key("\0").await.unwrap().is_none());
    let found = database.storage.find_account_by_external_id(ChannelType::Line, "bot\0").await.unwrap();
    assert!(found.is_none());
}

on_both! {
    sqlite, postgres:
    callers_that_go_away_leave_the_writer_free,
    nothing_of_a_spoilt_session_is_committed,
    a_row_of_another_tenant_is_refused,
    events_of_a_tenant_that_is_not_there_fail_the_commit,
    names_with_a_zero_character_are_unknown,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_that_go_away_leave_no_transaction_open_on_postgresql() {
    let database = TestDatabase::postgres().await;
    callers_that_go_away_leave_the_writer_free(&database).await;
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    until_none(&database, open).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_and_reads_survive_the_loss_of_all_connections_to_postgresql() {
    let database = TestDatabase::postgres().await;
    with_tenant(&database).await;
    for round in 1..=3 {
        let open = futures_util::future::join_all((0..6).map(|_| database.storage.begin(tenant()))).await;
        assert!(open.iter().all(Result::is_ok));
        drop(open);
        let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        assert!(database.number(ended).await > 0);
        let session = database.storage.begin(tenant()).await.unwrap();
        session.accounts().insert(&account(round)).await.unwrap();
        session.commit().await.unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        while let Err(error) = database.storage.ping().await {
            assert!(matches!(error, StorageError::Unavailable(_)), "{error:?}");
            assert!(Instant::now() < deadline, "reads never recover");
        }
    }
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_lost_its_connection_says_that_storage_is_unavailable() {
    let database = TestDatabase::postgres().await;
    with_tenant(&database).await;
    let session = database.storage.begin(tenant()).await.unwrap();
    session.accounts().insert(&account(1)).await.unwrap();
    let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(database.number(ended).await > 0);
    let error = session.commit().await.unwrap_err();
    assert!(matches!(error, StorageError::Unavailable(_)), "{error:?}");
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn screens_and_the_directory_do_not_wait_for_sqlites_writer() {
    let database = TestDatabase::sqlite().await;
    with_tenant(&database).await;
    let session = database.storage.begin(tenant()).await.unwrap();
    session.accounts().insert(&account(1)).await.unwrap();
    let reads = async {
        assert!(database.storage.find_account_by_webhook_key("key-1").await.unwrap().is_none());
        let page = hubchat_ports::PageRequest { after: None, limit: 10 };
        let leads = database
            .storage
            .inbox(tenant())
            .list_leads(&hubchat_domain::Visibility::All, &hubchat_ports::LeadFilter::default(), page)
            .await
            .unwrap();
        assert!(leads.items.is_empty());
        database.storage.ping().await.unwrap();
    };
    tokio::time::timeout(Duration::from_secs(5), reads).await.expect("reads wait for the writer");
    session.commit().await.unwrap();
    assert!(database.storage.find_account_by_webhook_key("key-1").await.unwrap().is_some());
    database.remove().await;
}

//! The daily round, with mocks: once a day for each tenant, and one tenant's trouble stops no other's.

use std::sync::{Arc, Mutex};

use hubchat_domain::{Tenant, TenantSettings, TenantSlug};
use hubchat_ports::{
    IdempotencyRecord, IdempotencyStore, JobStore, MockIdempotencyStore, MockJobStore, MockPurgeStore, MockUnitOfWork,
    PurgeCounts, PurgeStore, PurgedMessages, StorageError,
};

use super::{DailyRound, Housekeeping, Retention, RoundCount};
use crate::{
    Ports,
    test_ports::{TestPorts, audit_store, now, settings_store, tenant},
};

/// What the sessions of a round did.
#[derive(Default)]
struct Done {
    claims: Vec<IdempotencyRecord>,
    looked_for_old: usize,
    swept: usize,
    forgotten: usize,
}

/// A session of any step of a round; `taken` when another process had the tenant's turn today.
fn session(retention_days: Option<u32>, taken: bool, done: &Arc<Mutex<Done>>) -> MockUnitOfWork {
    let (mut claims, mut purge, mut jobs) = (MockIdempotencyStore::new(), MockPurgeStore::new(), MockJobStore::new());
    let noted = Arc::clone(done);
    claims.expect_claim().returning(move |record, _| {
        noted.lock().expect("not poisoned").claims.push(record.clone());
        Ok(taken.then(|| record.clone()))
    });
    let noted = Arc::clone(done);
    purge.expect_list_closed_before().returning(move |_, _| {
        noted.lock().expect("not poisoned").looked_for_old += 1;
        Ok(Vec::new())
    });
    purge.expect_count_closed_before().returning(|_| Ok(PurgeCounts::default()));
    let noted = Arc::clone(done);
    purge.expect_delete_events_settled_before().returning(move |_, _| {
        noted.lock().expect("not poisoned").swept += 1;
        Ok(0)
    });
    purge.expect_delete_uploads_before().returning(|_, _| Ok(PurgedMessages::default()));
    purge.expect_delete_idempotency_before().returning(|_, _| Ok(0));
    purge.expect_delete_domain_events_before().returning(|_, _| Ok(0));
    let noted = Arc::clone(done);
    purge.expect_delete_left_behind().returning(move |limit| {
        let mut done = noted.lock().expect("not poisoned");
        done.forgotten += 1;
        // A full step is followed by another one.
        Ok(if done.forgotten == 1 { u64::from(limit) } else { 0 })
    });
    jobs.expect_append().returning(|_| Ok(()));
    let mut session = MockUnitOfWork::new();
    session.expect_idempotency().return_const(Box::new(claims) as Box<dyn IdempotencyStore>);
    session.expect_purge().return_const(Box::new(purge) as Box<dyn PurgeStore>);
    session.expect_jobs().return_const(Box::new(jobs) as Box<dyn JobStore>);
    session.expect_audit().return_const(audit_store(|_| ()));
    let settings = TenantSettings { retention_days, ..TenantSettings::default() };
    session.expect_settings().return_const(settings_store(settings));
    session.expect_commit().returning(|| Ok(()));
    session
}

fn one_tenant() -> TestPorts {
    let mut ports = TestPorts::default();
    ports.access.expect_remove_over().times(1).returning(|_, _| Ok(3));
    ports.socket_tickets.expect_remove_expired().times(1).returning(|_, _| Ok(3));
    ports.directory.expect_list_tenants().returning(|after, _| {
        let slug = TenantSlug::parse("mali").expect("a slug");
        let known = Tenant { id: tenant(), slug, name: "Mali".to_owned(), created_at: now() };
        Ok(if after.is_none() { vec![known] } else { Vec::new() })
    });
    ports
}

fn round(ports: Ports) -> DailyRound {
    DailyRound::new(ports.clone(), Retention::new(ports.clone()), Housekeeping::new(ports))
}

async fn run(retention_days: Option<u32>, taken: bool) -> (RoundCount, Arc<Mutex<Done>>) {
    let done = Arc::<Mutex<Done>>::default();
    let mut ports = one_tenant();
    let seen = Arc::clone(&done);
    ports.repository.expect_begin().returning(move |_| Ok(Box::new(session(retention_days, taken, &seen))));
    (round(ports.build()).run().await.expect("a round"), done)
}

#[tokio::test]
async fn a_tenant_with_days_is_purged_and_its_house_kept_under_one_claim_a_day() {
    let (count, done) = run(Some(30), false).await;
    assert_eq!(count, RoundCount { tenants: 1, failed: 0 });
    let done = done.lock().expect("not poisoned");
    assert_eq!((done.looked_for_old, done.swept, done.claims.len()), (1, 1, 1));
    assert_eq!(done.forgotten, 2, "of members who were disabled before anybody thought of it");
    let day = (now().as_millis() / 86_400_000).to_string();
    assert_eq!(done.claims.first().map(|claim| (claim.scope.as_str(), &claim.key)), Some(("daily.round", &day)));
}

#[tokio::test]
async fn without_days_nothing_of_what_was_said_goes() {
    let (count, done) = run(None, false).await;
    assert_eq!(count.tenants, 1);
    let done = done.lock().expect("not poisoned");
    assert_eq!((done.looked_for_old, done.swept), (0, 1));
}

#[tokio::test]
async fn a_tenant_whom_another_process_saw_to_today_is_left_alone() {
    let (count, done) = run(Some(30), true).await;
    assert_eq!(count, RoundCount::default());
    let done = done.lock().expect("not poisoned");
    assert_eq!((done.looked_for_old, done.swept), (0, 0));
}

#[tokio::test]
async fn one_tenants_trouble_is_counted_and_ends_no_round() {
    let mut ports = one_tenant();
    ports.repository.expect_begin().returning(|_| Err(StorageError::Unavailable("down".into())));
    assert_eq!(round(ports.build()).run().await.expect("a round"), RoundCount { tenants: 0, failed: 1 });
}

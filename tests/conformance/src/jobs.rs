//! Jobs as the queue's cases write and read them.

use std::time::Duration;

use hubchat_domain::TenantId;
use hubchat_ports::{AttemptCount, JobLease, Lane, LeaseOutcome, NewJob, ReserveRequest, ReservedJob};
use uuid::Uuid;

use crate::StorageHarness;
use crate::deadline::eventually;
use crate::world::LONG;

/// The tenant of jobs whose tenant makes no difference.
pub(crate) const TENANT: TenantId = TenantId::from_uuid(Uuid::from_u128(5));

/// A job that may run at once. Its payload is the JSON text of its name.
pub(crate) fn job(order_key: &str, name: &str) -> NewJob {
    NewJob {
        lane: Lane::Outbound,
        order_key: order_key.to_owned(),
        kind: "test.v1".to_owned(),
        payload: format!("\"{name}\""),
        delay: Duration::ZERO,
    }
}

/// Jobs named `key` and a number: `jobs("a1 b1 a2")`.
pub(crate) fn jobs(names: &str) -> Vec<NewJob> {
    names.split_whitespace().map(|name| job(&name[..1], name)).collect()
}

/// Adds jobs of a tenant in a session of their own.
pub(crate) async fn add_for(harness: &dyn StorageHarness, tenant: TenantId, jobs: &[NewJob]) {
    let session = harness.repository().begin(tenant).await.unwrap();
    session.jobs().append(jobs).await.unwrap();
    session.commit().await.unwrap();
}

/// Adds jobs in a session of their own.
pub(crate) async fn add(harness: &dyn StorageHarness, jobs: &[NewJob]) {
    add_for(harness, TENANT, jobs).await;
}

/// So many jobs, and so many of a key, for a time that no case outlasts.
pub(crate) const fn up_to(max_jobs: u32, max_per_key: u32) -> ReserveRequest {
    ReserveRequest { lane: Lane::Outbound, max_jobs, max_per_key, lease: LONG }
}

/// Everything that can be had.
pub(crate) const ALL: ReserveRequest = up_to(100, 100);

/// A lease that ends while one looks.
pub(crate) const MOMENT: Duration = Duration::from_millis(30);

pub(crate) async fn reserve(harness: &dyn StorageHarness, request: ReserveRequest) -> Vec<ReservedJob> {
    harness.queue().reserve(request).await.unwrap()
}

/// The names of jobs, as one text.
pub(crate) fn names(jobs: &[ReservedJob]) -> String {
    jobs.iter().map(|job| job.payload.trim_matches('"')).collect::<Vec<_>>().join(" ")
}

/// Reserves all that can be had and tells their names.
pub(crate) async fn had(harness: &dyn StorageHarness) -> String {
    names(&reserve(harness, ALL).await)
}

/// Waits until a reservation gives something.
pub(crate) async fn reserve_some(harness: &dyn StorageHarness, request: ReserveRequest) -> Vec<ReservedJob> {
    eventually("a reservation gives jobs", async || {
        Some(reserve(harness, request).await).filter(|jobs| !jobs.is_empty())
    })
    .await
}

pub(crate) fn leases(jobs: &[ReservedJob]) -> Vec<JobLease> {
    jobs.iter().map(|job| job.lease).collect()
}

/// Completes jobs whose leases are good.
pub(crate) async fn complete(harness: &dyn StorageHarness, jobs: &[ReservedJob]) {
    assert_eq!(harness.queue().complete(&leases(jobs)).await.unwrap(), []);
}

/// Gives a job back whose lease is good.
pub(crate) async fn retry(harness: &dyn StorageHarness, job: &ReservedJob, delay: Duration, count: AttemptCount) {
    let outcome = harness.queue().retry(job.lease, delay, "it failed", count).await.unwrap();
    assert_eq!(outcome, LeaseOutcome::Applied);
}

/// Buries a job whose lease is good.
pub(crate) async fn bury(harness: &dyn StorageHarness, job: &ReservedJob, error: &str) {
    assert_eq!(harness.queue().bury(job.lease, error).await.unwrap(), LeaseOutcome::Applied);
}

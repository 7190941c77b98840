//! Leases: they end, they can be made longer, and a late worker touches nothing.

use std::time::Duration;

use futures_util::future::join_all;
use hubchat_ports::{AttemptCount, DeadLetterFilter, JobId, JobLease, LeaseOutcome, ReserveRequest, ReservedJob};

use crate::StorageHarness;
use crate::jobs::{ALL, MOMENT, add, complete, had, jobs, leases, names, reserve, reserve_some, up_to};
use crate::world::LONG;

const BRIEF: ReserveRequest = ReserveRequest { lease: MOMENT, ..ALL };

/// Asserts that nothing can be done with a lease any more.
async fn assert_fenced(harness: &dyn StorageHarness, late: JobLease) {
    let queue = harness.queue();
    assert_eq!(queue.complete(&[late]).await.unwrap(), [late.job_id]);
    assert_eq!(queue.extend(&[late], LONG).await.unwrap(), [late.job_id]);
    for count in [AttemptCount::Counted, AttemptCount::NotCounted] {
        assert_eq!(queue.retry(late, Duration::ZERO, "late", count).await.unwrap(), LeaseOutcome::Fenced);
    }
    assert_eq!(queue.bury(late, "late").await.unwrap(), LeaseOutcome::Fenced);
    queue.release(&[late]).await.unwrap();
    let all = DeadLetterFilter { limit: 100, ..DeadLetterFilter::default() };
    assert_eq!(queue.list_dead(&all).await.unwrap(), []);
}

pub async fn a_job_whose_lease_ended_goes_to_another_and_the_late_worker_is_fenced(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2")).await;
    let dead = reserve(harness, ReserveRequest { max_jobs: 1, ..BRIEF }).await;
    assert_eq!(names(&dead), "a1");
    let alive = reserve_some(harness, up_to(1, 1)).await;
    assert_eq!((names(&alive).as_str(), alive[0].attempt), ("a1", 2));
    assert_eq!(dead[0].lease.job_id, alive[0].lease.job_id);
    assert_ne!(dead[0].lease.token, alive[0].lease.token);
    assert_fenced(harness, dead[0].lease).await;
    assert_eq!(had(harness).await, "", "the successor's lease still holds the key");
    complete(harness, &alive).await;
    assert_eq!(had(harness).await, "a2");
}

pub async fn a_job_that_is_done_is_done_once(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 b1 c1")).await;
    let got = reserve(harness, ALL).await;
    complete(harness, &got[..1]).await;
    assert_fenced(harness, got[0].lease).await;
    let outcome = harness.queue().retry(got[1].lease, LONG, "failed", AttemptCount::Counted).await.unwrap();
    assert_eq!(outcome, LeaseOutcome::Applied);
    assert_fenced(harness, got[1].lease).await;
    harness.queue().release(&[got[2].lease]).await.unwrap();
    assert_fenced(harness, got[2].lease).await;
    assert_eq!(had(harness).await, "c1");
}

pub async fn a_token_that_was_never_given_is_fenced(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1")).await;
    let got = reserve(harness, ALL).await;
    let lease = got[0].lease;
    for forged in [
        JobLease { token: lease.token + 1, ..lease },
        JobLease { token: lease.token - 1, ..lease },
        JobLease { token: 0, ..lease },
        JobLease { job_id: JobId(lease.job_id.0 + 1), ..lease },
    ] {
        assert_fenced(harness, forged).await;
    }
    complete(harness, &got).await;
}

pub async fn a_lease_that_is_extended_does_not_end(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 b1 c1")).await;
    let got = reserve(harness, ReserveRequest { lease: Duration::from_millis(500), ..ALL }).await;
    assert_eq!(names(&got), "a1 b1 c1");
    let kept: Vec<JobLease> = leases(&got[..2]);
    let fenced = harness.queue().extend(&kept, LONG).await.unwrap();
    assert_eq!(fenced, [], "a lease that nobody else took could not be extended");
    // The third, reserved at the same time for as long, shows that the time is over.
    assert_eq!(names(&reserve_some(harness, ALL).await), "c1");
    assert_eq!(had(harness).await, "");
    complete(harness, &got[..2]).await;
}

pub async fn an_extended_lease_ends_in_its_turn(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1")).await;
    let got = reserve(harness, ALL).await;
    assert_eq!(harness.queue().extend(&leases(&got), MOMENT).await.unwrap(), []);
    let again = reserve_some(harness, ALL).await;
    assert_eq!((names(&again).as_str(), again[0].attempt), ("a1", 2));
    assert_fenced(harness, got[0].lease).await;
}

pub async fn one_fenced_job_does_not_keep_the_others_from_being_done(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1")).await;
    let late = reserve(harness, BRIEF).await;
    let again = reserve_some(harness, ALL).await;
    assert_eq!((names(&late).as_str(), names(&again).as_str()), ("a1", "a1"));
    add(harness, &jobs("b1 c1")).await;
    let rest = reserve(harness, ALL).await;
    assert_eq!(names(&rest), "b1 c1");
    let batch = [rest[0].lease, late[0].lease, rest[1].lease];
    assert_eq!(harness.queue().extend(&batch, LONG).await.unwrap(), [late[0].lease.job_id]);
    assert_eq!(harness.queue().complete(&batch).await.unwrap(), [late[0].lease.job_id]);
    for job in &rest {
        assert_fenced(harness, job.lease).await;
    }
    complete(harness, &again).await;
}

pub async fn every_job_of_an_ended_reservation_comes_back_in_order(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2 b1 a3")).await;
    let first = reserve(harness, BRIEF).await;
    assert_eq!(first.len(), 4);
    let mut back: Vec<ReservedJob> = Vec::new();
    while back.len() < 4 {
        back.extend(reserve_some(harness, ALL).await);
    }
    let of_a: Vec<ReservedJob> = back.iter().filter(|job| job.order_key == "a").cloned().collect();
    assert_eq!(names(&of_a), "a1 a2 a3");
    assert!(back.iter().all(|job| job.attempt == 2));
    for job in &first {
        assert_fenced(harness, job.lease).await;
    }
    complete(harness, &back).await;
}

pub async fn reservations_at_the_same_time_share_nothing(harness: &dyn StorageHarness) {
    let many: Vec<_> = (0..200).map(|n| crate::jobs::job(&format!("k{}", n % 40), &format!("j{n}"))).collect();
    add(harness, &many).await;
    let shares = join_all((0..8).map(|_| reserve(harness, up_to(10, 2)))).await;
    let mut keys: Vec<(usize, String)> = Vec::new();
    let mut jobs: Vec<JobId> = Vec::new();
    for (number, share) in shares.iter().enumerate() {
        assert!(share.len() <= 10);
        keys.extend(share.iter().map(|job| (number, job.order_key.clone())));
        jobs.extend(share.iter().map(|job| job.lease.job_id));
    }
    let taken = jobs.len();
    jobs.sort_unstable();
    jobs.dedup();
    assert_eq!(jobs.len(), taken, "a job is in two reservations");
    keys.sort();
    keys.dedup();
    let holders = keys.len();
    keys.sort_by(|left, right| left.1.cmp(&right.1));
    keys.dedup_by(|left, right| left.1 == right.1);
    assert_eq!(keys.len(), holders, "a key is in two reservations");
}

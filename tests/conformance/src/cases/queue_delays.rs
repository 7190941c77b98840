//! Jobs whose time has not come: new ones with a delay, and ones that go back.

use std::time::{Duration, Instant};

use hubchat_ports::{AttemptCount, Lane, NewJob, ReserveRequest};

use crate::StorageHarness;
use crate::jobs::{ALL, TENANT, add, add_for, complete, had, job, jobs, names, reserve, reserve_some, retry, up_to};
use crate::world::{LONG, World};

const SHORT: Duration = Duration::from_millis(200);

/// What two clocks may disagree by in so short a time.
const TOLERANCE: Duration = Duration::from_millis(20);

pub async fn a_delayed_job_waits_for_its_time(harness: &dyn StorageHarness) {
    let start = Instant::now();
    let soon = NewJob { delay: SHORT, ..job("soon", "soon") };
    let late = NewJob { delay: LONG, ..job("late", "late") };
    add(harness, &[soon, late, job("now", "now")]).await;
    assert_eq!(names(&reserve(harness, up_to(1, 1)).await), "now");
    assert_eq!(names(&reserve_some(harness, ALL).await), "soon");
    assert!(start.elapsed() + TOLERANCE >= SHORT, "the job came before its time");
    assert_eq!(had(harness).await, "");
}

pub async fn a_delayed_job_holds_back_its_successors_only(harness: &dyn StorageHarness) {
    let head = NewJob { delay: LONG, ..job("a", "a1") };
    add(harness, &[head, job("a", "a2"), job("b", "b1")]).await;
    assert_eq!(had(harness).await, "b1");
}

pub async fn a_job_that_goes_back_with_a_delay_holds_back_its_successors_only(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2 b1 b2")).await;
    let got = reserve(harness, up_to(2, 1)).await;
    assert_eq!(names(&got), "a1 b1");
    let start = Instant::now();
    retry(harness, &got[0], SHORT, AttemptCount::Counted).await;
    complete(harness, &got[1..]).await;
    assert_eq!(names(&reserve(harness, up_to(1, 1)).await), "b2");
    let again = reserve_some(harness, ALL).await;
    assert!(start.elapsed() + TOLERANCE >= SHORT, "the job came back before its time");
    assert_eq!(names(&again), "a1 a2");
    assert_eq!((again[0].attempt, again[1].attempt), (2, 1));
}

pub async fn a_job_that_goes_back_without_delay_comes_at_once_and_first(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2")).await;
    for attempt in 1..=5 {
        let got = reserve(harness, up_to(1, 1)).await;
        assert_eq!((names(&got).as_str(), got[0].attempt), ("a1", attempt));
        retry(harness, &got[0], Duration::ZERO, AttemptCount::Counted).await;
    }
}

pub async fn an_attempt_that_does_not_count_is_not_counted(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1")).await;
    let counts = [AttemptCount::NotCounted, AttemptCount::Counted, AttemptCount::NotCounted, AttemptCount::Counted];
    for (count, attempt) in counts.into_iter().zip([1, 1, 2, 2]) {
        let got = reserve(harness, ALL).await;
        assert_eq!(got[0].attempt, attempt);
        retry(harness, &got[0], Duration::ZERO, count).await;
    }
    assert_eq!(reserve(harness, ALL).await[0].attempt, 3);
}

pub async fn released_jobs_are_offered_at_once_in_order_and_uncounted(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2 b1 a3")).await;
    for _ in 0..3 {
        let got = reserve(harness, ALL).await;
        assert_eq!(got.len(), 4);
        assert!(got.iter().all(|job| job.attempt == 1));
        harness.queue().release(&crate::jobs::leases(&got)).await.unwrap();
    }
    let got = reserve(harness, ALL).await;
    let of_a: Vec<_> = got.iter().filter(|job| job.order_key == "a").cloned().collect();
    assert_eq!(names(&of_a), "a1 a2 a3");
}

pub async fn jobs_behind_one_that_goes_back_are_given_back_in_order(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2 a3 a4")).await;
    let got = reserve(harness, up_to(3, 3)).await;
    complete(harness, &got[..1]).await;
    retry(harness, &got[1], Duration::ZERO, AttemptCount::Counted).await;
    harness.queue().release(&[got[2].lease]).await.unwrap();
    let again = reserve(harness, ALL).await;
    assert_eq!(names(&again), "a2 a3 a4");
    assert_eq!(again.iter().map(|job| job.attempt).collect::<Vec<_>>(), [2, 1, 1]);
}

pub async fn waiting_jobs_of_a_tenants_lane_can_be_made_due(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let other = world.id();
    let waits = |lane: Lane, key: &str| NewJob { lane, delay: LONG, ..job(key, key) };
    add(harness, &[waits(Lane::Outbound, "a"), waits(Lane::Inbound, "in"), job("b", "b")]).await;
    add_for(harness, other, &[waits(Lane::Outbound, "other")]).await;
    let got = reserve(harness, ALL).await;
    assert_eq!(names(&got), "b");
    retry(harness, &got[0], LONG, AttemptCount::NotCounted).await;
    assert_eq!(had(harness).await, "");

    assert_eq!(harness.queue().hasten(TENANT, Lane::Background).await.unwrap(), 0);
    assert_eq!(harness.queue().hasten(TENANT, Lane::Outbound).await.unwrap(), 2);
    let got = reserve(harness, ALL).await;
    assert_eq!(names(&got), "a b");
    assert_eq!(names(&reserve(harness, ReserveRequest { lane: Lane::Inbound, ..ALL }).await), "");
    assert_eq!(harness.queue().hasten(other, Lane::Outbound).await.unwrap(), 1);
    assert_eq!(had(harness).await, "other");
}

//! The database queue beyond the port's suite: order under load, fencing and wake-ups.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::rig::{Rig, on_postgres, on_sqlite, tenant};
use hubchat_ports::{
    AttemptCount, DeadLetterFilter, JobQueue, Lane, LeaseOutcome, NewJob, ReserveRequest, ReservedJob,
};
use tokio::sync::Mutex;
use tokio::time::timeout;

const LONG: Duration = Duration::from_mins(10);
const DEADLINE: Duration = Duration::from_mins(1);

fn job(order_key: &str, payload: &str) -> NewJob {
    NewJob {
        lane: Lane::Outbound,
        order_key: order_key.to_owned(),
        kind: "test.v1".to_owned(),
        payload: payload.to_owned(),
        delay: Duration::ZERO,
    }
}

const fn up_to(max_jobs: u32, max_per_key: u32) -> ReserveRequest {
    ReserveRequest { lane: Lane::Outbound, max_jobs, max_per_key, lease: LONG }
}

fn payloads(jobs: &[ReservedJob]) -> Vec<&str> {
    jobs.iter().map(|job| job.payload.as_str()).collect()
}

async fn a_dead_workers_job_goes_to_another_and_its_late_answer_is_fenced(rig: Rig) {
    rig.append(&[job("a", "1")]).await;
    let dead = rig.queue.reserve(ReserveRequest { lease: Duration::ZERO, ..up_to(1, 1) }).await.unwrap();
    let alive = rig.queue.reserve(up_to(1, 1)).await.unwrap();
    assert_eq!(payloads(&alive), ["1"]);
    assert_eq!((dead[0].attempt, alive[0].attempt), (1, 2));
    assert_ne!(dead[0].lease, alive[0].lease);

    let late = dead[0].lease;
    assert_eq!(rig.queue.complete(&[late]).await.unwrap(), [late.job_id]);
    assert_eq!(rig.queue.extend(&[late], LONG).await.unwrap(), [late.job_id]);
    let outcome = rig.queue.retry(late, Duration::ZERO, "late", AttemptCount::Counted).await.unwrap();
    assert_eq!(outcome, LeaseOutcome::Fenced);
    assert_eq!(rig.queue.bury(late, "late").await.unwrap(), LeaseOutcome::Fenced);
    rig.queue.release(&[late]).await.unwrap();

    assert_eq!(rig.queue.complete(&[alive[0].lease]).await.unwrap(), []);
    assert_eq!(rig.scalar("SELECT count(*) FROM jobs").await, 0);
}

async fn the_head_of_a_key_holds_back_its_successors_only(rig: Rig) {
    rig.append(&[job("a", "a1"), job("b", "b1"), job("a", "a2"), job("a", "a3"), job("b", "b2")]).await;
    let first = rig.queue.reserve(up_to(10, 2)).await.unwrap();
    assert_eq!(payloads(&first), ["a1", "b1", "a2", "b2"]);
    assert!(rig.queue.reserve(up_to(10, 2)).await.unwrap().is_empty());

    // a1 waits; so do a2, which goes back, and a3.
    rig.queue.retry(first[0].lease, LONG, "failed\0 badly", AttemptCount::Counted).await.unwrap();
    rig.queue.release(&[first[2].lease]).await.unwrap();
    assert!(rig.queue.complete(&[first[1].lease, first[3].lease]).await.unwrap().is_empty());
    assert!(rig.queue.reserve(up_to(10, 2)).await.unwrap().is_empty());

    assert_eq!(rig.queue.hasten(tenant(), Lane::Inbound).await.unwrap(), 0);
    assert_eq!(rig.queue.hasten(tenant(), Lane::Outbound).await.unwrap(), 1);
    let again = rig.queue.reserve(up_to(10, 10)).await.unwrap();
    assert_eq!(payloads(&again), ["a1", "a2", "a3"]);
    assert_eq!(again.iter().map(|job| job.attempt).collect::<Vec<_>>(), [2, 1, 1]);
}

async fn a_dead_letter_is_replayed_behind_its_key_or_discarded(rig: Rig) {
    rig.append(&[job("a", "1"), job("a", "2"), job("b", "3")]).await;
    let jobs = rig.queue.reserve(up_to(10, 1)).await.unwrap();
    for job in &jobs {
        assert_eq!(rig.queue.bury(job.lease, "beyond help").await.unwrap(), LeaseOutcome::Applied);
    }
    let stats = rig.queue.stats().await.unwrap();
    let outbound = stats.iter().find(|stats| stats.lane == Lane::Outbound).unwrap();
    assert_eq!((outbound.ready, outbound.leased, outbound.delayed, outbound.dead), (1, 0, 0, 2));
    assert_eq!(stats.len(), Lane::ALL.len());

    let everything = DeadLetterFilter { limit: 10, ..Default::default() };
    let dead = rig.queue.list_dead(&everything).await.unwrap();
    assert_eq!(dead.iter().map(|letter| letter.id).collect::<Vec<_>>(), [jobs[0].lease.job_id, jobs[1].lease.job_id]);
    assert_eq!((dead[0].last_error.as_str(), dead[0].attempts, dead[0].tenant_id), ("beyond help", 1, tenant()));
    assert_eq!(rig.queue.find_dead(dead[1].id).await.unwrap().as_ref(), Some(&dead[1]));

    assert!(rig.queue.replay(dead[0].id).await.unwrap());
    assert!(!rig.queue.replay(dead[0].id).await.unwrap());
    assert!(rig.queue.discard(dead[1].id).await.unwrap());
    assert!(!rig.queue.discard(dead[1].id).await.unwrap());
    let again = rig.queue.reserve(up_to(10, 10)).await.unwrap();
    assert_eq!(payloads(&again), ["2", "1"]);
    assert_eq!(again[1].attempt, 1);
}

async fn every_key_keeps_its_order_under_parallel_workers_and_retries(rig: Rig) {
    const KEYS: usize = 12;
    const JOBS: usize = 15;
    let jobs: Vec<NewJob> =
        (0..KEYS * JOBS).map(|n| job(&format!("key {}", n % KEYS), &format!("{}", n / KEYS))).collect();
    rig.append(&jobs).await;

    let done: Arc<Mutex<HashMap<String, Vec<usize>>>> = Arc::default();
    let dice = Arc::new(AtomicU32::new(1));
    let workers: Vec<_> = (0..8)
        .map(|_| tokio::spawn(work(rig.queue.clone(), Arc::clone(&done), Arc::clone(&dice), KEYS * JOBS)))
        .collect();
    for worker in workers {
        timeout(DEADLINE, worker).await.unwrap().unwrap();
    }
    let done = done.lock().await;
    assert_eq!(done.len(), KEYS);
    for (key, order) in &*done {
        assert_eq!(*order, (0..JOBS).collect::<Vec<_>>(), "of {key}");
    }
    assert_eq!(rig.scalar("SELECT count(*) FROM jobs").await, 0);
}

/// Takes jobs until all are done; of those it takes, about every fifth fails at first.
async fn work(queue: impl JobQueue, done: Arc<Mutex<HashMap<String, Vec<usize>>>>, dice: Arc<AtomicU32>, all: usize) {
    while done.lock().await.values().map(Vec::len).sum::<usize>() < all {
        let mut jobs = queue.reserve(up_to(7, 3)).await.unwrap();
        if jobs.is_empty() {
            queue.wait(Lane::Outbound, Duration::from_millis(5)).await;
        }
        while !jobs.is_empty() {
            let job = jobs.remove(0);
            tokio::task::yield_now().await;
            if dice.fetch_add(1, Ordering::Relaxed).wrapping_mul(2_654_435_761) >> 16 & 7 < 2 {
                let (behind, others): (Vec<_>, Vec<_>) =
                    jobs.into_iter().partition(|other| other.order_key == job.order_key);
                jobs = others;
                queue.release(&behind.iter().map(|job| job.lease).collect::<Vec<_>>()).await.unwrap();
                queue.retry(job.lease, Duration::from_millis(2), "chance", AttemptCount::Counted).await.unwrap();
            } else {
                // Noted before it is complete: from then on another worker may do the next.
                done.lock().await.entry(job.order_key).or_default().push(job.payload.parse().unwrap());
                assert!(queue.complete(&[job.lease]).await.unwrap().is_empty());
            }
        }
    }
}

async fn reservations_at_once_share_no_job(rig: Rig) {
    let jobs: Vec<NewJob> = (0..200).map(|n| job(&format!("key {n}"), "x")).collect();
    rig.append(&jobs).await;
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let queue = rig.queue.clone();
            tokio::spawn(async move { queue.reserve(up_to(20, 1)).await.unwrap() })
        })
        .collect();
    let mut taken = Vec::new();
    for worker in workers {
        taken.extend(worker.await.unwrap().into_iter().map(|job| job.lease.job_id));
    }
    assert_eq!(taken.len(), 160);
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), 160);
}

async fn a_commit_wakes_a_waiting_worker(rig: Rig) {
    let queue = rig.queue.clone();
    // Rung once by itself at start-up on PostgreSQL, so the worker looks before it believes.
    let worker = tokio::spawn(async move {
        loop {
            let jobs = queue.reserve(up_to(1, 1)).await.unwrap();
            if !jobs.is_empty() {
                return jobs;
            }
            queue.wait(Lane::Outbound, LONG).await;
        }
    });
    tokio::task::yield_now().await;
    rig.append(&[job("a", "1")]).await;
    let jobs = timeout(DEADLINE, worker).await.unwrap().unwrap();
    assert_eq!(payloads(&jobs), ["1"]);
}

async fn a_job_added_between_looking_and_waiting_is_not_slept_through(rig: Rig) {
    for n in 0..20 {
        assert!(rig.queue.reserve(up_to(1, 1)).await.unwrap().is_empty());
        rig.append(&[job("a", &n.to_string())]).await;
        timeout(DEADLINE, rig.queue.wait(Lane::Outbound, LONG)).await.unwrap();
        let jobs = rig.queue.reserve(up_to(1, 1)).await.unwrap();
        rig.queue.complete(&[jobs[0].lease]).await.unwrap();
    }
}

async fn a_commit_wakes_the_workers_of_other_processes_on_postgresql(here: Rig) {
    let there = here.sibling().await;
    let listening = "SELECT count(*) FROM pg_stat_activity \
        WHERE datname = current_database() AND query = 'LISTEN \"hubchat_jobs\"'";
    timeout(DEADLINE, async {
        while here.scalar(listening).await < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    // What rang at start-up is heard first.
    while timeout(Duration::from_millis(50), there.queue.wait(Lane::Outbound, LONG)).await.is_ok() {}
    here.append(&[job("a", "1")]).await;
    timeout(DEADLINE, there.queue.wait(Lane::Outbound, LONG)).await.unwrap();
    assert_eq!(payloads(&there.queue.reserve(up_to(1, 1)).await.unwrap()), ["1"]);
}

async fn a_job_that_becomes_visible_late_waits_for_the_later_one_that_is_being_done(rig: Rig) {
    let early = rig.session(tenant()).await;
    early.jobs().append(&[job("a", "1")]).await.unwrap();
    rig.append(&[job("a", "2")]).await;
    let second = rig.queue.reserve(up_to(10, 10)).await.unwrap();
    assert_eq!(payloads(&second), ["2"]);
    early.commit().await.unwrap();
    assert!(rig.queue.reserve(up_to(10, 10)).await.unwrap().is_empty());
    rig.queue.complete(&[second[0].lease]).await.unwrap();
    assert_eq!(payloads(&rig.queue.reserve(up_to(10, 10)).await.unwrap()), ["1"]);
}

async fn the_jobs_of_a_dead_process_are_taken_up_at_once_and_those_of_a_living_one_are_not(rig: Rig) {
    rig.append(&[job("a", "1")]).await;
    assert_eq!(payloads(&rig.queue.reserve(up_to(1, 1)).await.unwrap()), ["1"]);
    let other = rig.sibling().await;
    assert!(other.queue.reserve(up_to(1, 1)).await.unwrap().is_empty(), "its process lives");
    drop(other);
    let after = rig.dies().await;
    let again = after.queue.reserve(up_to(1, 1)).await.unwrap();
    assert_eq!((payloads(&again), again[0].attempt), (vec!["1"], 2), "the first attempt is not forgotten");
}

on_sqlite! {
    the_jobs_of_a_dead_process_are_taken_up_at_once_and_those_of_a_living_one_are_not,
    a_dead_workers_job_goes_to_another_and_its_late_answer_is_fenced,
    the_head_of_a_key_holds_back_its_successors_only,
    a_dead_letter_is_replayed_behind_its_key_or_discarded,
    every_key_keeps_its_order_under_parallel_workers_and_retries,
    reservations_at_once_share_no_job,
    a_commit_wakes_a_waiting_worker,
    a_job_added_between_looking_and_waiting_is_not_slept_through,
}

on_postgres! {
    a_dead_workers_job_goes_to_another_and_its_late_answer_is_fenced,
    the_head_of_a_key_holds_back_its_successors_only,
    a_dead_letter_is_replayed_behind_its_key_or_discarded,
    every_key_keeps_its_order_under_parallel_workers_and_retries,
    reservations_at_once_share_no_job,
    a_commit_wakes_a_waiting_worker,
    a_job_added_between_looking_and_waiting_is_not_slept_through,
    a_commit_wakes_the_workers_of_other_processes_on_postgresql,
    a_job_that_becomes_visible_late_waits_for_the_later_one_that_is_being_done,
}

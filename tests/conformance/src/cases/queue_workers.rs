//! Many workers on one queue: every job is done once, and in the order of its key.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::join_all;
use hubchat_ports::{AttemptCount, LeaseOutcome, NewJob, ReservedJob};

use crate::StorageHarness;
use crate::jobs::{add, job, leases, up_to};
use crate::world::Dice;

const WORKERS: u64 = 8;
const JOBS: usize = 500;
const KEYS: usize = 50;

/// What was done, by key, in order.
type Done = Mutex<HashMap<String, Vec<usize>>>;

/// Does a reservation as a worker does: in order, and what stands behind a failed job goes back.
async fn work_off(harness: &dyn StorageHarness, got: &[ReservedJob], dice: &mut Dice, done: &Done) {
    let queue = harness.queue();
    let mut failed: Vec<&str> = Vec::new();
    for job in got {
        if failed.contains(&job.order_key.as_str()) {
            queue.release(&[job.lease]).await.unwrap();
            continue;
        }
        let outcome = match dice.below(10) {
            0 => {
                failed.push(&job.order_key);
                let count = [AttemptCount::Counted, AttemptCount::NotCounted][dice.below(2)];
                let delay = Duration::from_millis(u64::try_from(dice.below(3)).unwrap());
                queue.retry(job.lease, delay, "not yet", count).await.unwrap()
            }
            1 => {
                failed.push(&job.order_key);
                queue.release(&[job.lease]).await.unwrap();
                LeaseOutcome::Applied
            }
            _ => {
                let number = job.payload.trim_matches('"').parse().unwrap();
                done.lock().unwrap().entry(job.order_key.clone()).or_default().push(number);
                let fenced = queue.complete(&leases(std::slice::from_ref(job))).await.unwrap();
                if fenced.is_empty() { LeaseOutcome::Applied } else { LeaseOutcome::Fenced }
            }
        };
        assert_eq!(outcome, LeaseOutcome::Applied, "a lease of ten minutes ended");
    }
}

pub async fn eight_workers_do_every_job_once_and_in_the_order_of_its_key(harness: &dyn StorageHarness) {
    let all: Vec<NewJob> = (0..JOBS).map(|n| job(&format!("k{}", n % KEYS), &n.to_string())).collect();
    let done: Done = Mutex::default();
    let total = || done.lock().unwrap().values().map(Vec::len).sum::<usize>();
    // Jobs come while the workers work.
    let sender = async {
        for batch in all.chunks(25) {
            add(harness, batch).await;
        }
    };
    let workers = join_all((0..WORKERS).map(|number| {
        let (done, total) = (&done, &total);
        async move {
            let mut dice = Dice::new(number);
            while total() < JOBS {
                let size = u32::try_from(1 + dice.below(12)).unwrap();
                let per_key = u32::try_from(1 + dice.below(4)).unwrap();
                let got = harness.queue().reserve(up_to(size, per_key)).await.unwrap();
                if got.is_empty() {
                    tokio::task::yield_now().await;
                }
                work_off(harness, &got, &mut dice, done).await;
            }
        }
    }));
    futures_util::future::join(sender, workers).await;

    let done = done.into_inner().unwrap();
    assert_eq!(done.len(), KEYS);
    for (key, numbers) in &done {
        let first: usize = key[1..].parse().unwrap();
        assert_eq!(numbers, &(first..JOBS).step_by(KEYS).collect::<Vec<_>>(), "of key {key}");
    }
    assert!(harness.queue().reserve(up_to(100, 100)).await.unwrap().is_empty());
    for lane in harness.queue().stats().await.unwrap() {
        assert_eq!((lane.ready, lane.leased, lane.delayed, lane.dead), (0, 0, 0, 0), "{}", lane.lane);
    }
}

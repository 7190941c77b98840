//! Telling the queue what became of jobs: finished ones together, so that they share a transaction.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use hubchat_core::{
    JobOutcome,
    port::{JobLease, JobQueue, Lane, LeaseOutcome, QueueError},
};
use tokio::{
    sync::{Notify, mpsc},
    task::JoinHandle,
};

use crate::observer;

/// Takes outcomes and tells the queue. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Settlements(mpsc::UnboundedSender<(JobLease, JobOutcome)>);

/// At most so many finished jobs in one transaction.
const TOGETHER: usize = 256;

impl Settlements {
    /// Starts the task that tells the queue. It ends when every clone of the handle is gone and
    /// everything submitted was told. What waits in it is bounded by the lane's concurrency.
    pub(crate) fn start(queue: Arc<dyn JobQueue>, lane: Lane, progress: Arc<Notify>) -> (Self, JoinHandle<()>) {
        let (submit, mut submitted) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            let mut together = Vec::with_capacity(TOGETHER);
            while submitted.recv_many(&mut together, TOGETHER).await > 0 {
                tell(&*queue, lane, std::mem::take(&mut together)).await;
                progress.notify_one();
            }
        });
        (Self(submit), task)
    }

    pub(crate) fn submit(&self, lease: JobLease, outcome: JobOutcome) {
        // The task outlives every handle, so there is always someone to take it.
        let _ = self.0.send((lease, outcome));
    }
}

async fn tell(queue: &dyn JobQueue, lane: Lane, outcomes: Vec<(JobLease, JobOutcome)>) {
    let (mut done, mut released) = (Vec::new(), Vec::new());
    for (lease, outcome) in outcomes {
        match outcome {
            JobOutcome::Done => done.push(lease),
            JobOutcome::Release => released.push(lease),
            JobOutcome::Retry { delay, error, count } => {
                stubbornly(lane, || async { count_one(lane, queue.retry(lease, delay, &error, count).await) }.boxed())
                    .await;
            }
            JobOutcome::Dead { error } => {
                tracing::error!(lane = lane.as_str(), job.id = lease.job_id.0, error, "a job became a dead letter");
                stubbornly(lane, || async { count_one(lane, queue.bury(lease, &error).await) }.boxed()).await;
            }
        }
    }
    if !done.is_empty() {
        stubbornly(lane, || {
            async { queue.complete(&done).await.map(|fenced| observer::count_fenced(lane, fenced.len())) }.boxed()
        })
        .await;
    }
    if !released.is_empty() {
        stubbornly(lane, || queue.release(&released).boxed()).await;
    }
}

fn count_one(lane: Lane, told: Result<LeaseOutcome, QueueError>) -> Result<(), QueueError> {
    told.map(|outcome| observer::count_fenced(lane, usize::from(outcome == LeaseOutcome::Fenced)))
}

/// Tells the queue again when it cannot be reached. Should it stay away, the leases end and the jobs
/// come back, which is harmless: doing them again changes nothing.
async fn stubbornly<'a>(lane: Lane, tell: impl Fn() -> BoxFuture<'a, Result<(), QueueError>> + Send) {
    const WAITS: [Duration; 3] = [Duration::from_millis(50), Duration::from_millis(250), Duration::from_secs(1)];
    for wait in WAITS.into_iter().map(Some).chain([None]) {
        match tell().await {
            Ok(()) => return,
            Err(error) => {
                tracing::warn!(
                    lane = lane.as_str(),
                    error = &error as &dyn std::error::Error,
                    "the queue could not be told what became of a job"
                );
                if let Some(wait) = wait {
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }
}

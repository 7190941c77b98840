//! One lane: reserve, do, settle, again.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use hubchat_core::{
    Hubchat, JobOutcome, JobRunner,
    port::{Lane, ReserveRequest, ReservedJob},
};
use hubchat_wiring::LaneSettings;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{leases::HeldLeases, observer, settlement::Settlements};

/// How a lane is worked on.
#[derive(Debug, Clone, Copy)]
pub struct LaneOptions {
    /// Which lane.
    pub lane: Lane,
    /// How much at once.
    pub settings: LaneSettings,
    /// For how long a job is ours.
    pub lease: Duration,
    /// How often a quiet queue is looked at.
    pub poll: Duration,
    /// For how long work may go on after the signal to stop.
    pub shutdown_limit: Duration,
}

/// What the pieces of work of a lane share.
#[derive(Clone)]
struct Shared {
    hubchat: Hubchat,
    lane: Lane,
    leases: HeldLeases,
    settlements: Settlements,
    /// Told whenever jobs were settled: successors of their order keys may be ready now.
    progress: Arc<Notify>,
    shutdown: CancellationToken,
}

/// Works on a lane until `shutdown`; returns when everything is finished or given back, or the limit passed.
pub async fn run_lane(hubchat: Hubchat, options: LaneOptions, shutdown: CancellationToken) {
    let tracker = TaskTracker::new();
    let stop_upkeep = CancellationToken::new();
    let leases = HeldLeases::default();
    let progress = Arc::new(Notify::new());
    let queue = Arc::clone(&hubchat.ports.queue);
    let (settlements, settler) = Settlements::start(Arc::clone(&queue), options.lane, Arc::clone(&progress));
    let extender = tokio::spawn(leases.clone().keep_extending(
        Arc::clone(&queue),
        options.lane,
        options.lease,
        stop_upkeep.clone(),
    ));
    let shared = Shared { hubchat, lane: options.lane, leases, settlements, progress, shutdown: shutdown.clone() };
    let permits = Arc::new(Semaphore::new(options.settings.concurrency as usize));
    while !shutdown.is_cancelled() {
        let permit = tokio::select! {
            () = shutdown.cancelled() => break,
            permit = Arc::clone(&permits).acquire_owned() => permit,
        };
        let Ok(permit) = permit else { break };
        let request = ReserveRequest {
            lane: options.lane,
            max_jobs: reservation_size(&options, permits.available_permits() + 1),
            max_per_key: options.settings.per_key,
            lease: options.lease,
        };
        match queue.reserve(request).await {
            Ok(jobs) if jobs.is_empty() => {
                drop(permit);
                wait_for_work(&shared, options.poll).await;
            }
            Ok(jobs) => spread(&shared, jobs, permit, &permits, &tracker).await,
            Err(error) => {
                drop(permit);
                tracing::warn!(
                    lane = options.lane.as_str(),
                    error = &error as &dyn std::error::Error,
                    "jobs could not be reserved; trying again"
                );
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    () = shared.hubchat.ports.clock.sleep(options.poll) => {}
                }
            }
        }
    }
    tracker.close();
    if tokio::time::timeout(options.shutdown_limit, tracker.wait()).await.is_err() {
        tracing::warn!(
            lane = options.lane.as_str(),
            "work went on past the shutdown limit; its jobs come back when their leases end"
        );
    }
    drop(shared);
    if settler.await.is_err() {
        tracing::error!(lane = options.lane.as_str(), "jobs could not be settled at shutdown; they come back");
    }
    stop_upkeep.cancel();
    let _ = extender.await;
}

/// The inbound lane fills a batch; the others reserve no more than they can begin at once.
fn reservation_size(options: &LaneOptions, free: usize) -> u32 {
    if options.lane == Lane::Inbound {
        return options.settings.batch;
    }
    options.settings.batch.min(u32::try_from(free).unwrap_or(u32::MAX))
}

async fn wait_for_work(shared: &Shared, poll: Duration) {
    tokio::select! {
        () = shared.shutdown.cancelled() => {}
        () = shared.hubchat.ports.queue.wait(shared.lane, poll) => {}
        () = shared.progress.notified() => {}
    }
}

/// Starts the work on a reservation: batched jobs together, the others by order key side by side.
async fn spread(
    shared: &Shared,
    jobs: Vec<ReservedJob>,
    permit: OwnedSemaphorePermit,
    permits: &Arc<Semaphore>,
    tracker: &TaskTracker,
) {
    shared.leases.add(&jobs);
    let (batched, single): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| JobRunner::is_batched(&job.kind));
    let mut permit = Some(permit);
    if !batched.is_empty() {
        let shared = shared.clone();
        let held = permit.take();
        tracker.spawn(async move {
            do_batch(&shared, batched).await;
            drop(held);
        });
    }
    let mut by_key: BTreeMap<String, Vec<ReservedJob>> = BTreeMap::new();
    for job in single {
        by_key.entry(job.order_key.clone()).or_default().push(job);
    }
    for (_, run) in by_key {
        let held = match permit.take() {
            Some(held) => Some(held),
            None => Arc::clone(permits).acquire_owned().await.ok(),
        };
        let shared = shared.clone();
        tracker.spawn(async move {
            do_in_order(&shared, run).await;
            drop(held);
        });
    }
}

async fn do_batch(shared: &Shared, jobs: Vec<ReservedJob>) {
    let runner = shared.hubchat.jobs.clone();
    let work = Arc::new(jobs);
    let attempt = tokio::spawn({
        let work = Arc::clone(&work);
        async move { runner.run_batch(&work).await }
    });
    match attempt.await {
        Ok(outcomes) => {
            for (lease, outcome) in outcomes {
                settle(shared, lease, outcome);
            }
        }
        Err(crash) => {
            tracing::error!(lane = shared.lane.as_str(), error = %crash, "a batch of jobs crashed");
            // Which of them did it cannot be told from here: each is tried alone from now on.
            for job in work.iter() {
                let outcome = attempt_alone(shared, job).await;
                settle(shared, job.lease, outcome);
            }
        }
    }
}

/// Does the jobs of one order key one after the other; when one goes back, so do its successors.
async fn do_in_order(shared: &Shared, jobs: Vec<ReservedJob>) {
    let mut held_back = false;
    for job in jobs {
        let outcome = if held_back || shared.shutdown.is_cancelled() {
            JobOutcome::Release
        } else {
            attempt_alone(shared, &job).await
        };
        held_back |= !outcome.is_final();
        settle(shared, job.lease, outcome);
    }
}

async fn attempt_alone(shared: &Shared, job: &ReservedJob) -> JobOutcome {
    let runner = shared.hubchat.jobs.clone();
    let attempt = tokio::spawn({
        let job = job.clone();
        async move { runner.run(&job).await }
    });
    match attempt.await {
        Ok(outcome) => outcome,
        Err(crash) => {
            tracing::error!(
                lane = shared.lane.as_str(),
                job.id = job.lease.job_id.0,
                tenant.id = %job.tenant_id,
                error = %crash,
                "a job crashed"
            );
            shared.hubchat.jobs.after_crash(job).await
        }
    }
}

fn settle(shared: &Shared, lease: hubchat_core::port::JobLease, outcome: JobOutcome) {
    shared.leases.remove(lease);
    observer::count_outcome(shared.lane, &outcome);
    shared.settlements.submit(lease, outcome);
}

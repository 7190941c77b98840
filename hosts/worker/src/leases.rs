//! The leases that a lane holds, extended while their jobs are being done.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hubchat_core::port::{JobLease, JobQueue, Lane, ReservedJob};
use tokio_util::sync::CancellationToken;

use crate::observer;

/// The leases held now. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct HeldLeases(Arc<Mutex<HashSet<JobLease>>>);

impl HeldLeases {
    pub(crate) fn add(&self, jobs: &[ReservedJob]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(jobs.iter().map(|job| job.lease));
    }

    pub(crate) fn remove(&self, lease: JobLease) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&lease);
    }

    fn all(&self) -> Vec<JobLease> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    /// Extends what is held three times a lease, until stopped.
    pub(crate) async fn keep_extending(
        self,
        queue: Arc<dyn JobQueue>,
        lane: Lane,
        lease: Duration,
        stop: CancellationToken,
    ) {
        let mut ticks = tokio::time::interval(lease / 3);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            let held = self.all();
            if held.is_empty() {
                continue;
            }
            match queue.extend(&held, lease).await {
                Ok(fenced) => observer::count_fenced(lane, fenced.len()),
                Err(error) => tracing::warn!(
                    lane = lane.as_str(),
                    error = &error as &dyn std::error::Error,
                    "leases could not be extended"
                ),
            }
        }
    }
}

//! The queue of jobs in the database itself, so that a job and what causes it commit together.
//!
//! Times are the database's. The order of a key rests on the numbers of its jobs: only the head of a key
//! can be reserved, alone or with those right behind it.

mod bookkeeping;
mod notifications;
mod pick;
mod postgres;
mod rows;
mod sole_worker;
mod sqlite;
mod wakeups;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hubchat_domain::TenantId;
use hubchat_ports::{
    AttemptCount, DeadLetter, DeadLetterFilter, JobId, JobLease, JobQueue, Lane, LaneStats, LeaseOutcome, QueueError,
    ReserveRequest, ReservedJob, StorageError,
};

#[cfg(test)]
pub(crate) use postgres::OF_LISTS;
pub(crate) use rows::micros;
pub(crate) use sole_worker::SoleWorker;
pub use wakeups::JobWakeups;

use crate::error::from_sqlx;
use crate::pools::SqlPools;

/// Error texts are cut to this many characters: they are words for operators, not dumps.
const LONGEST_ERROR: usize = 1_000;

/// The queue of jobs in the database.
#[derive(Debug, Clone)]
pub struct DatabaseQueue {
    pools: SqlPools,
    wakeups: Arc<JobWakeups>,
    /// On SQLite.
    sole_worker: Option<Arc<SoleWorker>>,
}

/// Runs the statement of the pool's database; questions go to the reader, the rest to the writer.
macro_rules! on {
    ($self:ident, write $function:ident($($argument:expr),*)) => {
        match &$self.pools {
            SqlPools::Postgres(pool) => postgres::$function(pool $(, $argument)*).await,
            SqlPools::Sqlite { writer, .. } => sqlite::$function(writer $(, $argument)*).await,
        }
        .map_err(queue_error)
    };
    ($self:ident, read $function:ident($($argument:expr),*)) => {
        match &$self.pools {
            SqlPools::Postgres(pool) => postgres::$function(pool $(, $argument)*).await,
            SqlPools::Sqlite { reader, .. } => sqlite::$function(reader $(, $argument)*).await,
        }
        .map_err(queue_error)
    };
}

impl DatabaseQueue {
    pub(crate) fn new(pools: SqlPools, wakeups: Arc<JobWakeups>, sole_worker: Option<Arc<SoleWorker>>) -> Self {
        Self { pools, wakeups, sole_worker }
    }

    /// Jobs of these lanes can be reserved that could not before.
    fn offered(&self, lanes: &[String]) {
        let mut lanes: Vec<Lane> = lanes.iter().filter_map(|lane| Lane::parse(lane)).collect();
        lanes.sort_unstable();
        lanes.dedup();
        self.wakeups.nudge(&lanes);
    }

    fn outcome(&self, lane: Option<String>) -> LeaseOutcome {
        lane.map_or(LeaseOutcome::Fenced, |lane| {
            self.offered(&[lane]);
            LeaseOutcome::Applied
        })
    }
}

#[async_trait]
impl JobQueue for DatabaseQueue {
    async fn reserve(&self, request: ReserveRequest) -> Result<Vec<ReservedJob>, QueueError> {
        let rows = match &self.pools {
            SqlPools::Postgres(pool) => postgres::reserve(pool, request).await,
            SqlPools::Sqlite { writer, reader } => {
                if let Some(sole_worker) = &self.sole_worker {
                    sole_worker.arrive(writer).await.map_err(queue_error)?;
                }
                sqlite::reserve(writer, reader, request).await
            }
        }
        .map_err(queue_error)?;
        if !rows.is_empty() && rows.len() >= request.max_jobs as usize {
            self.wakeups.pass_on(request.lane);
        }
        Ok(rows.into_iter().map(|row| rows::reserved(request.lane, row)).collect())
    }

    async fn extend(&self, leases: &[JobLease], lease: Duration) -> Result<Vec<JobId>, QueueError> {
        if leases.is_empty() {
            return Ok(Vec::new());
        }
        Ok(fenced(leases, &on!(self, write extend(leases, micros(lease)))?))
    }

    async fn complete(&self, leases: &[JobLease]) -> Result<Vec<JobId>, QueueError> {
        if leases.is_empty() {
            return Ok(Vec::new());
        }
        Ok(fenced(leases, &on!(self, write complete(leases))?))
    }

    async fn retry(
        &self,
        lease: JobLease,
        delay: Duration,
        error: &str,
        count: AttemptCount,
    ) -> Result<LeaseOutcome, QueueError> {
        let lane = on!(self, write retry(lease, micros(delay), &words(error), count))?;
        if delay.is_zero() {
            return Ok(self.outcome(lane));
        }
        Ok(if lane.is_some() { LeaseOutcome::Applied } else { LeaseOutcome::Fenced })
    }

    async fn release(&self, leases: &[JobLease]) -> Result<(), QueueError> {
        if leases.is_empty() {
            return Ok(());
        }
        self.offered(&on!(self, write release(leases))?);
        Ok(())
    }

    async fn bury(&self, lease: JobLease, error: &str) -> Result<LeaseOutcome, QueueError> {
        let lane = on!(self, write bury(lease, &words(error)))?;
        Ok(self.outcome(lane))
    }

    async fn hasten(&self, tenant: TenantId, lane: Lane) -> Result<u64, QueueError> {
        let hastened = on!(self, write hasten(tenant, lane))?;
        if hastened > 0 {
            self.wakeups.nudge(&[lane]);
        }
        Ok(hastened)
    }

    async fn wait(&self, lane: Lane, at_most: Duration) {
        self.wakeups.wait(lane, at_most).await;
    }

    async fn stats(&self) -> Result<Vec<LaneStats>, QueueError> {
        Ok(on!(self, read stats())?.iter().filter_map(rows::stats).collect())
    }

    async fn list_dead(&self, filter: &DeadLetterFilter) -> Result<Vec<DeadLetter>, QueueError> {
        Ok(on!(self, read list_dead(filter))?.into_iter().filter_map(rows::dead).collect())
    }

    async fn find_dead(&self, id: JobId) -> Result<Option<DeadLetter>, QueueError> {
        let filter = DeadLetterFilter { after: Some(JobId(id.0.saturating_sub(1))), limit: 1, ..Default::default() };
        Ok(self.list_dead(&filter).await?.into_iter().find(|letter| letter.id == id))
    }

    async fn replay(&self, id: JobId) -> Result<bool, QueueError> {
        let lane = on!(self, write replay(id))?;
        Ok(self.outcome(lane) == LeaseOutcome::Applied)
    }

    async fn discard(&self, id: JobId) -> Result<bool, QueueError> {
        on!(self, write discard(id))
    }
}

/// Whether a power loss may take back that jobs of the lane were reserved. How often a delivery was tried is not to be
/// forgotten: it tells whether its key may be used again. Whatever else is done twice has no second effect.
fn may_be_forgotten(lane: Lane) -> bool {
    lane != Lane::Outbound
}

fn fenced(leases: &[JobLease], applied: &[i64]) -> Vec<JobId> {
    let applied: std::collections::HashSet<i64> = applied.iter().copied().collect();
    leases.iter().map(|lease| lease.job_id).filter(|id| !applied.contains(&id.0)).collect()
}

/// PostgreSQL holds no zero character in a text.
fn words(error: &str) -> String {
    error.chars().filter(|character| *character != '\0').take(LONGEST_ERROR).collect()
}

fn queue_error(error: sqlx::Error) -> QueueError {
    match from_sqlx(error) {
        error @ (StorageError::Unavailable(_) | StorageError::Contention(_) | StorageError::Stale) => {
            QueueError::Unavailable(Box::new(error))
        }
        error => QueueError::Other(Box::new(error)),
    }
}

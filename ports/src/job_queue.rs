//! The queue that workers take jobs from.
//!
//! At least once: a job comes back until it is completed or buried. Leases and their deadlines follow
//! the queue's own clock (the database's), never the worker's, so that a wrong clock on one machine
//! cannot end another's lease.

use std::time::Duration;

use async_trait::async_trait;
use hubchat_domain::{TenantId, Timestamp};

use crate::{JobId, Lane};

/// Why the queue could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueueError {
    /// The queue cannot be reached, or had to give way. Try again soon.
    #[error("the queue is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else; a defect.
    #[error("the queue failed")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The right to do a job until the lease ends. A new one is made for every reservation, so that a
/// late worker cannot touch its successor's job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct JobLease {
    /// The job.
    pub job_id: JobId,
    /// The fencing token, unique to the reservation.
    pub token: i64,
}

/// What to reserve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReserveRequest {
    /// From which lane.
    pub lane: Lane,
    /// At most so many jobs.
    pub max_jobs: u32,
    /// At most so many of one order key.
    pub max_per_key: u32,
    /// For how long.
    pub lease: Duration,
}

/// A job that is ours for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReservedJob {
    /// The right to do it.
    pub lease: JobLease,
    /// Its lane.
    pub lane: Lane,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Its order key.
    pub order_key: String,
    /// What kind of job.
    pub kind: String,
    /// Its particulars.
    pub payload: String,
    /// The number of this attempt, from 1: reservations that were counted.
    pub attempt: u32,
    /// When it was added.
    pub enqueued_at: Timestamp,
}

/// Whether a lease was still good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseOutcome {
    /// It was; the change is made.
    Applied,
    /// It was not: someone else has or had the job. Nothing changed.
    Fenced,
}

/// Whether a job that goes back counts the attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptCount {
    /// It failed.
    Counted,
    /// It was never really tried: shut down, rate-limited, parked.
    NotCounted,
}

/// A lane at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneStats {
    /// The lane.
    pub lane: Lane,
    /// Jobs that could be reserved or wait behind such a job.
    pub ready: i64,
    /// Jobs that are reserved.
    pub leased: i64,
    /// Jobs whose time has not come.
    pub delayed: i64,
    /// Dead letters of the lane.
    pub dead: i64,
    /// How long the oldest ready job has waited since it could run.
    pub lag: Duration,
}

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The job's number.
    pub id: JobId,
    /// Its lane.
    pub lane: Lane,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Its order key.
    pub order_key: String,
    /// What kind of job.
    pub kind: String,
    /// Its particulars.
    pub payload: String,
    /// Attempts made.
    pub attempts: u32,
    /// The last error, in words without content.
    pub last_error: String,
    /// When it was added.
    pub enqueued_at: Timestamp,
    /// When it was given up.
    pub died_at: Timestamp,
}

/// Which dead letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeadLetterFilter {
    /// Of this tenant only.
    pub tenant_id: Option<TenantId>,
    /// Of this lane only.
    pub lane: Option<Lane>,
    /// After this one, in order of numbers.
    pub after: Option<JobId>,
    /// At most so many.
    pub limit: u32,
}

/// The queue that workers take jobs from, over all tenants.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Reserves jobs whose time has come, oldest first, and counts an attempt for each.
    ///
    /// A job MUST NOT be reserved while an earlier job of its lane and order key is neither done nor
    /// dead, unless that one is part of the same reservation. Jobs of one key come in order; the caller
    /// does them in that order, and gives the later ones back when an earlier one goes back.
    /// A job whose lease ended without an answer MUST be offered again.
    async fn reserve(&self, request: ReserveRequest) -> Result<Vec<ReservedJob>, QueueError>;

    /// Makes leases last for `lease` from now; answers the jobs that were fenced.
    async fn extend(&self, leases: &[JobLease], lease: Duration) -> Result<Vec<JobId>, QueueError>;

    /// The jobs are done and gone; answers the jobs that were fenced.
    async fn complete(&self, leases: &[JobLease]) -> Result<Vec<JobId>, QueueError>;

    /// The job goes back, to be offered again after `delay`, with the error of this attempt.
    async fn retry(
        &self,
        lease: JobLease,
        delay: Duration,
        error: &str,
        count: AttemptCount,
    ) -> Result<LeaseOutcome, QueueError>;

    /// Jobs go back untried, to be offered again at once; fenced ones are passed over.
    async fn release(&self, leases: &[JobLease]) -> Result<(), QueueError>;

    /// The job is given up and becomes a dead letter; its successors may go on.
    async fn bury(&self, lease: JobLease, error: &str) -> Result<LeaseOutcome, QueueError>;

    /// Makes the waiting jobs of a tenant's lane due now, such as sends that waited for new credentials.
    async fn hasten(&self, tenant: TenantId, lane: Lane) -> Result<u64, QueueError>;

    /// Waits until jobs of the lane may have come, or for `at_most`. MAY return early; a lost wake-up
    /// MUST cost no more than `at_most`.
    async fn wait(&self, lane: Lane, at_most: Duration);

    /// Every lane at a glance.
    async fn stats(&self) -> Result<Vec<LaneStats>, QueueError>;

    /// Dead letters, by number.
    async fn list_dead(&self, filter: &DeadLetterFilter) -> Result<Vec<DeadLetter>, QueueError>;

    /// The dead letter of that number.
    async fn find_dead(&self, id: JobId) -> Result<Option<DeadLetter>, QueueError>;

    /// The dead letter becomes a job again, behind the waiting jobs of its order key, with no attempts
    /// counted; tells whether it was there.
    async fn replay(&self, id: JobId) -> Result<bool, QueueError>;

    /// The dead letter goes for good; tells whether it was there.
    async fn discard(&self, id: JobId) -> Result<bool, QueueError>;
}

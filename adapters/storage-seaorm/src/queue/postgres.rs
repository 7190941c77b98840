//! The queue's statements on PostgreSQL.
//!
//! Reservations of one lane follow one another (an advisory lock, taken in a statement of its own, so
//! that the next statement's snapshot sees what the last reservation did); everything else is one
//! statement each.

use hubchat_domain::TenantId;
use hubchat_ports::{AttemptCount, DeadLetterFilter, JobId, JobLease, Lane, ReserveRequest};
use sqlx::{PgConnection, PgPool};

use super::may_be_forgotten;
use super::pick::{self, Candidate};
use super::rows::{DeadTuple, ReservedTuple, StatsTuple, lane_names, micros};

/// Advisory locks of reservations: this class, and the lane's number.
const LOCK_CLASS: i32 = 727_275;

/// Besides the lock: the planner must walk the indexes in order, whatever it last believed of a table
/// whose size changes by the second. And whether the commit waits for the disk.
const LOCK: &str = "SELECT pg_advisory_xact_lock($1, $2), \
    set_config('enable_seqscan', 'off', true), \
    set_config('enable_bitmapscan', 'off', true), \
    set_config('enable_sort', 'off', true), \
    set_config('synchronous_commit', CASE WHEN $3 THEN 'off' ELSE current_setting('synchronous_commit') END, true), \
    (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now";

const CANDIDATES: &str = "WITH heads AS MATERIALIZED ( \
        SELECT j.order_key FROM jobs j \
        WHERE j.lane = $1 AND j.run_at <= $2 AND (j.lease_until IS NULL OR j.lease_until <= $2) \
          AND j.id = (SELECT min(e.id) FROM jobs e WHERE e.lane = j.lane AND e.order_key = j.order_key) \
        ORDER BY j.id LIMIT $3 FOR UPDATE SKIP LOCKED \
    ) \
    SELECT f.id, f.order_key, f.run_at <= $2, COALESCE(f.lease_until > $2, false) \
    FROM heads CROSS JOIN LATERAL ( \
        SELECT e.id, e.order_key, e.run_at, e.lease_until FROM jobs e \
        WHERE e.lane = $1 AND e.order_key = heads.order_key ORDER BY e.id LIMIT $4 \
    ) f";

/// Looks at lease and time again: a lease that had ended may just have been extended. The token is a random one: what
/// a sequence gave out is forgotten with a commit that waited for no disk, and would be given out again.
const TAKE: &str = "UPDATE jobs SET lease_until = $2 + $3, \
        lease_token = (SELECT floor(random() * 9007199254740991)::bigint + 1), attempts = attempts + 1 \
    WHERE id = ANY($1) AND run_at <= $2 AND (lease_until IS NULL OR lease_until <= $2) \
    RETURNING id, lease_token, tenant_id, order_key, kind, payload, attempts, enqueued_at";

const GIVE_BACK: &str = "UPDATE jobs SET lease_until = NULL, lease_token = NULL, \
    attempts = GREATEST(attempts - 1, 0) WHERE id = ANY($1)";

pub(super) async fn reserve(pool: &PgPool, request: ReserveRequest) -> Result<Vec<ReservedTuple>, sqlx::Error> {
    let mut tx = pool.begin().await?;
    let jobs = reserve_in(&mut tx, request).await?;
    tx.commit().await?;
    Ok(jobs)
}

async fn reserve_in(tx: &mut PgConnection, request: ReserveRequest) -> Result<Vec<ReservedTuple>, sqlx::Error> {
    use sqlx::Row;

    let lane = request.lane;
    let row = sqlx::query(LOCK).bind(LOCK_CLASS).bind(lane as i32).bind(may_be_forgotten(lane));
    let row = row.fetch_one(&mut *tx).await?;
    let now: i64 = row.try_get("now")?;
    let candidates: Vec<Candidate> = sqlx::query_as(CANDIDATES)
        .bind(lane.as_str())
        .bind(now)
        .bind(i64::from(request.max_jobs))
        .bind(i64::from(pick::depth(request.max_per_key)))
        .fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(|(id, order_key, due, leased)| Candidate { id, order_key, due, leased })
        .collect();
    let picked = pick::pick(&candidates, request.max_jobs, request.max_per_key);
    if picked.is_empty() {
        return Ok(Vec::new());
    }
    let take = sqlx::query_as(TAKE).persistent(false).bind(&picked).bind(now).bind(micros(request.lease));
    let mut jobs: Vec<ReservedTuple> = take.fetch_all(&mut *tx).await?;
    if jobs.len() < picked.len() {
        let taken: Vec<i64> = jobs.iter().map(|job| job.0).collect();
        let back = pick::broken_rows(&candidates, &picked, &taken);
        if !back.is_empty() {
            sqlx::query(GIVE_BACK).bind(&back).execute(&mut *tx).await?;
            jobs.retain(|job| !back.contains(&job.0));
        }
    }
    jobs.sort_unstable_by_key(|job| job.0);
    Ok(jobs)
}

/// The moment at which the statement began.
macro_rules! now {
    () => {
        "(extract(epoch FROM statement_timestamp()) * 1000000)::bigint"
    };
}

/// That a job is held by a lease of those given.
///
/// Statements on a list of jobs are planned each time that they are carried out: a plan that was made while the queue was
/// empty, as it often is, walks a whole index, and PostgreSQL would keep it for when the queue has grown by thousands.
macro_rules! held {
    () => {
        "id = ANY($1) AND lease_token = ($2::bigint[])[array_position($1::bigint[], id)]"
    };
}

const EXTEND: &str = concat!("UPDATE jobs SET lease_until = ", now!(), " + $3 WHERE ", held!(), " RETURNING id");

/// What a job did is committed before, and a job that comes back finds that: this commit waits for no disk.
const COMPLETE: &str = concat!(
    "DELETE FROM jobs WHERE (SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL AND ",
    held!(),
    " RETURNING id"
);

const RELEASE: &str = concat!(
    "WITH gone AS (UPDATE jobs SET lease_until = NULL, lease_token = NULL, attempts = GREATEST(attempts - 1, 0) WHERE ",
    held!(),
    " RETURNING lane) SELECT DISTINCT lane FROM gone"
);

const RETRY: &str = concat!(
    "UPDATE jobs SET run_at = ",
    now!(),
    " + $3, lease_until = NULL, lease_token = NULL, attempts = GREATEST(attempts - $4, 0), last_error = $5 \
     WHERE id = $1 AND lease_token = $2 RETURNING lane"
);

const BURY: &str = concat!(
    "WITH gone AS (DELETE FROM jobs WHERE id = $1 AND lease_token = $2 \
        RETURNING id, lane, order_key, tenant_id, kind, payload, attempts, enqueued_at) \
     INSERT INTO dead_letters \
        (id, lane, order_key, tenant_id, kind, payload, attempts, last_error, enqueued_at, died_at) \
     SELECT id, lane, order_key, tenant_id, kind, payload, attempts, $3, enqueued_at, ",
    now!(),
    " FROM gone RETURNING lane"
);

const HASTEN: &str = concat!(
    "UPDATE jobs SET run_at = ",
    now!(),
    " WHERE lane = $1 AND tenant_id = $2 AND run_at > ",
    now!(),
    " AND (lease_until IS NULL OR lease_until <= ",
    now!(),
    ")"
);

const STATS: &str = concat!(
    "WITH moment AS MATERIALIZED (SELECT ",
    now!(),
    " AS now),      live AS (SELECT lane, run_at, now, COALESCE(lease_until > now, false) AS leased FROM jobs CROSS JOIN moment),      counted AS (SELECT lane,         count(*) FILTER (WHERE NOT leased AND run_at <= now) AS ready,         count(*) FILTER (WHERE leased) AS leased,         count(*) FILTER (WHERE NOT leased AND run_at > now) AS delayed,         max(now - run_at) FILTER (WHERE NOT leased AND run_at <= now) AS lag FROM live GROUP BY lane)      SELECT l.name, COALESCE(c.ready, 0), COALESCE(c.leased, 0), COALESCE(c.delayed, 0),         (SELECT count(*) FROM dead_letters d WHERE d.lane = l.name), COALESCE(c.lag, 0)      FROM UNNEST($1::text[]) AS l(name) LEFT JOIN counted c ON c.lane = l.name"
);

const LIST_DEAD: &str = "SELECT id, lane, tenant_id, order_key, kind, payload, attempts, last_error, enqueued_at, died_at \
     FROM dead_letters \
     WHERE id > $1 AND ($2::uuid IS NULL OR tenant_id = $2) AND ($3::text IS NULL OR lane = $3) \
     ORDER BY id LIMIT $4";

const REPLAY: &str = concat!(
    "WITH gone AS (DELETE FROM dead_letters WHERE id = $1 RETURNING lane, order_key, tenant_id, kind, payload)      INSERT INTO jobs (lane, order_key, tenant_id, kind, payload, run_at, enqueued_at)      SELECT lane, order_key, tenant_id, kind, payload, ",
    now!(),
    ", ",
    now!(),
    " FROM gone RETURNING lane"
);

pub(super) async fn extend(pool: &PgPool, leases: &[JobLease], lease: i64) -> Result<Vec<i64>, sqlx::Error> {
    let (ids, tokens) = split(leases);
    sqlx::query_scalar(EXTEND).persistent(false).bind(ids).bind(tokens).bind(lease).fetch_all(pool).await
}

pub(super) async fn complete(pool: &PgPool, leases: &[JobLease]) -> Result<Vec<i64>, sqlx::Error> {
    let (ids, tokens) = split(leases);
    sqlx::query_scalar(COMPLETE).persistent(false).bind(ids).bind(tokens).fetch_all(pool).await
}

pub(super) async fn release(pool: &PgPool, leases: &[JobLease]) -> Result<Vec<String>, sqlx::Error> {
    let (ids, tokens) = split(leases);
    sqlx::query_scalar(RELEASE).persistent(false).bind(ids).bind(tokens).fetch_all(pool).await
}

pub(super) async fn retry(
    pool: &PgPool,
    lease: JobLease,
    delay: i64,
    error: &str,
    count: AttemptCount,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(RETRY)
        .bind(lease.job_id.0)
        .bind(lease.token)
        .bind(delay)
        .bind(i64::from(count == AttemptCount::NotCounted))
        .bind(error)
        .fetch_optional(pool)
        .await
}

pub(super) async fn bury(pool: &PgPool, lease: JobLease, error: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(BURY).bind(lease.job_id.0).bind(lease.token).bind(error).fetch_optional(pool).await
}

pub(super) async fn hasten(pool: &PgPool, tenant: TenantId, lane: Lane) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query(HASTEN).bind(lane.as_str()).bind(tenant.as_uuid()).execute(pool).await?.rows_affected())
}

pub(super) async fn stats(pool: &PgPool) -> Result<Vec<StatsTuple>, sqlx::Error> {
    sqlx::query_as(STATS).bind(lane_names()).fetch_all(pool).await
}

pub(super) async fn list_dead(pool: &PgPool, filter: &DeadLetterFilter) -> Result<Vec<DeadTuple>, sqlx::Error> {
    sqlx::query_as(LIST_DEAD)
        .bind(filter.after.map_or(0, |after| after.0))
        .bind(filter.tenant_id.map(TenantId::as_uuid))
        .bind(filter.lane.map(Lane::as_str))
        .bind(i64::from(filter.limit))
        .fetch_all(pool)
        .await
}

pub(super) async fn replay(pool: &PgPool, id: JobId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(REPLAY).bind(id.0).fetch_optional(pool).await
}

pub(super) async fn discard(pool: &PgPool, id: JobId) -> Result<bool, sqlx::Error> {
    let gone = sqlx::query("DELETE FROM dead_letters WHERE id = $1").bind(id.0).execute(pool).await?;
    Ok(gone.rows_affected() == 1)
}

fn split(leases: &[JobLease]) -> (Vec<i64>, Vec<i64>) {
    leases.iter().map(|lease| (lease.job_id.0, lease.token)).unzip()
}

/// The statements on lists of jobs.
#[cfg(test)]
pub(crate) const OF_LISTS: [&str; 3] = [EXTEND, COMPLETE, RELEASE];

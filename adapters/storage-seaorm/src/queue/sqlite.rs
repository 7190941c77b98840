//! The queue's statements on SQLite. Everything that may write goes through the one writer; questions
//! go to the readers. Lists are handed over as JSON text, so that a statement's words never change.

use hubchat_domain::TenantId;
use hubchat_ports::{AttemptCount, DeadLetterFilter, JobId, JobLease, Lane, ReserveRequest};
use sqlx::{Connection, SqliteConnection, SqlitePool};

use super::bookkeeping::Bookkeeping;
use super::may_be_forgotten;
use super::pick::{self, Candidate};
use super::rows::{DeadTuple, ReservedTuple, StatsTuple, lane_names, micros};

macro_rules! now {
    () => {
        "CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
    };
}

macro_rules! heads {
    ($limit:literal) => {
        concat!(
            "SELECT j.id AS head, j.order_key AS order_key FROM jobs j INDEXED BY jobs_by_lane \
             WHERE j.lane = ?1 AND j.run_at <= ",
            now!(),
            " AND (j.lease_until IS NULL OR j.lease_until <= ",
            now!(),
            ") AND j.id = (SELECT min(e.id) FROM jobs e WHERE e.lane = j.lane AND e.order_key = j.order_key) \
             ORDER BY j.id LIMIT ",
            $limit
        )
    };
}

const PEEK: &str = heads!("1");

const CANDIDATES: &str = concat!(
    "WITH heads AS MATERIALIZED (",
    heads!("?2"),
    ") SELECT f.id, f.order_key, f.run_at <= ",
    now!(),
    ", COALESCE(f.lease_until > ",
    now!(),
    ", 0) FROM heads CROSS JOIN jobs f \
     WHERE f.id IN (SELECT e.id FROM jobs e WHERE e.lane = ?1 AND e.order_key = heads.order_key ORDER BY e.id LIMIT ?3) \
     ORDER BY heads.head, f.id"
);

const TAKE: &str = concat!(
    "UPDATE jobs SET lease_until = ",
    now!(),
    " + ?2, lease_token = (SELECT random()), attempts = attempts + 1 \
     WHERE id IN (SELECT value FROM json_each(?1)) \
     RETURNING id, lease_token, tenant_id, order_key, kind, payload, attempts, enqueued_at"
);

/// The leases given, as `[[id, token], ..]`.
macro_rules! held {
    () => {
        "(id, lease_token) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))"
    };
}

const EXTEND: &str = concat!("UPDATE jobs SET lease_until = ", now!(), " + ?2 WHERE ", held!(), " RETURNING id");

const COMPLETE: &str = concat!("DELETE FROM jobs WHERE ", held!(), " RETURNING id");

const RELEASE: &str = concat!(
    "UPDATE jobs SET lease_until = NULL, lease_token = NULL, attempts = max(attempts - 1, 0) WHERE ",
    held!(),
    " RETURNING lane"
);

const RETRY: &str = concat!(
    "UPDATE jobs SET run_at = ",
    now!(),
    " + ?3, lease_until = NULL, lease_token = NULL, attempts = max(attempts - ?4, 0), last_error = ?5 \
     WHERE id = ?1 AND lease_token = ?2 RETURNING lane"
);

const BURY: &str = concat!(
    "INSERT INTO dead_letters \
        (id, lane, order_key, tenant_id, kind, payload, attempts, last_error, enqueued_at, died_at) \
     SELECT id, lane, order_key, tenant_id, kind, payload, attempts, ?3, enqueued_at, ",
    now!(),
    " FROM jobs WHERE id = ?1 AND lease_token = ?2 RETURNING lane"
);

const HASTEN: &str = concat!(
    "UPDATE jobs SET run_at = ",
    now!(),
    " WHERE lane = ?1 AND tenant_id = ?2 AND run_at > ",
    now!(),
    " AND (lease_until IS NULL OR lease_until <= ",
    now!(),
    ")"
);

const STATS: &str = concat!(
    "WITH live AS (SELECT lane, run_at, COALESCE(lease_until > ",
    now!(),
    ", 0) AS leased, ",
    now!(),
    " AS now FROM jobs), counted AS (SELECT lane, \
        count(*) FILTER (WHERE NOT leased AND run_at <= now) AS ready, \
        count(*) FILTER (WHERE leased) AS leased, \
        count(*) FILTER (WHERE NOT leased AND run_at > now) AS delayed, \
        max(now - run_at) FILTER (WHERE NOT leased AND run_at <= now) AS lag FROM live GROUP BY lane) \
     SELECT l.value, COALESCE(c.ready, 0), COALESCE(c.leased, 0), COALESCE(c.delayed, 0), \
        (SELECT count(*) FROM dead_letters d WHERE d.lane = l.value), COALESCE(c.lag, 0) \
     FROM json_each(?1) l LEFT JOIN counted c ON c.lane = l.value"
);

const LIST_DEAD: &str = "SELECT id, lane, tenant_id, order_key, kind, payload, attempts, last_error, enqueued_at, died_at \
     FROM dead_letters WHERE id > ?1 AND (?2 IS NULL OR tenant_id = ?2) AND (?3 IS NULL OR lane = ?3) \
     ORDER BY id LIMIT ?4";

const REPLAY: &str = concat!(
    "INSERT INTO jobs (lane, order_key, tenant_id, kind, payload, run_at, enqueued_at) \
     SELECT lane, order_key, tenant_id, kind, payload, ",
    now!(),
    ", ",
    now!(),
    " FROM dead_letters WHERE id = ?1 RETURNING lane"
);

const BEGIN: &str = "BEGIN IMMEDIATE";

pub(super) async fn reserve(
    writer: &SqlitePool,
    reader: &SqlitePool,
    request: ReserveRequest,
) -> Result<Vec<ReservedTuple>, sqlx::Error> {
    // Nothing to do is the usual answer; the writer is not troubled for it.
    if sqlx::query(PEEK).bind(request.lane.as_str()).fetch_optional(reader).await?.is_none() {
        return Ok(Vec::new());
    }
    if !may_be_forgotten(request.lane) {
        let mut tx = writer.begin_with(BEGIN).await?;
        let jobs = reserve_in(&mut tx, request).await?;
        tx.commit().await?;
        return Ok(jobs);
    }
    let mut bookkeeping = Bookkeeping::begin(writer).await?;
    let mut tx = bookkeeping.connection().begin_with(BEGIN).await?;
    let jobs = reserve_in(&mut tx, request).await?;
    tx.commit().await?;
    bookkeeping.end().await?;
    Ok(jobs)
}

async fn reserve_in(tx: &mut SqliteConnection, request: ReserveRequest) -> Result<Vec<ReservedTuple>, sqlx::Error> {
    let candidates: Vec<Candidate> = sqlx::query_as(CANDIDATES)
        .bind(request.lane.as_str())
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
    let mut jobs: Vec<ReservedTuple> =
        sqlx::query_as(TAKE).bind(json(&picked)).bind(micros(request.lease)).fetch_all(&mut *tx).await?;
    jobs.sort_unstable_by_key(|job| job.0);
    Ok(jobs)
}

pub(super) async fn extend(writer: &SqlitePool, leases: &[JobLease], lease: i64) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar(EXTEND).bind(pairs(leases)).bind(lease).fetch_all(writer).await
}

pub(super) async fn complete(writer: &SqlitePool, leases: &[JobLease]) -> Result<Vec<i64>, sqlx::Error> {
    let mut bookkeeping = Bookkeeping::begin(writer).await?;
    let completed = sqlx::query_scalar(COMPLETE).bind(pairs(leases)).fetch_all(bookkeeping.connection()).await?;
    bookkeeping.end().await?;
    Ok(completed)
}

pub(super) async fn release(writer: &SqlitePool, leases: &[JobLease]) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(RELEASE).bind(pairs(leases)).fetch_all(writer).await
}

pub(super) async fn retry(
    writer: &SqlitePool,
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
        .fetch_optional(writer)
        .await
}

pub(super) async fn bury(writer: &SqlitePool, lease: JobLease, error: &str) -> Result<Option<String>, sqlx::Error> {
    let mut tx = writer.begin_with(BEGIN).await?;
    let lane =
        sqlx::query_scalar(BURY).bind(lease.job_id.0).bind(lease.token).bind(error).fetch_optional(&mut *tx).await?;
    if lane.is_some() {
        sqlx::query("DELETE FROM jobs WHERE id = ?1").bind(lease.job_id.0).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(lane)
}

pub(super) async fn hasten(writer: &SqlitePool, tenant: TenantId, lane: Lane) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query(HASTEN).bind(lane.as_str()).bind(tenant.as_uuid()).execute(writer).await?.rows_affected())
}

pub(super) async fn stats(reader: &SqlitePool) -> Result<Vec<StatsTuple>, sqlx::Error> {
    sqlx::query_as(STATS).bind(json(&lane_names())).fetch_all(reader).await
}

pub(super) async fn list_dead(reader: &SqlitePool, filter: &DeadLetterFilter) -> Result<Vec<DeadTuple>, sqlx::Error> {
    sqlx::query_as(LIST_DEAD)
        .bind(filter.after.map_or(0, |after| after.0))
        .bind(filter.tenant_id.map(TenantId::as_uuid))
        .bind(filter.lane.map(Lane::as_str))
        .bind(i64::from(filter.limit))
        .fetch_all(reader)
        .await
}

pub(super) async fn replay(writer: &SqlitePool, id: JobId) -> Result<Option<String>, sqlx::Error> {
    let mut tx = writer.begin_with(BEGIN).await?;
    let lane = sqlx::query_scalar(REPLAY).bind(id.0).fetch_optional(&mut *tx).await?;
    if lane.is_some() {
        sqlx::query("DELETE FROM dead_letters WHERE id = ?1").bind(id.0).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(lane)
}

pub(super) async fn discard(writer: &SqlitePool, id: JobId) -> Result<bool, sqlx::Error> {
    let gone = sqlx::query("DELETE FROM dead_letters WHERE id = ?1").bind(id.0).execute(writer).await?;
    Ok(gone.rows_affected() == 1)
}

fn pairs(leases: &[JobLease]) -> String {
    json(&leases.iter().map(|lease| (lease.job_id.0, lease.token)).collect::<Vec<_>>())
}

fn json<T: serde::Serialize>(value: &T) -> String {
    // Numbers and names always have a JSON form.
    serde_json::to_string(value).unwrap_or_default()
}

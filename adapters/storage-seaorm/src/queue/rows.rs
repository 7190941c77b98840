//! Rows of the queue's tables, and the port's values that they become.

use std::time::Duration;

use hubchat_domain::{TenantId, Timestamp};
use hubchat_ports::{DeadLetter, JobId, JobLease, Lane, LaneStats, ReservedJob};
use uuid::Uuid;

/// id, token, tenant, order key, kind, payload, attempts, added at.
pub(super) type ReservedTuple = (i64, i64, Uuid, String, String, String, i64, i64);
/// lane, ready, leased, delayed, dead, lag in microseconds.
pub(super) type StatsTuple = (String, i64, i64, i64, i64, i64);
/// id, lane, tenant, order key, kind, payload, attempts, last error, added at, died at.
pub(super) type DeadTuple = (i64, String, Uuid, String, String, String, i64, String, i64, i64);

pub(super) fn reserved(lane: Lane, row: ReservedTuple) -> ReservedJob {
    let (id, token, tenant, order_key, kind, payload, attempts, enqueued_at) = row;
    ReservedJob {
        lease: JobLease { job_id: JobId(id), token },
        lane,
        tenant_id: TenantId::from_uuid(tenant),
        order_key,
        kind,
        payload,
        attempt: count(attempts),
        enqueued_at: Timestamp::from_micros(enqueued_at),
    }
}

/// Nothing for a lane that this version does not know.
pub(super) fn stats(row: &StatsTuple) -> Option<LaneStats> {
    let (lane, ready, leased, delayed, dead, lag) = row;
    Some(LaneStats {
        lane: Lane::parse(lane)?,
        ready: *ready,
        leased: *leased,
        delayed: *delayed,
        dead: *dead,
        lag: Duration::from_micros(u64::try_from(*lag).unwrap_or(0)),
    })
}

/// Nothing for a lane that this version does not know.
pub(super) fn dead(row: DeadTuple) -> Option<DeadLetter> {
    let (id, lane, tenant, order_key, kind, payload, attempts, last_error, enqueued_at, died_at) = row;
    Some(DeadLetter {
        id: JobId(id),
        lane: Lane::parse(&lane)?,
        tenant_id: TenantId::from_uuid(tenant),
        order_key,
        kind,
        payload,
        attempts: count(attempts),
        last_error,
        enqueued_at: Timestamp::from_micros(enqueued_at),
        died_at: Timestamp::from_micros(died_at),
    })
}

pub(super) fn lane_names() -> Vec<&'static str> {
    Lane::ALL.iter().map(|lane| lane.as_str()).collect()
}

/// Microseconds, no more than a database's clock can add up.
pub(crate) fn micros(duration: Duration) -> i64 {
    const CENTURY: Duration = Duration::from_hours(100 * 366 * 24);
    i64::try_from(duration.min(CENTURY).as_micros()).unwrap_or(i64::MAX)
}

fn count(attempts: i64) -> u32 {
    u32::try_from(attempts).unwrap_or(u32::MAX)
}

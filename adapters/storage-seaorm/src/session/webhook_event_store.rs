//! Received webhook events of a tenant, in the session's transaction.
//!
//! What becomes of an event and the ledger's count of it are written together. An event is settled only
//! while it waits, which makes the second of two workers fail rather than count twice.

use hubchat_domain::{ChannelAccountId, ChannelType, TenantId, Timestamp, WebhookEventId};
use hubchat_ports::{EventOutcome, PendingEvent, StorageError};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use serde_json::json;
use uuid::Uuid;

use crate::error::from_db;

const PENDING_POSTGRES: &str = "\
    SELECT id, account_id, channel_type, event_key, raw, received_at FROM webhook_events \
    WHERE tenant_id = $1 AND state = 'pending' \
      AND id = ANY(ARRAY(SELECT json_array_elements_text($2::text::json)::uuid))";

const PENDING_SQLITE: &str = "\
    SELECT id, account_id, channel_type, event_key, raw, received_at FROM webhook_events \
    WHERE tenant_id = ?1 AND state = 'pending' AND id IN (SELECT unhex(value, '-') FROM json_each(?2))";

const SETTLE_POSTGRES: &str = "\
    UPDATE webhook_events w SET state = o.state, reason = o.reason, settled_at = $3 \
    FROM json_to_recordset($2::text::json) AS o(id uuid, state text, reason text) \
    WHERE w.id = o.id AND w.tenant_id = $1 AND w.state = 'pending'";

const SETTLE_SQLITE: &str = "\
    UPDATE webhook_events SET state = o.state, reason = o.reason, settled_at = ?3 \
    FROM (SELECT unhex(value ->> 'id', '-') AS id, value ->> 'state' AS state, value ->> 'reason' AS reason \
          FROM json_each(?2)) AS o \
    WHERE webhook_events.id = o.id AND webhook_events.tenant_id = ?1 AND webhook_events.state = 'pending'";

const REOPEN_POSTGRES: &str = "\
    UPDATE webhook_events SET state = 'pending', reason = NULL, settled_at = NULL \
    WHERE tenant_id = $1 AND state = $3 AND id = ANY(ARRAY(SELECT json_array_elements_text($2::text::json)::uuid))";

const REOPEN_SQLITE: &str = "\
    UPDATE webhook_events SET state = 'pending', reason = NULL, settled_at = NULL \
    WHERE tenant_id = ?1 AND state = ?3 AND id IN (SELECT unhex(value, '-') FROM json_each(?2))";

const COUNT_POSTGRES: &str = "INSERT INTO inbound_ledger (received, processed, ignored, dead) VALUES (0, $1, $2, $3)";

const COUNT_SQLITE: &str = "INSERT INTO inbound_ledger (received, processed, ignored, dead) VALUES (0, ?1, ?2, ?3)";

const PROCESSED: &str = "processed";
const IGNORED: &str = "ignored";
const DEAD: &str = "dead";

/// Those of the events that still wait.
pub(super) async fn find_pending(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    ids: &[WebhookEventId],
) -> Result<Vec<PendingEvent>, StorageError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let values = [tenant.as_uuid().into(), list(ids).into()];
    let statement = statement(connection, PENDING_POSTGRES, PENDING_SQLITE, values);
    connection.query_all_raw(statement).await.map_err(from_db)?.iter().map(pending).collect()
}

/// Notes what became of events; `Stale` when one of them no longer waits.
pub(super) async fn settle(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    outcomes: &[(WebhookEventId, EventOutcome)],
    now: Timestamp,
) -> Result<(), StorageError> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let (mut processed, mut ignored, mut dead) = (0_i64, 0_i64, 0_i64);
    let list: Vec<_> = outcomes
        .iter()
        .map(|(id, outcome)| {
            let (state, reason, count) = match outcome {
                EventOutcome::Processed => (PROCESSED, None, &mut processed),
                EventOutcome::Ignored { reason } => (IGNORED, Some(words(reason)), &mut ignored),
                EventOutcome::Dead { error } => (DEAD, Some(words(error)), &mut dead),
            };
            *count += 1;
            json!({ "id": id.to_string(), "state": state, "reason": reason })
        })
        .collect();
    let values = [tenant.as_uuid().into(), serde_json::Value::from(list).to_string().into(), now.as_micros().into()];
    let settled = connection
        .execute_raw(statement(connection, SETTLE_POSTGRES, SETTLE_SQLITE, values))
        .await
        .map_err(from_db)?
        .rows_affected();
    if settled != outcomes.len() as u64 {
        return Err(StorageError::Stale);
    }
    count(connection, processed, ignored, dead).await
}

/// Makes dead or ignored events wait again; answers how many did.
pub(super) async fn reopen(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    ids: &[WebhookEventId],
) -> Result<u64, StorageError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut reopened = [0_u64; 2];
    for (state, reopened) in [IGNORED, DEAD].into_iter().zip(&mut reopened) {
        let values = [tenant.as_uuid().into(), list(ids).into(), state.into()];
        let statement = statement(connection, REOPEN_POSTGRES, REOPEN_SQLITE, values);
        *reopened = connection.execute_raw(statement).await.map_err(from_db)?.rows_affected();
    }
    let [ignored, dead] = reopened;
    if ignored + dead > 0 {
        count(connection, 0, -signed(ignored), -signed(dead)).await?;
    }
    Ok(ignored + dead)
}

async fn count(connection: &impl ConnectionTrait, processed: i64, ignored: i64, dead: i64) -> Result<(), StorageError> {
    let values = [processed.into(), ignored.into(), dead.into()];
    connection.execute_raw(statement(connection, COUNT_POSTGRES, COUNT_SQLITE, values)).await.map_err(from_db)?;
    Ok(())
}

fn statement<const N: usize>(
    connection: &impl ConnectionTrait,
    postgres: &'static str,
    sqlite: &'static str,
    values: [Value; N],
) -> Statement {
    let backend = connection.get_database_backend();
    let sql = if backend == DbBackend::Postgres { postgres } else { sqlite };
    Statement::from_sql_and_values(backend, sql, values)
}

fn list(ids: &[WebhookEventId]) -> String {
    serde_json::Value::from(ids.iter().map(ToString::to_string).collect::<Vec<_>>()).to_string()
}

fn pending(row: &QueryResult) -> Result<PendingEvent, StorageError> {
    let channel: String = row.try_get("", "channel_type").map_err(from_db)?;
    Ok(PendingEvent {
        id: WebhookEventId::from_uuid(row.try_get::<Uuid>("", "id").map_err(from_db)?),
        account_id: ChannelAccountId::from_uuid(row.try_get::<Uuid>("", "account_id").map_err(from_db)?),
        channel_type: ChannelType::parse(&channel).ok_or(StorageError::Corrupt { what: "webhook event" })?,
        event_key: row.try_get("", "event_key").map_err(from_db)?,
        raw: row.try_get::<Vec<u8>>("", "raw").map_err(from_db)?.into(),
        received_at: Timestamp::from_micros(row.try_get("", "received_at").map_err(from_db)?),
    })
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// PostgreSQL holds no zero character in a text.
fn words(text: &str) -> String {
    text.replace('\0', "")
}

//! Jobs written by a session or at the door, in its transaction.

use hubchat_domain::TenantId;
use hubchat_ports::{NewJob, StorageError};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;

use crate::error::from_db;
use crate::queue::micros;

/// The order of the list becomes the order of the numbers.
const APPEND_POSTGRES: &str = "\
    INSERT INTO jobs (lane, order_key, tenant_id, kind, payload, run_at, enqueued_at) \
    SELECT job ->> 'lane', job ->> 'orderKey', $1, job ->> 'kind', job ->> 'payload', \
        (extract(epoch FROM statement_timestamp()) * 1000000)::bigint + (job ->> 'delay')::bigint, \
        (extract(epoch FROM statement_timestamp()) * 1000000)::bigint \
    FROM json_array_elements($2::text::json) WITH ORDINALITY AS list(job, place) ORDER BY place";

const APPEND_SQLITE: &str = "\
    INSERT INTO jobs (lane, order_key, tenant_id, kind, payload, run_at, enqueued_at) \
    SELECT value ->> 'lane', value ->> 'orderKey', ?1, value ->> 'kind', value ->> 'payload', \
        CAST(unixepoch('subsec') * 1000000 AS INTEGER) + (value ->> 'delay'), \
        CAST(unixepoch('subsec') * 1000000 AS INTEGER) \
    FROM json_each(?2) ORDER BY key";

/// Adds jobs of a tenant, in the order given, in one statement.
pub(crate) async fn append(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    jobs: &[NewJob],
) -> Result<(), StorageError> {
    if jobs.is_empty() {
        return Ok(());
    }
    let list: Vec<_> = jobs
        .iter()
        .map(|job| {
            json!({
                "lane": job.lane.as_str(),
                "orderKey": job.order_key,
                "kind": job.kind,
                "payload": job.payload,
                "delay": micros(job.delay),
            })
        })
        .collect();
    let backend = connection.get_database_backend();
    let sql = if backend == DbBackend::Postgres { APPEND_POSTGRES } else { APPEND_SQLITE };
    let values = [tenant.as_uuid().into(), serde_json::Value::from(list).to_string().into()];
    connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.map_err(from_db)?;
    Ok(())
}

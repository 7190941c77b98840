//! Storing a batch on SQLite: one transaction of the writer. Rows go in by chunks of a few fixed sizes,
//! so that their statements are prepared once.

use std::collections::HashSet;
use std::sync::LazyLock;

use hubchat_ports::ReceivedEvent;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, SqliteConnection, SqlitePool};
use uuid::Uuid;

use super::batch::Enough;

pub(super) const ENOUGH: Enough = Enough { events: 256, bytes: 4 << 20 };

/// Rows of a statement, the largest first.
const CHUNKS: [usize; 4] = [64, 16, 4, 1];

/// The statements for one size of chunk.
struct Statements {
    rows: usize,
    events: String,
    /// The same, answering the ids that are new.
    events_returning: String,
    jobs: String,
}

static STATEMENTS: LazyLock<[Statements; 4]> = LazyLock::new(|| {
    CHUNKS.map(|rows| {
        let many = |row: &str| vec![row; rows].join(", ");
        let events = format!(
            "INSERT INTO webhook_events (id, tenant_id, account_id, channel_type, event_key, raw, received_at) \
             VALUES {} ON CONFLICT (account_id, event_key) DO NOTHING",
            many("(?, ?, ?, ?, ?, ?, ?)")
        );
        Statements {
            rows,
            events_returning: format!("{events} RETURNING id"),
            events,
            jobs: format!(
                "WITH moment AS MATERIALIZED (SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS now), \
                 added(order_key, tenant_id, payload) AS (VALUES {}) \
                 INSERT INTO jobs (lane, order_key, tenant_id, kind, payload, run_at, enqueued_at) \
                 SELECT 'inbound', order_key, tenant_id, 'inbound.process.v1', payload, now, now \
                 FROM added CROSS JOIN moment",
                many("(?, ?, ?)")
            ),
        }
    })
});

/// Answers the ids of the events that are new.
///
/// First as if all were, since asking which is dear: every row that a statement answers crosses threads
/// by itself. If one is known, that try is rolled back, and the second asks.
pub(super) async fn store(writer: &SqlitePool, events: &[&ReceivedEvent]) -> Result<Vec<Uuid>, sqlx::Error> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    if insert_all(&mut tx, events).await? {
        add_jobs(&mut tx, events).await?;
        tx.commit().await?;
        return Ok(events.iter().map(|event| event.id.as_uuid()).collect());
    }
    tx.rollback().await?;

    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let stored = insert_new(&mut tx, events).await?;
    let new: HashSet<Uuid> = stored.iter().copied().collect();
    let new: Vec<&ReceivedEvent> = events.iter().copied().filter(|event| new.contains(&event.id.as_uuid())).collect();
    add_jobs(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(stored)
}

/// Whether all were new; if not, some are inserted and some are not.
async fn insert_all(tx: &mut SqliteConnection, events: &[&ReceivedEvent]) -> Result<bool, sqlx::Error> {
    for (statements, chunk) in chunks(events) {
        let inserted = sqlx::query_with(statements.events.as_str(), columns(chunk)?).execute(&mut *tx).await?;
        if inserted.rows_affected() != chunk.len() as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn insert_new(tx: &mut SqliteConnection, events: &[&ReceivedEvent]) -> Result<Vec<Uuid>, sqlx::Error> {
    let mut new = Vec::with_capacity(events.len());
    for (statements, chunk) in chunks(events) {
        let query = sqlx::query_scalar_with::<_, Uuid, _>(statements.events_returning.as_str(), columns(chunk)?);
        new.extend(query.fetch_all(&mut *tx).await?);
    }
    Ok(new)
}

fn columns(events: &[&ReceivedEvent]) -> Result<SqliteArguments, sqlx::Error> {
    let mut columns = SqliteArguments::default();
    for event in events {
        columns.add(event.id.as_uuid()).map_err(sqlx::Error::Encode)?;
        columns.add(event.tenant_id.as_uuid()).map_err(sqlx::Error::Encode)?;
        columns.add(event.account_id.as_uuid()).map_err(sqlx::Error::Encode)?;
        columns.add(event.channel_type.as_str()).map_err(sqlx::Error::Encode)?;
        columns.add(event.event_key.as_str()).map_err(sqlx::Error::Encode)?;
        columns.add(&event.raw[..]).map_err(sqlx::Error::Encode)?;
        columns.add(event.received_at.as_micros()).map_err(sqlx::Error::Encode)?;
    }
    Ok(columns)
}

/// Adds the jobs of new events, and counts these.
async fn add_jobs(tx: &mut SqliteConnection, events: &[&ReceivedEvent]) -> Result<(), sqlx::Error> {
    if events.is_empty() {
        return Ok(());
    }
    for (statements, chunk) in chunks(events) {
        let mut query = sqlx::query(statements.jobs.as_str());
        for event in chunk {
            query = query
                .bind(event.order_key.as_str())
                .bind(event.tenant_id.as_uuid())
                .bind(format!("{{\"webhookEventId\":\"{}\"}}", event.id));
        }
        query.execute(&mut *tx).await?;
    }
    sqlx::query("INSERT INTO inbound_ledger (received, processed, ignored, dead) VALUES (?, 0, 0, 0)")
        .bind(i64::try_from(events.len()).unwrap_or(i64::MAX))
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// The rows in chunks, each with the statements of its size.
fn chunks<T>(mut rows: &[T]) -> impl Iterator<Item = (&'static Statements, &[T])> {
    std::iter::from_fn(move || {
        let statements = STATEMENTS.iter().find(|statements| statements.rows <= rows.len())?;
        let (chunk, rest) = rows.split_at(statements.rows);
        rows = rest;
        Some((statements, chunk))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_exactly_one_chunk() {
        for count in [0, 1, 3, 63, 64, 65, 150, 256] {
            let rows: Vec<usize> = (0..count).collect();
            let together: Vec<usize> = chunks(&rows)
                .flat_map(|(statements, chunk)| {
                    assert_eq!(statements.rows, chunk.len());
                    chunk.iter().copied()
                })
                .collect();
            assert_eq!(together, rows);
        }
    }
}

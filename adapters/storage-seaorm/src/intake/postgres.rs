//! Storing a batch on PostgreSQL: one statement, one round trip, one commit, whatever the batch's size.

use hubchat_ports::ReceivedEvent;
use sqlx::pool::PoolConnection;
use sqlx::{Connection, PgConnection, PgPool, Postgres};
use uuid::Uuid;

use super::batch::Enough;

/// The driver leaves Nagle's algorithm on (transact-rs/sqlx#4335), so a message that the kernel sends in
/// two parts stands still for 40 ms before the second. 16 KiB go in one part.
pub(super) const ENOUGH: Enough = Enough { events: 256, bytes: 14 << 10 };

/// Events go in by key, so that batches with the same events wait for each other in one order; jobs go
/// in by arrival, which their numbers then tell.
const STORE: &str = "\
    WITH stored AS ( \
        INSERT INTO webhook_events (id, tenant_id, account_id, channel_type, event_key, raw, received_at) \
        SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::bigint[]) \
            AS e(id, tenant_id, account_id, channel_type, event_key, raw, received_at) \
        ORDER BY account_id, event_key \
        ON CONFLICT (account_id, event_key) DO NOTHING \
        RETURNING id \
    ), queued AS ( \
        INSERT INTO jobs (lane, order_key, tenant_id, kind, payload, run_at, enqueued_at) \
        SELECT 'inbound', e.order_key, e.tenant_id, 'inbound.process.v1', \
            '{\"webhookEventId\":\"' || e.id || '\"}', \
            (extract(epoch FROM statement_timestamp()) * 1000000)::bigint, \
            (extract(epoch FROM statement_timestamp()) * 1000000)::bigint \
        FROM UNNEST($1::uuid[], $2::uuid[], $8::text[]) WITH ORDINALITY AS e(id, tenant_id, order_key, place) \
        JOIN stored ON stored.id = e.id \
        ORDER BY e.place \
    ), counted AS ( \
        INSERT INTO inbound_ledger (received, processed, ignored, dead) \
        SELECT count(*), 0, 0, 0 FROM stored HAVING count(*) > 0 \
    ) \
    SELECT id FROM stored";

/// A pooled connection may have died while it lay idle; so many may be passed over for one that lives.
const DEAD_CONNECTIONS: u32 = 64;

/// Writes batches over one connection that it keeps: taking it from the pool and giving it back for each
/// batch would cost another round trip.
#[derive(Debug)]
pub(super) struct PostgresStore {
    pool: PgPool,
    connection: Option<PoolConnection<Postgres>>,
}

impl PostgresStore {
    pub(super) const fn new(pool: PgPool) -> Self {
        Self { pool, connection: None }
    }

    /// Whether the next batch goes over a connection that was used before, and may have died since.
    pub(super) const fn keeps_connection(&self) -> bool {
        self.connection.is_some()
    }

    /// Answers the ids of the events that are new. After an error, or when dropped on the way, the next
    /// batch gets another connection.
    pub(super) async fn store(&mut self, events: &[&ReceivedEvent]) -> Result<Vec<Uuid>, sqlx::Error> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => living(&self.pool).await?,
        };
        let stored = store(&mut connection, events).await?;
        self.connection = Some(connection);
        Ok(stored)
    }
}

async fn living(pool: &PgPool) -> Result<PoolConnection<Postgres>, sqlx::Error> {
    let mut passed_over = 0;
    loop {
        let mut connection = pool.acquire().await?;
        match connection.ping().await {
            Ok(()) => return Ok(connection),
            Err(_) if passed_over < DEAD_CONNECTIONS => passed_over += 1,
            Err(error) => return Err(error),
        }
    }
}

async fn store(connection: &mut PgConnection, events: &[&ReceivedEvent]) -> Result<Vec<Uuid>, sqlx::Error> {
    fn column<'e, T>(events: &'e [&ReceivedEvent], of: impl Fn(&'e ReceivedEvent) -> T) -> Vec<T> {
        events.iter().map(|event| of(event)).collect()
    }
    sqlx::query_scalar(STORE)
        .bind(column(events, |event| event.id.as_uuid()))
        .bind(column(events, |event| event.tenant_id.as_uuid()))
        .bind(column(events, |event| event.account_id.as_uuid()))
        .bind(column(events, |event| event.channel_type.as_str()))
        .bind(column(events, |event| event.event_key.as_str()))
        .bind(column(events, |event| &event.raw[..]))
        .bind(column(events, |event| event.received_at.as_micros()))
        .bind(column(events, |event| event.order_key.as_str()))
        .fetch_all(connection)
        .await
}

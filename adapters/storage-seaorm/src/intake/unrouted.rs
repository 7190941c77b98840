//! Events of accounts that nobody has connected: kept, so that connecting the account brings them in.

use hubchat_domain::{ChannelType, Timestamp, WebhookEventId};
use hubchat_ports::UnroutedEvent;
use uuid::Uuid;

use crate::pools::SqlPools;

/// One row a statement: such events are rare, and a statement for each is the same on both databases.
const KEEP: &str = "INSERT INTO unrouted_events (id, channel_type, destination, event_key, order_key, raw, received_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (channel_type, destination, event_key) DO NOTHING";

const LIST: &str = "SELECT id, destination, event_key, order_key, raw, received_at FROM unrouted_events \
    WHERE channel_type = $1 AND destination = $2 ORDER BY received_at, id LIMIT $3";

const DROP: &str = "DELETE FROM unrouted_events WHERE id = $1";

macro_rules! in_transaction {
    ($pools:expr, $tx:ident, $work:block) => {
        match $pools {
            SqlPools::Postgres(pool) => {
                let mut $tx = pool.begin().await?;
                $work;
                $tx.commit().await
            }
            SqlPools::Sqlite { writer, .. } => {
                let mut $tx = writer.begin_with("BEGIN IMMEDIATE").await?;
                $work;
                $tx.commit().await
            }
        }
    };
}

pub(super) async fn keep(pools: &SqlPools, events: &[UnroutedEvent]) -> Result<(), sqlx::Error> {
    in_transaction!(pools, tx, {
        for event in events {
            sqlx::query(KEEP)
                .bind(event.id.as_uuid())
                .bind(event.channel_type.as_str())
                .bind(event.destination.as_str())
                .bind(event.event_key.as_str())
                .bind(event.order_key.as_str())
                .bind(event.raw.as_ref())
                .bind(event.received_at.as_micros())
                .execute(&mut *tx)
                .await?;
        }
    })
}

type Row = (Uuid, String, String, String, Vec<u8>, i64);

pub(super) async fn list(
    pools: &SqlPools,
    channel: ChannelType,
    destination: &str,
    limit: u32,
) -> Result<Vec<UnroutedEvent>, sqlx::Error> {
    let limit = i64::from(limit);
    let rows: Vec<Row> = match pools {
        SqlPools::Postgres(pool) => {
            sqlx::query_as(LIST).bind(channel.as_str()).bind(destination).bind(limit).fetch_all(pool).await?
        }
        SqlPools::Sqlite { reader, .. } => {
            sqlx::query_as(LIST).bind(channel.as_str()).bind(destination).bind(limit).fetch_all(reader).await?
        }
    };
    let event = |(id, destination, event_key, order_key, raw, received_at): Row| UnroutedEvent {
        id: WebhookEventId::from_uuid(id),
        channel_type: channel,
        destination,
        event_key,
        order_key,
        raw: raw.into(),
        received_at: Timestamp::from_micros(received_at),
    };
    Ok(rows.into_iter().map(event).collect())
}

pub(super) async fn drop_all(pools: &SqlPools, ids: &[WebhookEventId]) -> Result<(), sqlx::Error> {
    in_transaction!(pools, tx, {
        for id in ids {
            sqlx::query(DROP).bind(id.as_uuid()).execute(&mut *tx).await?;
        }
    })
}

pub(super) async fn drop_before(pools: &SqlPools, moment: Timestamp) -> Result<u64, sqlx::Error> {
    const BEFORE: &str = "DELETE FROM unrouted_events WHERE received_at < $1";
    let moment = moment.as_micros();
    Ok(match pools {
        SqlPools::Postgres(pool) => sqlx::query(BEFORE).bind(moment).execute(pool).await?.rows_affected(),
        SqlPools::Sqlite { writer, .. } => sqlx::query(BEFORE).bind(moment).execute(writer).await?.rows_affected(),
    })
}

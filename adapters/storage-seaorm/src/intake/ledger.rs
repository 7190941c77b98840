//! The ledger of received events: rows that are only ever added, each in the transaction of what it
//! counts, so that no two transactions meet on one counter.

use hubchat_ports::InboundLedger;

use crate::pools::SqlPools;

/// PostgreSQL adds numbers up in a wider type.
macro_rules! sums {
    () => {
        "CAST(COALESCE(sum(received), 0) AS bigint), CAST(COALESCE(sum(processed), 0) AS bigint), \
         CAST(COALESCE(sum(ignored), 0) AS bigint), CAST(COALESCE(sum(dead), 0) AS bigint)"
    };
}

const SUM: &str = concat!("SELECT ", sums!(), " FROM inbound_ledger");

/// Of two that fold at once, each adds up the rows that it deleted itself.
const FOLD_POSTGRES: &str = concat!(
    "WITH folded AS (DELETE FROM inbound_ledger RETURNING received, processed, ignored, dead) \
     INSERT INTO inbound_ledger (received, processed, ignored, dead) SELECT ",
    sums!(),
    " FROM folded HAVING count(*) > 0"
);

const ADD_UP_SQLITE: &str = concat!(
    "INSERT INTO inbound_ledger (received, processed, ignored, dead) SELECT ",
    sums!(),
    " FROM inbound_ledger WHERE true RETURNING id"
);

pub(super) async fn sum(pools: &SqlPools) -> Result<InboundLedger, sqlx::Error> {
    let (received, processed, ignored, dead) = match pools {
        SqlPools::Postgres(pool) => sqlx::query_as(SUM).fetch_one(pool).await?,
        SqlPools::Sqlite { reader, .. } => sqlx::query_as(SUM).fetch_one(reader).await?,
    };
    Ok(InboundLedger { received, processed, ignored, dead })
}

/// Adds all rows up into one. Failing costs nothing but a longer ledger until the next time.
pub(super) async fn fold_quietly(pools: SqlPools) {
    if let Err(error) = fold(&pools).await {
        tracing::debug!(%error, "the inbound ledger could not be folded");
    }
}

pub(super) async fn fold(pools: &SqlPools) -> Result<(), sqlx::Error> {
    match pools {
        SqlPools::Postgres(pool) => {
            sqlx::query(FOLD_POSTGRES).execute(pool).await?;
        }
        SqlPools::Sqlite { writer, .. } => {
            let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
            let total: i64 = sqlx::query_scalar(ADD_UP_SQLITE).fetch_one(&mut *tx).await?;
            sqlx::query("DELETE FROM inbound_ledger WHERE id < ?").bind(total).execute(&mut *tx).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

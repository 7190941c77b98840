//! The pools below the ORM, for the queue and the intake, whose statements it would only stand in the
//! way of.

use sqlx::{PgPool, SqlitePool};

/// The pools of one database.
#[derive(Debug, Clone)]
pub(crate) enum SqlPools {
    /// One pool for everything.
    Postgres(PgPool),
    /// One connection that writes, and some that read beside it.
    Sqlite {
        /// The only connection that may write.
        writer: SqlitePool,
        /// Read-only connections.
        reader: SqlitePool,
    },
}

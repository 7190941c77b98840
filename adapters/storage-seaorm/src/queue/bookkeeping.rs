//! The queue's bookkeeping on SQLite, which is not worth a write to the disk of its own.
//!
//! A lease that a power loss takes back, and a job that it brings back, change nothing: what a job does is committed
//! before it is taken away, and a job whose work is done finds that. So these commits wait for no disk; the next one
//! that does makes them durable too, since the log is written in its order
//! (<https://www.sqlite.org/pragma.html#pragma_synchronous>).

use sqlx::{Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection};

/// These are carried out when they are prepared: they may not come from the cache of statements.
const LIGHT: &str = "PRAGMA synchronous = NORMAL";
const USUAL: &str = "PRAGMA synchronous = FULL";

/// The connection that writes, while its commits wait for no disk. If it is not given back as it was, because the
/// caller went away or something failed, it is closed: the next one is a new one.
pub(super) struct Bookkeeping {
    connection: PoolConnection<Sqlite>,
    is_usual: bool,
}

impl Bookkeeping {
    pub(super) async fn begin(writer: &SqlitePool) -> Result<Self, sqlx::Error> {
        let mut bookkeeping = Self { connection: writer.acquire().await?, is_usual: false };
        sqlx::raw_sql(LIGHT).execute(bookkeeping.connection()).await?;
        Ok(bookkeeping)
    }

    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Gives the connection back.
    pub(super) async fn end(mut self) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(USUAL).execute(self.connection()).await?;
        self.is_usual = true;
        Ok(())
    }
}

impl Drop for Bookkeeping {
    fn drop(&mut self) {
        if !self.is_usual {
            self.connection.close_on_drop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

    async fn writer(folder: &tempfile::TempDir) -> SqlitePool {
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("queue.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a database")
    }

    async fn synchronous(connection: &mut SqliteConnection) -> i64 {
        sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *connection).await.expect("a level")
    }

    const FULL: i64 = 2;
    const NORMAL: i64 = 1;

    #[tokio::test]
    async fn the_connection_is_light_while_it_is_held_each_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let writer = writer(&folder).await;
        for _ in 0..3 {
            let mut bookkeeping = Bookkeeping::begin(&writer).await.expect("begun");
            assert_eq!(synchronous(bookkeeping.connection()).await, NORMAL);
            bookkeeping.end().await.expect("ended");
            let mut connection = writer.acquire().await.expect("the writer");
            assert_eq!(synchronous(&mut connection).await, FULL);
        }
    }

    #[tokio::test]
    async fn whoever_goes_away_in_the_middle_leaves_no_light_connection_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let writer = writer(&folder).await;
        sqlx::query("CREATE TABLE t (a)").execute(&writer).await.expect("a table");
        let mut bookkeeping = Bookkeeping::begin(&writer).await.expect("begun");
        sqlx::query("BEGIN IMMEDIATE").execute(bookkeeping.connection()).await.expect("a transaction");
        sqlx::query("INSERT INTO t VALUES (1)").execute(bookkeeping.connection()).await.expect("a row");
        drop(bookkeeping);
        let mut connection = writer.acquire().await.expect("a new writer");
        assert_eq!(synchronous(&mut connection).await, FULL);
        let rows: i64 =
            sqlx::query_scalar("SELECT count(*) FROM t").fetch_one(&mut *connection).await.expect("a count");
        assert_eq!(rows, 0, "what was begun is undone");
    }
}

//! The database: its pools, its schema, and everything that is built on it.

use std::{num::NonZeroUsize, str::FromStr, sync::Arc, time::Duration};

use async_trait::async_trait;
use hubchat_domain::TenantId;
use hubchat_migrations::Migrator;
use hubchat_ports::{InboxQueries, Repository, StorageError, UnitOfWork};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, SqlxPostgresConnector,
    SqlxSqliteConnector, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    error::{from_db, is_broken_connection},
    inbox::Inbox,
    intake::DatabaseIntake,
    pools::SqlPools,
    queue::{DatabaseQueue, JobWakeups},
    session::Session,
};

/// Where the database is, and how much of it may be used.
#[derive(Debug, Clone)]
pub struct StorageConfig {
    /// `postgres://...` or `sqlite://path`.
    pub url: SecretString,
    /// Connections to PostgreSQL at most. SQLite has one that writes and four that read.
    pub max_connections: u32,
}

/// Why the database cannot be used. No message holds a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The address is neither of SQLite nor of PostgreSQL, or cannot be read.
    #[error("the address must be sqlite://path or postgres://user:password@host:port/name")]
    Address,
    /// The folder of the database file cannot be made.
    #[error("the folder {path} cannot be made")]
    Folder {
        /// Which folder.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The database does not answer, or refuses.
    #[error(
        "the database does not answer or refuses: {reason}; is it running, and are the address and password right?"
    )]
    Refused {
        /// Its own words.
        reason: String,
    },
    /// The SQLite library has a defect that can corrupt databases in WAL mode
    /// (<https://www.sqlite.org/releaselog/3_51_3.html>).
    #[error("SQLite {found} can corrupt databases; 3.51.3 or newer is needed")]
    OldSqlite {
        /// The version found.
        found: String,
    },
    /// The schema cannot be brought up to date.
    #[error("the schema cannot be brought up to date: {reason}")]
    Migration {
        /// The database's own words.
        reason: String,
    },
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Storage(Arc<Inner>);

struct Inner {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    pools: SqlPools,
    wakeups: Arc<JobWakeups>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.wakeups.stop();
    }
}

/// Every statement goes by keys. A plan that was made while the tables were small, and is kept, would read
/// them from end to end when they are not; and no statement runs long enough to be worth compiling.
const SETTINGS: &str = "SET enable_seqscan = off; SET jit = off";

/// Held while migrating, so that hosts that start together wait for each other.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(727274)";

impl Storage {
    /// Connects. A SQLite file and its folder are made when they are missing.
    pub async fn connect(config: &StorageConfig) -> Result<Self, ConnectError> {
        let url = config.url.expose_secret();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::connect_postgres(url, config.max_connections).await
        } else if url.starts_with("sqlite:") {
            Self::connect_sqlite(url).await
        } else {
            Err(ConnectError::Address)
        }
    }

    async fn connect_postgres(url: &str, max_connections: u32) -> Result<Self, ConnectError> {
        let options = PgConnectOptions::from_str(url).map_err(|_| ConnectError::Address)?.application_name("hubchat");
        let pool = PgPoolOptions::new()
            .max_connections(max_connections.max(3))
            .acquire_timeout(Duration::from_secs(5))
            .idle_timeout(Duration::from_mins(10))
            .after_connect(|connection, _| {
                Box::pin(async move { sqlx::raw_sql(SETTINGS).execute(connection).await.map(|_| ()) })
            })
            // A connection that rested may be dead after a restart of the server; one in use tells by itself.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for < Duration::from_secs(2) {
                        return Ok(true);
                    }
                    Ok(sqlx::Connection::ping(connection).await.is_ok())
                })
            })
            .connect_with(options)
            .await
            .map_err(|error| refused(&error))?;
        let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool.clone());
        let wakeups = Arc::new(JobWakeups::shared(pool.clone()));
        Ok(Self(Arc::new(Inner {
            writer: connection.clone(),
            reader: connection,
            pools: SqlPools::Postgres(pool),
            wakeups,
        })))
    }

    async fn connect_sqlite(url: &str) -> Result<Self, ConnectError> {
        let options = SqliteConnectOptions::from_str(url).map_err(|_| ConnectError::Address)?;
        if let Some(folder) = options.get_filename().parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|source| ConnectError::Folder { path: folder.display().to_string(), source })?;
        }
        // FULL: what was acknowledged survives a power loss. No memory map, and small caches: the
        // operating system caches the file already.
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(200)
            .pragma("temp_store", "MEMORY")
            .pragma("cache_size", "-2048")
            .pragma("journal_size_limit", "67108864");
        let pool = |size| {
            SqlitePoolOptions::new()
                .max_connections(size)
                .min_connections(0)
                .acquire_timeout(Duration::from_secs(15))
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
        };
        let writer = pool(1).connect_with(options.clone()).await.map_err(|error| refused(&error))?;
        let (found,): (String,) =
            sqlx::query_as("SELECT sqlite_version()").fetch_one(&writer).await.map_err(|error| refused(&error))?;
        if version(&found) < [3, 51, 3] {
            return Err(ConnectError::OldSqlite { found });
        }
        let reader = pool(4).connect_lazy_with(options.create_if_missing(false).read_only(true));
        Ok(Self(Arc::new(Inner {
            writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer.clone()),
            reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader.clone()),
            pools: SqlPools::Sqlite { writer, reader },
            wakeups: Arc::new(JobWakeups::local()),
        })))
    }

    /// Brings the schema up to date. Safe when several hosts do it at once, and when there is nothing to do.
    pub async fn migrate(&self) -> Result<(), ConnectError> {
        let failed = |error: DbErr| ConnectError::Migration { reason: error.to_string() };
        let transaction = self.begin_transaction().await.map_err(failed)?;
        if !self.is_sqlite() {
            transaction.execute_unprepared(MIGRATION_LOCK).await.map_err(failed)?;
        }
        Migrator::up(&transaction, None).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    /// Whether this is SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        matches!(self.0.pools, SqlPools::Sqlite { .. })
    }

    /// The queue in this database.
    #[must_use]
    pub fn queue(&self) -> DatabaseQueue {
        DatabaseQueue::new(self.0.pools.clone(), Arc::clone(&self.0.wakeups))
    }

    /// The intake of webhooks into this database. Must be called within a tokio runtime.
    #[must_use]
    pub fn intake(&self) -> DatabaseIntake {
        DatabaseIntake::start(self.0.pools.clone(), &self.0.wakeups, BATCHERS)
    }

    /// Ends the background tasks and closes all connections, having finished what they do.
    pub async fn close(&self) {
        self.0.wakeups.stop();
        match &self.0.pools {
            SqlPools::Postgres(pool) => pool.close().await,
            SqlPools::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
        }
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.0.reader
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.0.writer
    }

    /// Begins in a task of its own: a caller that goes away in the middle must not leave a connection
    /// behind that is half in a transaction (<https://github.com/launchbadge/sqlx/issues/4393>).
    pub(crate) async fn begin_transaction(&self) -> Result<DatabaseTransaction, DbErr> {
        let writer = self.0.writer.clone();
        let begin = tokio::spawn(async move {
            let mut passed_over = 0;
            loop {
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..TransactionOptions::default()
                };
                match writer.begin_with_options(options).await {
                    Err(error) if is_broken_connection(&error) && passed_over < DEAD_CONNECTIONS => passed_over += 1,
                    result => return result,
                }
            }
        });
        begin.await.map_err(|error| DbErr::Custom(error.to_string()))?
    }
}

/// After a restart of the server, so many connections may be passed over for one that lives. Nothing was
/// done yet, so nothing is done twice.
const DEAD_CONNECTIONS: u32 = 64;

/// One batch is written while the next is collected.
const BATCHERS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);

#[async_trait]
impl Repository for Storage {
    async fn begin(&self, tenant: TenantId) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let transaction = self.begin_transaction().await.map_err(from_db)?;
        Ok(Box::new(Session::new(transaction, tenant, Arc::clone(&self.0.wakeups))))
    }

    fn inbox(&self, tenant: TenantId) -> Box<dyn InboxQueries> {
        Box::new(Inbox::new(self.0.reader.clone(), tenant))
    }
}

fn refused(error: &sqlx::Error) -> ConnectError {
    ConnectError::Refused { reason: error.to_string() }
}

fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    [parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(version("3.9.10") < version("3.51.3"));
        assert!(version("3.51.3") < version("3.53"));
    }

    #[tokio::test]
    async fn sqlite_is_durable_guards_its_references_and_stays_small() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("not").join("there").join("yet.db");
        let url = SecretString::from(format!("sqlite://{}", path.display()));
        let storage = Storage::connect(&StorageConfig { url, max_connections: 1 }).await.expect("a new file");
        let SqlPools::Sqlite { writer, reader } = &storage.0.pools else { panic!("SQLite") };
        for pool in [writer, reader] {
            let number = async |pragma: &'static str| -> i64 {
                let asked: Option<i64> = sqlx::query_scalar(pragma).fetch_optional(pool).await.expect("a pragma");
                asked.unwrap_or_default()
            };
            assert_eq!(number("PRAGMA synchronous").await, 2, "FULL");
            assert_eq!(number("PRAGMA foreign_keys").await, 1);
            assert_eq!(number("PRAGMA mmap_size").await, 0);
            assert_eq!(number("PRAGMA cache_size").await, -2048);
            assert_eq!(number("PRAGMA busy_timeout").await, 5_000);
            assert_eq!(number("PRAGMA journal_size_limit").await, 67_108_864);
            let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.expect("a pragma");
            assert_eq!(mode, "wal");
        }
        assert!(sqlx::query("CREATE TABLE t (a)").execute(reader).await.is_err(), "readers only read");
        storage.close().await;
    }

    #[tokio::test]
    async fn an_address_of_nothing_known_is_refused_without_being_repeated() {
        let url = SecretString::from("mysql://root:canary@host/db");
        let error = Storage::connect(&StorageConfig { url, max_connections: 1 }).await.err().expect("not ours");
        assert!(!error.to_string().contains("canary"));
    }
}

//! The database: its pools, its schema, and everything that is built on it.

use std::{num::NonZeroUsize, str::FromStr, sync::Arc, time::Duration};

use async_trait::async_trait;
use hubchat_domain::TenantId;
use hubchat_migrations::{DOOR_ROLE, Migrator};
use hubchat_ports::{
    AuditQueries, AuditSeal, Directory as _, EventBus, EventFeed, InboxQueries, Repository, StorageError, UnitOfWork,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    AssertSqlSafe,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio_util::sync::CancellationToken;

use crate::{
    NotifyBus,
    announcer::Announcer,
    audit::AuditLog,
    error::from_db,
    inbox::Inbox,
    intake::DatabaseIntake,
    pools::SqlPools,
    queue::{DatabaseQueue, JobWakeups, SoleWorker},
    roles,
    session::Session,
    tenant_transaction::{Access, TenantTransaction},
};

/// Where the database is, and how much of it may be used.
#[derive(Debug, Clone)]
pub struct StorageConfig {
    /// `postgres://...` or `sqlite://path`. The user of PostgreSQL needs no more than to be a member of hubchat's two
    /// roles, when somebody else migrates.
    pub url: SecretString,
    /// The same database for the user who owns its tables and changes them, when it is another one; PostgreSQL only.
    pub migration_url: Option<SecretString>,
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
    /// The roles that hubchat works in are missing, and this user may not make them.
    #[error("the database lacks roles that its user may not make; have an administrator run: {statements}")]
    Roles {
        /// What is to be run.
        statements: String,
    },
    /// A role that is to be limited has powers that no limit holds.
    #[error("the role {role} must be NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS; have an administrator alter it")]
    RoleTooMighty {
        /// Which role.
        role: &'static str,
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
    /// Who changes the schema of PostgreSQL.
    owner: Option<PgConnectOptions>,
    wakeups: Arc<JobWakeups>,
    /// On SQLite.
    sole_worker: Option<Arc<SoleWorker>>,
    announcer: Arc<Announcer>,
    /// Ends the tasks of buses.
    stop: CancellationToken,
    seal: Arc<dyn AuditSeal>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop.cancel();
        self.wakeups.stop();
    }
}

/// Every statement goes by keys. A plan that was made while the tables were small, and is kept, would read
/// them from end to end when they are not, or collect more of an index than the one row that a key has; and no
/// statement runs long enough to be worth compiling.
const SETTINGS: &str = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off; SET ROLE ";

/// Held while migrating, so that hosts that start together wait for each other.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(727274)";

impl Storage {
    /// Connects. A SQLite file and its folder are made when they are missing. The seal chains audit logs.
    pub async fn connect(config: &StorageConfig, seal: Arc<dyn AuditSeal>) -> Result<Self, ConnectError> {
        let url = config.url.expose_secret();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let owner = config.migration_url.as_ref().map_or(url, ExposeSecret::expose_secret);
            Self::connect_postgres(url, owner, config.max_connections, seal).await
        } else if url.starts_with("sqlite:") {
            Self::connect_sqlite(url, seal).await
        } else {
            Err(ConnectError::Address)
        }
    }

    async fn connect_postgres(
        url: &str,
        owner: &str,
        max_connections: u32,
        seal: Arc<dyn AuditSeal>,
    ) -> Result<Self, ConnectError> {
        let options = |url| {
            let options = PgConnectOptions::from_str(url).map_err(|_| ConnectError::Address)?;
            Ok(options.application_name("hubchat"))
        };
        let (options, owner) = (options(url)?, options(owner)?);
        roles::prepare(&options, &owner).await?;
        let pool = PgPoolOptions::new()
            .max_connections(max_connections.max(4))
            .acquire_timeout(Duration::from_secs(5))
            .idle_timeout(Duration::from_mins(10))
            .after_connect(|connection, _| {
                // Whoever works for a tenant takes the tenant's role on, for one transaction.
                let settings = AssertSqlSafe(format!("{SETTINGS}{DOOR_ROLE}"));
                Box::pin(async move { sqlx::raw_sql(settings).execute(connection).await.map(|_| ()) })
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
            owner: Some(owner),
            wakeups,
            sole_worker: None,
            announcer: Arc::default(),
            stop: CancellationToken::new(),
            seal,
        })))
    }

    async fn connect_sqlite(url: &str, seal: Arc<dyn AuditSeal>) -> Result<Self, ConnectError> {
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
            // What is taken away is overwritten, in free pages too: an erased customer is no longer in the file.
            .pragma("secure_delete", "ON")
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
        let sole_worker = SoleWorker::of(options.get_filename());
        let reader = pool(4).connect_lazy_with(options.create_if_missing(false).read_only(true));
        Ok(Self(Arc::new(Inner {
            writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer.clone()),
            reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader.clone()),
            pools: SqlPools::Sqlite { writer, reader },
            owner: None,
            wakeups: Arc::new(JobWakeups::local()),
            sole_worker: Some(Arc::new(sole_worker)),
            announcer: Arc::default(),
            stop: CancellationToken::new(),
            seal,
        })))
    }

    /// Brings the schema up to date, as the owner of its tables. Safe when several hosts do it at once, and when there
    /// is nothing to do; then the owner is not asked.
    pub async fn migrate(&self) -> Result<(), ConnectError> {
        if self.ping().await.is_ok() {
            return Ok(());
        }
        let failed = |error: DbErr| ConnectError::Migration { reason: error.to_string() };
        let Some(owner) = &self.0.owner else {
            return migrate_over(&self.0.writer, "").await.map_err(failed);
        };
        let pool = PgPoolOptions::new().max_connections(1).connect_with(owner.clone()).await;
        let pool = pool.map_err(|error| refused(&error))?;
        let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool.clone());
        let migrated = migrate_over(&connection, MIGRATION_LOCK).await;
        pool.close().await;
        migrated.map_err(failed)
    }

    /// Whether this is SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        matches!(self.0.pools, SqlPools::Sqlite { .. })
    }

    /// The queue in this database.
    #[must_use]
    pub fn queue(&self) -> DatabaseQueue {
        DatabaseQueue::new(self.0.pools.clone(), Arc::clone(&self.0.wakeups), self.0.sole_worker.clone())
    }

    /// The intake of webhooks into this database. Must be called within a tokio runtime.
    #[must_use]
    pub fn intake(&self) -> DatabaseIntake {
        DatabaseIntake::start(self.0.pools.clone(), &self.0.wakeups, BATCHERS)
    }

    /// From now on sessions tell this bus what they committed; the first bus that is named stays.
    pub fn announce_on(&self, bus: Arc<dyn EventBus>) {
        self.0.announcer.announce_on(bus);
    }

    /// The bus that this database itself is, where it is PostgreSQL. Must be called within a tokio runtime.
    #[must_use]
    pub fn notify_bus(&self) -> Option<NotifyBus> {
        match &self.0.pools {
            SqlPools::Postgres(pool) => Some(NotifyBus::start(pool.clone(), self.0.stop.child_token())),
            SqlPools::Sqlite { .. } => None,
        }
    }

    /// Ends the background tasks and closes all connections, having finished what they do.
    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.wakeups.stop();
        match &self.0.pools {
            SqlPools::Postgres(pool) => pool.close().await,
            SqlPools::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn pools(&self) -> &SqlPools {
        &self.0.pools
    }

    pub(crate) fn wakeups(&self) -> &JobWakeups {
        &self.0.wakeups
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.0.reader
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.0.writer
    }
}

async fn migrate_over(connection: &DatabaseConnection, lock: &str) -> Result<(), DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(options).await?;
    if !lock.is_empty() {
        transaction.execute_unprepared(lock).await?;
    }
    Migrator::up(&transaction, None).await?;
    transaction.commit().await
}

/// One batch is written while the next is collected.
const BATCHERS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);

#[async_trait]
impl Repository for Storage {
    async fn begin(&self, tenant: TenantId) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let transaction = TenantTransaction::begin(&self.0.pools, tenant, Access::Write).await.map_err(from_db)?;
        Ok(Box::new(Session::new(
            transaction,
            tenant,
            (Arc::clone(&self.0.wakeups), Arc::clone(&self.0.announcer)),
            Arc::clone(&self.0.seal),
        )))
    }

    async fn scrub(&self) -> Result<(), StorageError> {
        if self.is_sqlite() {
            // Best effort: while someone reads an old state, the log is emptied by a later one.
            self.0.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.map_err(from_db)?;
        }
        Ok(())
    }

    fn inbox(&self, tenant: TenantId) -> Box<dyn InboxQueries> {
        Box::new(Inbox::new(self.0.pools.clone(), tenant))
    }

    fn feed(&self, tenant: TenantId) -> Box<dyn EventFeed> {
        Box::new(Inbox::new(self.0.pools.clone(), tenant))
    }

    fn audit(&self, tenant: TenantId) -> Box<dyn AuditQueries> {
        Box::new(AuditLog::new(self.0.pools.clone(), tenant))
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
    use hubchat_conformance::PlainSeal;

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
        let storage =
            Storage::connect(&StorageConfig { url, migration_url: None, max_connections: 1 }, Arc::new(PlainSeal))
                .await
                .expect("a new file");
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
            assert_eq!(number("PRAGMA secure_delete").await, 1);
            let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.expect("a pragma");
            assert_eq!(mode, "wal");
        }
        assert!(sqlx::query("CREATE TABLE t (a)").execute(reader).await.is_err(), "readers only read");
        storage.close().await;
    }

    #[tokio::test]
    async fn an_address_of_nothing_known_is_refused_without_being_repeated() {
        let url = SecretString::from("mysql://root:canary@host/db");
        let error =
            Storage::connect(&StorageConfig { url, migration_url: None, max_connections: 1 }, Arc::new(PlainSeal))
                .await
                .err()
                .expect("not ours");
        assert!(!error.to_string().contains("canary"));
    }
}

//! A database of its own for every test, on either of the two that hubchat runs on.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use hubchat_conformance::{PlainSeal, StorageHarness};
use hubchat_ports::{Access, Directory, JobQueue, Repository, SocketTickets, WebhookIntake};
use hubchat_storage_seaorm::{DatabaseIntake, DatabaseQueue, Storage, StorageConfig};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database, migrated unless asked otherwise.
pub(crate) struct TestDatabase {
    pub(crate) storage: Storage,
    pub(crate) url: String,
    /// The folder of a SQLite file; `None` on PostgreSQL.
    folder: Option<TempDir>,
}

impl TestDatabase {
    /// An empty SQLite file.
    pub(crate) async fn empty_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // In a folder that is not there yet.
        let url = format!("sqlite://{}", folder.path().join("data").join("test.db").display());
        Self { storage: open(&url).await, url, folder: Some(folder) }
    }

    /// An empty PostgreSQL database.
    pub(crate) async fn empty_postgres() -> Self {
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("hubchat_test_{}_{number}", std::process::id());
        // One of the same name is left of a test that was killed.
        on_server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        on_server(&format!("CREATE DATABASE {name}")).await;
        let server = server_url();
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        Self { storage: open(&url).await, url, folder: None }
    }

    /// A migrated SQLite file.
    pub(crate) async fn sqlite() -> Self {
        let database = Self::empty_sqlite().await;
        database.storage.migrate().await.unwrap();
        database
    }

    /// A migrated PostgreSQL database.
    pub(crate) async fn postgres() -> Self {
        let database = Self::empty_postgres().await;
        database.storage.migrate().await.unwrap();
        database
    }

    /// Another process' view of the same database.
    pub(crate) async fn another(&self) -> Storage {
        open(&self.url).await
    }

    /// Runs statements beside the storage.
    pub(crate) async fn run(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.folder.is_some() {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        }
    }

    /// The one number that a query answers, asked beside the storage.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.folder.is_some() {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
        }
    }

    /// Closes and removes it.
    pub(crate) async fn remove(self) {
        self.storage.close().await;
        if self.folder.is_none() {
            let (_, name) = self.url.rsplit_once('/').unwrap();
            on_server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

async fn open(url: &str) -> Storage {
    Storage::connect(
        &StorageConfig { url: url.to_owned().into(), migration_url: None, max_connections: 8 },
        Arc::new(PlainSeal),
    )
    .await
    .unwrap()
}

async fn on_server(sql: &str) {
    let mut server = PgConnection::connect(&server_url()).await.expect(
        "these tests need PostgreSQL: start one, and set HUBCHAT_TEST_DATABASE_URL unless it is \
         postgres://postgres@127.0.0.1:5432/postgres",
    );
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut server).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "where the test server is, is no configuration of hubchat's")]
fn server_url() -> String {
    std::env::var("HUBCHAT_TEST_DATABASE_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

/// Everything over one database, for the suites.
struct Harness {
    database: TestDatabase,
    queue: DatabaseQueue,
    intake: DatabaseIntake,
}

impl Harness {
    fn over(database: TestDatabase) -> Self {
        Self { queue: database.storage.queue(), intake: database.storage.intake(), database }
    }
}

macro_rules! harness {
    ($(#[$doc:meta])* $name:ident, $make:ident) => {
        $(#[$doc])*
        pub(crate) struct $name(Harness);

        #[async_trait]
        impl StorageHarness for $name {
            async fn start() -> Self {
                Self(Harness::over(TestDatabase::$make().await))
            }

            fn repository(&self) -> &dyn Repository {
                &self.0.database.storage
            }

            fn directory(&self) -> &dyn Directory {
                &self.0.database.storage
            }

            fn access(&self) -> &dyn Access {
                &self.0.database.storage
            }

            fn socket_tickets(&self) -> &dyn SocketTickets {
                &self.0.database.storage
            }

            fn queue(&self) -> &dyn JobQueue {
                &self.0.queue
            }

            fn intake(&self) -> &dyn WebhookIntake {
                &self.0.intake
            }

            async fn stop(self) {
                let Harness { database, queue, intake } = self.0;
                drop((queue, intake));
                database.remove().await;
            }
        }
    };
}

harness! {
    /// The suites' SQLite.
    OnSqlite, sqlite
}
harness! {
    /// The suites' PostgreSQL.
    OnPostgres, postgres
}

/// Runs each case on both databases, whatever the name says of which.
macro_rules! on_both {
    ($make_sqlite:ident, $make_postgres:ident: $($case:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let database = crate::database::TestDatabase::$make_sqlite().await;
                super::$case(&database).await;
                database.remove().await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let database = crate::database::TestDatabase::$make_postgres().await;
                super::$case(&database).await;
                database.remove().await;
            })+
        }
    };
}
pub(crate) use on_both;

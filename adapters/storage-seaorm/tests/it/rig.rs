//! A fresh database for a test, on each of the two that hubchat runs on.

use std::sync::atomic::{AtomicU32, Ordering};

use hubchat_domain::TenantId;
use hubchat_ports::{NewJob, Repository, UnitOfWork};
use hubchat_storage_seaorm::{DatabaseIntake, DatabaseQueue, Storage, StorageConfig};
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use uuid::Uuid;

static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database and what works on it, as one process has it.
pub(crate) struct Rig {
    pub(crate) queue: DatabaseQueue,
    pub(crate) intake: DatabaseIntake,
    storage: Storage,
    url: String,
    folder: Option<TempDir>,
}

impl Rig {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
        Self::open(url, Some(folder)).await
    }

    pub(crate) async fn postgres() -> Self {
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("hubchat_test_queue_{}_{number}", std::process::id());
        let mut server = server().await;
        for statement in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
            sqlx::query(AssertSqlSafe(statement)).execute(&mut server).await.unwrap();
        }
        let (address, _) = server_url().rsplit_once('/').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        Self::open(format!("{address}/{name}"), None).await
    }

    /// Another process on the same database.
    pub(crate) async fn sibling(&self) -> Self {
        Self::open(self.url.clone(), None).await
    }

    /// The process that comes after this one, which ended without a word: what it holds of the system is taken back.
    pub(crate) async fn dies(mut self) -> Self {
        let (url, folder) = (self.url.clone(), self.folder.take());
        self.storage.close().await;
        drop(self);
        Self::open(url, folder).await
    }

    async fn open(url: String, folder: Option<TempDir>) -> Self {
        let config = StorageConfig { url: SecretString::from(url.clone()), migration_url: None, max_connections: 10 };
        let storage = Storage::connect(&config, std::sync::Arc::new(hubchat_conformance::PlainSeal)).await.unwrap();
        storage.migrate().await.unwrap();
        Self { queue: storage.queue(), intake: storage.intake(), storage, url, folder }
    }

    pub(crate) async fn session(&self, tenant: TenantId) -> Box<dyn UnitOfWork> {
        self.storage.begin(tenant).await.unwrap()
    }

    /// Adds jobs in a session of their own.
    pub(crate) async fn append(&self, jobs: &[NewJob]) {
        let session = self.session(tenant()).await;
        session.jobs().append(jobs).await.unwrap();
        session.commit().await.unwrap();
    }

    pub(crate) fn storage(&self) -> &Storage {
        &self.storage
    }

    /// The one number that a query answers.
    pub(crate) async fn scalar(&self, sql: &'static str) -> i64 {
        if self.folder.is_some() {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
        }
    }

    /// What must be dropped once the test is over.
    pub(crate) fn database(&self) -> String {
        self.url.rsplit_once('/').unwrap().1.to_owned()
    }
}

/// The tenant of every test.
pub(crate) fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(5))
}

/// Drops a test's database, whoever is still connected.
pub(crate) async fn drop_database(name: String) {
    let drop = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    sqlx::query(drop).execute(&mut server().await).await.unwrap();
}

async fn server() -> PgConnection {
    PgConnection::connect(&server_url()).await.expect(
        "these tests need PostgreSQL: start one, and set HUBCHAT_TEST_DATABASE_URL unless it is \
         postgres://postgres@127.0.0.1:5432/postgres",
    )
}

#[expect(clippy::disallowed_methods, reason = "where the test server is, is no configuration of hubchat's")]
fn server_url() -> String {
    std::env::var("HUBCHAT_TEST_DATABASE_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

/// Runs each case on PostgreSQL, in a database of its own.
macro_rules! on_postgres {
    ($($case:ident),+ $(,)?) => {
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let rig = super::Rig::postgres().await;
                let database = rig.database();
                super::$case(rig).await;
                crate::rig::drop_database(database).await;
            })+
        }
    };
}
pub(crate) use on_postgres;

/// Runs each case on SQLite.
macro_rules! on_sqlite {
    ($($case:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(super::Rig::sqlite().await).await;
            })+
        }
    };
}
pub(crate) use on_sqlite;

//! A database of a test's own: a SQLite file in a folder, or a PostgreSQL database that is dropped at the end.

use secrecy::SecretString;
use sqlx::{Connection, Executor, PgConnection};

/// Where the tests' PostgreSQL is.
pub fn postgres_url() -> String {
    #[expect(clippy::disallowed_methods, reason = "tests are told where their server is by the environment")]
    let told = std::env::var("HUBCHAT_TEST_DATABASE_URL");
    told.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A database of a test's own.
pub struct Database {
    pub url: SecretString,
    pub folder: tempfile::TempDir,
    postgres_name: Option<String>,
}

impl Database {
    pub async fn create(kind: Kind) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        match kind {
            Kind::Sqlite => {
                let url = format!("sqlite://{}", folder.path().join("hubchat.db").display());
                Self { url: SecretString::from(url), folder, postgres_name: None }
            }
            Kind::Postgres => {
                let name = format!("hubchat_e2e_{}", folder.path().file_name().unwrap().to_string_lossy())
                    .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
                    .to_lowercase();
                let base = postgres_url();
                let mut admin = PgConnection::connect(&base).await.unwrap_or_else(|error| {
                    panic!("PostgreSQL does not answer at HUBCHAT_TEST_DATABASE_URL ({error}); start it with scripts/test-services")
                });
                admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a new database");
                let at = base.rfind('/').expect("a database name in the address");
                let url = format!("{}/{name}", base.get(..at).unwrap());
                Self { url: SecretString::from(url), folder, postgres_name: Some(name) }
            }
        }
    }

    /// Drops what dropping the value does not.
    pub async fn remove(self) {
        if let Some(name) = &self.postgres_name {
            let mut admin = PgConnection::connect(&postgres_url()).await.expect("PostgreSQL answers");
            admin
                .execute(sqlx::AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")))
                .await
                .expect("the database goes");
        }
    }
}

//! A database and a data folder of a measurement's own.

use anyhow::Context;
use hubchat_core::{
    Actor, ConnectChannelCommand,
    domain::{ChannelType, Scope},
};
use hubchat_wiring::{Config, Wired, wire};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Connection, Executor, PgConnection};

/// Which database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

pub(crate) const DESTINATION: &str = "U0f1e2d3c4b5a69788796a5b4c3d2e1f0";
pub(crate) const CHANNEL_SECRET: &str = "bench-channel-secret";
pub(crate) const ACCESS_TOKEN: &str = "bench-access-token";

/// Where PostgreSQL is.
pub(crate) fn postgres_url() -> String {
    #[expect(clippy::disallowed_methods, reason = "the benchmark is told where its server is by the environment")]
    let told = std::env::var("HUBCHAT_TEST_DATABASE_URL");
    told.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

/// A tenant with a connected account in an empty database.
pub(crate) struct Target {
    pub(crate) url: SecretString,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) wired: Box<Wired>,
    pub(crate) actor: Actor,
    pub(crate) webhook_path: String,
    pub(crate) key: SecretString,
    postgres_name: Option<String>,
}

impl Target {
    pub(crate) async fn create(kind: Kind, sandbox_url: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (url, postgres_name) = match kind {
            Kind::Sqlite => (format!("sqlite://{}", folder.path().join("hubchat.db").display()), None),
            Kind::Postgres => {
                let unique = folder.path().file_name().context("a folder has a name")?.to_string_lossy().to_lowercase();
                let name = format!("hubchat_bench_{}", unique.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
                let base = postgres_url();
                let mut admin = PgConnection::connect(&base).await.context("PostgreSQL does not answer")?;
                admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
                let (server, _) = base.rsplit_once('/').context("a database name in the address")?;
                (format!("{server}/{name}"), Some(name))
            }
        };
        let url = SecretString::from(url);
        let mut config = Config {
            database_url: Some(url.clone()),
            data_dir: folder.path().join("data"),
            database_connections: 4,
            allow_private_providers: true,
            ..Config::default()
        };
        sandbox_url.clone_into(&mut config.line.api_url);
        sandbox_url.clone_into(&mut config.line.data_url);
        let wired = Box::new(wire(&config).await?);
        let tenant = wired.hubchat.create_tenant.run("bench", "Bench").await?;
        let actor = Actor::system(tenant.id);
        let connect = ConnectChannelCommand {
            channel_type: ChannelType::Line,
            name: "Bench".to_owned(),
            secrets: vec![
                ("channel_secret".to_owned(), SecretString::from(CHANNEL_SECRET)),
                ("access_token".to_owned(), SecretString::from(ACCESS_TOKEN)),
            ],
            external_id: Some(DESTINATION.to_owned()),
            idempotency_key: None,
        };
        let webhook_path = wired.hubchat.connect_channel.run(&actor, &connect).await?.webhook_path;
        let key = wired.hubchat.create_api_key.run(&actor, "bench", &[Scope::Admin], None).await?.key;
        Ok(Self { url, folder, wired, actor, webhook_path, key, postgres_name })
    }

    pub(crate) async fn remove(self) -> anyhow::Result<()> {
        self.wired.storage.close().await;
        if let Some(name) = &self.postgres_name {
            let mut admin = PgConnection::connect(&postgres_url()).await?;
            admin.execute(sqlx::AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await?;
        }
        Ok(())
    }

    /// Has PostgreSQL look at its tables, as its autovacuum does within the first minute of a database. Without it a
    /// run of some seconds would measure plans for tables of which PostgreSQL knows nothing.
    pub(crate) async fn analyse(&self) -> anyhow::Result<()> {
        if self.postgres_name.is_some() {
            PgConnection::connect(self.address()).await?.execute("ANALYZE").await?;
        }
        Ok(())
    }

    /// The database's address, for the process under measurement.
    pub(crate) fn address(&self) -> &str {
        self.url.expose_secret()
    }
}

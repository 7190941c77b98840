//! What the databases themselves do on this machine, in this run.

use std::time::{Duration, Instant};

use anyhow::Context;
use sqlx::{
    Connection, Executor, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::process::Command;

use crate::target::postgres_url;

/// pgbench's single-row inserts a second, 64 clients, durable.
pub(crate) async fn pgbench_inserts(seconds: Duration) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("insert.sql");
    std::fs::write(&script, "INSERT INTO hubchat_bench_rows (body) VALUES ('how much is it?');\n")?;
    let mut admin = PgConnection::connect(&postgres_url()).await.context("PostgreSQL does not answer")?;
    admin
        .execute("CREATE TABLE IF NOT EXISTS hubchat_bench_rows (id bigserial PRIMARY KEY, body text NOT NULL)")
        .await?;
    let url = postgres_url();
    let output = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-c", "64", "-j", "2", "-T", &seconds.as_secs().to_string(), "-f"])
        .arg(&script)
        .arg(&url)
        .output()
        .await
        .context("pgbench cannot be started; it comes with PostgreSQL's contrib package")?;
    admin.execute("DROP TABLE hubchat_bench_rows").await?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with("tps = ")).context("pgbench gave no tps")?;
    Ok(line.split_whitespace().nth(2).context("no number")?.parse()?)
}

/// SQLite's one-row commits a second, synchronous=FULL.
pub(crate) async fn sqlite_commits(duration: Duration) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("baseline.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)").await?;
    let (began, mut commits) = (Instant::now(), 0_u64);
    while began.elapsed() < duration {
        sqlx::query("INSERT INTO rows (body) VALUES (?)").bind("how much is it?").execute(&mut connection).await?;
        commits += 1;
    }
    Ok(commits as f64 / began.elapsed().as_secs_f64())
}

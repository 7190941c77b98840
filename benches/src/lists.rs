//! Lists: as fast with a million conversations as with a thousand.

use std::time::Instant;

use hdrhistogram::Histogram;
use secrecy::ExposeSecret;
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};

use crate::{
    load::{self, Plan, webhooks},
    process,
    report::Report,
    target::{Kind, Target},
};

/// Pages of the conversation list, small and large.
pub(crate) async fn flat(kind: Kind, large: u64, report: &mut Report) -> anyhow::Result<()> {
    let target = Target::create(kind, "http://127.0.0.1:9").await?;
    let up = process::start(&target, "hubchat", &["up"]).await?;
    let plan = Plan {
        url: up.url.clone(),
        path: target.webhook_path.clone(),
        connections: 1,
        duration: std::time::Duration::from_millis(1),
        customers: 1,
        rate: None,
        series: 1,
    };
    webhooks(&plan).await?;
    let began = Instant::now();
    while target.wired.hubchat.ports.intake.ledger().await?.processed < 1 {
        anyhow::ensure!(began.elapsed().as_secs() < 10, "the first message was not processed");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    multiply(kind, &target, 0, 1_000).await?;
    let small = page_time(&target, &up.url).await?;
    multiply(kind, &target, 1_000, large).await?;
    let big = page_time(&target, &up.url).await?;
    let ratio = big / small;
    report.add(
        format!("{}: a page of 50 conversations, first and deep", kind.name()),
        format!("{small:.2} ms at 1,000 and {big:.2} ms at {large} conversations: {ratio:.2} x"),
        "flat (under 2 x)",
        ratio < 2.0,
    );
    up.stop().await?;
    target.remove().await
}

/// Copies the one conversation, with contact, identity and lead, so that there are `to` of them.
async fn multiply(kind: Kind, target: &Target, from: u64, to: u64) -> anyhow::Result<()> {
    match kind {
        Kind::Postgres => {
            let mut connection = PgConnection::connect(target.address()).await?;
            for statement in include_str!("multiply_postgres.sql").split(";\n").filter(|s| !s.trim().is_empty()) {
                let statement = statement.replace(":from", &from.to_string()).replace(":to", &to.to_string());
                connection.execute(sqlx::AssertSqlSafe(statement)).await?;
            }
        }
        Kind::Sqlite => {
            let mut connection = SqliteConnection::connect(target.address()).await?;
            for statement in include_str!("multiply_sqlite.sql").split(";\n").filter(|s| !s.trim().is_empty()) {
                let statement = statement.replace(":from", &from.to_string()).replace(":to", &to.to_string());
                connection.execute(sqlx::AssertSqlSafe(statement)).await?;
            }
        }
    }
    Ok(())
}

/// The median time of a page in milliseconds, over the first pages of the list.
async fn page_time(target: &Target, url: &str) -> anyhow::Result<f64> {
    let client = load::api_client()?;
    let mut latency: Histogram<u64> = Histogram::new(3)?;
    for _ in 0..20 {
        let mut cursor = String::new();
        for _ in 0..10 {
            let began = Instant::now();
            let page: serde_json::Value = client
                .get(format!("{url}/api/conversations?limit=50{cursor}"))
                .bearer_auth(target.key.expose_secret())
                .send()
                .await?
                .error_for_status()?
                .json()
                .await?;
            latency.record(began.elapsed().as_micros() as u64)?;
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
    }
    Ok(latency.value_at_quantile(0.5) as f64 / 1000.0)
}

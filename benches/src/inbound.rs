//! The way in: acknowledgements, the whole way, and a single message on an idle system.

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use crate::{
    baselines,
    load::{self, Plan, webhooks},
    process,
    report::Report,
    target::{Kind, Target},
};

/// Nobody answers here; what hubchat fetches in the background fails fast and waits.
pub(crate) const NO_PROVIDER: &str = "http://127.0.0.1:9";

/// Durable acknowledgements, against what the database does by itself.
pub(crate) async fn acknowledgements(kind: Kind, seconds: Duration, report: &mut Report) -> anyhow::Result<()> {
    let (what, factor) = match kind {
        Kind::Postgres => ("pgbench single-row inserts, 64 clients", 1.2),
        Kind::Sqlite => ("one-row commits, synchronous=FULL", 2.5),
    };
    let target = Target::create(kind, NO_PROVIDER).await?;
    let http = process::start(&target, "hubchat-http", &[]).await?;
    let plan = Plan {
        url: http.url.clone(),
        path: target.webhook_path.clone(),
        connections: 64,
        duration: seconds / 2,
        customers: 10_000,
        rate: None,
        series: 1,
    };
    // In turns, so that a machine that slows down meanwhile slows both down.
    let (mut baseline, mut reached) = (0.0, 0.0);
    for series in 1..=2 {
        let measured = match kind {
            Kind::Postgres => baselines::pgbench_inserts(seconds / 2).await?,
            Kind::Sqlite => baselines::sqlite_commits(seconds / 2).await?,
        };
        let full = webhooks(&Plan { series, ..plan.clone() }).await?.per_second();
        println!("   {what}: {measured:.0}/s; acknowledgements: {full:.0}/s");
        baseline += measured / 2.0;
        reached += full / 2.0;
    }
    let ratio = reached / baseline;
    report.add(
        format!("{}: durable acknowledgements, 64 connections", kind.name()),
        format!("{reached:.0}/s = {ratio:.2} x {what} ({baseline:.0}/s)"),
        &format!("{factor} x"),
        ratio >= factor,
    );
    let half = webhooks(&Plan { rate: Some(reached / 2.0), series: 3, duration: seconds, ..plan }).await?;
    let p99 = half.latency.value_at_quantile(0.99) as f64 / 1000.0;
    report.add(
        format!("{}: p99 of an acknowledgement at half that load", kind.name()),
        format!("{p99:.1} ms at {:.0}/s", half.per_second()),
        "50 ms",
        p99 < 50.0,
    );
    http.stop().await?;
    target.remove().await
}

/// Webhook to committed message, sustained.
pub(crate) async fn whole_way_in(kind: Kind, seconds: Duration, report: &mut Report) -> anyhow::Result<()> {
    let asked = if kind == Kind::Postgres { 2_500.0 } else { 1_500.0 };
    let target = Target::create(kind, NO_PROVIDER).await?;
    let up = process::start(&target, "hubchat", &["up"]).await?;
    let plan = Plan {
        url: up.url.clone(),
        path: target.webhook_path.clone(),
        connections: 16,
        duration: seconds,
        customers: 500,
        rate: Some(asked * 1.1),
        series: 1,
    };
    // The customers are known before it begins: each of them has written once.
    let known =
        webhooks(&Plan { duration: Duration::from_secs(1), rate: Some(500.0), series: 3, ..plan.clone() }).await?;
    let known = i64::try_from(known.answers)?;
    processed(&target, known).await?;
    target.analyse().await?;
    let watch = tokio::spawn(watch_lag(up.url.clone(), seconds));
    let began = Instant::now();
    let load = webhooks(&plan).await?;
    let mut lags = watch.await??;
    let expected = known + i64::try_from(load.answers)?;
    processed(&target, expected).await?;
    let rate = load.answers as f64 / began.elapsed().as_secs_f64();
    lags.sort_by(f64::total_cmp);
    let p95 = lags.get(lags.len() * 95 / 100).copied().unwrap_or_default();
    report.add(
        format!("{}: webhook to committed message, sustained", kind.name()),
        format!("{rate:.0}/s"),
        &format!("{asked:.0}/s"),
        rate >= asked,
    );
    report.add(format!("{}: queue lag p95 at that load", kind.name()), format!("{p95:.2} s"), "under 1 s", p95 < 1.0);
    // As fast as it goes: what the whole way in can do at most.
    let began = Instant::now();
    let most = webhooks(&Plan { rate: None, series: 2, duration: seconds / 2, ..plan }).await?;
    let expected = expected + i64::try_from(most.answers)?;
    processed(&target, expected).await?;
    println!("   with a backlog: {:.0}/s", most.answers as f64 / began.elapsed().as_secs_f64());
    up.stop().await?;
    target.remove().await
}

/// Waits until so many events were processed.
async fn processed(target: &Target, expected: i64) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        let ledger = target.wired.hubchat.ports.intake.ledger().await?;
        if ledger.processed >= expected {
            return Ok(());
        }
        anyhow::ensure!(began.elapsed() < Duration::from_mins(3), "not processed: {ledger:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn watch_lag(url: String, duration: Duration) -> anyhow::Result<Vec<f64>> {
    let (client, began, mut lags) = (load::api_client()?, Instant::now(), Vec::new());
    while began.elapsed() < duration {
        let page = client.get(format!("{url}/metrics")).send().await?.text().await?;
        let line = page.lines().find(|line| line.starts_with("hubchat_queue_lag_seconds{lane=\"inbound\"}"));
        if let Some(lag) = line.and_then(|line| line.split_whitespace().last()?.parse().ok()) {
            lags.push(lag);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(lags)
}

/// An idle system: memory, start-up, and one message at a time.
pub(crate) async fn idle(kind: Kind, report: &mut Report) -> anyhow::Result<()> {
    let target = Target::create(kind, NO_PROVIDER).await?;
    let up = process::start(&target, "hubchat", &["up"]).await?;
    report.add(
        format!("{}: ready on an existing database", kind.name()),
        format!("{:.0} ms", up.started_in.as_secs_f64() * 1000.0),
        "1 s",
        up.started_in < Duration::from_secs(1),
    );
    tokio::time::sleep(Duration::from_secs(3)).await;
    let memory = up.resident_mib()?;
    report.add(format!("{}: resident memory, idle", kind.name()), format!("{memory:.1} MiB"), "40 MiB", memory < 40.0);
    let plan = Plan {
        url: up.url.clone(),
        path: target.webhook_path.clone(),
        connections: 1,
        duration: Duration::from_millis(1),
        customers: 1,
        rate: None,
        series: 0,
    };
    let mut latency: Histogram<u64> = Histogram::new(3)?;
    for number in 1..=200_u64 {
        let expected = i64::try_from(number)?;
        let began = Instant::now();
        // One webhook: the duration ends after the first.
        let sent = webhooks(&Plan { series: number, ..plan.clone() }).await?;
        anyhow::ensure!(sent.answers >= 1, "no webhook was sent");
        let before = target.wired.hubchat.ports.intake.ledger().await?.received;
        while target.wired.hubchat.ports.intake.ledger().await?.processed < before.max(expected) {
            anyhow::ensure!(began.elapsed() < Duration::from_secs(10), "an event was not processed");
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        latency.record(began.elapsed().as_micros() as u64)?;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let p95 = latency.value_at_quantile(0.95) as f64 / 1000.0;
    report.add(
        format!("{}: webhook to committed message, idle, p95", kind.name()),
        format!("{p95:.1} ms"),
        "15 ms",
        p95 < 15.0,
    );
    up.stop().await?;
    target.remove().await
}

//! `hubchat-http`: the HTTP host as a process of its own.

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use hubchat_http::{HttpConfig, render_metrics, run};
use hubchat_wiring::{Config, Environment, init_telemetry, shutdown_signal, wire};
use tokio::net::TcpListener;

/// Receives webhooks and answers the API of hubchat. Deliveries are made by hubchat-worker.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration file; see docs/config.example.toml.
    #[arg(long)]
    config: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let config = Config::load(arguments.config.as_deref(), &Environment::of_process())?;
    init_telemetry(&config)?;
    let wired = wire(&config).await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("HUBCHAT_LISTEN: cannot listen at {}", config.listen))?;
    tracing::info!(address = %listener.local_addr()?, "hubchat answers");
    let metrics = render_metrics(wired.metrics);
    run(listener, wired.hubchat, HttpConfig::from(&config), Some(metrics), shutdown_signal()).await?;
    wired.storage.close().await;
    Ok(())
}

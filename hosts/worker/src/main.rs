//! `hubchat-worker`: the worker as a process of its own.

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use hubchat_wiring::{Config, Environment, init_telemetry, shutdown_signal, wire};
use tokio::net::TcpListener;

/// Takes hubchat's jobs: inbound events, messages to customers, profiles and files.
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
    let listener = TcpListener::bind(config.worker_listen)
        .await
        .with_context(|| format!("HUBCHAT_WORKER_LISTEN: cannot listen at {}", config.worker_listen))?;
    tracing::info!(address = %listener.local_addr()?, "the worker is ready");
    let shutdown = shutdown_signal();
    let status = hubchat_worker::serve_status(listener, wired.hubchat.clone(), wired.metrics, shutdown.clone());
    let (served, ()) = tokio::join!(status, hubchat_worker::run(wired.hubchat, &config.worker, shutdown));
    served.context("the status page ended")?;
    wired.storage.close().await;
    Ok(())
}

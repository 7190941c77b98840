//! The HTTP host as a process of its own.

use anyhow::Context;
use hubchat_wiring::{Config, shutdown_signal, wire};
use tokio::net::TcpListener;

use crate::{HttpConfig, render_metrics, run};

/// Serves until SIGTERM or SIGINT, finishes what is being answered, and closes the database.
pub async fn run_process(config: &Config) -> anyhow::Result<()> {
    let wired = wire(config).await?;
    wired.check_media().await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("HUBCHAT_LISTEN: cannot listen at {}", config.listen))?;
    tracing::info!(address = %listener.local_addr()?, "hubchat answers");
    let metrics = render_metrics(wired.metrics);
    run(listener, wired.hubchat, HttpConfig::from(config), Some(metrics), shutdown_signal()).await?;
    wired.storage.close().await;
    Ok(())
}

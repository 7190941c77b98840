//! The worker as a process of its own.

use anyhow::Context;
use hubchat_wiring::{Config, shutdown_signal, wire};
use tokio::net::TcpListener;

use crate::{run, serve_status};

/// Works until SIGTERM or SIGINT, finishes or gives back what it holds, and closes the database. Meanwhile it
/// answers health checks and metrics.
pub async fn run_process(config: &Config) -> anyhow::Result<()> {
    let wired = wire(config).await?;
    wired.check_media().await?;
    let listener = TcpListener::bind(config.worker_listen)
        .await
        .with_context(|| format!("HUBCHAT_WORKER_LISTEN: cannot listen at {}", config.worker_listen))?;
    tracing::info!(address = %listener.local_addr()?, "the worker is ready");
    let shutdown = shutdown_signal();
    let status = serve_status(listener, wired.hubchat.clone(), wired.metrics, shutdown.clone());
    let (served, ()) = tokio::join!(status, run(wired.hubchat, &config.worker, shutdown));
    served.context("the status page ended")?;
    wired.storage.close().await;
    Ok(())
}

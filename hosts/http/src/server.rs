//! Serving until told to stop.

use std::sync::Arc;

use anyhow::Context;
use hubchat_core::Hubchat;
use poem::{Server, listener::TcpAcceptor};
use tokio_util::sync::CancellationToken;

use crate::{HttpConfig, RenderMetrics, listener::PromptAcceptor, router::build};

/// Serves `hubchat` on a listener until `shutdown`: then `/ready` answers 503, after
/// [`HttpConfig::notice`] no further connection is accepted, and requests under way get
/// [`HttpConfig::drain`] to end.
pub async fn run(
    listener: tokio::net::TcpListener,
    hubchat: Hubchat,
    config: HttpConfig,
    metrics: Option<RenderMetrics>,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let (notice, drain, head_deadline) = (config.notice, config.drain, config.head_deadline);
    let acceptor = TcpAcceptor::from_tokio(listener).context("the listener cannot be used")?;
    let mut server = Server::new_with_acceptor(PromptAcceptor { inner: acceptor, head_deadline }).name("hubchat-http");
    if let Some(timeout) = config.idle_timeout {
        server = server.idle_timeout(timeout);
    }
    let routes = build(hubchat, config, metrics, shutdown.clone());
    let live = Arc::clone(&routes.live);
    let stop = async move {
        shutdown.cancelled().await;
        tokio::time::sleep(notice).await;
    };
    server.run_with_graceful_shutdown(routes, stop, Some(drain)).await.context("the HTTP server failed")?;
    // Every socket is told to come again, which takes a second where somebody does not listen.
    let _ = tokio::time::timeout(drain, live.closed()).await;
    Ok(())
}

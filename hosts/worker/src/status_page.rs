//! Health, readiness and metrics of a worker that runs apart.

use hubchat_core::Hubchat;
use hubchat_wiring::Metrics;
use poem::{EndpointExt, Route, Server, get, handler, http::StatusCode, listener::TcpAcceptor, web::Data};
use tokio_util::sync::CancellationToken;

#[derive(Clone)]
struct Status {
    hubchat: Hubchat,
    metrics: Metrics,
    shutdown: CancellationToken,
}

#[handler]
fn health() -> &'static str {
    "ok"
}

#[handler]
async fn ready(status: Data<&Status>) -> (StatusCode, &'static str) {
    if status.shutdown.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "shutting down");
    }
    match status.hubchat.ports.directory.ping().await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}

#[handler]
async fn metrics(status: Data<&Status>) -> String {
    status.metrics.render().await
}

/// Answers `/health`, `/ready` and `/metrics` until `shutdown`.
pub async fn serve_status(
    listener: tokio::net::TcpListener,
    hubchat: Hubchat,
    worker_metrics: Metrics,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let status = Status { hubchat, metrics: worker_metrics, shutdown: shutdown.clone() };
    let routes =
        Route::new().at("/health", get(health)).at("/ready", get(ready)).at("/metrics", get(metrics)).data(status);
    let acceptor = TcpAcceptor::from_tokio(listener)?;
    Server::new_with_acceptor(acceptor)
        .run_with_graceful_shutdown(
            routes,
            async move { shutdown.cancelled().await },
            Some(std::time::Duration::from_secs(5)),
        )
        .await
}

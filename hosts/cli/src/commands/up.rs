//! Everything in one process.

use anyhow::Context;
use hubchat_wiring::{Config, init_telemetry, shutdown_signal, wire};
use serde_json::json;
use tokio::net::TcpListener;

use super::sandbox;
use crate::{Answer, arguments::Up};

pub(super) async fn run(config: &mut Config, up: &Up, as_json: bool) -> anyhow::Result<Answer> {
    init_telemetry(config)?;
    let shutdown = shutdown_signal();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("HUBCHAT_LISTEN: cannot listen at {}", config.listen))?;
    let address = listener.local_addr().context("the listener has no address")?;
    let sandbox = if up.sandbox { Some(sandbox::start(config, up, address, shutdown.clone()).await?) } else { None };
    let wired = wire(config).await?;
    wired.check_media().await?;
    let mut started = Answer::new(
        [
            format!("hubchat is ready at http://{address}"),
            format!("  API documentation   http://{address}/docs"),
            format!("  metrics             http://{address}/metrics"),
        ],
        json!({"ready": true, "url": format!("http://{address}")}),
    );
    if let Some(sandbox) = &sandbox {
        started = sandbox.furnish(&wired, address).await?;
    }
    started.print(as_json);
    let (hubchat, worker) = (wired.hubchat.clone(), config.worker);
    let metrics = Some(hubchat_http::render_metrics(wired.metrics.clone()));
    let http_config = hubchat_http::HttpConfig::from(&*config);
    let http = hubchat_http::run(listener, hubchat.clone(), http_config, metrics, shutdown.clone());
    let (served, ()) = tokio::join!(http, hubchat_worker::run(hubchat, &worker, shutdown));
    served.context("the HTTP server ended")?;
    wired.storage.close().await;
    Ok(Answer::new(["stopped".to_owned()], json!({"stopped": true})))
}

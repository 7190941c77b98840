//! Everything in one process.

use anyhow::Context;
use hubchat_core::{Actor, CreateTenantError, domain::Scope};
use hubchat_wiring::{Config, Wired, init_telemetry, shutdown_signal, wire};
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::net::TcpListener;

use super::{sandbox, tenant::owner_lines};
use crate::{Answer, arguments::Up};

pub(super) async fn run(config: &mut Config, up: &Up, as_json: bool) -> anyhow::Result<Answer> {
    init_telemetry(config)?;
    let shutdown = shutdown_signal();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("HUBCHAT_LISTEN: cannot listen at {}", config.listen))?;
    let address = listener.local_addr().context("the listener has no address")?;
    // Port 0 is another one by now, and links lead to the real one.
    config.listen = address;
    let sandbox = if up.sandbox { Some(sandbox::start(config, up, address, shutdown.clone()).await?) } else { None };
    let wired = wire(config).await?;
    wired.check_media().await?;
    let started = match &sandbox {
        Some(sandbox) => sandbox.furnish(&wired, address).await?,
        None => started(&wired, &format!("http://{address}")).await?,
    };
    started.print(as_json);
    let (hubchat, worker) = (wired.hubchat.clone(), config.worker);
    let metrics = Some(hubchat_http::render_metrics(wired.metrics.clone()));
    let http_config = hubchat_http::HttpConfig {
        sandbox_page: sandbox.as_ref().map(sandbox::RunningSandbox::page),
        ..hubchat_http::HttpConfig::from(&*config)
    };
    let http = hubchat_http::run(listener, hubchat.clone(), http_config, metrics, shutdown.clone());
    let (served, ()) = tokio::join!(http, hubchat_worker::run(hubchat, &worker, shutdown));
    served.context("the HTTP server ended")?;
    wired.storage.close().await;
    Ok(Answer::new(["stopped".to_owned()], json!({"stopped": true})))
}

/// The name of the tenant that an empty database begins with.
const FIRST_TENANT: &str = "main";

/// Tells where hubchat is. In an empty database a first tenant is made, with a key and a link for its owner, both
/// shown this once.
async fn started(wired: &Wired, url: &str) -> anyhow::Result<Answer> {
    let mut lines = vec![
        format!("hubchat is ready at {url}"),
        format!("  API documentation   {url}/docs"),
        format!("  metrics             {url}/metrics"),
    ];
    let mut object = json!({"ready": true, "url": url});
    let hub = &wired.hubchat;
    if hub.ports.directory.list_tenants(None, 1).await?.is_empty() {
        // Of hosts that start together one makes it.
        match hub.create_tenant.run(FIRST_TENANT, "Main").await {
            Ok(tenant) => {
                let key = hub.create_api_key.run(&Actor::system(tenant.id), "first", &[Scope::Admin], None).await?.key;
                let link = hub.first_owner.open_link(tenant.id).await?;
                lines.push(format!("made the tenant {FIRST_TENANT}; its API key, shown this once:"));
                lines.push(key.expose_secret().to_owned());
                lines.extend(owner_lines(&link));
                object["tenant"] = json!(tenant.slug);
                object["key"] = json!(key.expose_secret());
                object["ownerLink"] = json!(link.url.expose_secret());
            }
            Err(CreateTenantError::Taken) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Answer::new(lines, object))
}

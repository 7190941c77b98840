//! The real `hubchat-http`, as a binary of this package, so that its tests can start and stop it.

use hubchat_wiring::{Config, Environment, init_telemetry};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::load(None, &Environment::of_process())?;
    init_telemetry(&config)?;
    Box::pin(hubchat_http::run_process(&config)).await
}

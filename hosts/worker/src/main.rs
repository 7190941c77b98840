//! `hubchat-worker`: the worker as a process of its own.

use std::path::PathBuf;

use clap::Parser;
use hubchat_wiring::{Config, Environment, init_telemetry};

/// Holds a sixth of what the system's does for sockets that wait (decision 21).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

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
    Box::pin(hubchat_worker::run_process(&config)).await
}

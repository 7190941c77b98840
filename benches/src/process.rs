//! The real programs, started beside the benchmark.

use std::{
    net::SocketAddr,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::Context;
use tokio::process::{Child, Command};

use crate::target::Target;

/// A program that runs.
pub(crate) struct Running {
    child: Child,
    pub(crate) url: String,
    /// How long it took to be ready.
    pub(crate) started_in: Duration,
}

/// Starts a program (`hubchat`, `hubchat-http`, `hubchat-worker`) on a target's database and waits
/// until it is ready.
pub(crate) async fn start(target: &Target, program: &str, arguments: &[&str]) -> anyhow::Result<Running> {
    let listen = free_port().await?;
    let path = std::env::current_exe()?.with_file_name(program);
    let variable = if program == "hubchat-worker" { "HUBCHAT_WORKER_LISTEN" } else { "HUBCHAT_LISTEN" };
    let config = target.folder.path().join("hubchat.toml");
    std::fs::write(&config, "allow_private_providers = true\n")?;
    let began = Instant::now();
    let child = Command::new(&path)
        .args(arguments)
        .env("HUBCHAT_CONFIG", &config)
        .env("HUBCHAT_DATABASE_URL", target.address())
        .env("HUBCHAT_DATA_DIR", target.folder.path().join("data"))
        .env("HUBCHAT_LINE_API_URL", &target.wired.config.line.api_url)
        .env("HUBCHAT_LINE_DATA_URL", &target.wired.config.line.data_url)
        .env("HUBCHAT_LOG", "error")
        .env(variable, listen.to_string())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{} cannot be started; run `make bench`", path.display()))?;
    let url = format!("http://{listen}");
    let client = crate::load::api_client()?;
    while !client.get(format!("{url}/ready")).send().await.is_ok_and(|answer| answer.status().is_success()) {
        anyhow::ensure!(began.elapsed() < Duration::from_secs(30), "{program} was not ready within 30 s");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(Running { child, url, started_in: began.elapsed() })
}

async fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(tokio::net::TcpListener::bind("127.0.0.1:0").await?.local_addr()?)
}

impl Running {
    /// The memory that it holds now, in MiB.
    pub(crate) fn resident_mib(&self) -> anyhow::Result<f64> {
        let id = self.child.id().context("the program ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
        Ok(kib / 1024.0)
    }

    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        self.child.kill().await?;
        Ok(())
    }
}

//! A further HTTP host over the database of a hub, as another process would be one: with pools, caches and a bus of
//! its own.

use hubchat_http::HttpConfig;
use hubchat_wiring::{Config, Wired, wire};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::hub::{Hub, listener};

pub struct OtherHost {
    pub url: String,
    pub wired: Wired,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl OtherHost {
    pub async fn start(hub: &Hub, change: impl FnOnce(&mut HttpConfig)) -> Self {
        let config = Config { ..hub.wired.config.clone() };
        let wired = wire(&config).await.expect("hubchat can be built");
        let (listener, address) = listener().await;
        let mut http = HttpConfig::from(&config);
        change(&mut http);
        let (shutdown, hubchat) = (CancellationToken::new(), wired.hubchat.clone());
        let stop = shutdown.clone();
        let task = tokio::spawn(async move {
            hubchat_http::run(listener, hubchat, http, None, stop).await.expect("HTTP serves");
        });
        Self { url: format!("http://{address}"), wired, shutdown, task }
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.expect("ends in order");
        self.wired.storage.close().await;
    }
}

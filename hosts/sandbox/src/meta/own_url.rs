//! Where the sandbox is reached: the URLs of customers' files begin with it.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::sync::watch;

/// How long a customer with a file waits for the server to run.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct OwnUrl(watch::Sender<Option<String>>);

impl OwnUrl {
    pub(super) fn set(&self, url: &str) {
        self.0.send_replace(Some(url.trim_end_matches('/').to_owned()));
    }

    pub(super) fn learn(&self, mut address: SocketAddr) {
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        self.0.send_if_modified(|url| {
            let unknown = url.is_none();
            if unknown {
                *url = Some(format!("http://{address}"));
            }
            unknown
        });
    }

    pub(super) fn told(&self) -> Option<String> {
        self.0.borrow().clone()
    }

    /// The URL; waits a little for a server that is just starting.
    pub(super) async fn known(&self) -> String {
        let mut changes = self.0.subscribe();
        let known = tokio::time::timeout(PATIENCE, changes.wait_for(Option::is_some)).await;
        let known = known.ok().and_then(Result::ok).and_then(|url| url.clone());
        known.unwrap_or_else(|| "http://localhost".to_owned())
    }
}

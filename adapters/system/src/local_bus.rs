//! The bus of an installation that is one process.

use futures_util::stream;
use hubchat_ports::{EventBus, Heard, Hearing, Notice};
use tokio::sync::broadcast;

/// A listener that is further behind has missed something.
const HELD: usize = 1_024;

/// Tells everyone in this process.
#[derive(Debug, Clone)]
pub struct LocalBus {
    notices: broadcast::Sender<Notice>,
}

impl LocalBus {
    /// A bus that nobody listens to yet.
    #[must_use]
    pub fn new() -> Self {
        Self { notices: broadcast::channel(HELD).0 }
    }
}

impl Default for LocalBus {
    fn default() -> Self {
        Self::new()
    }
}

impl EventBus for LocalBus {
    fn announce(&self, notice: Notice) {
        // Nobody may be listening.
        let _ = self.notices.send(notice);
    }

    fn listen(&self) -> Hearing {
        Box::pin(stream::unfold(self.notices.subscribe(), |mut notices| async move {
            let heard = match notices.recv().await {
                Ok(notice) => Heard::Notice(notice),
                Err(broadcast::error::RecvError::Lagged(_)) => Heard::Missed,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            };
            Some((heard, notices))
        }))
    }
}

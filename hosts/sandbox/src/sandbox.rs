//! The handle of a sandbox and its server.

use std::time::Duration;

use anyhow::Context as _;
use poem::Server;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::breakable::{BreakableAcceptor, Connections};
use crate::config::SandboxConfig;
use crate::customers::Customers;
use crate::deliveries::Deliveries;
use crate::endpoint::SandboxEndpoint;
use crate::line::FakeLine;
use crate::meta::FakeMeta;
use crate::names::Names;
use crate::phone::Phone;
use crate::telegram::FakeTelegram;
use crate::timeline::Timeline;

/// How long requests in flight may still run after shutdown was asked.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);

/// What the fake providers have in common. Clones share all state.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) deliveries: Deliveries,
    pub(crate) names: Names,
    pub(crate) timeline: Timeline,
}

/// A handle to the fake providers. Clones share all state.
#[derive(Debug, Clone)]
pub struct Sandbox {
    line: FakeLine,
    deliveries: Deliveries,
    telegram: FakeTelegram,
    meta: FakeMeta,
    customers: Customers,
    timeline: Timeline,
}

impl Sandbox {
    /// A sandbox with empty state. Binds nothing: [`serve`](Self::serve) takes the listener.
    pub fn new(config: SandboxConfig) -> Self {
        let timeline = Timeline::new(config.clock.clone());
        let shared = Shared { deliveries: Deliveries::default(), names: Names::default(), timeline };
        Self {
            telegram: FakeTelegram::new(&config, &shared),
            meta: FakeMeta::new(&config, &shared),
            line: FakeLine::new(config, &shared),
            customers: Customers::new(shared.names),
            deliveries: shared.deliveries,
            timeline: shared.timeline,
        }
    }

    /// Serves until `shutdown` is cancelled, then waits up to 2 s for requests in flight.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) -> anyhow::Result<()> {
        if let Ok(address) = listener.local_addr() {
            self.meta.serves_at(address);
        }
        let connections = Connections::default();
        let acceptor =
            BreakableAcceptor::new(listener, connections.clone()).context("the sandbox's listener has no address")?;
        let endpoint = SandboxEndpoint {
            line: self.line.clone(),
            telegram: self.telegram.clone(),
            meta: self.meta.clone(),
            deliveries: self.deliveries.clone(),
            phone: self.phone(),
            connections,
        };
        Server::new_with_acceptor(acceptor)
            .name("sandbox")
            .run_with_graceful_shutdown(endpoint, shutdown.cancelled_owned(), Some(SHUTDOWN_GRACE))
            .await
            .context("the sandbox's server failed")
    }

    /// Invents some customers, for the phone at `/phone` and for the profiles that providers tell.
    pub fn add_sample_customers(&self) {
        self.customers.add_samples();
        // Listed once, so that the providers know their names from the start.
        self.phone().customers();
    }

    fn phone(&self) -> Phone {
        Phone {
            line: self.line.clone(),
            telegram: self.telegram.clone(),
            meta: self.meta.clone(),
            customers: self.customers.clone(),
            timeline: self.timeline.clone(),
        }
    }

    /// Troubles between the providers and the webhook.
    pub fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }

    /// The fake Telegram.
    pub fn telegram(&self) -> &FakeTelegram {
        &self.telegram
    }

    /// The fake Meta.
    pub fn meta(&self) -> &FakeMeta {
        &self.meta
    }

    /// The fake LINE.
    pub fn line(&self) -> &FakeLine {
        &self.line
    }
}

//! The hot path of webhooks: callers that come together share one commit.
//!
//! Nothing is answered before its transaction is durable, and nothing is written twice: an event that
//! was received before is left out together with its job.

mod batch;
mod batcher;
mod ledger;
mod postgres;
mod sqlite;
mod unrouted;

use std::num::NonZeroUsize;
use std::sync::Arc;

use async_trait::async_trait;
use hubchat_domain::{ChannelType, Timestamp, WebhookEventId};
use hubchat_ports::{InboundLedger, IntakeReceipt, ReceivedEvent, StorageError, UnroutedEvent, WebhookIntake};
use tokio::sync::{mpsc, oneshot};

use crate::error::from_sqlx;
use crate::pools::SqlPools;
use crate::queue::JobWakeups;
use batch::Call;
use batcher::Batcher;

/// So many calls may wait for a batch; further ones wait to wait.
const WAITING_CALLS: usize = 1_024;

/// Stores received webhook events in groups.
///
/// Writing goes on in tasks of its own, so a caller that goes away interrupts nothing. The tasks end
/// once every clone is dropped and what they had taken is written.
#[derive(Debug, Clone)]
pub struct DatabaseIntake {
    calls: mpsc::Sender<Call>,
    pools: SqlPools,
}

impl DatabaseIntake {
    /// Starts the writing tasks: `batchers` of them on PostgreSQL, where one may collect while another
    /// commits, always one on SQLite. Must be called within a tokio runtime.
    pub(crate) fn start(pools: SqlPools, wakeups: &Arc<JobWakeups>, batchers: NonZeroUsize) -> Self {
        let (calls, waiting) = mpsc::channel(WAITING_CALLS);
        let waiting = Arc::new(tokio::sync::Mutex::new(waiting));
        let batchers = match pools {
            SqlPools::Postgres(_) => batchers.get(),
            SqlPools::Sqlite { .. } => 1,
        };
        for _ in 0..batchers {
            tokio::spawn(Batcher::new(Arc::clone(&waiting), pools.clone(), Arc::clone(wakeups)).run());
        }
        Self { calls, pools }
    }
}

#[async_trait]
impl WebhookIntake for DatabaseIntake {
    async fn record(&self, events: Vec<ReceivedEvent>) -> Result<IntakeReceipt, StorageError> {
        if events.is_empty() {
            return Ok(IntakeReceipt::default());
        }
        let (answer, answered) = oneshot::channel();
        self.calls.send(Call { events, answer }).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    async fn keep_unrouted(&self, events: Vec<UnroutedEvent>) -> Result<(), StorageError> {
        unrouted::keep(&self.pools, &events).await.map_err(from_sqlx)
    }

    async fn list_unrouted(
        &self,
        channel: ChannelType,
        destination: &str,
        limit: u32,
    ) -> Result<Vec<UnroutedEvent>, StorageError> {
        unrouted::list(&self.pools, channel, destination, limit).await.map_err(from_sqlx)
    }

    async fn drop_unrouted(&self, ids: &[WebhookEventId]) -> Result<(), StorageError> {
        unrouted::drop_all(&self.pools, ids).await.map_err(from_sqlx)
    }

    async fn drop_unrouted_before(&self, moment: Timestamp) -> Result<u64, StorageError> {
        unrouted::drop_before(&self.pools, moment).await.map_err(from_sqlx)
    }

    async fn ledger(&self) -> Result<InboundLedger, StorageError> {
        ledger::sum(&self.pools).await.map_err(from_sqlx)
    }
}

fn stopped() -> StorageError {
    StorageError::Unavailable("the intake has stopped".into())
}

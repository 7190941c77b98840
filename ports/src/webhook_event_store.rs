//! Received webhook events of a tenant, and what became of them.

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_domain::{ChannelAccountId, ChannelType, Timestamp, WebhookEventId};

use crate::StorageError;

/// A received event that waits to be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingEvent {
    /// Its id.
    pub id: WebhookEventId,
    /// The account that it came for.
    pub account_id: ChannelAccountId,
    /// The account's channel.
    pub channel_type: ChannelType,
    /// What makes it unique within the account.
    pub event_key: String,
    /// The event as the provider sent it.
    pub raw: Bytes,
    /// When it came.
    pub received_at: Timestamp,
}

/// What became of an event. Every received event ends with exactly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventOutcome {
    /// It changed something.
    Processed,
    /// It changed nothing, for a reason of ours.
    Ignored {
        /// The reason, a short stable word or two.
        reason: String,
    },
    /// It could not be understood or carried out.
    Dead {
        /// What went wrong; never content.
        error: String,
    },
}

/// Received events of one tenant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait WebhookEventStore: Send + Sync {
    /// Those of these events that still wait, in no particular order, in one query.
    async fn find_pending(&self, ids: &[WebhookEventId]) -> Result<Vec<PendingEvent>, StorageError>;

    /// Notes what became of events, and counts it in the ledger. `Stale`, and the session is spoilt,
    /// when one of them no longer waits: another worker was faster, and this session's effects MUST go.
    async fn settle(&self, outcomes: &[(WebhookEventId, EventOutcome)], now: Timestamp) -> Result<(), StorageError>;

    /// Makes dead or ignored events wait again, so that they can be replayed; tells how many did.
    async fn reopen(&self, ids: &[WebhookEventId]) -> Result<u64, StorageError>;
}

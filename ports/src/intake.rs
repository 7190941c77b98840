//! The door that webhooks come in by: the hot path.

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_domain::{ChannelAccountId, ChannelType, TenantId, Timestamp, WebhookEventId};

use crate::StorageError;

/// One event of a verified webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedEvent {
    /// Its id.
    pub id: WebhookEventId,
    /// Whose it is, as the account's credential proved.
    pub tenant_id: TenantId,
    /// The account.
    pub account_id: ChannelAccountId,
    /// The account's channel.
    pub channel_type: ChannelType,
    /// What makes it unique within the account.
    pub event_key: String,
    /// Events with the same order key are processed one after the other, in order of arrival.
    pub order_key: String,
    /// The event as the provider sent it: JSON text.
    pub raw: Bytes,
    /// When it came.
    pub received_at: Timestamp,
}

/// One event of a verified webhook whose account nobody has connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnroutedEvent {
    /// Its id.
    pub id: WebhookEventId,
    /// The channel.
    pub channel_type: ChannelType,
    /// The account, by the provider's id.
    pub destination: String,
    /// What makes it unique within the account.
    pub event_key: String,
    /// Names the thread.
    pub order_key: String,
    /// The event as the provider sent it: JSON text.
    pub raw: Bytes,
    /// When it came.
    pub received_at: Timestamp,
}

/// What became of received events. `stored + duplicates` is their number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IntakeReceipt {
    /// Events that are new.
    pub stored: usize,
    /// Events that had come before; nothing was written.
    pub duplicates: usize,
}

/// All events ever received, by what became of them: `received = pending + processed + ignored + dead`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboundLedger {
    /// Events stored.
    pub received: i64,
    /// Events that changed something.
    pub processed: i64,
    /// Events that changed nothing, for a reason.
    pub ignored: i64,
    /// Events that could not be carried out.
    pub dead: i64,
}

/// Stores received events with their jobs.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait WebhookIntake: Send + Sync {
    /// Stores events, each with an inbound job of kind `inbound.process.v1` whose payload is
    /// `{"webhookEventId": "<id>"}`, in one transaction. Answers only once that transaction is durable
    /// (power loss included). An event whose account and event key exist MUST be left out, with its job.
    /// Calls that come together MAY share a transaction; a caller that goes away MUST NOT disturb others.
    async fn record(&self, events: Vec<ReceivedEvent>) -> Result<IntakeReceipt, StorageError>;

    /// Keeps events whose account nobody has connected, durably; one that is kept already is passed over.
    async fn keep_unrouted(&self, events: Vec<UnroutedEvent>) -> Result<(), StorageError>;

    /// The kept events of an account, oldest first, at most `limit`.
    async fn list_unrouted(
        &self,
        channel: ChannelType,
        destination: &str,
        limit: u32,
    ) -> Result<Vec<UnroutedEvent>, StorageError>;

    /// Forgets kept events.
    async fn drop_unrouted(&self, ids: &[WebhookEventId]) -> Result<(), StorageError>;

    /// Forgets kept events that came before a moment; answers how many.
    async fn drop_unrouted_before(&self, moment: Timestamp) -> Result<u64, StorageError>;

    /// The counts so far, over all tenants.
    async fn ledger(&self) -> Result<InboundLedger, StorageError>;
}

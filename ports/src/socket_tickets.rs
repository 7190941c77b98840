//! Tickets: what a page shows to open a socket, since a browser's socket carries no credential of its own.

use async_trait::async_trait;
use hubchat_domain::{ApiKeyId, SessionId, TenantId, Timestamp};

use crate::StorageError;

/// By what someone was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TicketHolder {
    /// A log-in.
    Session(SessionId),
    /// A key.
    ApiKey(ApiKeyId),
}

/// What is kept of a ticket: never the ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketTicket {
    /// The SHA-256 of the ticket.
    pub hash: Vec<u8>,
    /// The tenant.
    pub tenant_id: TenantId,
    /// Whose it is.
    pub holder: TicketHolder,
    /// When the access token that asked for it ends; keys have none.
    pub access_ends_at: Option<Timestamp>,
    /// From when on it is good for nothing.
    pub expires_at: Timestamp,
}

/// Keeps tickets, so that any process takes those that any other gave. Unscoped: whose a ticket is, is what it tells.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SocketTickets: Send + Sync {
    /// Keeps a ticket.
    async fn insert(&self, ticket: &SocketTicket) -> Result<(), StorageError>;

    /// Uses a ticket up. MUST answer nothing when it was used before or its time is over at that moment: of callers
    /// at the same time one gets it.
    async fn take(&self, hash: &[u8], now: Timestamp) -> Result<Option<SocketTicket>, StorageError>;

    /// Removes tickets whose time was over before that moment; at most `limit`. Answers how many went.
    async fn remove_expired(&self, before: Timestamp, limit: u32) -> Result<u64, StorageError>;
}

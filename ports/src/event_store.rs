//! Domain events of a tenant.

use async_trait::async_trait;
use hubchat_domain::DomainEvent;

use crate::StorageError;

/// An event with its place in the tenant's sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// Its place: from 1, without gaps, in commit order.
    pub seq: i64,
    /// The event.
    pub event: DomainEvent,
}

/// Domain events of one tenant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait EventStore: Send + Sync {
    /// Adds events to this session, in the order given. They get their places at commit, as its last
    /// writes: a reader that has seen place n MUST never later find a new event at n or before.
    async fn append(&self, events: Vec<DomainEvent>) -> Result<(), StorageError>;

    /// Committed events after a place, in order; at most `limit`.
    async fn list_after(&self, seq: i64, limit: u32) -> Result<Vec<StoredEvent>, StorageError>;

    /// From this commit on the sequence is another one: whoever followed the former one begins anew. For a tenant
    /// whose data were restored; no two epochs of a tenant MUST ever be the same.
    async fn begin_epoch(&self, epoch: i64) -> Result<(), StorageError>;
}

//! The audit log of a tenant: written by sessions, sealed as a chain, read by pages.

use async_trait::async_trait;
use hubchat_domain::{
    AuditAction, AuditActor, AuditDraft, AuditEntry, AuditHash, AuditHead, AuditSubject, TenantId, Timestamp,
};

use crate::StorageError;

/// Writes the audit log of one tenant. There is nothing that changes or removes an entry, and storage MUST
/// refuse whoever tries so beside this port, as far as its kind can.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Adds an entry to this session. It gets its place, its hash and the head's new signature at commit:
    /// places MUST go up from 1 without gaps in the order of commits, each hash MUST be made from the one
    /// before by the [`AuditSeal`], and the head MUST name the last place, its hash and its signature. A
    /// session that is not committed MUST leave no hole.
    async fn append(&self, draft: AuditDraft) -> Result<(), StorageError>;
}

/// What ties entries into a chain. Storage is given one when it is built, and keeps no formula itself.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait AuditSeal: Send + Sync {
    /// The hash of an entry at its place, behind the entry of the hash before; [`AuditHash::ZERO`] before
    /// the first.
    fn hash(&self, tenant: TenantId, seq: i64, before: &AuditHash, draft: &AuditDraft) -> AuditHash;

    /// Signs the end of a log.
    fn sign(&self, tenant: TenantId, seq: i64, hash: &AuditHash) -> Vec<u8>;
}

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this actor.
    pub actor: Option<AuditActor>,
    /// Of this action.
    pub action: Option<AuditAction>,
    /// About this thing.
    pub subject: Option<AuditSubject>,
    /// At this moment or later.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub to: Option<Timestamp>,
}

/// A place in the list of entries, which is in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditPlace {
    /// When the entry's thing was done.
    pub at: Timestamp,
    /// The entry's place in the log.
    pub seq: i64,
}

/// A page of entries.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditPage {
    /// The entries.
    pub items: Vec<AuditEntry>,
    /// Where the next page begins, when there is one.
    pub next: Option<AuditPlace>,
}

/// Reads of the audit log of one tenant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AuditQueries: Send + Sync {
    /// Entries behind a place, or from the newest, newest first by time; at most `limit`, 1 to 200.
    async fn list(
        &self,
        filter: &AuditFilter,
        after: Option<AuditPlace>,
        limit: u32,
    ) -> Result<AuditPage, StorageError>;

    /// Entries after a place of the log in the log's order, at most `limit`, 1 to 1,000; none at its end.
    async fn list_after(&self, filter: &AuditFilter, seq: i64, limit: u32) -> Result<Vec<AuditEntry>, StorageError>;

    /// Where the log ends; `None` when it has no entry.
    async fn head(&self) -> Result<Option<AuditHead>, StorageError>;
}

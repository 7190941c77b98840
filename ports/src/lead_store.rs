//! Leads of a tenant.

use async_trait::async_trait;
use hubchat_domain::{ContactId, Lead, LeadId, TeamId};

use crate::StorageError;

/// Leads of one tenant.
///
/// Whenever a write changes a lead's owner or team, its conversations MUST have the same ones in the same commit,
/// whichever sessions come at the same time; what a conversation otherwise holds, its version too, stays.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait LeadStore: Send + Sync {
    /// The lead of that id.
    async fn find(&self, id: LeadId) -> Result<Option<Lead>, StorageError>;

    /// For each of these contacts its newest lead, if it has one, in one query.
    async fn find_latest_of_contacts(&self, contacts: &[ContactId]) -> Result<Vec<Lead>, StorageError>;

    /// Leads that a team has, open or closed, newest change first; at most `limit`.
    async fn find_of_team(&self, team: TeamId, limit: u32) -> Result<Vec<Lead>, StorageError>;

    /// Adds leads. A contact MUST NOT get a second open lead: `Stale` when it would.
    async fn insert_many(&self, leads: &[Lead]) -> Result<(), StorageError>;

    /// Writes a changed lead; `Stale` when it changed since it was read.
    async fn update(&self, lead: &Lead) -> Result<(), StorageError>;

    /// Writes changed leads; `Stale`, and the session is spoilt, when one of them changed since it was read.
    async fn update_many(&self, leads: &[Lead]) -> Result<(), StorageError>;
}

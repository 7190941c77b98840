//! Members of a tenant.

use async_trait::async_trait;
use hubchat_domain::{Member, MemberId, TeamId};

use crate::{InsertOutcome, StorageError};

/// Members of one tenant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait MemberStore: Send + Sync {
    /// The member of that id.
    async fn find(&self, id: MemberId) -> Result<Option<Member>, StorageError>;

    /// All members, by name; a tenant has at most 1,000.
    async fn list(&self) -> Result<Vec<Member>, StorageError>;

    /// The member whose turn it is: takes leads, and was given one longest ago or never (then the
    /// oldest member), and is of the team when one is named. Turns are the members', whichever team they are
    /// taken in. On PostgreSQL the row MUST be locked, so that two callers get two members.
    async fn next_in_turn(&self, team: Option<TeamId>) -> Result<Option<Member>, StorageError>;

    /// The active owners. On PostgreSQL the rows MUST be locked, so that of two who take away an owner each, the
    /// second sees what the first did.
    async fn lock_owners(&self) -> Result<Vec<Member>, StorageError>;

    /// Adds a member; `AlreadyPresent` when the e-mail address or the person is taken within the tenant.
    async fn insert(&self, member: &Member) -> Result<InsertOutcome, StorageError>;

    /// Writes a changed member; `Stale` when it changed since it was read.
    async fn update(&self, member: &Member) -> Result<(), StorageError>;
}

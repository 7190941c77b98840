//! Teams of a tenant, and who is of them.

use async_trait::async_trait;
use hubchat_domain::{MemberId, Team, TeamId};

use crate::{InsertOutcome, StorageError};

/// A team with its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRoster {
    /// The team.
    pub team: Team,
    /// Its members, by id.
    pub member_ids: Vec<MemberId>,
}

/// Teams of one tenant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TeamStore: Send + Sync {
    /// The team of that id.
    async fn find(&self, id: TeamId) -> Result<Option<Team>, StorageError>;

    /// The team of that name, whatever the case of its letters.
    async fn find_by_name(&self, name: &str) -> Result<Option<Team>, StorageError>;

    /// All teams with their members, by name; at most 1,000.
    async fn list(&self) -> Result<Vec<TeamRoster>, StorageError>;

    /// How many teams there are. Sessions of a tenant that ask MUST wait for each other's end: what one was told still
    /// holds when it adds a team.
    async fn count(&self) -> Result<u32, StorageError>;

    /// Adds a team; `AlreadyPresent` when the name is taken within the tenant, whatever the case of its letters.
    async fn insert(&self, team: &Team) -> Result<InsertOutcome, StorageError>;

    /// Writes a changed team; `Stale` when it changed since it was read, or its name was taken meanwhile.
    async fn update(&self, team: &Team) -> Result<(), StorageError>;

    /// Removes a team and with it its memberships; tells whether it was there. No lead may have it: an error
    /// otherwise. A lead that is given to the team at the same time MUST make one of the two fail.
    async fn delete(&self, id: TeamId) -> Result<bool, StorageError>;

    /// The members of a team, by id; none when there is no such team.
    async fn members_of(&self, team: TeamId) -> Result<Vec<MemberId>, StorageError>;

    /// Makes a member one of the team; tells whether that is news. Both MUST exist.
    async fn add_member(&self, team: TeamId, member: MemberId) -> Result<bool, StorageError>;

    /// Takes a member out of the team; tells whether they were of it.
    async fn remove_member(&self, team: TeamId, member: MemberId) -> Result<bool, StorageError>;

    /// The teams that a member is of, by id.
    async fn teams_of(&self, member: MemberId) -> Result<Vec<TeamId>, StorageError>;

    /// Everyone who is of a team of that member's, by id and once; they themselves too when they have a team.
    async fn peers_of(&self, member: MemberId) -> Result<Vec<MemberId>, StorageError>;
}

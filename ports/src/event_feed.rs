//! What those read who follow a tenant along: its events, and the rows that they are about.

use async_trait::async_trait;
use hubchat_domain::{ConversationId, LeadId, MemberId, MessageId, TeamId};

use crate::{ConversationRow, LeadRow, MessageRow, ReadPosition, StorageError, StoredEvent};

/// Where a tenant's sequence of events stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedHead {
    /// Which sequence this is: another one after a restore, in which the same places may hold other events.
    pub epoch: i64,
    /// The first place that is still kept; one past the last when none is.
    pub first: i64,
    /// The last place that was given, 0 before the first event.
    pub last: i64,
}

impl FeedHead {
    /// Whether everything after a place of this sequence is still there.
    #[must_use]
    pub const fn continues(&self, epoch: i64, seq: i64) -> bool {
        self.epoch == epoch && seq >= self.first - 1 && seq <= self.last
    }
}

/// Reads of one tenant for those who follow it along. They MUST NOT wait for a writer on SQLite, and a row of
/// another tenant is never seen.
///
/// Rows are read for the whole tenant, once for all who follow: whoever hands them on MUST look at who may see
/// what. Each method is one query, however many ids it is asked for.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait EventFeed: Send + Sync {
    /// Where the sequence stands.
    async fn head(&self) -> Result<FeedHead, StorageError>;

    /// Committed events after a place, in order; at most `limit`.
    async fn list_after(&self, seq: i64, limit: u32) -> Result<Vec<StoredEvent>, StorageError>;

    /// Those of the leads that are there, in any order.
    async fn find_leads(&self, ids: &[LeadId]) -> Result<Vec<LeadRow>, StorageError>;

    /// Those of the conversations that are there, in any order.
    async fn find_conversations(&self, ids: &[ConversationId]) -> Result<Vec<ConversationRow>, StorageError>;

    /// How far members have read in the conversations, in any order.
    async fn find_positions(&self, ids: &[ConversationId]) -> Result<Vec<ReadPosition>, StorageError>;

    /// Those of the messages that are there, in any order.
    async fn find_messages(&self, ids: &[MessageId]) -> Result<Vec<MessageRow>, StorageError>;

    /// Who is of which team, for the whole tenant.
    async fn memberships(&self) -> Result<Vec<(TeamId, MemberId)>, StorageError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_is_continued_where_nothing_is_missing() {
        let head = FeedHead { epoch: 7, first: 5, last: 9 };
        for (epoch, seq, continues) in
            [(7, 9, true), (7, 4, true), (7, 3, false), (7, 10, false), (6, 9, false), (8, 5, false)]
        {
            assert_eq!(head.continues(epoch, seq), continues, "{epoch}.{seq}");
        }
        let empty = FeedHead { epoch: 0, first: 1, last: 0 };
        assert!(empty.continues(0, 0) && !empty.continues(0, 1) && !empty.continues(0, -1));
        let purged = FeedHead { epoch: 0, first: 10, last: 9 };
        assert!(purged.continues(0, 9) && !purged.continues(0, 8));
    }
}

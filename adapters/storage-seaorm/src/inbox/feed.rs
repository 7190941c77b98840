//! What those read who follow a tenant along: events in their order, and rows by their ids, many at a time.

use async_trait::async_trait;
use hubchat_domain::{ConversationId, LeadId, MemberId, MessageId, TeamId};
use hubchat_ports::{
    ConversationRow, EventFeed, FeedHead, LeadRow, MessageRow, ReadPosition, StorageError, StoredEvent,
};
use sea_orm::QueryResult;
use serde_json::json;

use super::{Inbox, conversations, leads, messages, page::Select};
use crate::{
    rows::Fields,
    session::{LIST_EVENTS, stored_event},
    statements::localised,
};

/// The first place that is kept is the first step into the key.
const HEAD: &str = "SELECT t.event_epoch AS epoch, t.event_seq AS last, \
    COALESCE((SELECT e.seq FROM domain_events AS e WHERE e.tenant_id = ?1 ORDER BY e.seq LIMIT 1), t.event_seq + 1) \
    AS first FROM tenants AS t WHERE t.id = ?1";

const MEMBERSHIPS: &str = "SELECT m.team_id AS team_id, m.member_id AS member_id FROM teams AS t \
    JOIN team_members AS m ON m.team_id = t.id AND m.tenant_id = t.tenant_id WHERE t.tenant_id = ?1";

#[async_trait]
impl EventFeed for Inbox {
    async fn head(&self) -> Result<FeedHead, StorageError> {
        let rows = self.rows(&localised(self.backend(), HEAD), vec![self.tenant.as_uuid().into()]).await?;
        let row = rows.first().ok_or_else(|| StorageError::Other("events of a tenant that is not there".into()))?;
        let fields = Fields::plain(row, "feed");
        Ok(FeedHead { epoch: fields.get("epoch")?, first: fields.get("first")?, last: fields.get("last")? })
    }

    async fn list_after(&self, seq: i64, limit: u32) -> Result<Vec<StoredEvent>, StorageError> {
        let values = vec![self.tenant.as_uuid().into(), seq.into(), i64::from(limit).into()];
        let rows = self.rows(&localised(self.backend(), LIST_EVENTS), values).await?;
        rows.iter().map(stored_event).collect()
    }

    async fn find_leads(&self, ids: &[LeadId]) -> Result<Vec<LeadRow>, StorageError> {
        let ids = ids.iter().map(|id| id.as_uuid()).collect();
        self.many(leads::any(self.backend(), self.tenant), ids, leads::row).await
    }

    async fn find_conversations(&self, ids: &[ConversationId]) -> Result<Vec<ConversationRow>, StorageError> {
        let ids = ids.iter().map(|id| id.as_uuid()).collect();
        self.many(conversations::any(self.backend(), self.tenant, None), ids, conversations::row).await
    }

    async fn find_positions(&self, ids: &[ConversationId]) -> Result<Vec<ReadPosition>, StorageError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let columns = "p.conversation_id, p.member_id, p.seen_inbound, p.at";
        let mut select = Select::from(self.backend(), columns, "conversation_reads AS p", ("p", self.tenant));
        let list = select.bind(json!(ids).to_string());
        let list = select.list(&list);
        select.and_plain(&format!("p.conversation_id IN ({list})"));
        let (sql, values) = select.all();
        let position = |row: &QueryResult| {
            let fields = Fields::plain(row, "position");
            Ok(ReadPosition {
                conversation_id: fields.id("conversation_id")?,
                member_id: fields.id("member_id")?,
                seen_inbound: fields.get("seen_inbound")?,
                at: fields.time("at")?,
            })
        };
        self.rows(&sql, values).await?.iter().map(position).collect()
    }

    async fn find_messages(&self, ids: &[MessageId]) -> Result<Vec<MessageRow>, StorageError> {
        let ids = ids.iter().map(|id| id.as_uuid()).collect();
        self.many(messages::list(self.backend(), self.tenant), ids, messages::row).await
    }

    async fn memberships(&self) -> Result<Vec<(TeamId, MemberId)>, StorageError> {
        let rows = self.rows(&localised(self.backend(), MEMBERSHIPS), vec![self.tenant.as_uuid().into()]).await?;
        let pair = |row: &QueryResult| {
            let fields = Fields::plain(row, "membership");
            Ok((fields.id("team_id")?, fields.id("member_id")?))
        };
        rows.iter().map(pair).collect()
    }
}

//! What screens read: one statement per list, walked by its order's key, in a transaction of the tenant that reads
//! only and never waits for a writer.

mod accounts;
mod conversations;
mod drafts;
mod export;
mod feed;
mod lanes;
mod leads;
mod messages;
mod page;
#[cfg(test)]
mod plan_tests;
mod sight;

use async_trait::async_trait;
use hubchat_domain::{Activity, ConversationId, LeadId, MemberId, MessageId, TenantId, Visibility};
use hubchat_ports::{
    AccountRow, ConversationFilter, ConversationOrder, ConversationRow, DraftRow, ExportKind, ExportPage, InboxQueries,
    LaneCounts, LaneFilter, LeadFilter, LeadRow, MessageRow, OutgoingRow, Page, PageRequest, StorageError,
    StoredSettings, Viewer,
};
use sea_orm::{DbBackend, QueryResult, Value};
use uuid::Uuid;

use crate::{
    error::from_db,
    pools::SqlPools,
    rows::{Row, SETTINGS, read, stored_settings},
    statements::{localised, query},
    tenant_transaction::{Access, TenantTransaction},
};
use page::{First, Select, keyset};
use sight::{restrict, restrict_by_parent};

/// Reads of one tenant.
pub(crate) struct Inbox {
    pools: SqlPools,
    tenant: TenantId,
}

impl Inbox {
    pub(crate) const fn new(pools: SqlPools, tenant: TenantId) -> Self {
        Self { pools, tenant }
    }

    pub(crate) fn backend(&self) -> DbBackend {
        match self.pools {
            SqlPools::Postgres(_) => DbBackend::Postgres,
            SqlPools::Sqlite { .. } => DbBackend::Sqlite,
        }
    }

    /// Runs a statement. The transaction ends after the answer, behind the caller's back: nobody waits for it.
    pub(crate) async fn rows(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StorageError> {
        let transaction = TenantTransaction::begin(&self.pools, self.tenant, Access::Read).await.map_err(from_db)?;
        query(&transaction, sql, values).await.map_err(from_db)
    }

    /// Reads a page, and whether there is another.
    async fn page<T>(
        &self,
        select: Select,
        page: PageRequest,
        order: [&'static str; 2],
        read: fn(&QueryResult) -> Result<T, StorageError>,
    ) -> Result<Page<T>, StorageError> {
        self.page_from(First::Newest, select, page, order, read).await
    }

    async fn page_from<T>(
        &self,
        first: First,
        select: Select,
        page: PageRequest,
        order: [&'static str; 2],
        read: fn(&QueryResult) -> Result<T, StorageError>,
    ) -> Result<Page<T>, StorageError> {
        let limit = page.limit.clamp(1, MOST_ROWS) as usize;
        let (sql, values) = select.page_from(first, page.after, order, limit + 1);
        let mut rows = self.rows(&sql, values).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(keyset).transpose()? } else { None };
        Ok(Page { items: rows.iter().map(read).collect::<Result<_, _>>()?, next })
    }

    async fn one<T>(
        &self,
        select: Select,
        id: Uuid,
        read: fn(&QueryResult) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        let (sql, values) = select.one(id);
        let rows = self.rows(&sql, values).await?;
        rows.first().map(read).transpose()
    }

    /// The rows of these ids.
    async fn many<T>(
        &self,
        select: Select,
        ids: Vec<Uuid>,
        read: fn(&QueryResult) -> Result<T, StorageError>,
    ) -> Result<Vec<T>, StorageError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let (sql, values) = select.many(&ids);
        self.rows(&sql, values).await?.iter().map(read).collect()
    }

    /// The page, unless it is empty because what it is a page of does not exist, or is not seen.
    async fn page_of<T>(
        &self,
        page: Page<T>,
        visibility: &Visibility,
        (table, id): (&str, Uuid),
    ) -> Result<Option<Page<T>>, StorageError> {
        if !page.items.is_empty() {
            return Ok(Some(page));
        }
        let mut select = Select::from(self.backend(), "1 AS found", &format!("{table} AS t"), ("t", self.tenant));
        restrict(&mut select, visibility);
        let (sql, values) = select.one(id);
        let found = self.rows(&sql, values).await?;
        Ok((!found.is_empty()).then_some(page))
    }

    /// The activities of a lead, if it is seen.
    fn log(&self, visibility: &Visibility, lead: LeadId) -> Select {
        let columns = Activity::TABLE.select("a", "");
        let mut select = Select::from(self.backend(), &columns, "activities AS a", ("a", self.tenant));
        let id = select.bind(lead.as_uuid());
        select.and_plain(&format!("a.lead_id = {id}"));
        restrict_by_parent(&mut select, visibility, "leads", &id);
        select
    }

    /// The messages of a conversation, if it is seen.
    fn thread(&self, visibility: &Visibility, conversation: ConversationId) -> Select {
        let mut select = messages::list(self.backend(), self.tenant);
        let id = select.bind(conversation.as_uuid());
        select.and_plain(&format!("m.conversation_id = {id}"));
        restrict_by_parent(&mut select, visibility, "conversations", &id);
        select
    }
}

/// The most rows of a page.
const MOST_ROWS: u32 = 200;

/// The most rows of a page of an export.
const MOST_EXPORTED: u32 = 1_000;

#[async_trait]
impl InboxQueries for Inbox {
    async fn list_leads(
        &self,
        visibility: &Visibility,
        filter: &LeadFilter,
        page: PageRequest,
    ) -> Result<Page<LeadRow>, StorageError> {
        let select = leads::list(self.backend(), self.tenant, visibility, filter);
        self.page(select, page, ["l.updated_at", "l.id"], leads::row).await
    }

    async fn find_lead(&self, visibility: &Visibility, id: LeadId) -> Result<Option<LeadRow>, StorageError> {
        let mut select = leads::any(self.backend(), self.tenant);
        restrict(&mut select, visibility);
        self.one(select, id.as_uuid(), leads::row).await
    }

    async fn list_activity(
        &self,
        visibility: &Visibility,
        lead: LeadId,
        page: PageRequest,
    ) -> Result<Option<Page<Activity>>, StorageError> {
        let page = self.page(self.log(visibility, lead), page, ["a.at", "a.id"], |row| read(row, "")).await?;
        self.page_of(page, visibility, ("leads", lead.as_uuid())).await
    }

    async fn list_conversations(
        &self,
        viewer: &Viewer,
        filter: &ConversationFilter,
        order: ConversationOrder,
        page: PageRequest,
    ) -> Result<Page<ConversationRow>, StorageError> {
        let (first, key) = match order {
            ConversationOrder::Latest => (First::Newest, ["v.last_message_at", "v.id"]),
            ConversationOrder::LongestWaiting => (First::Oldest, ["v.waiting_since", "v.id"]),
        };
        let waiting = filter.waiting || order == ConversationOrder::LongestWaiting;
        let filter = ConversationFilter { waiting, ..filter.clone() };
        let select = conversations::list(self.backend(), self.tenant, viewer, &filter);
        self.page_from(first, select, page, key, conversations::row).await
    }

    async fn list_accounts(&self, page: PageRequest) -> Result<Page<AccountRow>, StorageError> {
        let select = accounts::list(self.backend(), self.tenant);
        self.page_from(First::Oldest, select, page, accounts::ORDER, accounts::row).await
    }

    async fn count_lanes(&self, viewer: &Viewer, filter: &LaneFilter) -> Result<LaneCounts, StorageError> {
        let (sql, values) = lanes::count(self.backend(), self.tenant, viewer, filter).sum();
        let rows = self.rows(&sql, values).await?;
        rows.first().map_or_else(|| Ok(LaneCounts::default()), lanes::row)
    }

    async fn find_draft(
        &self,
        conversation: ConversationId,
        member: MemberId,
    ) -> Result<Option<DraftRow>, StorageError> {
        let (sql, values) = drafts::of(self.backend(), self.tenant, conversation, member).all();
        let rows = self.rows(&sql, values).await?;
        rows.first().map(drafts::row).transpose()
    }

    async fn find_conversation(
        &self,
        viewer: &Viewer,
        id: ConversationId,
    ) -> Result<Option<ConversationRow>, StorageError> {
        let mut select = conversations::any(self.backend(), self.tenant, viewer.member);
        restrict(&mut select, &viewer.visibility);
        self.one(select, id.as_uuid(), conversations::row).await
    }

    async fn list_messages(
        &self,
        visibility: &Visibility,
        conversation: ConversationId,
        page: PageRequest,
    ) -> Result<Option<Page<MessageRow>>, StorageError> {
        let select = self.thread(visibility, conversation);
        let page = self.page(select, page, ["m.occurred_at", "m.id"], messages::row).await?;
        self.page_of(page, visibility, ("conversations", conversation.as_uuid())).await
    }

    async fn find_message(&self, visibility: &Visibility, id: MessageId) -> Result<Option<MessageRow>, StorageError> {
        let mut select = messages::list(self.backend(), self.tenant);
        restrict_by_parent(&mut select, visibility, "conversations", "m.conversation_id");
        self.one(select, id.as_uuid(), messages::row).await
    }

    async fn find_outgoing(&self, ids: &[MessageId]) -> Result<Vec<OutgoingRow>, StorageError> {
        let ids = ids.iter().map(|id| id.as_uuid()).collect();
        self.many(messages::outgoing(self.backend(), self.tenant), ids, messages::outgoing_row).await
    }

    async fn settings(&self) -> Result<StoredSettings, StorageError> {
        let sql = localised(self.backend(), SETTINGS);
        let rows = self.rows(&sql, vec![self.tenant.as_uuid().into()]).await?;
        stored_settings(&rows)
    }

    async fn export_page(
        &self,
        kind: ExportKind,
        after: Option<String>,
        limit: u32,
    ) -> Result<ExportPage, StorageError> {
        let (reader, limit) = (export::Reader::new(kind), limit.clamp(1, MOST_EXPORTED) as usize);
        let (sql, values) = reader.page(self.backend(), self.tenant, after.as_deref(), limit + 1)?;
        let rows = self.rows(&sql, values).await?;
        reader.read(&rows, limit)
    }
}

//! What screens read: one statement per list, walked by its order's key, in a transaction of the tenant that reads
//! only and never waits for a writer.

mod conversations;
mod export;
mod leads;
mod messages;
mod page;
#[cfg(test)]
mod plan_tests;

use async_trait::async_trait;
use hubchat_domain::{Activity, ConversationId, LeadId, MessageId, TenantId};
use hubchat_ports::{
    ConversationFilter, ConversationRow, ExportKind, ExportPage, InboxQueries, LeadFilter, LeadRow, MessageRow, Page,
    PageRequest, StorageError,
};
use sea_orm::{DbBackend, QueryResult, Value};
use uuid::Uuid;

use crate::{
    error::from_db,
    pools::SqlPools,
    rows::{Row, read},
    statements::query,
    tenant_transaction::{Access, TenantTransaction},
};
use page::{Select, keyset};

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
        let limit = page.limit.clamp(1, MOST_ROWS) as usize;
        let (sql, values) = select.page(self.backend(), page.after, order, limit + 1);
        let mut rows = self.rows(&sql, values).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(keyset).transpose()? } else { None };
        Ok(Page { items: rows.iter().map(read).collect::<Result<_, _>>()?, next })
    }

    async fn one<T>(
        &self,
        select: Select,
        of: (&str, &str),
        id: Uuid,
        read: fn(&QueryResult) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        let (sql, values) = select.one(self.backend(), of, id);
        let rows = self.rows(&sql, values).await?;
        rows.first().map(read).transpose()
    }

    /// The page, unless it is empty because what it is a page of does not exist.
    async fn page_of<T>(&self, page: Page<T>, table: &str, id: Uuid) -> Result<Option<Page<T>>, StorageError> {
        if !page.items.is_empty() {
            return Ok(Some(page));
        }
        let select = Select::from("1 AS found", &format!("{table} AS t"), ("t", self.tenant));
        let (sql, values) = select.one(self.backend(), (table, "t"), id);
        let found = self.rows(&sql, values).await?;
        Ok((!found.is_empty()).then_some(page))
    }
}

/// The most rows of a page.
const MOST_ROWS: u32 = 200;

/// The most rows of a page of an export.
const MOST_EXPORTED: u32 = 1_000;

#[async_trait]
impl InboxQueries for Inbox {
    async fn list_leads(&self, filter: &LeadFilter, page: PageRequest) -> Result<Page<LeadRow>, StorageError> {
        let select = leads::list(self.backend(), self.tenant, filter);
        self.page(select, page, ["l.updated_at", "l.id"], leads::row).await
    }

    async fn find_lead(&self, id: LeadId) -> Result<Option<LeadRow>, StorageError> {
        let select = leads::list(self.backend(), self.tenant, &LeadFilter::default());
        self.one(select, ("leads", "l"), id.as_uuid(), leads::row).await
    }

    async fn list_activity(&self, lead: LeadId, page: PageRequest) -> Result<Option<Page<Activity>>, StorageError> {
        let columns = Activity::TABLE.select("a", "");
        let mut select = Select::from(&columns, "activities AS a", ("a", self.tenant));
        select.and("a.lead_id = ?", lead.as_uuid());
        let page = self.page(select, page, ["a.at", "a.id"], |row| read(row, "")).await?;
        self.page_of(page, "leads", lead.as_uuid()).await
    }

    async fn list_conversations(
        &self,
        filter: &ConversationFilter,
        page: PageRequest,
    ) -> Result<Page<ConversationRow>, StorageError> {
        let select = conversations::list(self.tenant, filter);
        self.page(select, page, ["v.last_message_at", "v.id"], conversations::row).await
    }

    async fn find_conversation(&self, id: ConversationId) -> Result<Option<ConversationRow>, StorageError> {
        let select = conversations::list(self.tenant, &ConversationFilter::default());
        self.one(select, ("conversations", "v"), id.as_uuid(), conversations::row).await
    }

    async fn list_messages(
        &self,
        conversation: ConversationId,
        page: PageRequest,
    ) -> Result<Option<Page<MessageRow>>, StorageError> {
        let mut select = messages::list(self.tenant);
        select.and("m.conversation_id = ?", conversation.as_uuid());
        let page = self.page(select, page, ["m.occurred_at", "m.id"], messages::row).await?;
        self.page_of(page, "conversations", conversation.as_uuid()).await
    }

    async fn find_message(&self, id: MessageId) -> Result<Option<MessageRow>, StorageError> {
        let select = messages::list(self.tenant);
        self.one(select, ("messages", "m"), id.as_uuid(), messages::row).await
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

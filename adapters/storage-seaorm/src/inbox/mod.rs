//! What screens read: one query a list, on connections that never wait for a writer.

mod conversations;
mod leads;
mod messages;

use async_trait::async_trait;
use hubchat_domain::{Activity, ConversationId, LeadId, MessageId, TenantId, Timestamp};
use hubchat_ports::{
    ConversationFilter, ConversationRow, InboxQueries, Keyset, LeadFilter, LeadRow, MessageRow, Page, PageRequest,
    StorageError,
};
use sea_orm::{DatabaseConnection, QueryResult, Value};
use uuid::Uuid;

use crate::{
    error::from_db,
    statements::{self, localised},
};

/// Reads for the screens of one tenant.
pub(crate) struct Inbox {
    reader: DatabaseConnection,
    tenant: TenantId,
}

/// The conditions of a list, with their values; `?1` is the tenant.
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    fn of_tenant(tenant: TenantId, column: &str) -> Self {
        Self { sql: format!("{column} = ?1"), values: vec![tenant.as_uuid().into()] }
    }

    /// Adds a condition, in which `{}` stands for the value.
    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let place = format!("?{}", self.values.len());
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace("{}", &place));
    }

    /// Adds a condition without a value.
    fn and_plain(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// Begins after a place: one seek in an index of the two columns, whatever the depth.
    fn after(&mut self, page: PageRequest, at: &str, id: &str) {
        if let Some(Keyset { at: moment, id: row }) = page.after {
            self.values.push(moment.as_micros().into());
            self.values.push(row.into());
            let (moment, row) = (self.values.len() - 1, self.values.len());
            self.sql.push_str(&format!(" AND ({at}, {id}) < (?{moment}, ?{row})"));
        }
    }

    /// The limit that tells whether there is a next page.
    fn limit(&mut self, page: PageRequest) -> String {
        self.values.push((i64::from(page.limit) + 1).into());
        format!("LIMIT ?{}", self.values.len())
    }
}

/// Makes a page of one row more than asked for.
fn page_of<T>(mut items: Vec<T>, page: PageRequest, keyset: impl Fn(&T) -> (Timestamp, Uuid)) -> Page<T> {
    let limit = page.limit as usize;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|last| {
        let (at, id) = keyset(last);
        Keyset { at, id }
    });
    Page { items, next }
}

impl Inbox {
    pub(crate) fn new(reader: DatabaseConnection, tenant: TenantId) -> Self {
        Self { reader, tenant }
    }

    fn is_postgres(&self) -> bool {
        self.reader.get_database_backend() == sea_orm::DbBackend::Postgres
    }

    async fn query(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StorageError> {
        let sql = localised(self.reader.get_database_backend(), sql);
        statements::query(&self.reader, &sql, values).await.map_err(from_db)
    }

    async fn exists(&self, sql: &str, id: Uuid) -> Result<bool, StorageError> {
        Ok(!self.query(sql, vec![self.tenant.as_uuid().into(), id.into()]).await?.is_empty())
    }
}

#[async_trait]
impl InboxQueries for Inbox {
    async fn list_leads(&self, filter: &LeadFilter, page: PageRequest) -> Result<Page<LeadRow>, StorageError> {
        leads::list(self, filter, page).await
    }

    async fn find_lead(&self, id: LeadId) -> Result<Option<LeadRow>, StorageError> {
        leads::find(self, id).await
    }

    async fn list_activity(&self, lead: LeadId, page: PageRequest) -> Result<Option<Page<Activity>>, StorageError> {
        leads::activity(self, lead, page).await
    }

    async fn list_conversations(
        &self,
        filter: &ConversationFilter,
        page: PageRequest,
    ) -> Result<Page<ConversationRow>, StorageError> {
        conversations::list(self, filter, page).await
    }

    async fn find_conversation(&self, id: ConversationId) -> Result<Option<ConversationRow>, StorageError> {
        conversations::find(self, id).await
    }

    async fn list_messages(
        &self,
        conversation: ConversationId,
        page: PageRequest,
    ) -> Result<Option<Page<MessageRow>>, StorageError> {
        messages::list(self, conversation, page).await
    }

    async fn find_message(&self, id: MessageId) -> Result<Option<MessageRow>, StorageError> {
        messages::find(self, id).await
    }
}

//! A session: one transaction, one tenant, every store.

mod account_store;
mod contact_store;
mod conversation_store;
mod event_store;
mod idempotency_store;
mod job_store;
mod lead_store;
mod member_store;
mod message_store;
mod small_stores;
mod webhook_event_store;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use hubchat_domain::{DomainEvent, TenantId};
use hubchat_ports::{
    AccountStore, ActivityStore, ContactStore, ConversationStore, EventStore, IdempotencyStore, InsertOutcome,
    JobStore, Lane, LeadStore, MediaStore, MemberStore, MessageStore, StorageError, UnitOfWork, WebhookEventStore,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    error::{from_db, is_unique_violation},
    queue::JobWakeups,
    statements::{self, Table, localised, rows_parameters},
};

/// A session. Every store is implemented on it; the transaction ends with it.
pub(crate) struct Session {
    transaction: DatabaseTransaction,
    backend: DbBackend,
    tenant: TenantId,
    wakeups: Arc<JobWakeups>,
    /// Events wait here for their places, which they get last of all.
    events: Mutex<Vec<DomainEvent>>,
    /// Lanes that got jobs.
    lanes: Mutex<Vec<Lane>>,
}

impl Session {
    pub(crate) fn new(transaction: DatabaseTransaction, tenant: TenantId, wakeups: Arc<JobWakeups>) -> Self {
        let backend = transaction.get_database_backend();
        Self { transaction, backend, tenant, wakeups, events: Mutex::default(), lanes: Mutex::default() }
    }

    fn tenant_value(&self) -> Value {
        self.tenant.as_uuid().into()
    }

    fn is_postgres(&self) -> bool {
        self.backend == DbBackend::Postgres
    }

    /// Runs a statement with `?1` for the tenant and the values after it.
    async fn query(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<QueryResult>, StorageError> {
        let values = std::iter::once(self.tenant_value()).chain(values).collect();
        statements::query(&self.transaction, &localised(self.backend, sql), values).await.map_err(from_db)
    }

    /// The same, for one row or none.
    async fn query_one(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<QueryResult>, StorageError> {
        let values = std::iter::once(self.tenant_value()).chain(values).collect();
        statements::query_one(&self.transaction, &localised(self.backend, sql), values).await.map_err(from_db)
    }

    /// The same, for no rows; answers how many were affected.
    async fn execute(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<u64, StorageError> {
        let values = std::iter::once(self.tenant_value()).chain(values).collect();
        let done = statements::execute(&self.transaction, &localised(self.backend, sql), values).await;
        Ok(done.map_err(from_db)?.rows_affected())
    }

    /// Inserts rows that are new; a unique key that is taken makes the session stale.
    async fn insert(&self, table: &Table, rows: Vec<Json>) -> Result<(), StorageError> {
        let sql = table.insert(self.backend, "", "");
        for (_, rows) in rows_parameters(self.backend, rows) {
            match statements::execute(&self.transaction, &sql, vec![self.tenant_value(), rows]).await {
                Ok(_) => {}
                Err(error) if is_unique_violation(&error) => return Err(StorageError::Stale),
                Err(error) => return Err(from_db(error)),
            }
        }
        Ok(())
    }

    /// Inserts rows unless they exist; answers the values of the UUID column `key` of those that are new.
    async fn insert_new(
        &self,
        table: &Table,
        rows: Vec<Json>,
        conflict: &str,
        key: &str,
    ) -> Result<Vec<Uuid>, StorageError> {
        let conflict = format!("ON CONFLICT {conflict} DO NOTHING");
        let sql = table.insert(self.backend, &conflict, &format!("RETURNING {key}"));
        let mut inserted = Vec::new();
        for (_, rows) in rows_parameters(self.backend, rows) {
            let rows = statements::query(&self.transaction, &sql, vec![self.tenant_value(), rows]).await;
            for row in rows.map_err(from_db)? {
                inserted.push(row.try_get("", key).map_err(from_db)?);
            }
        }
        Ok(inserted)
    }

    /// Updates rows that nobody changed since they were read.
    async fn update(&self, table: &Table, rows: Vec<Json>) -> Result<(), StorageError> {
        let sql = table.update(self.backend);
        for (expected, rows) in rows_parameters(self.backend, rows) {
            let done = statements::execute(&self.transaction, &sql, vec![self.tenant_value(), rows]).await;
            match done {
                Ok(done) if done.rows_affected() == expected as u64 => {}
                Ok(_) => return Err(StorageError::Stale),
                Err(error) if is_unique_violation(&error) => return Err(StorageError::Stale),
                Err(error) => return Err(from_db(error)),
            }
        }
        Ok(())
    }

    /// A list of UUIDs as a parameter, and the SQL that it is one of `?2`.
    fn ids(&self, ids: impl IntoIterator<Item = Uuid>) -> Value {
        let list: Vec<Json> = ids.into_iter().map(|id| Json::String(id.to_string())).collect();
        Json::Array(list).to_string().into()
    }

    /// The SQL of "`column` is in the list of UUIDs that is parameter `number`".
    fn is_one_of(&self, column: &str, number: usize) -> String {
        if self.is_postgres() {
            format!("{column} = ANY(ARRAY(SELECT json_array_elements_text(?{number}::text::json)::uuid))")
        } else {
            format!("{column} IN (SELECT unhex(value, '-') FROM json_each(?{number}))")
        }
    }
}

/// Tells for each id whether it is among those that were inserted.
fn outcomes(ids: impl IntoIterator<Item = Uuid>, inserted: &[Uuid]) -> Vec<InsertOutcome> {
    let inserted: std::collections::HashSet<&Uuid> = inserted.iter().collect();
    ids.into_iter()
        .map(|id| if inserted.contains(&id) { InsertOutcome::Inserted } else { InsertOutcome::AlreadyPresent })
        .collect()
}

#[async_trait]
impl UnitOfWork for Session {
    fn accounts(&self) -> &dyn AccountStore {
        self
    }

    fn contacts(&self) -> &dyn ContactStore {
        self
    }

    fn leads(&self) -> &dyn LeadStore {
        self
    }

    fn activities(&self) -> &dyn ActivityStore {
        self
    }

    fn conversations(&self) -> &dyn ConversationStore {
        self
    }

    fn messages(&self) -> &dyn MessageStore {
        self
    }

    fn media(&self) -> &dyn MediaStore {
        self
    }

    fn members(&self) -> &dyn MemberStore {
        self
    }

    fn events(&self) -> &dyn EventStore {
        self
    }

    fn jobs(&self) -> &dyn JobStore {
        self
    }

    fn idempotency(&self) -> &dyn IdempotencyStore {
        self
    }

    fn webhook_events(&self) -> &dyn WebhookEventStore {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.place_events().await?;
        let Self { transaction, wakeups, lanes, .. } = *self;
        // In a task of its own: a caller that goes away must not leave the transaction open.
        let committed = tokio::spawn(transaction.commit());
        committed.await.map_err(|error| StorageError::Other(Box::new(error)))?.map_err(from_db)?;
        let mut lanes = lanes.into_inner().unwrap_or_else(PoisonError::into_inner);
        lanes.sort_unstable();
        lanes.dedup();
        if !lanes.is_empty() {
            wakeups.nudge(&lanes);
        }
        Ok(())
    }
}

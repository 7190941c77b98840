//! A session: the stores of one tenant over one transaction.
//!
//! Nothing that a session wrote may be committed once one of its statements failed or gave way: PostgreSQL
//! would answer the COMMIT of such a transaction with a silent ROLLBACK.

mod account_store;
mod activity_store;
mod api_key_store;
mod audit_store;
mod contact_store;
mod conversation_store;
mod data_key_store;
mod event_store;
mod idempotency_store;
pub(crate) mod job_store;
mod lead_store;
mod media_store;
mod member_store;
mod message_store;
#[cfg(test)]
mod plan_tests;
mod purge_store;
mod reading_store;
mod tenant_store;
pub(crate) use event_store::{LIST_EVENTS, stored_event};
#[cfg(test)]
pub(crate) use plan_tests::lookups;
mod settings_store;
mod team_store;
mod webhook_event_store;

use std::{
    collections::{BTreeSet, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use hubchat_domain::{AuditDraft, DomainEvent, TenantId, Timestamp, WebhookEventId};
use hubchat_ports::{
    AccountStore, ActivityStore, ApiKeyStore, AuditSeal, AuditStore, ContactStore, ConversationStore, DataKeyStore,
    EventOutcome, EventStore, IdempotencyStore, InsertOutcome, JobStore, Lane, LeadStore, MediaStore, MemberStore,
    MessageStore, NewJob, Notice, PendingEvent, PurgeStore, ReadingStore, SettingsStore, StorageError, TeamStore,
    TenantStore, UnitOfWork, WebhookEventStore,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    announcer::Announcer,
    error::{from_db, is_foreign_key_violation, is_unique_violation},
    queue::JobWakeups,
    rows::{Row, read},
    statements::{Kind, Table, fixed, join_one, localised, rows_parameter, rows_parameters, unfold},
    tenant_transaction::TenantTransaction,
};

/// A transaction of one tenant.
pub(crate) struct Session {
    transaction: TenantTransaction,
    tenant: TenantId,
    wakeups: Arc<JobWakeups>,
    announcer: Arc<Announcer>,
    seal: Arc<dyn AuditSeal>,
    /// A statement failed, or gave way: nothing of this may be committed.
    spoilt: AtomicBool,
    pending: Mutex<Pending>,
}

/// What the commit has yet to do.
#[derive(Default)]
struct Pending {
    events: Vec<DomainEvent>,
    audit: Vec<AuditDraft>,
    lanes: Vec<Lane>,
    /// Who may see what may be another by now.
    access: bool,
}

impl Session {
    pub(crate) fn new(
        transaction: TenantTransaction,
        tenant: TenantId,
        (wakeups, announcer): (Arc<JobWakeups>, Arc<Announcer>),
        seal: Arc<dyn AuditSeal>,
    ) -> Self {
        Self {
            transaction,
            tenant,
            wakeups,
            announcer,
            seal,
            spoilt: AtomicBool::new(false),
            pending: Mutex::default(),
        }
    }

    fn backend(&self) -> DbBackend {
        self.transaction.get_database_backend()
    }

    fn is_postgres(&self) -> bool {
        self.backend() == DbBackend::Postgres
    }

    fn with_pending<T>(&self, change: impl FnOnce(&mut Pending) -> T) -> T {
        change(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From this commit on others may see something else.
    fn note_access(&self) {
        self.with_pending(|pending| pending.access = true);
    }

    /// Spoils the session.
    fn spoil(&self, error: StorageError) -> StorageError {
        self.spoilt.store(true, Ordering::Relaxed);
        error
    }

    /// A unique place that was taken meanwhile, and a parent that went, are `Stale`; every error spoils the session.
    fn settled<T>(&self, result: Result<T, DbErr>) -> Result<T, StorageError> {
        result.map_err(|error| {
            let stale = is_unique_violation(&error) || is_foreign_key_violation(&error);
            self.spoil(if stale { StorageError::Stale } else { from_db(error) })
        })
    }

    fn statement(&self, sql: &str, mut values: Vec<Value>) -> Statement {
        values.insert(0, self.tenant.as_uuid().into());
        let backend = self.backend();
        Statement::from_sql_and_values(backend, localised(backend, sql), values)
    }

    /// Runs a statement that gives rows. Its first parameter is the tenant, then come the values.
    async fn query(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StorageError> {
        self.settled(self.transaction.query_all_raw(self.statement(sql, values)).await)
    }

    /// Runs a statement that gives no rows, and counts those that it touched.
    async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, StorageError> {
        let result = self.settled(self.transaction.execute_raw(self.statement(sql, values)).await)?;
        Ok(result.rows_affected())
    }

    /// Rows of a table as `t`, in a query's own order and number.
    async fn select<R: Row>(&self, rest: &str, values: Vec<Value>) -> Result<Vec<R>, StorageError> {
        let table = R::TABLE;
        let sql = format!("SELECT {} FROM {} AS t {rest}", table.select("t", ""), table.name);
        self.query(&sql, values).await?.iter().map(|row| read(row, "")).collect()
    }

    async fn find_by_id<R: Row>(&self, id: Uuid) -> Result<Option<R>, StorageError> {
        let rows = self.query(&by_id::<R>(), vec![id.into()]).await?;
        rows.first().map(|row| read(row, "")).transpose()
    }

    /// Rows of a list of ids, each once.
    async fn find_by_ids<R: Row>(&self, ids: impl Iterator<Item = Uuid> + Send) -> Result<Vec<R>, StorageError> {
        let ids: BTreeSet<Uuid> = ids.collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = rows_parameter(ids.iter().map(|id| json!({ "id": id })).collect());
        let rows = self.query(&by_ids::<R>(self.backend()), vec![ids]).await?;
        rows.iter().map(|row| read(row, "")).collect()
    }

    /// Inserts rows with `tail` behind the statement, and answers what its RETURNING clause gives.
    async fn insert<R: Row>(&self, rows: Vec<Json>, tail: &str) -> Result<Vec<QueryResult>, StorageError> {
        let sql = R::TABLE.insert(self.backend(), tail);
        let mut answered = Vec::new();
        for (_, rows) in rows_parameters(self.backend(), rows) {
            answered.extend(self.query(&sql, vec![rows]).await?);
        }
        Ok(answered)
    }

    /// Inserts rows, all of which must be new; `Stale` when a unique place is taken.
    async fn insert_new<R: Row>(&self, rows: Vec<Json>) -> Result<(), StorageError> {
        let sql = R::TABLE.insert(self.backend(), "ON CONFLICT DO NOTHING");
        self.write_all(&sql, rows).await
    }

    /// Updates rows whose version is the one that was read; `Stale`, and the session is spoilt, when one is not.
    async fn update_all<'r, R: Row + 'r>(
        &self,
        records: impl Iterator<Item = &'r R> + Send,
    ) -> Result<(), StorageError> {
        let mut rows: Vec<Json> = records.map(Row::to_row).collect();
        // In one order, so that two sessions wait for each other at the first row that both want.
        rows.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
        self.write_all(&R::TABLE.update(self.backend()), rows).await
    }

    /// Updates a row whose version is the one that was read; `Stale` when it is not.
    async fn update_one<R: Row + Sync>(&self, row: &R) -> Result<(), StorageError> {
        let sql = R::TABLE.update(self.backend());
        if self.execute(&sql, vec![rows_parameter(vec![row.to_row()])]).await? == 1 {
            return Ok(());
        }
        Err(StorageError::Stale)
    }

    async fn write_all(&self, sql: &str, rows: Vec<Json>) -> Result<(), StorageError> {
        for (expected, rows) in rows_parameters(self.backend(), rows) {
            if self.execute(sql, vec![rows]).await? != expected {
                return Err(self.spoil(StorageError::Stale));
            }
        }
        Ok(())
    }

    /// Refuses rows of another tenant, which only a defect can bring here.
    fn own_rows<'r, R: Row + 'r>(&self, rows: impl Iterator<Item = &'r R>) -> Result<Vec<Json>, StorageError> {
        rows.map(|row| match row.tenant() {
            Some(tenant) if tenant != self.tenant => {
                Err(self.spoil(StorageError::Other(format!("a {} of another tenant", R::WHAT).into())))
            }
            _ => Ok(row.to_row()),
        })
        .collect()
    }
}

/// The row of an id, looked up by nothing else, whatever the planner believes of a table's size.
fn by_id<R: Row>() -> String {
    let Table { name, .. } = R::TABLE;
    let columns = R::TABLE.select("t", "");
    format!("SELECT {columns} FROM (SELECT * FROM {name} AS n WHERE n.id = ?2 LIMIT 1) AS t WHERE t.tenant_id = ?1")
}

/// The rows of a list of ids.
fn by_ids<R: Row>(backend: DbBackend) -> String {
    format!(
        "SELECT {} FROM {} AS r {}",
        R::TABLE.select("t", ""),
        unfold(backend, &[fixed("id", Kind::Uuid)]),
        join_one(backend, R::TABLE.name, "t", "{}.id = r.id", ""),
    )
}

fn outcome(inserted: bool) -> InsertOutcome {
    if inserted { InsertOutcome::Inserted } else { InsertOutcome::AlreadyPresent }
}

/// The ids that a RETURNING clause gave.
fn returned_ids(rows: &[QueryResult]) -> Result<HashSet<Uuid>, StorageError> {
    rows.iter().map(|row| row.try_get("", "id").map_err(from_db)).collect()
}

#[async_trait]
impl UnitOfWork for Session {
    fn tenants(&self) -> &dyn TenantStore {
        self
    }

    fn accounts(&self) -> &dyn AccountStore {
        self
    }

    fn data_keys(&self) -> &dyn DataKeyStore {
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

    fn readings(&self) -> &dyn ReadingStore {
        self
    }

    fn members(&self) -> &dyn MemberStore {
        self
    }

    fn settings(&self) -> &dyn SettingsStore {
        self
    }

    fn api_keys(&self) -> &dyn ApiKeyStore {
        self
    }

    fn teams(&self) -> &dyn TeamStore {
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

    fn purge(&self) -> &dyn PurgeStore {
        self
    }

    fn audit(&self) -> &dyn AuditStore {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        let Pending { events, audit, mut lanes, access } = self.with_pending(std::mem::take);
        if (access || !events.is_empty()) && !self.spoilt.load(Ordering::Relaxed) {
            self.write_events(&events, access).await?;
        }
        if !audit.is_empty() && !self.spoilt.load(Ordering::Relaxed) {
            self.write_audit(audit).await?;
        }
        if self.spoilt.load(Ordering::Relaxed) {
            return Err(StorageError::Stale);
        }
        self.transaction.commit().await.map_err(from_db)?;
        lanes.sort_unstable();
        lanes.dedup();
        self.wakeups.nudge(&lanes);
        let tenant_id = self.tenant;
        if !events.is_empty() {
            self.announcer.announce(Notice::Committed { tenant_id });
        }
        if access {
            self.announcer.announce(Notice::AccessChanged { tenant_id });
        }
        Ok(())
    }
}

#[async_trait]
impl JobStore for Session {
    async fn append(&self, jobs: &[NewJob]) -> Result<(), StorageError> {
        job_store::append(&self.transaction, self.tenant, jobs).await.map_err(|error| self.spoil(error))?;
        self.with_pending(|pending| pending.lanes.extend(jobs.iter().map(|job| job.lane)));
        Ok(())
    }
}

#[async_trait]
impl WebhookEventStore for Session {
    async fn find_pending(&self, ids: &[WebhookEventId]) -> Result<Vec<PendingEvent>, StorageError> {
        let found = webhook_event_store::find_pending(&self.transaction, self.tenant, ids).await;
        found.map_err(|error| self.spoil(error))
    }

    async fn settle(&self, outcomes: &[(WebhookEventId, EventOutcome)], now: Timestamp) -> Result<(), StorageError> {
        let settled = webhook_event_store::settle(&self.transaction, self.tenant, outcomes, now).await;
        settled.map_err(|error| self.spoil(error))
    }

    async fn reopen(&self, ids: &[WebhookEventId]) -> Result<u64, StorageError> {
        let reopened = webhook_event_store::reopen(&self.transaction, self.tenant, ids).await;
        reopened.map_err(|error| self.spoil(error))
    }
}

//! Reads of the audit log, on connections that never wait for the writer.

use async_trait::async_trait;
use hubchat_domain::{AuditEntry, AuditHash, AuditHead, TenantId};
use hubchat_ports::{AuditFilter, AuditPage, AuditPlace, AuditQueries, StorageError};
use sea_orm::{QueryResult, Value};

use crate::{
    inbox::Inbox,
    pools::SqlPools,
    rows::{Fields, Row, read},
    statements::localised,
};

/// The audit log of one tenant.
pub(crate) struct AuditLog {
    reads: Inbox,
    tenant: TenantId,
}

impl AuditLog {
    pub(crate) const fn new(pools: SqlPools, tenant: TenantId) -> Self {
        Self { reads: Inbox::new(pools, tenant), tenant }
    }

    async fn query(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StorageError> {
        self.reads.rows(&localised(self.reads.backend(), sql), values).await
    }

    async fn entries(&self, conditions: Conditions, end: &str, limit: u32) -> Result<Vec<AuditEntry>, StorageError> {
        let Conditions { conditions, mut values } = conditions;
        values.push(i64::from(limit).into());
        let columns = AuditEntry::TABLE.select("e", "");
        let sql = format!(
            "SELECT {columns} FROM audit_entries AS e WHERE {} {end} LIMIT ?{}",
            conditions.join(" AND "),
            values.len()
        );
        self.query(&sql, values).await?.iter().map(|row| read(row, "")).collect()
    }
}

/// What a read asks of entries. The first condition is always the tenant.
struct Conditions {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn of(tenant: TenantId, filter: &AuditFilter) -> Self {
        let mut conditions =
            Self { conditions: vec!["e.tenant_id = ?1".to_owned()], values: vec![tenant.as_uuid().into()] };
        if let Some(actor) = filter.actor {
            conditions.and("e.actor =", actor.to_string());
        }
        if let Some(action) = filter.action {
            conditions.and("e.action =", action.as_str());
        }
        if let Some(subject) = &filter.subject {
            // No subject holds a zero character, and PostgreSQL takes none.
            conditions.and("e.subject =", subject.to_string().replace('\0', ""));
        }
        if let Some(from) = filter.from {
            conditions.and("e.at >=", from.as_micros());
        }
        if let Some(to) = filter.to {
            conditions.and("e.at <", to.as_micros());
        }
        conditions
    }

    fn and(&mut self, comparison: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.conditions.push(format!("{comparison} ?{}", self.values.len()));
    }

    /// Comparing the pair as a row is one step down the index.
    fn behind(&mut self, place: AuditPlace) {
        self.values.extend([place.at.as_micros().into(), place.seq.into()]);
        let count = self.values.len();
        self.conditions.push(format!("(e.at, e.seq) < (?{}, ?{count})", count - 1));
    }
}

#[async_trait]
impl AuditQueries for AuditLog {
    async fn list(
        &self,
        filter: &AuditFilter,
        after: Option<AuditPlace>,
        limit: u32,
    ) -> Result<AuditPage, StorageError> {
        let limit = limit.clamp(1, 200);
        let mut conditions = Conditions::of(self.tenant, filter);
        if let Some(place) = after {
            conditions.behind(place);
        }
        let mut items = self.entries(conditions, "ORDER BY e.at DESC, e.seq DESC", limit + 1).await?;
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let place = |last: &AuditEntry| AuditPlace { at: last.draft.at, seq: last.seq };
        let next = if more { items.last().map(place) } else { None };
        Ok(AuditPage { items, next })
    }

    async fn list_after(&self, filter: &AuditFilter, seq: i64, limit: u32) -> Result<Vec<AuditEntry>, StorageError> {
        let mut conditions = Conditions::of(self.tenant, filter);
        conditions.and("e.seq >", seq);
        self.entries(conditions, "ORDER BY e.seq", limit.clamp(1, 1_000)).await
    }

    async fn head(&self) -> Result<Option<AuditHead>, StorageError> {
        let sql = "SELECT seq, hash, signature FROM audit_heads WHERE tenant_id = ?1";
        let rows = self.query(sql, vec![self.tenant.as_uuid().into()]).await?;
        rows.first().map(head).transpose()
    }
}

fn head(row: &QueryResult) -> Result<AuditHead, StorageError> {
    let fields = Fields::plain(row, "audit head");
    Ok(AuditHead {
        seq: fields.get("seq")?,
        hash: fields.named("hash", AuditHash::parse)?,
        signature: fields.get("signature")?,
    })
}

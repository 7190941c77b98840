//! A SELECT of one tenant that is walked by its order's key.

use hubchat_domain::{TenantId, Timestamp};
use hubchat_ports::{Keyset, StorageError};
use sea_orm::{DbBackend, QueryResult, Value};
use uuid::Uuid;

use crate::{rows::Fields, statements::localised};

/// A SELECT under construction. Its first condition is always the tenant.
pub(super) struct Select {
    columns: String,
    from: String,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Select {
    /// Of the rows of a tenant; `scope` is the alias of the table that the tenant must own, and the tenant.
    pub(super) fn from(columns: &str, from: &str, scope: (&str, TenantId)) -> Self {
        let mut select =
            Self { columns: columns.to_owned(), from: from.to_owned(), conditions: Vec::new(), values: Vec::new() };
        select.and(&format!("{}.tenant_id = ?", scope.0), scope.1.as_uuid());
        select
    }

    /// Adds a condition with one value.
    pub(super) fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.conditions.push(condition.replace('?', &format!("?{}", self.values.len())));
    }

    /// Adds a condition that stands for itself: a partial index is only used where its words stand in the
    /// statement.
    pub(super) fn and_plain(&mut self, condition: &str) {
        self.conditions.push(condition.to_owned());
    }

    /// The statement of one page, newest first. Comparing the pair as a row is one step down the index;
    /// the same in ANDs and ORs reads the index from its top.
    pub(super) fn page(
        mut self,
        backend: DbBackend,
        after: Option<Keyset>,
        [at, id]: [&'static str; 2],
        limit: usize,
    ) -> (String, Vec<Value>) {
        if let Some(after) = after {
            self.values.push(after.at.as_micros().into());
            self.values.push(after.id.into());
            let count = self.values.len();
            self.conditions.push(format!("({at}, {id}) < (?{}, ?{count})", count - 1));
        }
        // A value and not a literal: the text of the statement stays the same, so it is prepared once.
        self.values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        let (columns, conditions, count) = (&self.columns, self.conditions.join(" AND "), self.values.len());
        let sql = format!(
            "SELECT {columns}, {at} AS keyset_at, {id} AS keyset_id FROM {} WHERE {conditions} \
             ORDER BY {at} DESC, {id} DESC LIMIT ?{count}",
            self.from
        );
        (localised(backend, &sql), self.values)
    }

    /// The statement of a single row: the one of `table`, which the SELECT begins with as `alias`, that has
    /// the id. It is looked up by nothing else, whatever the planner believes of the table's size.
    pub(super) fn one(mut self, backend: DbBackend, (table, alias): (&str, &str), id: Uuid) -> (String, Vec<Value>) {
        self.values.push(id.into());
        let row = format!("(SELECT * FROM {table} AS n WHERE n.id = ?{} LIMIT 1) AS {alias}", self.values.len());
        self.from = self.from.replacen(&format!("{table} AS {alias}"), &row, 1);
        let sql = format!("SELECT {} FROM {} WHERE {}", self.columns, self.from, self.conditions.join(" AND "));
        (localised(backend, &sql), self.values)
    }
}

/// The place of a row in its list.
pub(super) fn keyset(row: &QueryResult) -> Result<Keyset, StorageError> {
    let fields = Fields::plain(row, "row");
    Ok(Keyset { at: Timestamp::from_micros(fields.get("keyset_at")?), id: fields.get("keyset_id")? })
}

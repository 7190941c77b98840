//! A SELECT of one tenant that is walked by its order's key.

use hubchat_domain::{TenantId, Timestamp};
use hubchat_ports::{Keyset, StorageError};
use sea_orm::{DbBackend, QueryResult, Value};
use serde_json::json;
use uuid::Uuid;

use super::sight::NOBODY;
use crate::{rows::Fields, statements::localised};

/// A SELECT under construction. Its first condition is always the tenant.
pub(super) struct Select {
    backend: DbBackend,
    columns: String,
    from: String,
    alias: String,
    conditions: Vec<String>,
    values: Vec<Value>,
    parts: Vec<Part>,
    summed: Option<String>,
}

/// Which end of a list comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    Newest,
    Oldest,
}

impl First {
    const fn words(self) -> [&'static str; 2] {
        match self {
            Self::Newest => ["<", "DESC"],
            Self::Oldest => [">", "ASC"],
        }
    }
}

/// A part of a list that is walked by itself.
pub(super) enum Part {
    /// For each id of a list, which is a bound value, the rows that have it in the column.
    Each { column: &'static str, list: String },
    /// The rows of no member and no team.
    Nobody,
}

impl Select {
    /// Of the rows of a tenant; `scope` is the alias of the table that the FROM clause begins with and that the
    /// tenant must own, and the tenant.
    pub(super) fn from(backend: DbBackend, columns: &str, from: &str, scope: (&str, TenantId)) -> Self {
        let mut select = Self {
            backend,
            columns: columns.to_owned(),
            from: from.to_owned(),
            alias: scope.0.to_owned(),
            conditions: Vec::new(),
            values: Vec::new(),
            parts: Vec::new(),
            summed: None,
        };
        select.and(&format!("{}.tenant_id = ?", scope.0), scope.1.as_uuid());
        select
    }

    /// The alias of the table that the rows are of.
    pub(super) fn alias(&self) -> &str {
        &self.alias
    }

    /// Adds a condition with one value.
    pub(super) fn and(&mut self, condition: &str, value: impl Into<Value>) {
        let value = self.bind(value);
        self.conditions.push(condition.replace('?', &value));
    }

    /// Adds a column that is computed.
    pub(super) fn column(&mut self, expression: &str, name: &str) {
        self.columns = format!("{}, {expression} AS {name}", self.columns);
    }

    /// Adds a condition that stands for itself: a partial index is only used where its words stand in the
    /// statement.
    pub(super) fn and_plain(&mut self, condition: &str) {
        self.conditions.push(condition.to_owned());
    }

    /// Adds a value, and answers how conditions name it.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    /// The ids of a bound JSON list, as something to select from.
    pub(super) fn list(&self, bound: &str) -> String {
        if self.backend == DbBackend::Postgres {
            // As ids before anything is compared with them: a comparison that contains the cast could tell what it
            // met, so behind row-level security it would come after the wall and never lead through an index
            // (https://www.postgresql.org/docs/current/rules-privileges.html, LEAKPROOF).
            return format!(
                "SELECT o.id FROM unnest(ARRAY(SELECT x.value::uuid \
                 FROM json_array_elements_text({bound}::text::json) AS x(value))) AS o(id)"
            );
        }
        format!("SELECT unhex(o.value, '-') AS id FROM json_each({bound}) AS o")
    }

    /// From now on the list is put together from parts, this one among them; a row may be in several.
    pub(super) fn put_together(&mut self, part: Part) {
        self.parts.push(part);
    }

    /// The statement of one page. Comparing the pair as a row is one step down the index; the same in ANDs and ORs
    /// reads the index from its top.
    pub(super) fn page_from(
        mut self,
        first: First,
        after: Option<Keyset>,
        [at, id]: [&'static str; 2],
        limit: usize,
    ) -> (String, Vec<Value>) {
        let [beyond, way] = first.words();
        if let Some(after) = after {
            let (moment, row) = (self.bind(after.at.as_micros()), self.bind(after.id));
            self.conditions.push(format!("({at}, {id}) {beyond} ({moment}, {row})"));
        }
        // A value and not a literal: the text of the statement stays the same, so it is prepared once.
        let limit = self.bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let (mut from, mut conditions) = (self.from.clone(), self.conditions.join(" AND "));
        if !self.parts.is_empty() {
            let table = self.from.split(' ').next().unwrap_or_default();
            from = from.replacen(&format!("{table} AS {}", self.alias), &self.tops(table, [at, id], way, &limit), 1);
            conditions = format!("{}.tenant_id = ?1", self.alias);
        }
        let sql = format!(
            "SELECT {}, {at} AS keyset_at, {id} AS keyset_id FROM {from} WHERE {conditions} \
             ORDER BY {at} {way}, {id} {way} LIMIT {limit}",
            self.columns
        );
        (localised(self.backend, &sql), self.values)
    }

    /// The rows of a page that is put together: the top of each part, and of those the top.
    fn tops(&self, table: &str, [at, id]: [&str; 2], way: &str, limit: &str) -> String {
        let (alias, conditions) = (&self.alias, self.conditions.join(" AND "));
        let postgres = self.backend == DbBackend::Postgres;
        let top = |columns: &str, owner: &str| {
            format!(
                "SELECT {columns} FROM {table} AS {alias} WHERE {conditions} AND {owner} \
                 ORDER BY {at} {way}, {id} {way} LIMIT {limit}"
            )
        };
        let key = format!("{id} AS id, {at} AS at");
        let parts: Vec<String> = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Nobody => format!("SELECT b.id, b.at FROM ({}) AS b", top(&key, &NOBODY.replace("{}", alias))),
                Part::Each { column, list } => {
                    let (list, owner) = (self.list(list), format!("{alias}.{column} = e.id"));
                    if postgres {
                        let top = top(&key, &owner);
                        format!("SELECT b.id, b.at FROM ({list}) AS e CROSS JOIN LATERAL ({top}) AS b")
                    } else {
                        // There is no LATERAL: each owner's ids, and each row by its id.
                        let (moment, top) = (at.replacen(alias.as_str(), "b", 1), top(id, &owner));
                        format!(
                            "SELECT b.id, {moment} AS at FROM ({list}) AS e CROSS JOIN {table} AS b \
                             ON b.tenant_id = ?1 AND b.id IN ({top})"
                        )
                    }
                }
            })
            .collect();
        let parts = parts.join(" UNION ");
        let rows =
            format!("(SELECT u.id, u.at FROM ({parts}) AS u ORDER BY u.at {way}, u.id {way} LIMIT {limit}) AS p");
        if postgres {
            format!("{rows} CROSS JOIN LATERAL (SELECT * FROM {table} AS n WHERE n.id = p.id LIMIT 1) AS {alias}")
        } else {
            format!("{rows} CROSS JOIN {table} AS {alias} ON {alias}.tenant_id = ?1 AND {alias}.id = p.id")
        }
    }

    /// The statement of all rows, where the conditions leave few.
    pub(super) fn all(self) -> (String, Vec<Value>) {
        let Self { columns, from, conditions, .. } = &self;
        let sql = format!("SELECT {columns} FROM {from} WHERE {}", conditions.join(" AND "));
        (localised(self.backend, &sql), self.values)
    }

    /// Turns the rows into one: `inner` of each, and `outer` over all.
    pub(super) fn sum_up(&mut self, inner: &str, outer: &str) {
        inner.clone_into(&mut self.columns);
        self.summed = Some(outer.to_owned());
    }

    /// The statement of what the rows come to.
    pub(super) fn sum(self) -> (String, Vec<Value>) {
        let Self { columns, from, conditions, .. } = &self;
        let outer = self.summed.as_deref().unwrap_or("COUNT(*)");
        let conditions = conditions.join(" AND ");
        let sql = format!("SELECT {outer} FROM (SELECT {columns} FROM {from} WHERE {conditions}) AS counted");
        (localised(self.backend, &sql), self.values)
    }

    /// The statement of a single row: the one of the table that the FROM clause begins with that has the id. It is
    /// looked up by nothing else, whatever the planner believes of the table's size.
    pub(super) fn one(mut self, id: Uuid) -> (String, Vec<Value>) {
        let (id, alias) = (self.bind(id), &self.alias);
        let table = self.from.split(' ').next().unwrap_or_default();
        let row = format!("(SELECT * FROM {table} AS n WHERE n.id = {id} LIMIT 1) AS {alias}");
        let from = self.from.replacen(&format!("{table} AS {alias}"), &row, 1);
        let sql = format!("SELECT {} FROM {from} WHERE {}", self.columns, self.conditions.join(" AND "));
        (localised(self.backend, &sql), self.values)
    }

    /// The statement of the rows of these ids, each looked up by its key alone, like [`one`](Self::one).
    pub(super) fn many(mut self, ids: &[Uuid]) -> (String, Vec<Value>) {
        let bound = self.bind(json!(ids).to_string());
        let (list, alias) = (self.list(&bound), &self.alias);
        let table = self.from.split(' ').next().unwrap_or_default();
        let rows = if self.backend == DbBackend::Postgres {
            format!(
                "({list}) AS e CROSS JOIN LATERAL (SELECT * FROM {table} AS n WHERE n.id = e.id LIMIT 1) AS {alias}"
            )
        } else {
            format!(
                "({list} LIMIT -1) AS e CROSS JOIN {table} AS {alias} ON {alias}.tenant_id = ?1 AND {alias}.id = e.id"
            )
        };
        let from = self.from.replacen(&format!("{table} AS {alias}"), &rows, 1);
        let sql = format!("SELECT {} FROM {from} WHERE {}", self.columns, self.conditions.join(" AND "));
        (localised(self.backend, &sql), self.values)
    }
}

/// The place of a row in its list.
pub(super) fn keyset(row: &QueryResult) -> Result<Keyset, StorageError> {
    let fields = Fields::plain(row, "row");
    Ok(Keyset { at: Timestamp::from_micros(fields.get("keyset_at")?), id: fields.get("keyset_id")? })
}

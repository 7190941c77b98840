//! Statements over lists of rows: one text for each table and database, whatever the number of rows.
//!
//! The rows travel as one JSON parameter, which both databases unfold into columns. So a statement is
//! prepared once, a list of one row and a list of a thousand cost one round trip each, and no limit on
//! parameters is met.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, Value};
use serde_json::Value as Json;

/// How a column is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Uuid,
    Text,
    Integer,
    Truth,
}

/// Who writes a column, and when.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// An insert.
    Once,
    /// An insert, and every update.
    Always,
    /// The database itself: rows have it, and no statement names it.
    ByDatabase,
}

/// A column.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) written: Written,
}

/// A column that is written once.
pub(crate) const fn fixed(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, written: Written::Once }
}

/// A column that an update may change.
pub(crate) const fn changing(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, written: Written::Always }
}

/// A column that the database keeps by itself.
pub(crate) const fn derived(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, written: Written::ByDatabase }
}

/// A table whose rows carry `tenant_id`; `id` and `version` too where they are updated.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [Column],
}

impl Table {
    /// Inserts rows of a tenant; `tail` continues behind WHERE true: further conditions on the row `r`, the
    /// ON CONFLICT and the RETURNING clause.
    pub(crate) fn insert(&self, backend: DbBackend, tail: &str) -> String {
        let written = self.written();
        let (table, source) = (self.name, unfold(backend, &written));
        let names: Vec<&str> = written.iter().map(|column| column.name).collect();
        let values: Vec<String> = written.iter().map(|column| format!("r.{}", column.name)).collect();
        let (names, values) = (names.join(", "), values.join(", "));
        // WHERE true: without it SQLite takes ON CONFLICT for a join's (sqlite.org/lang_upsert.html, 2.2).
        format!(
            "INSERT INTO {table} ({names}, tenant_id) SELECT {values}, {tenant} FROM {source} AS r \
             WHERE true {tail}",
            tenant = placeholder(backend, 1),
        )
    }

    /// Updates rows whose version is still the one that was read, and counts the version up.
    pub(crate) fn update(&self, backend: DbBackend) -> String {
        let set: Vec<String> = self
            .columns
            .iter()
            .filter(|column| column.written == Written::Always)
            .map(|column| format!("{name} = r.{name}", name = column.name))
            .collect();
        let (table, source, set) = (self.name, unfold(backend, &self.written()), set.join(", "));
        if backend == DbBackend::Postgres {
            // By the row's place, once its key has told it: there is no other way to join by a place. Should
            // the row move meanwhile, its version does too, and it is not updated.
            let found =
                join_one(backend, &format!("(SELECT ctid AS place, * FROM {table})"), "at", "{}.id = list.id", "");
            return format!(
                "UPDATE {table} SET {set}, version = r.version + 1 \
                 FROM (SELECT list.*, at.place FROM {source} AS list {found}) AS r \
                 WHERE {table}.ctid = r.place AND {table}.version = r.version",
            );
        }
        format!(
            "UPDATE {table} SET {set}, version = r.version + 1 FROM {source} AS r \
             WHERE {table}.id = r.id AND {table}.version = r.version AND {table}.tenant_id = r.tenant",
        )
    }

    /// The columns that statements write, but the tenant's.
    fn written(&self) -> Vec<Column> {
        self.columns.iter().copied().filter(|column| column.written != Written::ByDatabase).collect()
    }

    /// The columns of the table as `alias`, each named with the prefix, for a SELECT.
    pub(crate) fn select(&self, alias: &str, prefix: &str) -> String {
        let tenant = format!("{alias}.tenant_id AS {prefix}tenant_id");
        let others = self.columns.iter().map(|column| format!("{alias}.{0} AS {prefix}{0}", column.name));
        std::iter::once(tenant).chain(others).collect::<Vec<_>>().join(", ")
    }
}

/// The rows of the second parameter, with these columns: something to select from.
pub(crate) fn unfold(backend: DbBackend, columns: &[Column]) -> String {
    if backend == DbBackend::Postgres {
        let columns: Vec<String> = columns
            .iter()
            .map(|column| {
                let kind = match column.kind {
                    Kind::Uuid => "uuid",
                    Kind::Text => "text",
                    Kind::Integer => "bigint",
                    Kind::Truth => "boolean",
                };
                format!("{} {kind}", column.name)
            })
            .collect();
        // ROWS FROM takes the column list and keeps the order of the rows.
        return format!("ROWS FROM (json_to_recordset($2::text::json) AS ({}))", columns.join(", "));
    }
    let columns: Vec<String> = columns
        .iter()
        .map(|column| match column.kind {
            Kind::Uuid => format!("unhex(value ->> '{name}', '-') AS {name}", name = column.name),
            _ => format!("value ->> '{name}' AS {name}", name = column.name),
        })
        .collect();
    // LIMIT keeps the list a list: SQLite would otherwise take it apart, and walk all rows of the tenant to
    // look for each of them in the list, instead of looking for each of the list by its key.
    format!("(SELECT ?1 AS tenant, {} FROM json_each(?2) LIMIT -1)", columns.join(", "))
}

/// Joins each row of a list with the one row of the tenant's that has the key, as `alias`. `{}` in the key
/// stands for the table; it must be unique without the tenant, and `tail` goes with the row, such as a lock.
///
/// PostgreSQL plans for the size that tables have at that moment, keeps the plan, and would gladly read all
/// rows of a tenant and compare each with the list. A lookup by nothing but the key leaves it no choice.
pub(crate) fn join_one(backend: DbBackend, table: &str, alias: &str, key: &str, tail: &str) -> String {
    if backend == DbBackend::Postgres {
        let key = key.replace("{}", "n");
        return format!(
            "JOIN LATERAL (SELECT n.* FROM {table} AS n WHERE {key} LIMIT 1 {tail}) AS {alias} ON {alias}.tenant_id = $1"
        );
    }
    format!("JOIN {table} AS {alias} ON {alias}.tenant_id = r.tenant AND {}", key.replace("{}", alias))
}

/// The ids of a bound JSON list, as something to select from: `o.id`. As ids before anything is compared with them,
/// see the lists of screens.
pub(crate) fn id_list(backend: DbBackend, bound: &str) -> String {
    if backend == DbBackend::Postgres {
        return format!(
            "unnest(ARRAY(SELECT x.value::uuid FROM json_array_elements_text({bound}::text::json) AS x(value))) AS o(id)"
        );
    }
    format!("(SELECT unhex(j.value, '-') AS id FROM json_each({bound}) AS j LIMIT -1) AS o")
}

/// Joins the one row of a table that has a unique key, as `alias`, looked up by nothing else. `{}` in the key stands
/// for the table.
pub(crate) fn look_up(backend: DbBackend, table: &str, alias: &str, key: &str) -> String {
    if backend == DbBackend::Postgres {
        let key = key.replace("{}", "n");
        return format!("CROSS JOIN LATERAL (SELECT n.* FROM {table} AS n WHERE {key} LIMIT 1) AS {alias}");
    }
    format!("CROSS JOIN {table} AS {alias} ON {}", key.replace("{}", alias))
}

fn placeholder(backend: DbBackend, number: usize) -> String {
    if backend == DbBackend::Postgres { format!("${number}") } else { format!("?{number}") }
}

/// Turns `?1` into what the database takes.
pub(crate) fn localised(backend: DbBackend, sql: &str) -> String {
    if backend == DbBackend::Postgres { sql.replace('?', "$") } else { sql.to_owned() }
}

/// A statement to PostgreSQL stays below this many bytes where it can: the driver leaves Nagle's algorithm
/// on (<https://github.com/launchbadge/sqlx/issues/4335>), so what the kernel sends in two parts waits for
/// a delayed acknowledgement of the first, 40 ms on Linux.
const PROMPT_BYTES: usize = 12_000;

/// Rows in JSON texts, each with their number, as many as it takes to keep statements prompt. PostgreSQL
/// holds no zero character in a text, so there is none in either database.
pub(crate) fn rows_parameters(backend: DbBackend, rows: Vec<Json>) -> Vec<(u64, Value)> {
    let mut parameters = Vec::new();
    let (mut text, mut count) = (String::from("["), 0);
    for mut row in rows {
        strip_zero(&mut row);
        let row = row.to_string();
        if backend == DbBackend::Postgres && count > 0 && text.len() + row.len() > PROMPT_BYTES {
            text.push(']');
            parameters.push((count, std::mem::replace(&mut text, String::from("[")).into()));
            count = 0;
        }
        if count > 0 {
            text.push(',');
        }
        text.push_str(&row);
        count += 1;
    }
    if count > 0 {
        text.push(']');
        parameters.push((count, text.into()));
    }
    parameters
}

/// The same as one text, for rows that are short or that one question is about.
pub(crate) fn rows_parameter(rows: Vec<Json>) -> Value {
    let mut rows = Json::Array(rows);
    strip_zero(&mut rows);
    rows.to_string().into()
}

fn strip_zero(value: &mut Json) {
    match value {
        Json::String(text) if text.contains('\0') => text.retain(|c| c != '\0'),
        Json::Array(items) => items.iter_mut().for_each(strip_zero),
        Json::Object(fields) => fields.values_mut().for_each(strip_zero),
        _ => {}
    }
}

/// Runs a statement that gives rows.
pub(crate) async fn query(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    let backend = connection.get_database_backend();
    connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await
}

/// Runs a statement that gives no rows.
pub(crate) async fn execute(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<ExecResult, DbErr> {
    let backend = connection.get_database_backend();
    connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_lists_go_in_prompt_parts_and_none_is_lost() {
        let rows: Vec<Json> = (0..1_000).map(|n| json!({"n": n, "text": "x".repeat(n)})).collect();
        let mut seen = 0;
        for (count, parameter) in rows_parameters(DbBackend::Postgres, rows.clone()) {
            let Value::String(Some(text)) = parameter else { panic!("a text") };
            assert!(text.len() <= PROMPT_BYTES + 2 || count == 1, "{} bytes", text.len());
            let part: Vec<Json> = serde_json::from_str(&text).expect("JSON");
            assert_eq!(part.len() as u64, count);
            assert_eq!(part.first().map(|row| row["n"].clone()), Some(json!(seen)));
            seen += count;
        }
        assert_eq!(seen, 1_000);
        assert_eq!(rows_parameters(DbBackend::Sqlite, rows).len(), 1);
        assert!(rows_parameters(DbBackend::Postgres, vec![]).is_empty());
    }

    #[test]
    fn zero_characters_go_and_what_only_looks_like_one_stays() {
        let content = json!({"text": "a\u{0}"}).to_string();
        let Value::String(Some(text)) = rows_parameter(vec![json!({"name": "x\u{0}y\\u0000", "content": content})])
        else {
            panic!("a text")
        };
        let rows: Json = serde_json::from_str(&text).expect("JSON");
        assert_eq!(rows[0]["name"], "xy\\u0000");
        assert_eq!(rows[0]["content"], content, "escaped within a text it is harmless");
    }
}

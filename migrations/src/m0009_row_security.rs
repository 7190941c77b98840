//! The second wall between tenants, in every table that there is by now.
//!
//! The tables come from the catalog, so that none is forgotten: one that is not named here is for the sessions of
//! its tenants alone, or, where it belongs to no tenant, for the door alone.

#![expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves them out, and the macro compares")]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::row_security::{DOOR_ROLE, Rights, TENANT_ROLE, guard};

/// Raises the wall.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// Every table, and the column that names the tenant of its rows, if there is one.
const TABLES: &str = "SELECT c.relname::text AS name, a.attname::text AS key FROM pg_class AS c \
    LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.attnum > 0 \
        AND a.attname = CASE c.relname WHEN 'tenants' THEN 'id' ELSE 'tenant_id' END \
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace ORDER BY 1";

/// The tables with rights of their own. An INSERT that answers or passes over what it meets reads those columns.
const RIGHTS: &[(&str, Rights)] = &[
    ("seaql_migrations", Rights { tenant: "", door: "SELECT" }),
    // A tenant's id is never changed.
    ("tenants", Rights { tenant: "SELECT, INSERT, UPDATE (event_seq)", door: "SELECT" }),
    // Whose a webhook or a key is, is found before the tenant is known.
    ("channel_accounts", Rights { tenant: "SELECT, INSERT, UPDATE, DELETE", door: "SELECT" }),
    // Who comes in, and where they belong, is found before the tenant is known; what they may do within it is not
    // changed there.
    ("members", Rights { tenant: "SELECT, INSERT, UPDATE, DELETE", door: "SELECT" }),
    ("sessions", Rights { tenant: "", door: "SELECT, INSERT, UPDATE, DELETE" }),
    ("auth_links", Rights { tenant: "", door: "SELECT, INSERT, UPDATE, DELETE" }),
    ("data_keys", Rights { tenant: "SELECT, INSERT, UPDATE", door: "SELECT" }),
    ("api_keys", Rights { tenant: "SELECT, INSERT, UPDATE", door: "SELECT, UPDATE" }),
    // Whose page asks is not known before the caller is.
    ("tenant_origins", Rights { tenant: "SELECT, INSERT, DELETE", door: "SELECT" }),
    // The intake writes what comes, and the queue does its work, for all tenants.
    ("webhook_events", Rights { tenant: "SELECT, UPDATE, DELETE", door: "SELECT (id, account_id, event_key), INSERT" }),
    ("unrouted_events", Rights { tenant: "", door: "SELECT, INSERT, DELETE" }),
    ("inbound_ledger", Rights { tenant: "INSERT", door: "SELECT, INSERT, DELETE" }),
    ("jobs", Rights { tenant: "INSERT", door: "SELECT, INSERT, UPDATE, DELETE" }),
    ("dead_letters", Rights { tenant: "SELECT, DELETE", door: "SELECT, INSERT, DELETE" }),
    // What was noted stays as it was noted.
    ("audit_entries", Rights { tenant: "SELECT, INSERT", door: "" }),
    ("audit_heads", Rights { tenant: "SELECT, INSERT, UPDATE", door: "" }),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        if connection.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let schema = "DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {roles}', current_schema()); END $$";
        let schema = schema.replace("{roles}", &format!("{TENANT_ROLE}, {DOOR_ROLE}"));
        connection.execute_unprepared(&schema).await?;
        connection.execute_unprepared(&format!("GRANT USAGE ON SEQUENCE job_lease_tokens TO {DOOR_ROLE}")).await?;
        let rows = connection.query_all_raw(Statement::from_string(DbBackend::Postgres, TABLES)).await?;
        for row in rows {
            let (name, key): (String, Option<String>) = (row.try_get("", "name")?, row.try_get("", "key")?);
            let own = RIGHTS.iter().find(|(table, _)| *table == name).map(|(_, rights)| *rights);
            let default = if key.is_some() { Rights::OF_TENANTS } else { Rights::UNSCOPED };
            guard(connection, &name, key.as_deref(), own.unwrap_or(default)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        if connection.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let rows = connection.query_all_raw(Statement::from_string(DbBackend::Postgres, TABLES)).await?;
        for row in rows {
            let name: String = row.try_get("", "name")?;
            for statement in [
                "DROP POLICY IF EXISTS own_tenant ON {table}",
                "DROP POLICY IF EXISTS door ON {table}",
                "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            ] {
                connection.execute_unprepared(&statement.replace("{table}", &name)).await?;
            }
        }
        Ok(())
    }
}

//! Following along: which sequence of events a tenant has, what tells that others may see something else by now, and
//! the tickets that open sockets.

#![expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves them out, and the macro compares")]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::row_security::{Rights, TENANT_ROLE, guard};

/// Adds the columns and the table.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let (uuid, bytes) = if postgres { ("uuid", "bytea") } else { ("BLOB", "BLOB") };
        let connection = manager.get_connection();
        for statement in STATEMENTS {
            let statement = statement.replace("{uuid}", uuid).replace("{bytes}", bytes);
            connection.execute_unprepared(&statement).await?;
        }
        if postgres {
            let grant = format!("GRANT UPDATE (event_epoch, access_version) ON tenants TO {TENANT_ROLE}");
            connection.execute_unprepared(&grant).await?;
        }
        let rights = Rights { tenant: "", door: "SELECT, INSERT, DELETE" };
        guard(connection, "socket_tickets", Some("tenant_id"), rights).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared("DROP TABLE socket_tickets").await?;
        for column in ["event_epoch", "access_version"] {
            connection.execute_unprepared(&format!("ALTER TABLE tenants DROP COLUMN {column}")).await?;
        }
        Ok(())
    }
}

const STATEMENTS: &[&str] = &[
    // Every tenant's first sequence is number 0, and a cursor tells it beside the place. A restore begins another.
    "ALTER TABLE tenants ADD COLUMN event_epoch BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE tenants ADD COLUMN access_version BIGINT NOT NULL DEFAULT 0",
    "CREATE TABLE socket_tickets (
        hash {bytes} NOT NULL PRIMARY KEY,
        tenant_id {uuid} NOT NULL REFERENCES tenants (id),
        session_id {uuid},
        api_key_id {uuid},
        access_ends_at BIGINT,
        expires_at BIGINT NOT NULL
    )",
    "CREATE INDEX socket_tickets_by_end ON socket_tickets (expires_at)",
];

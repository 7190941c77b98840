//! What tenants decide for themselves, and whose pages may call.
//!
//! A setting is a JSON text under its name. The origins that tenants list stand in a table of their own as well,
//! since a browser asks about an origin before anybody knows which tenant it will speak for.

#![expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves them out, and the macro compares")]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Adds the tables of settings.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let uuid = if manager.get_database_backend() == DbBackend::Postgres { "uuid" } else { "BLOB" };
        for statement in STATEMENTS {
            manager.get_connection().execute_unprepared(&statement.replace("{uuid}", uuid)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["tenant_origins", "tenant_settings"] {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        Ok(())
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE tenant_settings (
        tenant_id {uuid} NOT NULL REFERENCES tenants (id),
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (tenant_id, key)
    )",
    "CREATE TABLE tenant_origins (
        origin TEXT NOT NULL,
        tenant_id {uuid} NOT NULL REFERENCES tenants (id),
        PRIMARY KEY (origin, tenant_id)
    )",
    "CREATE INDEX tenant_origins_of_tenant ON tenant_origins (tenant_id)",
];

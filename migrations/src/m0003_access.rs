//! Log-ins: sessions, their refresh tokens, and links that let a person in once.
//!
//! These are found before the tenant is known. Tokens are kept as their SHA-256 only.

#![expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves them out, and the macro compares")]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Adds the tables of log-ins.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let [uuid, bytes] = match manager.get_database_backend() {
            DbBackend::Postgres => ["uuid", "bytea"],
            _ => ["BLOB", "BLOB"],
        };
        for statement in STATEMENTS {
            let statement = statement.replace("{uuid}", uuid).replace("{bytes}", bytes);
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["auth_links", "refresh_tokens", "sessions"] {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        Ok(())
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE sessions (
        id {uuid} NOT NULL PRIMARY KEY,
        user_id {uuid} NOT NULL REFERENCES users (id),
        tenant_id {uuid} NOT NULL,
        member_id {uuid} NOT NULL,
        created_at BIGINT NOT NULL,
        last_used_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        ended_at BIGINT,
        end_reason TEXT,
        address TEXT,
        user_agent TEXT,
        FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id)
    )",
    "CREATE INDEX sessions_by_user ON sessions (user_id, created_at)",
    "CREATE INDEX sessions_by_member ON sessions (member_id)",
    "CREATE INDEX sessions_by_expiry ON sessions (expires_at)",
    "CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL",
    "CREATE TABLE refresh_tokens (
        hash {bytes} NOT NULL PRIMARY KEY,
        session_id {uuid} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        parent_hash {bytes} UNIQUE,
        created_at BIGINT NOT NULL,
        spent_at BIGINT
    )",
    "CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id)",
    "CREATE TABLE auth_links (
        hash {bytes} NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        tenant_id {uuid} REFERENCES tenants (id),
        user_id {uuid} REFERENCES users (id),
        member_id {uuid},
        created_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        used_at BIGINT,
        FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id)
    )",
    "CREATE INDEX auth_links_by_user ON auth_links (user_id)",
    "CREATE INDEX auth_links_by_tenant ON auth_links (tenant_id)",
    "CREATE INDEX auth_links_by_expiry ON auth_links (expires_at)",
];

//! What a tenant is called may change; an account tells when its provider was last asked about it; accounts are listed
//! a page at a time; what a member read and wrote is found when they leave.

#![expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves them out, and the macro compares")]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::row_security::TENANT_ROLE;

/// Adds the column, the indexes and the right.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for statement in STATEMENTS {
            connection.execute_unprepared(statement).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            let grant = format!("GRANT UPDATE (name) ON tenants TO {TENANT_ROLE}");
            connection.execute_unprepared(&grant).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            let revoke = format!("REVOKE UPDATE (name) ON tenants FROM {TENANT_ROLE}");
            connection.execute_unprepared(&revoke).await?;
        }
        for index in INDEXES {
            connection.execute_unprepared(&format!("DROP INDEX {index}")).await?;
        }
        connection.execute_unprepared("ALTER TABLE channel_accounts DROP COLUMN last_checked_at").await?;
        Ok(())
    }
}

const INDEXES: &[&str] = &[
    "channel_accounts_by_age",
    "conversation_drafts_by_member",
    "conversation_mentions_by_member",
    "conversation_reads_by_member",
];

const STATEMENTS: &[&str] = &[
    "ALTER TABLE channel_accounts ADD COLUMN last_checked_at BIGINT",
    "CREATE INDEX channel_accounts_by_age ON channel_accounts (tenant_id, created_at, id)",
    "CREATE INDEX conversation_drafts_by_member ON conversation_drafts (tenant_id, member_id)",
    "CREATE INDEX conversation_mentions_by_member ON conversation_mentions (tenant_id, member_id)",
    "CREATE INDEX conversation_reads_by_member ON conversation_reads (tenant_id, member_id)",
];

//! What an inbox of several colleagues needs: who waits since when, what is put aside, what each member has seen,
//! where they are mentioned, and what they write.

#![expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves them out, and the macro compares")]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::row_security::{Rights, guard};

/// Adds the columns and tables.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &["conversation_drafts", "conversation_mentions", "conversation_reads"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let (uuid, truth) = if postgres { ("uuid", "boolean") } else { ("BLOB", "INTEGER") };
        let connection = manager.get_connection();
        for statement in STATEMENTS {
            let statement = statement.replace("{uuid}", uuid).replace("{bool}", truth);
            connection.execute_unprepared(&statement).await?;
        }
        if postgres {
            // The owner of the table passes by its wall for this statement alone.
            connection.execute_unprepared("ALTER TABLE conversations NO FORCE ROW LEVEL SECURITY").await?;
        }
        connection.execute_unprepared("UPDATE conversations SET inbound_count = unread_count").await?;
        if postgres {
            connection.execute_unprepared("ALTER TABLE conversations FORCE ROW LEVEL SECURITY").await?;
        }
        for table in TABLES {
            guard(connection, table, Some("tenant_id"), Rights::OF_TENANTS).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for table in TABLES {
            connection.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        connection.execute_unprepared("DROP INDEX conversations_waiting").await?;
        connection.execute_unprepared("DROP INDEX conversations_snoozed").await?;
        for column in ["waiting_since", "snoozed_until", "inbound_count"] {
            connection.execute_unprepared(&format!("ALTER TABLE conversations DROP COLUMN {column}")).await?;
        }
        connection.execute_unprepared("ALTER TABLE messages DROP COLUMN client_message_id").await?;
        Ok(())
    }
}

const STATEMENTS: &[&str] = &[
    "ALTER TABLE conversations ADD COLUMN waiting_since BIGINT",
    "ALTER TABLE conversations ADD COLUMN snoozed_until BIGINT",
    "ALTER TABLE conversations ADD COLUMN inbound_count BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE messages ADD COLUMN client_message_id TEXT",
    "CREATE INDEX conversations_waiting ON conversations (tenant_id, waiting_since, id)
        WHERE waiting_since IS NOT NULL AND status <> 'RESOLVED' AND snoozed_until IS NULL",
    "CREATE INDEX conversations_snoozed ON conversations (tenant_id, last_message_at DESC, id DESC)
        WHERE snoozed_until IS NOT NULL",
    "CREATE TABLE conversation_reads (
        tenant_id {uuid} NOT NULL,
        conversation_id {uuid} NOT NULL,
        member_id {uuid} NOT NULL,
        seen_inbound BIGINT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (conversation_id, member_id, tenant_id),
        FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
    )",
    "CREATE TABLE conversation_mentions (
        tenant_id {uuid} NOT NULL,
        conversation_id {uuid} NOT NULL,
        member_id {uuid} NOT NULL,
        message_id {uuid} NOT NULL,
        at BIGINT NOT NULL,
        seen_at BIGINT,
        PRIMARY KEY (message_id, member_id, tenant_id),
        FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
    )",
    "CREATE INDEX conversation_mentions_unseen ON conversation_mentions (tenant_id, member_id, conversation_id)
        WHERE seen_at IS NULL",
    "CREATE INDEX conversation_mentions_of ON conversation_mentions (tenant_id, conversation_id)",
    "CREATE TABLE conversation_drafts (
        tenant_id {uuid} NOT NULL,
        conversation_id {uuid} NOT NULL,
        member_id {uuid} NOT NULL,
        text TEXT NOT NULL,
        note {bool} NOT NULL,
        media_id {uuid},
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (conversation_id, member_id, tenant_id),
        FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
    )",
];

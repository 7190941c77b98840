//! The audit log: entries that only come, and where each tenant's log ends.
//!
//! The database refuses to change or remove an entry, and to move a head back. That stops mistakes and plain
//! SQL; who may drop a trigger is stopped by the chain and the signature of its head, which tell.

#![expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves them out, and the macro compares")]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Adds the tables of the audit log.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ([uuid, bytes], guards) = match manager.get_database_backend() {
            DbBackend::Postgres => (["uuid", "bytea"], POSTGRES_GUARDS),
            _ => (["BLOB", "BLOB"], SQLITE_GUARDS),
        };
        for statement in TABLES.iter().chain(guards) {
            let statement = statement.replace("{uuid}", uuid).replace("{bytes}", bytes);
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for table in ["audit_heads", "audit_entries"] {
            connection.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared("DROP FUNCTION audit_refuses").await?;
        }
        Ok(())
    }
}

// `actor` and `subject` are the kind and the id in one text, so that each filter is one comparison and each
// index ends with the list's order.
const TABLES: &[&str] = &[
    "CREATE TABLE audit_entries (
        tenant_id {uuid} NOT NULL,
        seq BIGINT NOT NULL,
        at BIGINT NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        value_before TEXT,
        value_after TEXT,
        address TEXT,
        request_id TEXT,
        hash TEXT NOT NULL,
        PRIMARY KEY (tenant_id, seq)
    )",
    "CREATE INDEX audit_entries_by_time ON audit_entries (tenant_id, at, seq)",
    "CREATE INDEX audit_entries_by_actor ON audit_entries (tenant_id, actor, at, seq)",
    "CREATE INDEX audit_entries_by_action ON audit_entries (tenant_id, action, at, seq)",
    "CREATE INDEX audit_entries_by_subject ON audit_entries (tenant_id, subject, at, seq)",
    "CREATE TABLE audit_heads (
        tenant_id {uuid} NOT NULL PRIMARY KEY REFERENCES tenants (id),
        seq BIGINT NOT NULL,
        hash TEXT NOT NULL,
        signature {bytes} NOT NULL
    )",
];

const POSTGRES_GUARDS: &[&str] = &[
    "CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
        FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_entries_stay_all BEFORE TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_heads_stay BEFORE DELETE ON audit_heads
        FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_heads_stay_all BEFORE TRUNCATE ON audit_heads
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_heads_go_on BEFORE UPDATE ON audit_heads
        FOR EACH ROW WHEN (NEW.seq < OLD.seq OR NEW.tenant_id <> OLD.tenant_id) EXECUTE FUNCTION audit_refuses()",
];

// REPLACE removes a row without a word to triggers on DELETE, so it is refused where it begins
// (https://www.sqlite.org/lang_replace.html).
const SQLITE_GUARDS: &[&str] = &[
    "CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_entries_stay_all BEFORE DELETE ON audit_entries
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_entries_are_new BEFORE INSERT ON audit_entries
        WHEN EXISTS (SELECT 1 FROM audit_entries WHERE tenant_id = NEW.tenant_id AND seq = NEW.seq)
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_heads_stay BEFORE DELETE ON audit_heads
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_heads_go_on BEFORE UPDATE ON audit_heads
        WHEN NEW.seq < OLD.seq OR NEW.tenant_id <> OLD.tenant_id
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
];

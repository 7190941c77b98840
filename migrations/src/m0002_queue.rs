//! The way in and the work to do: received webhook events, their ledger, jobs and dead letters.
//!
//! These tables take the most writes of all, so they are written in each database's own words, with no
//! foreign keys: every row names a tenant and an account that the caller has just authenticated.

#![expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves them out, and the macro compares")]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Adds the tables of the queue.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        for statement in statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for table in ["dead_letters", "jobs", "inbound_ledger", "unrouted_events", "webhook_events"] {
            connection.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared("DROP SEQUENCE job_lease_tokens").await?;
        }
        Ok(())
    }
}

// Times are microseconds since the epoch. `raw` holds bytes, not text: what a provider sent is kept as
// it came, whatever a database thinks of its characters.
//
// `jobs` holds live jobs only. Its rows come and go quickly, so free space is kept on each page for
// updates in place (no index covers what a lease changes), and vacuum comes by row count, not by share.
const POSTGRES: &[&str] = &[
    "CREATE TABLE webhook_events (
        id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        account_id uuid NOT NULL,
        channel_type text NOT NULL,
        event_key text NOT NULL,
        raw bytea NOT NULL,
        received_at bigint NOT NULL,
        state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'processed', 'ignored', 'dead')),
        reason text,
        settled_at bigint
    )",
    "CREATE UNIQUE INDEX webhook_events_by_key ON webhook_events (account_id, event_key)",
    "CREATE TABLE unrouted_events (
        id uuid PRIMARY KEY,
        channel_type text NOT NULL,
        destination text NOT NULL,
        event_key text NOT NULL,
        order_key text NOT NULL,
        raw bytea NOT NULL,
        received_at bigint NOT NULL
    )",
    "CREATE UNIQUE INDEX unrouted_events_by_key ON unrouted_events (channel_type, destination, event_key)",
    "CREATE TABLE inbound_ledger (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        received bigint NOT NULL,
        processed bigint NOT NULL,
        ignored bigint NOT NULL,
        dead bigint NOT NULL
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)",
    "CREATE TABLE jobs (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        lane text NOT NULL,
        order_key text NOT NULL,
        tenant_id uuid NOT NULL,
        kind text NOT NULL,
        payload text NOT NULL,
        run_at bigint NOT NULL,
        lease_until bigint,
        lease_token bigint,
        attempts bigint NOT NULL DEFAULT 0,
        last_error text,
        enqueued_at bigint NOT NULL
    ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)",
    "CREATE INDEX jobs_by_lane ON jobs (lane, id)",
    "CREATE INDEX jobs_by_key ON jobs (lane, order_key, id)",
    "CREATE SEQUENCE job_lease_tokens",
    "CREATE TABLE dead_letters (
        id bigint PRIMARY KEY,
        lane text NOT NULL,
        order_key text NOT NULL,
        tenant_id uuid NOT NULL,
        kind text NOT NULL,
        payload text NOT NULL,
        attempts bigint NOT NULL,
        last_error text NOT NULL,
        enqueued_at bigint NOT NULL,
        died_at bigint NOT NULL
    )",
    "CREATE INDEX dead_letters_by_lane ON dead_letters (lane, id)",
    "CREATE INDEX dead_letters_by_tenant ON dead_letters (tenant_id, id)",
];

// AUTOINCREMENT, so that the number of a job that is gone never comes again: a dead letter may still
// bear it, and later jobs must have higher ones.
const SQLITE: &[&str] = &[
    "CREATE TABLE webhook_events (
        id BLOB NOT NULL PRIMARY KEY,
        tenant_id BLOB NOT NULL,
        account_id BLOB NOT NULL,
        channel_type TEXT NOT NULL,
        event_key TEXT NOT NULL,
        raw BLOB NOT NULL,
        received_at INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'processed', 'ignored', 'dead')),
        reason TEXT,
        settled_at INTEGER
    )",
    "CREATE UNIQUE INDEX webhook_events_by_key ON webhook_events (account_id, event_key)",
    "CREATE TABLE unrouted_events (
        id BLOB NOT NULL PRIMARY KEY,
        channel_type TEXT NOT NULL,
        destination TEXT NOT NULL,
        event_key TEXT NOT NULL,
        order_key TEXT NOT NULL,
        raw BLOB NOT NULL,
        received_at INTEGER NOT NULL
    )",
    "CREATE UNIQUE INDEX unrouted_events_by_key ON unrouted_events (channel_type, destination, event_key)",
    "CREATE TABLE inbound_ledger (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        received INTEGER NOT NULL,
        processed INTEGER NOT NULL,
        ignored INTEGER NOT NULL,
        dead INTEGER NOT NULL
    )",
    "CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        lane TEXT NOT NULL,
        order_key TEXT NOT NULL,
        tenant_id BLOB NOT NULL,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        run_at INTEGER NOT NULL,
        lease_until INTEGER,
        lease_token INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        last_error TEXT,
        enqueued_at INTEGER NOT NULL
    )",
    "CREATE INDEX jobs_by_lane ON jobs (lane, id)",
    "CREATE INDEX jobs_by_key ON jobs (lane, order_key, id)",
    "CREATE TABLE dead_letters (
        id INTEGER PRIMARY KEY,
        lane TEXT NOT NULL,
        order_key TEXT NOT NULL,
        tenant_id BLOB NOT NULL,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        last_error TEXT NOT NULL,
        enqueued_at INTEGER NOT NULL,
        died_at INTEGER NOT NULL
    )",
    "CREATE INDEX dead_letters_by_lane ON dead_letters (lane, id)",
    "CREATE INDEX dead_letters_by_tenant ON dead_letters (tenant_id, id)",
];

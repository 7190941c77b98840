//! Tenants and everything that belongs to one.
//!
//! A child names its parent together with the tenant, so that no defect can hang it under another's, and
//! rows are kept by id and tenant: one index finds a row, guards it and serves its children. The id goes
//! first, so that it alone tells the index: by the tenant, a planner could be led to all rows of one.
//!
//! Every filter of a list has an index that ends with the list's order, so that a page costs the same
//! whether there are a thousand rows or a million.
//!
//! Times are microseconds since the epoch, lists and records within a column are JSON text.

#![expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves them out, and the macro compares")]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Adds the tables of tenants.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let [uuid, bytes, truth] = match manager.get_database_backend() {
            DbBackend::Postgres => ["uuid", "bytea", "boolean"],
            _ => ["BLOB", "BLOB", "BOOLEAN"],
        };
        for statement in STATEMENTS {
            let statement = statement.replace("{uuid}", uuid).replace("{bytes}", bytes).replace("{bool}", truth);
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.iter().rev() {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    "tenants",
    "users",
    "data_keys",
    "api_keys",
    "channel_accounts",
    "members",
    "teams",
    "team_members",
    "contacts",
    "contact_identities",
    "leads",
    "conversations",
    "messages",
    "message_parts",
    "media",
    "activities",
    "domain_events",
    "idempotency_records",
];

const STATEMENTS: &[&str] = &[
    "CREATE TABLE tenants (
        id {uuid} NOT NULL PRIMARY KEY,
        slug TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        event_seq BIGINT NOT NULL DEFAULT 0,
        created_at BIGINT NOT NULL
    )",
    "CREATE TABLE users (
        id {uuid} NOT NULL PRIMARY KEY,
        email TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        password_hash TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL
    )",
    "CREATE TABLE data_keys (
        tenant_id {uuid} NOT NULL REFERENCES tenants (id),
        version INTEGER NOT NULL,
        wrapped TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        retired_at BIGINT,
        PRIMARY KEY (tenant_id, version)
    )",
    "CREATE TABLE api_keys (
        id {uuid} NOT NULL PRIMARY KEY,
        tenant_id {uuid} NOT NULL REFERENCES tenants (id),
        name TEXT NOT NULL,
        prefix TEXT NOT NULL UNIQUE,
        secret_hash {bytes} NOT NULL,
        scopes TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        last_used_at BIGINT,
        expires_at BIGINT,
        revoked_at BIGINT
    )",
    "CREATE INDEX api_keys_of_tenant ON api_keys (tenant_id, created_at DESC, id DESC)",
    "CREATE TABLE channel_accounts (
        id {uuid} NOT NULL,
        tenant_id {uuid} NOT NULL REFERENCES tenants (id),
        channel_type TEXT NOT NULL,
        name TEXT NOT NULL,
        external_id TEXT,
        webhook_key TEXT NOT NULL UNIQUE,
        status TEXT NOT NULL,
        status_reason TEXT,
        sealed_secrets TEXT NOT NULL,
        key_version INTEGER NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (id, tenant_id),
        FOREIGN KEY (tenant_id, key_version) REFERENCES data_keys (tenant_id, version)
    )",
    "CREATE UNIQUE INDEX channel_accounts_by_external_id ON channel_accounts (channel_type, external_id)
        WHERE external_id IS NOT NULL",
    "CREATE TABLE members (
        id {uuid} NOT NULL,
        tenant_id {uuid} NOT NULL REFERENCES tenants (id),
        user_id {uuid} NOT NULL REFERENCES users (id),
        name TEXT NOT NULL,
        email TEXT NOT NULL,
        role TEXT NOT NULL,
        status TEXT NOT NULL,
        last_assigned_at BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (id, tenant_id),
        UNIQUE (tenant_id, email),
        UNIQUE (tenant_id, user_id)
    )",
    "CREATE INDEX members_by_user ON members (user_id)",
    "CREATE TABLE teams (
        id {uuid} NOT NULL,
        tenant_id {uuid} NOT NULL REFERENCES tenants (id),
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (id, tenant_id),
        UNIQUE (tenant_id, name_key)
    )",
    "CREATE TABLE team_members (
        tenant_id {uuid} NOT NULL,
        team_id {uuid} NOT NULL,
        member_id {uuid} NOT NULL,
        PRIMARY KEY (team_id, member_id, tenant_id),
        FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
        FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id)
    )",
    "CREATE INDEX team_members_by_member ON team_members (member_id, team_id)",
    "CREATE TABLE contacts (
        id {uuid} NOT NULL,
        tenant_id {uuid} NOT NULL REFERENCES tenants (id),
        display_name TEXT,
        avatar_url TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (id, tenant_id)
    )",
    "CREATE TABLE contact_identities (
        id {uuid} NOT NULL,
        tenant_id {uuid} NOT NULL,
        contact_id {uuid} NOT NULL,
        account_id {uuid} NOT NULL,
        external_user_id TEXT NOT NULL,
        alias TEXT,
        channel_type TEXT NOT NULL,
        display_name TEXT,
        avatar_url TEXT,
        language TEXT,
        reachable {bool} NOT NULL,
        profile_fetched_at BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (id, tenant_id),
        UNIQUE (account_id, external_user_id),
        FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id),
        FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id)
    )",
    "CREATE INDEX contact_identities_of_contact ON contact_identities (tenant_id, contact_id)",
    "CREATE UNIQUE INDEX contact_identities_by_alias ON contact_identities (account_id, alias)
        WHERE alias IS NOT NULL",
    "CREATE TABLE leads (
        id {uuid} NOT NULL,
        tenant_id {uuid} NOT NULL,
        contact_id {uuid} NOT NULL,
        source_account_id {uuid} NOT NULL,
        source_channel TEXT NOT NULL,
        status TEXT NOT NULL,
        assigned_member_id {uuid},
        assigned_team_id {uuid},
        tags TEXT NOT NULL,
        note TEXT,
        referral TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        closed_at BIGINT,
        version BIGINT NOT NULL,
        PRIMARY KEY (id, tenant_id),
        FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id),
        FOREIGN KEY (tenant_id, source_account_id) REFERENCES channel_accounts (tenant_id, id),
        FOREIGN KEY (tenant_id, assigned_member_id) REFERENCES members (tenant_id, id),
        FOREIGN KEY (tenant_id, assigned_team_id) REFERENCES teams (tenant_id, id)
    )",
    "CREATE UNIQUE INDEX leads_open_of_contact ON leads (tenant_id, contact_id) WHERE closed_at IS NULL",
    "CREATE INDEX leads_of_contact ON leads (tenant_id, contact_id, created_at DESC, id DESC)",
    "CREATE INDEX leads_by_change ON leads (tenant_id, updated_at DESC, id DESC)",
    "CREATE INDEX leads_by_status ON leads (tenant_id, status, updated_at DESC, id DESC)",
    "CREATE INDEX leads_by_owner ON leads (tenant_id, assigned_member_id, updated_at DESC, id DESC)
        WHERE assigned_member_id IS NOT NULL",
    "CREATE INDEX leads_unassigned ON leads (tenant_id, updated_at DESC, id DESC) WHERE assigned_member_id IS NULL",
    "CREATE INDEX leads_by_team ON leads (tenant_id, assigned_team_id, updated_at DESC, id DESC)
        WHERE assigned_team_id IS NOT NULL",
    "CREATE INDEX leads_of_nobody ON leads (tenant_id, updated_at DESC, id DESC)
        WHERE assigned_member_id IS NULL AND assigned_team_id IS NULL",
    "CREATE INDEX leads_by_channel ON leads (tenant_id, source_channel, updated_at DESC, id DESC)",
    "CREATE TABLE conversations (
        id {uuid} NOT NULL,
        tenant_id {uuid} NOT NULL,
        account_id {uuid} NOT NULL,
        external_thread_id TEXT NOT NULL,
        thread_kind TEXT NOT NULL,
        channel_type TEXT NOT NULL,
        contact_id {uuid} NOT NULL,
        identity_id {uuid} NOT NULL,
        lead_id {uuid} NOT NULL,
        assigned_member_id {uuid},
        assigned_team_id {uuid},
        status TEXT NOT NULL,
        unread_count INTEGER NOT NULL,
        last_message_preview TEXT,
        last_message_kind TEXT,
        last_message_at BIGINT NOT NULL,
        last_inbound_at BIGINT,
        participant_name TEXT,
        participant_avatar_url TEXT,
        reply_token TEXT,
        reply_token_expires_at BIGINT,
        alias TEXT,
        address TEXT,
        comment TEXT,
        standby {bool} NOT NULL,
        last_seq BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (id, tenant_id),
        UNIQUE (account_id, external_thread_id),
        FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id),
        FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id),
        FOREIGN KEY (tenant_id, identity_id) REFERENCES contact_identities (tenant_id, id),
        FOREIGN KEY (tenant_id, lead_id) REFERENCES leads (tenant_id, id)
    )",
    "CREATE UNIQUE INDEX conversations_by_alias ON conversations (account_id, alias) WHERE alias IS NOT NULL",
    "CREATE INDEX conversations_by_message ON conversations (tenant_id, last_message_at DESC, id DESC)",
    "CREATE INDEX conversations_by_status ON conversations (tenant_id, status, last_message_at DESC, id DESC)",
    "CREATE INDEX conversations_by_channel ON conversations (tenant_id, channel_type, last_message_at DESC, id DESC)",
    "CREATE INDEX conversations_by_account ON conversations (tenant_id, account_id, last_message_at DESC, id DESC)",
    "CREATE INDEX conversations_by_lead ON conversations (tenant_id, lead_id, last_message_at DESC, id DESC)",
    "CREATE INDEX conversations_by_owner ON conversations (tenant_id, assigned_member_id, last_message_at DESC, id DESC)
        WHERE assigned_member_id IS NOT NULL",
    "CREATE INDEX conversations_unassigned ON conversations (tenant_id, last_message_at DESC, id DESC)
        WHERE assigned_member_id IS NULL",
    "CREATE INDEX conversations_by_team ON conversations (tenant_id, assigned_team_id, last_message_at DESC, id DESC)
        WHERE assigned_team_id IS NOT NULL",
    "CREATE INDEX conversations_of_nobody ON conversations (tenant_id, last_message_at DESC, id DESC)
        WHERE assigned_member_id IS NULL AND assigned_team_id IS NULL",
    "CREATE INDEX conversations_by_identity ON conversations (tenant_id, identity_id)",
    "CREATE INDEX conversations_unread ON conversations (tenant_id, last_message_at DESC, id DESC)
        WHERE unread_count > 0",
    "CREATE TABLE messages (
        id {uuid} NOT NULL,
        tenant_id {uuid} NOT NULL,
        conversation_id {uuid} NOT NULL,
        account_id {uuid} NOT NULL,
        lead_id {uuid} NOT NULL,
        seq BIGINT NOT NULL,
        direction TEXT NOT NULL,
        sender TEXT NOT NULL,
        kind TEXT NOT NULL,
        content TEXT NOT NULL,
        media_id {uuid},
        external_message_id TEXT,
        further_external_ids TEXT,
        quote_token TEXT,
        quoted_external_id TEXT,
        delivery_status TEXT NOT NULL,
        failure TEXT,
        attempt TEXT,
        occurred_at BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        sent_at BIGINT,
        edited_at BIGINT,
        unsent_at BIGINT,
        former_texts TEXT,
        version BIGINT NOT NULL,
        PRIMARY KEY (id, tenant_id),
        FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
    )",
    "CREATE UNIQUE INDEX messages_by_external_id ON messages (account_id, external_message_id)
        WHERE external_message_id IS NOT NULL",
    "CREATE INDEX messages_of_conversation ON messages (conversation_id, occurred_at DESC, id DESC)",
    "CREATE TABLE message_parts (
        account_id {uuid} NOT NULL,
        external_id TEXT NOT NULL,
        tenant_id {uuid} NOT NULL,
        message_id {uuid} NOT NULL,
        PRIMARY KEY (account_id, external_id),
        FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id)
    )",
    "CREATE INDEX message_parts_of_message ON message_parts (message_id)",
    "CREATE TABLE media (
        id {uuid} NOT NULL,
        tenant_id {uuid} NOT NULL,
        account_id {uuid} NOT NULL,
        message_id {uuid},
        status TEXT NOT NULL,
        source TEXT NOT NULL,
        content_type TEXT,
        size BIGINT,
        file_name TEXT,
        storage_key TEXT,
        thumbnail_key TEXT,
        failure TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (id, tenant_id),
        FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id),
        FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id)
    )",
    "CREATE INDEX media_of_message ON media (message_id) WHERE message_id IS NOT NULL",
    "CREATE INDEX media_unused ON media (tenant_id, created_at) WHERE message_id IS NULL",
    "CREATE TABLE activities (
        id {uuid} NOT NULL,
        tenant_id {uuid} NOT NULL,
        lead_id {uuid} NOT NULL,
        kind TEXT NOT NULL,
        author TEXT NOT NULL,
        detail TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (lead_id, at, id),
        FOREIGN KEY (tenant_id, lead_id) REFERENCES leads (tenant_id, id)
    )",
    "CREATE TABLE domain_events (
        tenant_id {uuid} NOT NULL,
        seq BIGINT NOT NULL,
        event_type TEXT NOT NULL,
        lead_id {uuid},
        conversation_id {uuid},
        message_id {uuid},
        data TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (tenant_id, seq)
    )",
    "CREATE TABLE idempotency_records (
        tenant_id {uuid} NOT NULL,
        scope TEXT NOT NULL,
        idempotency_key TEXT NOT NULL,
        fingerprint {bytes} NOT NULL,
        resource_id {uuid} NOT NULL,
        expires_at BIGINT NOT NULL,
        PRIMARY KEY (tenant_id, scope, idempotency_key)
    )",
];

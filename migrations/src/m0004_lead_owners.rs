//! Conversations carry the owner and the team of their lead, so that lists of conversations can be told apart by
//! them with an index. The database itself keeps them equal: no statement that gives a lead to someone, opens a
//! conversation or moves one can forget it.
//!
//! On PostgreSQL a conversation that is added or moves locks its lead against a change of owner until the commit:
//! of two sessions that come together, the later one sees what the earlier one wrote.

#![expect(elided_lifetimes_in_paths, reason = "the trait's signature leaves them out, and the macro compares")]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Adds what keeps conversations and their leads in one hand.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for statement in if postgres { POSTGRES } else { SQLITE } {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for statement in if postgres { POSTGRES_DOWN } else { SQLITE_DOWN } {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const POSTGRES: &[&str] = &[
    "CREATE FUNCTION take_owner_of_lead() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        SELECT l.assigned_member_id, l.assigned_team_id INTO NEW.assigned_member_id, NEW.assigned_team_id
        FROM leads AS l WHERE l.id = NEW.lead_id AND l.tenant_id = NEW.tenant_id FOR SHARE;
        RETURN NEW;
    END $$",
    "CREATE TRIGGER conversations_take_owner BEFORE INSERT ON conversations
        FOR EACH ROW EXECUTE FUNCTION take_owner_of_lead()",
    "CREATE TRIGGER conversations_change_owner BEFORE UPDATE OF lead_id ON conversations
        FOR EACH ROW WHEN (OLD.lead_id IS DISTINCT FROM NEW.lead_id) EXECUTE FUNCTION take_owner_of_lead()",
    "CREATE FUNCTION give_owner_to_conversations() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE conversations
        SET assigned_member_id = NEW.assigned_member_id, assigned_team_id = NEW.assigned_team_id
        WHERE tenant_id = NEW.tenant_id AND lead_id = NEW.id;
        RETURN NULL;
    END $$",
    "CREATE TRIGGER leads_give_owner AFTER UPDATE OF assigned_member_id, assigned_team_id ON leads
        FOR EACH ROW WHEN (OLD.assigned_member_id IS DISTINCT FROM NEW.assigned_member_id
            OR OLD.assigned_team_id IS DISTINCT FROM NEW.assigned_team_id)
        EXECUTE FUNCTION give_owner_to_conversations()",
];

const POSTGRES_DOWN: &[&str] = &[
    "DROP TRIGGER leads_give_owner ON leads",
    "DROP TRIGGER conversations_change_owner ON conversations",
    "DROP TRIGGER conversations_take_owner ON conversations",
    "DROP FUNCTION give_owner_to_conversations()",
    "DROP FUNCTION take_owner_of_lead()",
];

/// SQLite writes a row before a trigger can change it, and has one writer at a time.
const SQLITE: &[&str] = &[
    "CREATE TRIGGER conversations_take_owner AFTER INSERT ON conversations
    WHEN EXISTS (SELECT 1 FROM leads AS l WHERE l.id = NEW.lead_id AND l.tenant_id = NEW.tenant_id
        AND (l.assigned_member_id IS NOT NULL OR l.assigned_team_id IS NOT NULL))
    BEGIN
        UPDATE conversations SET (assigned_member_id, assigned_team_id) = (
            SELECT l.assigned_member_id, l.assigned_team_id FROM leads AS l
            WHERE l.id = NEW.lead_id AND l.tenant_id = NEW.tenant_id)
        WHERE id = NEW.id AND tenant_id = NEW.tenant_id;
    END",
    "CREATE TRIGGER conversations_change_owner AFTER UPDATE OF lead_id ON conversations
    WHEN OLD.lead_id IS NOT NEW.lead_id
    BEGIN
        UPDATE conversations SET (assigned_member_id, assigned_team_id) = (
            SELECT l.assigned_member_id, l.assigned_team_id FROM leads AS l
            WHERE l.id = NEW.lead_id AND l.tenant_id = NEW.tenant_id)
        WHERE id = NEW.id AND tenant_id = NEW.tenant_id;
    END",
    "CREATE TRIGGER leads_give_owner AFTER UPDATE OF assigned_member_id, assigned_team_id ON leads
    WHEN OLD.assigned_member_id IS NOT NEW.assigned_member_id OR OLD.assigned_team_id IS NOT NEW.assigned_team_id
    BEGIN
        UPDATE conversations
        SET assigned_member_id = NEW.assigned_member_id, assigned_team_id = NEW.assigned_team_id
        WHERE tenant_id = NEW.tenant_id AND lead_id = NEW.id;
    END",
];

const SQLITE_DOWN: &[&str] = &[
    "DROP TRIGGER leads_give_owner",
    "DROP TRIGGER conversations_change_owner",
    "DROP TRIGGER conversations_take_owner",
];

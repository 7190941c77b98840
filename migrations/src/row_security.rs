//! The second wall between tenants: what PostgreSQL itself lets each of hubchat's roles see and do.
//!
//! Two roles without log-in own nothing and rank above nothing. [`TENANT_ROLE`] is whoever works for one tenant: in
//! every table of tenants it sees and writes the rows of the tenant that the transaction's setting
//! [`TENANT_SETTING`] names, and none when it names nobody. [`DOOR_ROLE`] is whoever does not know the tenant yet:
//! it sees the rows of all, in the few tables that lead to a tenant or hold the work to do.
//!
//! A migration that adds a table calls [`guard`] for it; on SQLite that does nothing.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// The role of sessions and reads of one tenant.
pub const TENANT_ROLE: &str = "hubchat_tenant";

/// The role of everything that is not one tenant's: the intake, the queue and the directory.
pub const DOOR_ROLE: &str = "hubchat_door";

/// The setting that names a transaction's tenant. After its transaction it is empty rather than absent.
pub const TENANT_SETTING: &str = "hubchat.tenant";

/// What the roles may do with a table; empty is nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rights {
    /// What [`TENANT_ROLE`] may do, with the rows of its tenant.
    pub(crate) tenant: &'static str,
    /// What [`DOOR_ROLE`] may do, with all rows.
    pub(crate) door: &'static str,
}

impl Rights {
    /// A table of tenants that only their sessions work with.
    pub(crate) const OF_TENANTS: Self = Self { tenant: "SELECT, INSERT, UPDATE, DELETE", door: "" };

    /// A table that belongs to no tenant.
    pub(crate) const UNSCOPED: Self = Self { tenant: "", door: "SELECT, INSERT, UPDATE, DELETE" };
}

/// Gives the roles their rights to a table, and raises the wall in it when its rows belong to tenants. `key` is the
/// column that names the tenant, `None` for a table that belongs to none. On SQLite it does nothing.
///
/// FORCE: the owner of a table would pass by its policies otherwise. So would a migration that changes rows; it
/// lifts the force for itself, within its transaction, and puts it back.
pub(crate) async fn guard(
    connection: &impl ConnectionTrait,
    table: &str,
    key: Option<&str>,
    rights: Rights,
) -> Result<(), DbErr> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    for statement in statements(table, key, rights) {
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}

fn statements(table: &str, key: Option<&str>, rights: Rights) -> Vec<String> {
    let mut statements = vec![format!("REVOKE ALL ON {table} FROM PUBLIC, {TENANT_ROLE}, {DOOR_ROLE}")];
    for (role, rights) in [(TENANT_ROLE, rights.tenant), (DOOR_ROLE, rights.door)] {
        if !rights.is_empty() {
            statements.push(format!("GRANT {rights} ON {table} TO {role}"));
        }
    }
    let Some(key) = key else { return statements };
    // A subselect of its own is asked once a statement, a bare call once a row. IS TRUE keeps the comparison from being
    // looked up in an index: it would lead the planner to all rows of a tenant where a statement asks for one by its
    // key. Statements that are to walk a tenant's rows say so themselves.
    let own = format!("({key} = (SELECT nullif(current_setting('{TENANT_SETTING}', true), '')::uuid)) IS TRUE");
    statements.extend([
        format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"),
        format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY"),
        format!("CREATE POLICY own_tenant ON {table} TO {TENANT_ROLE} USING ({own}) WITH CHECK ({own})"),
    ]);
    if !rights.door.is_empty() {
        statements.push(format!("CREATE POLICY door ON {table} TO {DOOR_ROLE} USING (true) WITH CHECK (true)"));
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_tenants_gets_both_clauses_and_no_door_that_it_does_not_need() {
        let made = statements("leads", Some("tenant_id"), Rights::OF_TENANTS).join("\n");
        assert!(
            made.contains("FORCE ROW LEVEL SECURITY") && made.contains("WITH CHECK ((tenant_id = (SELECT"),
            "{made}"
        );
        assert!(!made.contains("POLICY door") && !made.contains(&format!("TO {DOOR_ROLE}")), "{made}");
    }

    #[test]
    fn a_table_of_nobody_has_no_wall_and_nothing_for_tenants() {
        let made = statements("users", None, Rights::UNSCOPED).join("\n");
        assert!(!made.contains("SECURITY") && !made.contains(&format!("TO {TENANT_ROLE}")), "{made}");
    }
}

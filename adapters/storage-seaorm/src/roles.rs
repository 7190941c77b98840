//! The roles that hubchat works in on PostgreSQL: made when they are missing, and looked at before they are used.
//!
//! Roles belong to the whole server, so databases that are set up at the same time make the same ones: whoever comes
//! second finds them made.

use hubchat_migrations::{DOOR_ROLE, TENANT_ROLE};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};

use crate::storage::ConnectError;

/// Each role: whether it ranks above what it may be, and whether the user that is logged in may take it on.
/// PostgreSQL 16 tells being a member from being allowed to take the role on.
const LOOK: &str = "SELECT r.rolname::text, r.rolsuper OR r.rolbypassrls OR r.rolcanlogin OR r.rolcreaterole, \
    pg_has_role(session_user, r.oid, CASE WHEN current_setting('server_version_num')::int >= 160000 \
        THEN 'SET' ELSE 'MEMBER' END) \
    FROM pg_roles AS r WHERE r.rolname = ANY($1)";

/// Another set-up may be at it at the same moment, which shows as any of several errors.
const TRIES: u32 = 10;

/// `insufficient_privilege` (<https://www.postgresql.org/docs/15/errcodes-appendix.html>).
const NOT_ALLOWED: &str = "42501";

/// Makes sure that the user of `login` may take on both roles; what is missing is made by the user of `owner`.
pub(crate) async fn prepare(login: &PgConnectOptions, owner: &PgConnectOptions) -> Result<(), ConnectError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let mut connection = connect(login).await?;
        let looked = look(&mut connection).await;
        let user: Result<String, _> = sqlx::query_scalar("SELECT session_user::text").fetch_one(&mut connection).await;
        close(connection).await;
        let (missing, user) = (looked?, user.map_err(|error| refused(&error))?);
        if missing.is_empty() {
            return Ok(());
        }
        let mut connection = connect(owner).await?;
        let made = make(&mut connection, &missing, &user).await;
        close(connection).await;
        match made {
            Ok(()) if tries < TRIES => {}
            Err(sqlx::Error::Database(error)) if error.code().as_deref() != Some(NOT_ALLOWED) && tries < TRIES => {}
            _ => return Err(ConnectError::Roles { statements: statements_for_an_administrator(&missing, &user) }),
        }
    }
}

/// A role that is to be made or given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Missing {
    role: &'static str,
    exists: bool,
}

async fn look(connection: &mut PgConnection) -> Result<Vec<Missing>, ConnectError> {
    let names = vec![TENANT_ROLE.to_owned(), DOOR_ROLE.to_owned()];
    let rows: Vec<(String, bool, bool)> =
        sqlx::query_as(LOOK).bind(names).fetch_all(connection).await.map_err(|error| refused(&error))?;
    let mut missing = Vec::new();
    for role in [TENANT_ROLE, DOOR_ROLE] {
        match rows.iter().find(|(name, ..)| name == role) {
            Some((_, true, _)) => return Err(ConnectError::RoleTooMighty { role }),
            Some((_, false, true)) => {}
            Some((_, false, false)) => missing.push(Missing { role, exists: true }),
            None => missing.push(Missing { role, exists: false }),
        }
    }
    Ok(missing)
}

async fn make(connection: &mut PgConnection, missing: &[Missing], user: &str) -> Result<(), sqlx::Error> {
    for Missing { role, exists } in missing.iter().copied() {
        let statement = if exists { give(role, user) } else { create(role) };
        if let Err(error) = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *connection).await {
            let taken = error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| {
                // duplicate_object and unique_violation: somebody made it just now.
                code == "42710" || code == "23505"
            });
            if !taken {
                return Err(error);
            }
        }
    }
    Ok(())
}

fn create(role: &str) -> String {
    format!("CREATE ROLE {role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")
}

fn give(role: &str, user: &str) -> String {
    format!("GRANT {role} TO \"{}\"", user.replace('"', "\"\""))
}

/// What somebody who may must run, once for the server: one statement for each role.
fn statements_for_an_administrator(missing: &[Missing], user: &str) -> String {
    let statement = |missing: &Missing| {
        if missing.exists {
            give(missing.role, user)
        } else {
            format!("{} ROLE \"{}\"", create(missing.role), user.replace('"', "\"\""))
        }
    };
    missing.iter().map(|missing| format!("{};", statement(missing))).collect::<Vec<_>>().join(" ")
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, ConnectError> {
    options.connect().await.map_err(|error| refused(&error))
}

/// What cannot be closed any more is closed.
async fn close(connection: PgConnection) {
    let _ = connection.close().await;
}

fn refused(error: &sqlx::Error) -> ConnectError {
    ConnectError::Refused { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrator_is_told_one_statement_for_each_role() {
        let missing = [Missing { role: TENANT_ROLE, exists: false }, Missing { role: DOOR_ROLE, exists: true }];
        assert_eq!(
            statements_for_an_administrator(&missing, "hub\"chat"),
            "CREATE ROLE hubchat_tenant NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS ROLE \"hub\"\"chat\"; \
             GRANT hubchat_door TO \"hub\"\"chat\";"
        );
    }
}

//! What the databases' errors mean to a caller.

use hubchat_ports::StorageError;
use sea_orm::{DbErr, RuntimeErr};

/// Classifies an error of the ORM.
pub(crate) fn from_db(error: DbErr) -> StorageError {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => classify(&error, error.to_string()),
        DbErr::ConnectionAcquire(error) => StorageError::Unavailable(Box::new(error)),
        DbErr::Conn(error) => StorageError::Unavailable(Box::new(error)),
        other => StorageError::Other(Box::new(other)),
    }
}

/// Classifies an error of the driver.
pub(crate) fn from_sqlx(error: sqlx::Error) -> StorageError {
    let text = error.to_string();
    classify(&error, text)
}

/// SQLite: 5 and 6 and their extended forms are BUSY and LOCKED, 10 is I/O, 13 is FULL
/// (<https://www.sqlite.org/rescode.html>). PostgreSQL: class 08 is the connection, 53 is resources, 57P is
/// an operator's or a crash's intervention, 40 and 55P03 are conflicts
/// (<https://www.postgresql.org/docs/15/errcodes-appendix.html>).
fn classify(error: &sqlx::Error, text: String) -> StorageError {
    use sqlx::Error as E;
    let boxed = || Box::<dyn std::error::Error + Send + Sync>::from(text.clone());
    match error {
        E::Io(_) | E::Tls(_) | E::Protocol(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
            StorageError::Unavailable(boxed())
        }
        E::Database(database) => {
            let code = database.code().unwrap_or_default();
            match code.as_ref() {
                "5" | "6" | "261" | "262" | "517" | "40001" | "40P01" | "55P03" => StorageError::Contention(boxed()),
                "10" | "13" | "14" => StorageError::Unavailable(boxed()),
                code if code.len() == 5 && (code.starts_with("08") || code.starts_with("53")) => {
                    StorageError::Unavailable(boxed())
                }
                code if code.len() == 5 && code.starts_with("57P") => StorageError::Unavailable(boxed()),
                _ => StorageError::Other(code_only(&code)),
            }
        }
        _ => StorageError::Other(boxed()),
    }
}

/// A database's message may quote a row: only its code is kept.
fn code_only(code: &str) -> Box<dyn std::error::Error + Send + Sync> {
    format!("database error {code}").into()
}

/// Whether an insert met a unique key.
pub(crate) fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}

/// Whether the connection itself is at fault, and another may do.
pub(crate) fn is_broken_connection(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    match &**error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code == "57P01"),
        _ => false,
    }
}

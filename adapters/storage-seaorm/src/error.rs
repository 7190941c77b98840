//! What the databases' errors mean to a caller.

use hubchat_ports::StorageError;
use sea_orm::{DbErr, RuntimeErr};

/// Classifies an error of the ORM.
pub(crate) fn from_db(error: DbErr) -> StorageError {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Meaning::of(&error).with(Box::new(error)),
        DbErr::ConnectionAcquire(error) => StorageError::Unavailable(Box::new(error)),
        DbErr::Conn(error) => StorageError::Unavailable(Box::new(error)),
        other => StorageError::Other(Box::new(other)),
    }
}

/// Classifies an error of the driver.
pub(crate) fn from_sqlx(error: sqlx::Error) -> StorageError {
    Meaning::of(&error).with(Box::new(error))
}

/// What an error means to a caller.
enum Meaning {
    Contention,
    Unavailable,
    /// A database's message may quote a row: of what is no weather, only the code is kept.
    Code(String),
    Other,
}

impl Meaning {
    /// SQLite: 5 and 6 and their extended forms are BUSY and LOCKED, 10 is I/O, 13 is FULL, 14 is CANTOPEN
    /// (<https://www.sqlite.org/rescode.html>). PostgreSQL: class 08 is the connection, 53 is resources, 57P
    /// is an operator's or a crash's intervention, 40 and 55P03 are conflicts
    /// (<https://www.postgresql.org/docs/15/errcodes-appendix.html>).
    fn of(error: &sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::Io(_) | E::Tls(_) | E::Protocol(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
                Self::Unavailable
            }
            E::Database(database) => Self::of_code(&database.code().unwrap_or_default()),
            _ => Self::Other,
        }
    }

    fn of_code(code: &str) -> Self {
        match code {
            "5" | "6" | "261" | "262" | "517" | "40001" | "40P01" | "55P03" => Self::Contention,
            "10" | "13" | "14" => Self::Unavailable,
            code if code.len() == 5 && ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => {
                Self::Unavailable
            }
            code => Self::Code(code.to_owned()),
        }
    }

    fn with(self, error: Box<dyn std::error::Error + Send + Sync>) -> StorageError {
        match self {
            Self::Contention => StorageError::Contention(error),
            Self::Unavailable => StorageError::Unavailable(error),
            Self::Code(code) => StorageError::Other(format!("database error {code}").into()),
            Self::Other => StorageError::Other(error),
        }
    }
}

/// Whether an insert met a unique key.
pub(crate) fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}

/// Whether what a row belongs to is gone, or something still belongs to the row.
pub(crate) fn is_foreign_key_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_what_the_databases_say() {
        for busy in ["5", "6", "261", "517", "40001", "40P01", "55P03"] {
            assert!(matches!(Meaning::of_code(busy), Meaning::Contention), "{busy}");
        }
        for down in ["10", "13", "57P01", "57P03", "08006", "08000", "53300"] {
            assert!(matches!(Meaning::of_code(down), Meaning::Unavailable), "{down}");
        }
        for defect in ["", "1", "42601", "22021", "23503", "787", "53", "08"] {
            assert!(matches!(Meaning::of_code(defect), Meaning::Code(_)), "{defect}");
        }
        assert!(matches!(from_sqlx(sqlx::Error::PoolTimedOut), StorageError::Unavailable(_)));
        assert!(matches!(from_sqlx(sqlx::Error::RowNotFound), StorageError::Other(_)));
    }
}

//! A transaction of one tenant: the tenant's role, and nothing of other tenants.
//!
//! On PostgreSQL the BEGIN also takes the role on and names the tenant, in one round trip, and both end with the
//! transaction, however it ends: nobody who uses the connection next finds anything of it. SQLite has no roles.

use hubchat_domain::TenantId;
use hubchat_migrations::{TENANT_ROLE, TENANT_SETTING};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    SqliteTransactionMode, SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait,
};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, PgPool, Postgres, SqlitePool, pool::PoolConnection, query::Query};
use tokio::sync::Mutex;

use crate::{error::is_broken_connection, pools::SqlPools};

/// After a restart of the server, so many connections may be passed over for one that lives. Nothing was
/// done yet, so nothing is done twice.
const DEAD_CONNECTIONS: u32 = 64;

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It writes; on SQLite it takes the write lock at once.
    Write,
    /// It reads; on SQLite it is no transaction, and waits for no writer.
    Read,
}

/// A transaction of one tenant. Dropped without [`commit`](Self::commit), it leaves no trace.
pub(crate) enum TenantTransaction {
    /// A connection with an open transaction, in the tenant's role.
    Postgres(Mutex<OpenTransaction>),
    /// A transaction on the only connection that writes.
    SqliteWriter(DatabaseTransaction),
    /// Connections that only read.
    SqliteReader(DatabaseConnection),
}

impl TenantTransaction {
    /// Begins. A caller that goes away in the middle leaves nothing behind on the connection.
    pub(crate) async fn begin(pools: &SqlPools, tenant: TenantId, access: Access) -> Result<Self, DbErr> {
        match pools {
            SqlPools::Postgres(pool) => {
                let transaction = OpenTransaction::begin(pool, &opening(tenant, access)).await?;
                Ok(Self::Postgres(Mutex::new(transaction)))
            }
            SqlPools::Sqlite { reader, .. } if access == Access::Read => {
                Ok(Self::SqliteReader(SqlxSqliteConnector::from_sqlx_sqlite_pool(reader.clone())))
            }
            SqlPools::Sqlite { writer, .. } => Ok(Self::SqliteWriter(begin_on_sqlite(writer).await?)),
        }
    }

    /// Makes everything durable.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Postgres(transaction) => transaction.into_inner().commit().await,
            Self::SqliteWriter(transaction) => transaction.commit().await,
            Self::SqliteReader(_) => Ok(()),
        }
    }
}

/// What begins a transaction of a tenant on PostgreSQL. An id of a tenant is digits and dashes.
fn opening(tenant: TenantId, access: Access) -> String {
    let mode = match access {
        Access::Write => "",
        Access::Read => " READ ONLY",
    };
    format!("BEGIN{mode}; SET LOCAL ROLE {TENANT_ROLE}; SET LOCAL {TENANT_SETTING} = '{}'", tenant.as_uuid())
}

/// Begins in a task of its own: a caller that goes away in the middle must not leave a connection
/// behind that is half in a transaction (<https://github.com/launchbadge/sqlx/issues/4393>).
async fn begin_on_sqlite(writer: &SqlitePool) -> Result<DatabaseTransaction, DbErr> {
    let writer = SqlxSqliteConnector::from_sqlx_sqlite_pool(writer.clone());
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let begin = tokio::spawn(async move { writer.begin_with_options(options).await });
    begin.await.map_err(|error| DbErr::Custom(error.to_string()))?
}

/// A connection with an open transaction. It is rolled back when this is dropped, and goes back to its pool then.
pub(crate) struct OpenTransaction {
    /// `None` once the transaction has ended.
    connection: Option<PoolConnection<Postgres>>,
}

impl OpenTransaction {
    async fn begin(pool: &PgPool, opening: &str) -> Result<Self, DbErr> {
        let mut passed_over = 0;
        loop {
            // From here on a caller that goes away has what was begun rolled back, or its connection closed.
            let mut transaction = Self { connection: Some(pool.acquire().await.map_err(acquire_error)?) };
            match transaction.run(opening).await {
                Err(error) if is_broken_connection(&error) && passed_over < DEAD_CONNECTIONS => passed_over += 1,
                Err(error) => return Err(error),
                Ok(()) => return Ok(transaction),
            }
        }
    }

    async fn commit(mut self) -> Result<(), DbErr> {
        self.run("COMMIT").await?;
        self.connection = None;
        Ok(())
    }

    async fn run(&mut self, sql: &str) -> Result<(), DbErr> {
        let sql = AssertSqlSafe(sql.to_owned());
        sqlx::raw_sql(sql).execute(self.connection()?).await.map(|_| ()).map_err(exec_error)
    }

    fn connection(&mut self) -> Result<&mut sqlx::PgConnection, DbErr> {
        self.connection.as_deref_mut().ok_or_else(|| DbErr::Custom("the transaction has ended".to_owned()))
    }
}

impl Drop for OpenTransaction {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(roll_back(connection));
            }
            // Nobody is left who could wait for the answer: the server rolls back what loses its connection.
            Err(_) => drop(connection.leak()),
        }
    }
}

async fn roll_back(mut connection: PoolConnection<Postgres>) {
    if sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.is_err() {
        // Whatever state it is in, nobody else is to have it.
        connection.close_on_drop();
    }
}

/// What goes to the database: the statement itself.
#[cfg(not(test))]
const fn wording(sql: String) -> String {
    sql
}

/// What goes to the database: in the tests of the second wall, the statement without the first.
#[cfg(test)]
fn wording(sql: String) -> String {
    crate::row_security_tests::without_first_wall(sql)
}

fn prepared(statement: Statement) -> Query<'static, Postgres, SqlxValues> {
    let values = statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(wording(statement.sql)), SqlxValues(values))
}

fn acquire_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

fn exec_error(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

#[async_trait::async_trait]
impl ConnectionTrait for TenantTransaction {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Postgres(_) => DbBackend::Postgres,
            Self::SqliteWriter(_) | Self::SqliteReader(_) => DbBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Postgres(transaction) => {
                let mut transaction = transaction.lock().await;
                let done = prepared(statement).execute(transaction.connection()?).await;
                done.map(ExecResult::from).map_err(exec_error)
            }
            Self::SqliteWriter(transaction) => transaction.execute_raw(statement).await,
            Self::SqliteReader(reader) => reader.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Postgres(transaction) => {
                let mut transaction = transaction.lock().await;
                let sql = AssertSqlSafe(wording(sql.to_owned()));
                let done = sqlx::raw_sql(sql).execute(transaction.connection()?).await;
                done.map(ExecResult::from).map_err(exec_error)
            }
            Self::SqliteWriter(transaction) => transaction.execute_unprepared(sql).await,
            Self::SqliteReader(reader) => reader.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Postgres(transaction) => {
                let mut transaction = transaction.lock().await;
                let rows = prepared(statement).fetch_all(transaction.connection()?).await.map_err(query_error)?;
                Ok(rows.into_iter().map(QueryResult::from).collect())
            }
            Self::SqliteWriter(transaction) => transaction.query_all_raw(statement).await,
            Self::SqliteReader(reader) => reader.query_all_raw(statement).await,
        }
    }
}

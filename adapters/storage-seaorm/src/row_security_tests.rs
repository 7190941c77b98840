//! The second wall: what PostgreSQL refuses by itself, once the conditions of our own statements are gone.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use async_trait::async_trait;
use hubchat_conformance::{StorageHarness, cases};
use hubchat_domain::TenantId;
use hubchat_migrations::{DOOR_ROLE, TENANT_ROLE};
use hubchat_ports::{Directory, JobQueue, Repository, WebhookIntake};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    ConnectError, DatabaseIntake, DatabaseQueue, Storage, StorageConfig,
    pools::SqlPools,
    tenant_transaction::{Access, TenantTransaction},
};

tokio::task_local! {
    /// Within it, statements of a tenant's transaction go without their conditions on the tenant.
    static WITHOUT_FIRST_WALL: ();
}

/// The statement, with every condition on `tenant_id` made true while the first wall is down.
pub(crate) fn without_first_wall(sql: String) -> String {
    const CONDITION: &str = "tenant_id = ";
    if WITHOUT_FIRST_WALL.try_with(|()| ()).is_err() {
        return sql;
    }
    let (mut rest, mut open) = (sql.as_str(), String::new());
    while let Some(at) = rest.find(CONDITION) {
        let before = rest[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        let after = &rest[at + CONDITION.len()..];
        let end = after.find([' ', ')', ',']).unwrap_or(after.len());
        open.push_str(before);
        open.push_str("true");
        rest = &after[end..];
    }
    open + rest
}

#[tokio::test]
async fn the_hook_takes_every_condition_on_the_tenant_away() {
    let sql = "SELECT a FROM t JOIN u ON u.tenant_id = t.tenant_id AND u.id = t.id WHERE (t.tenant_id = $1) AND b = $2";
    assert_eq!(without_first_wall(sql.to_owned()), sql);
    let open = WITHOUT_FIRST_WALL.scope((), async { without_first_wall(sql.to_owned()) }).await;
    assert_eq!(open, "SELECT a FROM t JOIN u ON true AND u.id = t.id WHERE (true) AND b = $2");
}

/// A database of its own on PostgreSQL.
struct Fresh {
    storage: Storage,
    queue: DatabaseQueue,
    intake: DatabaseIntake,
    url: String,
}

#[async_trait]
impl StorageHarness for Fresh {
    async fn start() -> Self {
        static DATABASES: AtomicU32 = AtomicU32::new(0);
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("hubchat_wall_{}_{number}", std::process::id());
        on_server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        on_server(&format!("CREATE DATABASE {name}")).await;
        let url = format!("{}/{name}", server_url().rsplit_once('/').unwrap().0);
        let storage = connect(&url, None).await.unwrap();
        storage.migrate().await.unwrap();
        Self { queue: storage.queue(), intake: storage.intake(), storage, url }
    }

    fn repository(&self) -> &dyn Repository {
        &self.storage
    }

    fn directory(&self) -> &dyn Directory {
        &self.storage
    }

    fn access(&self) -> &dyn hubchat_ports::Access {
        &self.storage
    }

    fn socket_tickets(&self) -> &dyn hubchat_ports::SocketTickets {
        &self.storage
    }

    fn queue(&self) -> &dyn JobQueue {
        &self.queue
    }

    fn intake(&self) -> &dyn WebhookIntake {
        &self.intake
    }

    async fn stop(self) {
        self.remove().await;
    }
}

impl Fresh {
    async fn remove(&self) {
        self.storage.close().await;
        let (_, name) = self.url.rsplit_once('/').unwrap();
        on_server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }

    fn pool(&self) -> &PgPool {
        let SqlPools::Postgres(pool) = self.storage.pools() else { panic!("PostgreSQL") };
        pool
    }

    /// Somebody above all walls.
    async fn administrator(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    /// Every table with a column that names the tenant, and the column.
    async fn tables(&self) -> Vec<(String, String)> {
        let sql = "SELECT c.relname::text, a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
            WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped \
            AND a.attname = CASE c.relname WHEN 'tenants' THEN 'id' ELSE 'tenant_id' END ORDER BY 1";
        let tables: Vec<(String, String)> =
            sqlx::query_as(sql).fetch_all(&mut self.administrator().await).await.unwrap();
        assert!(tables.len() > 15, "{tables:?}");
        tables
    }
}

async fn connect(url: &str, migration_url: Option<&str>) -> Result<Storage, ConnectError> {
    let migration_url = migration_url.map(|url| url.to_owned().into());
    Storage::connect(
        &StorageConfig { url: url.to_owned().into(), migration_url, max_connections: 8 },
        std::sync::Arc::new(hubchat_conformance::PlainSeal),
    )
    .await
}

async fn on_server(sql: &str) {
    let mut server = PgConnection::connect(&server_url()).await.expect(
        "these tests need PostgreSQL: start one, and set HUBCHAT_TEST_DATABASE_URL unless it is \
         postgres://postgres@127.0.0.1:5432/postgres",
    );
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut server).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "where the test server is, is no configuration of hubchat's")]
fn server_url() -> String {
    std::env::var("HUBCHAT_TEST_DATABASE_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

/// Runs a case over a fresh database with the first wall down; tells whether it passed. `alone` takes the second
/// wall down as well.
macro_rules! passes {
    ($case:path, $alone:expr) => {{
        let fresh = Arc::new(Fresh::start().await);
        if $alone {
            let mut administrator = fresh.administrator().await;
            for (table, _) in fresh.tables().await {
                let sql = format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY");
                sqlx::query(AssertSqlSafe(sql)).execute(&mut administrator).await.unwrap();
            }
        }
        let harness = Arc::clone(&fresh);
        let case = tokio::spawn(WITHOUT_FIRST_WALL.scope((), async move { $case(&*harness).await }));
        let passed = case.await.is_ok();
        fresh.remove().await;
        passed
    }};
}

/// The cases of the suite in which one tenant reaches for what is another's: each passes with the second wall
/// alone, and fails with none, so that it is the wall that holds.
macro_rules! the_second_wall_holds {
    ($($name:ident: $case:path),+ $(,)?) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            assert!(passes!($case, false), "the second wall does not hold");
            assert!(!passes!($case, true), "nothing was tried against the wall");
        })+
    };
}

the_second_wall_holds! {
    no_store_finds_another_tenants_rows: cases::isolation::another_tenants_rows_are_invisible_to_every_store,
    no_list_shows_another_tenants_rows: cases::isolation::another_tenants_rows_are_invisible_to_every_list_and_find,
    no_feed_shows_another_tenants_rows: cases::event_feed::rows_are_found_many_at_a_time_as_screens_show_them,
    no_update_reaches_another_tenants_rows:
        cases::isolation::an_update_of_another_tenants_row_is_refused_and_changes_nothing,
    no_claim_of_another_tenant_is_met: cases::isolation::another_tenants_claims_are_not_seen,
    no_event_of_another_tenant_is_settled:
        cases::webhook_events::another_tenants_event_can_be_neither_seen_nor_settled,
}

/// Two tenants with rows of every kind; their ids.
async fn two_tenants(fresh: &Fresh) -> [TenantId; 2] {
    cases::isolation::another_tenants_rows_are_invisible_to_every_store(fresh).await;
    let ids: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM tenants ORDER BY id")
        .fetch_all(&mut fresh.administrator().await)
        .await
        .unwrap();
    [TenantId::from_uuid(ids[0]), TenantId::from_uuid(ids[1])]
}

/// Table, name, roles, command and both conditions.
type Policy = (String, String, String, String, Option<String>, Option<String>);

async fn count(connection: &mut PgConnection, sql: String) -> Result<i64, String> {
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await.map_err(|error| code(&error))
}

fn code(error: &sqlx::Error) -> String {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).map_or_else(|| error.to_string(), Into::into)
}

/// A transaction of the tenant's role, for a tenant or for nobody.
async fn as_tenant_role(connection: &mut PgConnection, tenant: Option<TenantId>) {
    let mut begin = format!("ROLLBACK; BEGIN; SET LOCAL ROLE {TENANT_ROLE};");
    if let Some(tenant) = tenant {
        begin = format!("{begin}SET LOCAL hubchat.tenant = '{tenant}'");
    }
    sqlx::raw_sql(AssertSqlSafe(begin)).execute(connection).await.unwrap();
}

const NOT_ALLOWED: &str = "42501";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenants_role_counts_its_own_rows_only_and_without_a_tenant_none() {
    let fresh = Fresh::start().await;
    let [one, two] = two_tenants(&fresh).await;
    let (mut administrator, mut limited) = (fresh.administrator().await, fresh.administrator().await);
    let mut with_foreign_rows = 0;
    for (table, key) in fresh.tables().await {
        let foreign = count(&mut administrator, format!("SELECT count(*) FROM {table} WHERE {key} = '{two}'")).await;
        with_foreign_rows += usize::from(foreign.unwrap() > 0);
        let own = count(&mut administrator, format!("SELECT count(*) FROM {table} WHERE {key} = '{one}'")).await;
        as_tenant_role(&mut limited, Some(one)).await;
        match count(&mut limited, format!("SELECT count(*) FROM {table}")).await {
            Ok(seen) => assert_eq!(Ok(seen), own, "{table}"),
            Err(code) => assert_eq!(code, NOT_ALLOWED, "{table}"),
        }
        as_tenant_role(&mut limited, None).await;
        let seen = count(&mut limited, format!("SELECT count(*) FROM {table}")).await;
        assert!(seen == Ok(0) || seen == Err(NOT_ALLOWED.to_owned()), "{table}: {seen:?}");
    }
    assert!(with_foreign_rows >= 12, "{with_foreign_rows} tables had something to hide");
    fresh.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenants_role_writes_no_row_of_another_tenant() {
    let fresh = Fresh::start().await;
    let [one, two] = two_tenants(&fresh).await;
    let mut limited = fresh.administrator().await;
    for (table, key) in fresh.tables().await {
        as_tenant_role(&mut limited, Some(one)).await;
        let moved =
            format!("WITH moved AS (UPDATE {table} SET {key} = '{two}' RETURNING 1) SELECT count(*) FROM moved");
        let moved = count(&mut limited, moved).await;
        assert!(moved == Ok(0) || moved == Err(NOT_ALLOWED.to_owned()), "{table}: {moved:?} rows were given away");
        as_tenant_role(&mut limited, Some(one)).await;
        let gone =
            format!("WITH gone AS (DELETE FROM {table} WHERE {key} = '{two}' RETURNING 1) SELECT count(*) FROM gone");
        let gone = count(&mut limited, gone).await;
        assert!(gone == Ok(0) || gone == Err(NOT_ALLOWED.to_owned()), "{table}: {gone:?} foreign rows were deleted");
    }
    let id = Uuid::from_u128(77);
    for (tenant, outcome) in [(one, Ok(1)), (two, Err(NOT_ALLOWED.to_owned()))] {
        as_tenant_role(&mut limited, Some(one)).await;
        let insert = format!(
            "WITH made AS (INSERT INTO contacts (id, tenant_id, created_at, updated_at, version) \
             VALUES ('{id}', '{tenant}', 0, 0, 1) RETURNING 1) SELECT count(*) FROM made"
        );
        assert_eq!(count(&mut limited, insert).await, outcome, "a contact of {tenant} written by {one}");
    }
    fresh.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_door_opens_no_table_of_people_and_what_they_wrote() {
    let fresh = Fresh::start().await;
    two_tenants(&fresh).await;
    let mut connection = fresh.administrator().await;
    sqlx::raw_sql(AssertSqlSafe(format!("SET ROLE {DOOR_ROLE}"))).execute(&mut connection).await.unwrap();
    for table in ["contacts", "contact_identities", "leads", "conversations", "messages", "media", "activities"] {
        assert_eq!(count(&mut connection, format!("SELECT count(*) FROM {table}")).await, Err(NOT_ALLOWED.to_owned()));
    }
    let raw = count(&mut connection, "SELECT count(raw) FROM webhook_events".to_owned()).await;
    assert_eq!(raw, Err(NOT_ALLOWED.to_owned()), "what customers wrote");
    assert_eq!(count(&mut connection, "SELECT count(*) FROM tenants".to_owned()).await, Ok(2));
    fresh.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_of_tenants_has_the_wall_with_both_clauses() {
    let fresh = Fresh::start().await;
    let mut administrator = fresh.administrator().await;
    let forced: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relrowsecurity AND relforcerowsecurity \
         AND relnamespace = 'public'::regnamespace",
    )
    .fetch_all(&mut administrator)
    .await
    .unwrap();
    let policies: Vec<Policy> = sqlx::query_as(
        "SELECT tablename::text, policyname::text, array_to_string(roles, ','), cmd::text, qual, with_check FROM pg_policies",
    )
    .fetch_all(&mut administrator)
    .await
    .unwrap();
    for (table, key) in fresh.tables().await {
        assert!(forced.contains(&table), "{table} does not force its policies");
        let of_tenants: Vec<_> =
            policies.iter().filter(|policy| policy.0 == table && policy.2.contains(TENANT_ROLE)).collect();
        let [(.., roles, command, using, check)] = of_tenants[..] else { panic!("{table}: {of_tenants:?}") };
        assert_eq!((roles.as_str(), command.as_str()), (TENANT_ROLE, "ALL"), "{table}");
        let using = using.as_deref().unwrap_or_default();
        assert!(using.contains(&key) && using.contains("hubchat.tenant"), "{table}: {using}");
        assert_eq!(Some(using), check.as_deref(), "{table}");
    }
    assert!(policies.iter().all(|policy| [TENANT_ROLE, DOOR_ROLE].contains(&policy.2.as_str())), "{policies:?}");
    fresh.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_roles_own_nothing_and_rank_above_nothing() {
    let fresh = Fresh::start().await;
    let mut administrator = fresh.administrator().await;
    for role in [TENANT_ROLE, DOOR_ROLE] {
        let powers = format!(
            "SELECT count(*) FROM pg_roles WHERE rolname = '{role}' AND NOT \
             (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication)"
        );
        assert_eq!(count(&mut administrator, powers).await, Ok(1), "{role}");
        let owned = format!("SELECT count(*) FROM pg_class WHERE relowner = '{role}'::regrole");
        assert_eq!(count(&mut administrator, owned).await, Ok(0), "{role}");
        let schema = format!("SELECT count(*) FROM pg_namespace WHERE has_schema_privilege('{role}', oid, 'CREATE')");
        assert_eq!(count(&mut administrator, schema).await, Ok(0), "{role}");
    }
    fresh.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_tenant_stays_on_a_connection() {
    let fresh = Fresh::start().await;
    let [one, two] = two_tenants(&fresh).await;
    for round in 0..20 {
        let tenant = if round % 2 == 0 { one } else { two };
        fresh.storage.begin(tenant).await.unwrap().commit().await.unwrap();
        drop(fresh.storage.begin(tenant).await.unwrap());
        fresh
            .storage
            .inbox(tenant)
            .find_lead(&hubchat_domain::Visibility::All, Uuid::from_u128(round).into())
            .await
            .unwrap();
        // One whose statement failed, and one whose caller went away while it began.
        let failed = TenantTransaction::begin(fresh.storage.pools(), tenant, Access::Write).await.unwrap();
        assert!(sea_orm::ConnectionTrait::execute_unprepared(&failed, "SELECT 1 / 0").await.is_err());
        drop(failed);
        let storage = fresh.storage.clone();
        let cut_off = tokio::spawn(async move { drop(storage.begin(tenant).await) });
        tokio::task::yield_now().await;
        cut_off.abort();
    }
    let mut users: BTreeMap<String, usize> = BTreeMap::new();
    let mut taken = Vec::new();
    // One of the eight listens.
    for _ in 0..7 {
        let mut connection = fresh.pool().acquire().await.unwrap();
        let (user, tenant): (String, Option<String>) =
            sqlx::query_as("SELECT current_user::text, current_setting('hubchat.tenant', true)")
                .fetch_one(&mut *connection)
                .await
                .unwrap();
        assert_eq!(tenant.unwrap_or_default(), "", "a tenant stays behind");
        *users.entry(user).or_default() += 1;
        taken.push(connection);
    }
    assert_eq!(users, BTreeMap::from([(DOOR_ROLE.to_owned(), 7)]));
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    assert_eq!(count(&mut fresh.administrator().await, open.to_owned()).await, Ok(0), "a transaction stays open");
    drop(taken);
    fresh.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_user_works_and_the_owner_migrates() {
    let number = Uuid::from_u128(u128::from(std::process::id())).simple().to_string();
    let (plain, stranger) = (format!("hubchat_plain_{number}"), format!("hubchat_stranger_{number}"));
    let fresh = Fresh::start().await;
    for user in [&plain, &stranger] {
        on_server(&format!("DROP ROLE IF EXISTS {user}")).await;
        on_server(&format!("CREATE ROLE {user} LOGIN PASSWORD 'secret'")).await;
    }
    let address = |user: &str| {
        let (_, place) = fresh.url.split_once("://").unwrap();
        let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
        format!("postgres://{user}:secret@{place}")
    };
    let refused = connect(&address(&stranger), None).await.err().expect("no member of the roles");
    let words = refused.to_string();
    assert!(words.contains(&format!("GRANT {TENANT_ROLE} TO \"{stranger}\";")), "{words}");
    assert!(words.contains(&format!("GRANT {DOOR_ROLE} TO \"{stranger}\";")), "{words}");
    // The owner makes the plain user a member; from then on the owner is not needed.
    for owner in [Some(fresh.url.as_str()), None] {
        let storage = connect(&address(&plain), owner).await.unwrap();
        storage.migrate().await.unwrap();
        cases::accounts::secrets_are_replaced_without_touching_the_account(&Fresh {
            queue: storage.queue(),
            intake: storage.intake(),
            storage: storage.clone(),
            url: fresh.url.clone(),
        })
        .await;
        storage.close().await;
        for sql in ["DELETE FROM channel_accounts", "DELETE FROM data_keys", "DELETE FROM tenants"] {
            sqlx::raw_sql(sql).execute(&mut fresh.administrator().await).await.unwrap();
        }
    }
    fresh.remove().await;
    for user in [&plain, &stranger] {
        on_server(&format!("DROP ROLE {user}")).await;
    }
}

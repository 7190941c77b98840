//! Every list walks an index in its own order: no sort, and no table read from end to end.

use std::sync::atomic::{AtomicU32, Ordering};

use hubchat_domain::{
    ChannelAccountId, ChannelType, ConversationStatus, LeadId, LeadStatus, MemberId, TeamId, TenantId, Timestamp,
    Viewpoint, Visibility,
};
use hubchat_ports::{ConversationFilter, Keyset, LeadFilter, Viewer};
use sea_orm::DbBackend;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

use super::{Inbox, Select, accounts, conversations, leads, messages, page::First};
use crate::{
    Storage, StorageConfig, pools::SqlPools, queue::OF_LISTS, rows::Row, session::lookups, statements::localised,
};

/// Enough rows that reading them all is dear to PostgreSQL.
const ROWS: u32 = 20_000;

/// A list, the index that it must walk, and its statement with values.
type Case = (&'static str, &'static str, Select, [&'static str; 2]);

fn tenant() -> TenantId {
    uuid(1).into()
}

/// A member who sees so far.
fn seeing(visibility: &Visibility) -> Viewer {
    Viewer { visibility: visibility.clone(), member: Some(uuid(3).into()) }
}

/// What `lpad(to_hex(n), 32, '0')::uuid` is.
fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn cases(backend: DbBackend) -> Vec<Case> {
    let by_change = ["l.updated_at", "l.id"];
    let lead = |filter: LeadFilter| leads::list(backend, tenant(), &Visibility::All, &filter);
    let by_message = ["v.last_message_at", "v.id"];
    let conversation = |filter: ConversationFilter| conversations::list(backend, tenant(), &Viewer::SYSTEM, &filter);
    let own = Visibility::Only(Viewpoint { members: vec![uuid(3).into()], ..Viewpoint::default() });
    let mut thread = messages::list(backend, tenant());
    thread.and("m.conversation_id = ?", uuid(500));
    let columns = hubchat_domain::Activity::TABLE.select("a", "");
    let mut log = Select::from(backend, &columns, "activities AS a", ("a", tenant()));
    log.and("a.lead_id = ?", uuid(500));
    let status = Some(LeadStatus::Qualified);
    let member = Some(MemberId::from(uuid(3)));
    let team = Some(TeamId::from(uuid(3)));
    vec![
        ("leads", "leads_by_change", lead(LeadFilter::default()), by_change),
        ("leads in a status", "leads_by_status", lead(LeadFilter { status, ..Default::default() }), by_change),
        (
            "leads of a member",
            "leads_by_owner",
            lead(LeadFilter { assigned_member_id: member, ..Default::default() }),
            by_change,
        ),
        ("leads of nobody", "leads_unassigned", lead(LeadFilter { unassigned: true, ..Default::default() }), by_change),
        (
            "leads of a channel",
            "leads_by_channel",
            lead(LeadFilter { channel_type: Some(ChannelType::Facebook), ..Default::default() }),
            by_change,
        ),
        ("conversations", "conversations_by_message", conversation(ConversationFilter::default()), by_message),
        (
            "conversations in a status",
            "conversations_by_status",
            conversation(ConversationFilter { status: Some(ConversationStatus::Resolved), ..Default::default() }),
            by_message,
        ),
        (
            "conversations of a channel",
            "conversations_by_channel",
            conversation(ConversationFilter { channel_type: Some(ChannelType::Facebook), ..Default::default() }),
            by_message,
        ),
        (
            "conversations of an account",
            "conversations_by_account",
            conversation(ConversationFilter {
                account_id: Some(ChannelAccountId::from(uuid(12))),
                ..Default::default()
            }),
            by_message,
        ),
        (
            "conversations of a lead",
            "conversations_by_lead",
            conversation(ConversationFilter { lead_id: Some(LeadId::from(uuid(500))), ..Default::default() }),
            by_message,
        ),
        (
            "unread conversations",
            "conversations_unread",
            conversation(ConversationFilter { unread: true, ..Default::default() }),
            by_message,
        ),
        (
            "conversations of those who wait",
            "conversations_waiting",
            conversation(ConversationFilter { waiting: true, ..Default::default() }),
            ["v.waiting_since", "v.id"],
        ),
        (
            "conversations that are put aside",
            "conversations_snoozed",
            conversation(ConversationFilter { snoozed: Some(true), ..Default::default() }),
            by_message,
        ),
        (
            "leads of a team",
            "leads_by_team",
            lead(LeadFilter { assigned_team_id: team, ..Default::default() }),
            by_change,
        ),
        (
            "conversations of a member",
            "conversations_by_owner",
            conversation(ConversationFilter { assigned_member_id: member, ..Default::default() }),
            by_message,
        ),
        (
            "conversations of no member",
            "conversations_unassigned",
            conversation(ConversationFilter { unassigned: true, ..Default::default() }),
            by_message,
        ),
        (
            "conversations of a team",
            "conversations_by_team",
            conversation(ConversationFilter { assigned_team_id: team, ..Default::default() }),
            by_message,
        ),
        ("own leads", "leads_by_owner", leads::list(backend, tenant(), &own, &LeadFilter::default()), by_change),
        (
            "own conversations",
            "conversations_by_owner",
            conversations::list(backend, tenant(), &seeing(&own), &ConversationFilter::default()),
            by_message,
        ),
        ("accounts", "channel_accounts_by_age", accounts::list(backend, tenant()), accounts::ORDER),
        ("messages", "messages_of_conversation", thread, ["m.occurred_at", "m.id"]),
        ("activities", "activities", log, ["a.at", "a.id"]),
    ]
}

/// The lists of someone who sees their team's rows and nobody's: each part walks its index.
fn put_together(backend: DbBackend) -> Vec<(&'static str, [&'static str; 3], Select, [&'static str; 2])> {
    let members = vec![uuid(3).into(), uuid(4).into()];
    let team = Visibility::Only(Viewpoint { members, teams: vec![uuid(3).into()], unassigned: true });
    vec![
        (
            "leads of a team's eyes",
            ["leads_by_owner", "leads_by_team", "leads_of_nobody"],
            leads::list(backend, tenant(), &team, &LeadFilter::default()),
            ["l.updated_at", "l.id"],
        ),
        (
            "conversations of a team's eyes",
            ["conversations_by_owner", "conversations_by_team", "conversations_of_nobody"],
            conversations::list(backend, tenant(), &seeing(&team), &ConversationFilter::default()),
            ["v.last_message_at", "v.id"],
        ),
    ]
}

/// Pages from the top and from the middle.
fn pages() -> [Option<Keyset>; 2] {
    [None, Some(Keyset { at: Timestamp::from_micros(10_000), id: uuid(10_000) })]
}

/// The plan of a lookup by a list.
async fn explain(inbox: &Inbox, sql: &str) -> Vec<String> {
    let mut values = vec![tenant().as_uuid().into(), "[]".into()];
    if sql.contains("LIMIT $3") {
        values.push(100_i64.into());
    } else if sql.contains("$3") {
        values.push(uuid(12).into());
    }
    let rows = inbox.rows(&format!("EXPLAIN {sql}"), values).await.unwrap();
    rows.iter().map(|row| row.try_get("", "QUERY PLAN").unwrap()).collect()
}

async fn plan(inbox: &Inbox, explain: &str, case: (Select, Option<Keyset>, [&'static str; 2])) -> Vec<String> {
    let (select, after, order) = case;
    let first = if ["v.waiting_since", "a.created_at"].contains(&order[0]) { First::Oldest } else { First::Newest };
    let (sql, values) = select.page_from(first, after, order, 51);
    let column = if inbox.backend() == DbBackend::Postgres { "QUERY PLAN" } else { "detail" };
    let rows = inbox.rows(&format!("{explain} {sql}"), values).await.unwrap();
    rows.iter().map(|row| row.try_get("", column).unwrap()).collect()
}

#[tokio::test]
async fn lists_walk_their_index_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("plans.db").display());
    let storage = Storage::connect(
        &StorageConfig { url: url.into(), migration_url: None, max_connections: 1 },
        std::sync::Arc::new(hubchat_conformance::PlainSeal),
    )
    .await
    .unwrap();
    storage.migrate().await.unwrap();
    let inbox = Inbox::new(storage.pools().clone(), tenant());
    for after in pages() {
        for (name, index, select, order) in cases(DbBackend::Sqlite) {
            let plan = plan(&inbox, "EXPLAIN QUERY PLAN", (select, after, order)).await;
            let text = plan.join("\n");
            let walks = if index == "activities" { "sqlite_autoindex_activities_1" } else { index };
            assert!(plan[0].contains(&format!(" INDEX {walks} ")), "{name} from {after:?}:\n{text}");
            assert!(!text.contains("SCAN") && !text.contains("B-TREE"), "{name} from {after:?}:\n{text}");
            let beyond = plan[0].contains(")<(") || plan[0].contains(")>(");
            assert_eq!(beyond, after.is_some(), "{name} from {after:?}:\n{text}");
        }
        for (name, walks, select, order) in put_together(DbBackend::Sqlite) {
            let plan = plan(&inbox, "EXPLAIN QUERY PLAN", (select, after, order)).await;
            let text = plan.join("\n");
            for walks in walks {
                let step = plan.iter().find(|line| line.contains(&format!(" INDEX {walks} ")));
                let step = step.unwrap_or_else(|| panic!("{name} from {after:?} without {walks}:\n{text}"));
                assert!(step.contains("SEARCH"), "{name} from {after:?}:\n{text}");
                assert_eq!(step.contains(")<("), after.is_some(), "{name} from {after:?}:\n{text}");
            }
            for line in plan.iter().filter(|line| line.contains("SCAN")) {
                let of_few = ["SCAN o", "SCAN e", "SCAN p", "SCAN u", "SCAN b", "SCAN (sub"];
                assert!(of_few.iter().any(|few| line.starts_with(few)), "{name} from {after:?}:\n{text}");
            }
            assert!(text.contains("SEARCH b USING"), "each row by its id, {name} from {after:?}:\n{text}");
        }
    }
    storage.close().await;
}

#[tokio::test]
async fn lists_walk_their_index_on_postgresql() {
    static DATABASES: AtomicU32 = AtomicU32::new(0);
    let name = format!("hubchat_plans_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
    let server = server_url();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    on_server(&server, format!("CREATE DATABASE {name}")).await;
    let storage = Storage::connect(
        &StorageConfig { url: url.clone().into(), migration_url: None, max_connections: 3 },
        std::sync::Arc::new(hubchat_conformance::PlainSeal),
    )
    .await
    .unwrap();
    storage.migrate().await.unwrap();
    let mut wrong = Vec::new();
    let young = Inbox::new(storage.pools().clone(), tenant());
    for sql in lookups(DbBackend::Postgres) {
        // What PostgreSQL plans while the tables are empty it keeps when they are not.
        let plan = explain(&young, &sql).await.join("\n");
        let astray = ["Seq Scan on", "Bitmap", "Hash Join", "Merge Join", "Cond: (tenant_id"];
        if astray.iter().any(|way| plan.contains(way)) || plan.contains("Update") != plan.contains("TID Cond") {
            wrong.push(format!("on empty tables:\n{plan}"));
        }
    }
    let SqlPools::Postgres(young) = storage.pools() else { panic!("PostgreSQL") };
    // An empty table that was analysed has no page, as that of a queue often has none before it grows.
    on_server(&url, "ANALYZE jobs".to_owned()).await;
    sqlx::query(
        "INSERT INTO jobs (lane, order_key, tenant_id, kind, payload, run_at, enqueued_at) \
         SELECT 'outbound', n::text, gen_random_uuid(), 'k', repeat('x', 60), 0, 0 FROM generate_series(1, 5000) AS n",
    )
    .execute(young)
    .await
    .unwrap();
    for sql in OF_LISTS {
        let explain = sqlx::query_scalar(AssertSqlSafe(format!("EXPLAIN {sql}"))).bind(vec![1_i64]).bind(vec![1_i64]);
        let explain = if sql.contains("$3") { explain.bind(1_i64) } else { explain };
        let plan: Vec<String> = explain.fetch_all(young).await.unwrap();
        let plan = plan.join("\n");
        if !plan.contains("Index Scan using jobs_pkey on jobs") || !plan.contains("Index Cond: (id = ANY") {
            wrong.push(format!("of jobs:\n{plan}"));
        }
    }
    // Without the storage's own settings, which forbid what is to be found here.
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    for statement in fill() {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&pool).await.unwrap();
    }
    let inbox = Inbox::new(SqlPools::Postgres(pool.clone()), tenant());
    for sql in lookups(DbBackend::Postgres) {
        let plan: Vec<String> = explain(&inbox, &sql).await;
        if plan.iter().any(|line| line.contains("Seq Scan on")) {
            wrong.push(plan.join("\n"));
        }
    }
    for after in pages() {
        for (name, index, select, order) in cases(DbBackend::Postgres) {
            let plan = plan(&inbox, "EXPLAIN", (select, after, order)).await;
            let text = plan.join("\n");
            let walks = if index == "activities" { "activities_pkey" } else { index };
            let sorts = plan.iter().any(|line| line.contains("Sort  ("));
            if sorts
                || text.contains("Seq Scan on conversations")
                || text.contains("Seq Scan on leads")
                || text.contains("Seq Scan on contact")
                || text.contains("Seq Scan on mess")
                || !text.contains(&format!(" using {walks} "))
            {
                wrong.push(format!("{name} from {after:?}:\n{text}"));
            }
        }
    }
    for after in pages() {
        for (name, walks, select, order) in put_together(DbBackend::Postgres) {
            let plan = plan(&inbox, "EXPLAIN", (select, after, order)).await;
            let text = plan.join("\n");
            let strays = ["Seq Scan on conversations", "Seq Scan on leads", "Bitmap", "Hash Join", "Merge Join"];
            if walks.iter().any(|walks| !text.contains(&format!(" using {walks} ")))
                || strays.iter().any(|stray| text.contains(stray))
            {
                wrong.push(format!("{name} from {after:?}:\n{text}"));
            }
        }
    }
    pool.close().await;
    storage.close().await;
    on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A tenant with twenty accounts and many customers, one lead and conversation each.
fn fill() -> Vec<String> {
    let n = "lpad(to_hex(n), 32, '0')::uuid";
    let account = "lpad(to_hex(10 + n % 20), 32, '0')::uuid";
    let one = "lpad('1', 32, '0')::uuid";
    let rows = format!("generate_series(1, {ROWS}) AS n");
    let channel = "CASE n % 50 WHEN 0 THEN 'FACEBOOK' ELSE 'LINE' END";
    [
        format!("INSERT INTO tenants VALUES ({one}, 'plans', 'Plans', 0, 0)"),
        format!("INSERT INTO data_keys VALUES ({one}, 1, '', 0, NULL)"),
        format!(
            "INSERT INTO channel_accounts SELECT {account}, {one}, 'LINE', 'a', 'x' || n, 'k' || n, 'ACTIVE', NULL, '', 1, 0, 0, 1 \
             FROM generate_series(1, 20) AS n"
        ),
        // Nobody writes by these: they are for the list of accounts.
        format!(
            "INSERT INTO channel_accounts SELECT lpad(to_hex(1000 + n), 32, '0')::uuid, {one}, 'LINE', 'b', 'y' || n, 'l' || n, \
             'ACTIVE', NULL, '', 1, n, n, 1 FROM generate_series(1, 5000) AS n"
        ),
        format!("INSERT INTO users SELECT {n}, 'u' || n, 'u', NULL, 0, 0, 1 FROM generate_series(1, 20) AS n"),
        format!(
            "INSERT INTO members SELECT {n}, {one}, {n}, 'm' || n, 'm' || n, 'SALES', 'ACTIVE', NULL, 0, 0, 1 \
             FROM generate_series(1, 20) AS n"
        ),
        format!(
            "INSERT INTO teams SELECT {n}, {one}, 't' || n, 't' || n, 0, 0, 1 FROM generate_series(1, 5) AS n"
        ),
        format!("INSERT INTO contacts SELECT {n}, {one}, 'c' || n, NULL, n, n, 1 FROM {rows}"),
        format!(
            "INSERT INTO contact_identities SELECT {n}, {one}, {n}, {account}, 'u' || n, NULL, 'LINE', NULL, NULL, NULL, true, \
             NULL, n, n, 1 FROM {rows}"
        ),
        format!(
            "INSERT INTO leads SELECT {n}, {one}, {n}, {account}, {channel}, \
             CASE n % 20 WHEN 0 THEN 'QUALIFIED' ELSE 'NEW' END, \
             CASE WHEN n % 10 = 0 THEN NULL ELSE lpad(to_hex(1 + n % 20), 32, '0')::uuid END, \
             CASE n % 30 WHEN 0 THEN NULL ELSE lpad(to_hex(1 + n % 5), 32, '0')::uuid END, '[]', NULL, NULL, n, n, NULL, 1 \
             FROM {rows}"
        ),
        format!(
            "INSERT INTO conversations SELECT {n}, {one}, {account}, 'u' || n, 'DIRECT', {channel}, {n}, {n}, {n}, NULL, NULL, \
             CASE n % 20 WHEN 0 THEN 'RESOLVED' ELSE 'OPEN' END, CASE n % 20 WHEN 1 THEN 2 ELSE 0 END, 'hello', 'TEXT', \
             n, n, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, 1, n, n, 1, \
             CASE n % 10 WHEN 1 THEN n END, CASE n % 10 WHEN 2 THEN n END, 2 FROM {rows}"
        ),
        format!(
            "INSERT INTO messages (id, tenant_id, conversation_id, account_id, lead_id, seq, direction, sender, kind, \
             content, external_message_id, delivery_status, occurred_at, created_at, updated_at, version) \
             SELECT {n}, {one}, lpad(to_hex(500 + n % 4), 32, '0')::uuid, {account}, {n}, n, 'INBOUND', '{{}}', 'TEXT', \
             '{{}}', 'e' || n, 'DELIVERED', n, n, n, 1 FROM {rows}"
        ),
        format!(
            "INSERT INTO activities SELECT {n}, {one}, lpad(to_hex(500 + n % 4), 32, '0')::uuid, 'LEAD_CREATED', '{{}}', \
             '{{}}', n FROM {rows}"
        ),
        format!("INSERT INTO message_parts SELECT {account}, 'p' || n, {one}, {n} FROM {rows}"),
        "ANALYZE".to_owned(),
    ]
    .to_vec()
}

async fn on_server(server: &str, sql: String) {
    let mut server = PgConnection::connect(server).await.expect(
        "this test needs PostgreSQL: start one, and set HUBCHAT_TEST_DATABASE_URL unless it is \
         postgres://postgres@127.0.0.1:5432/postgres",
    );
    sqlx::query(AssertSqlSafe(sql)).execute(&mut server).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "where the test server is, is no configuration of hubchat's")]
fn server_url() -> String {
    std::env::var("HUBCHAT_TEST_DATABASE_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

#[test]
fn placeholders_are_the_databases_own() {
    assert_eq!(localised(DbBackend::Postgres, "a = ?1"), "a = $1");
    assert_eq!(localised(DbBackend::Sqlite, "a = ?1"), "a = ?1");
}

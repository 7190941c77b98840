//! Keys of secrets at rest: changed while messages go out, and useless to whoever has the database alone.

use std::sync::atomic::{AtomicBool, Ordering};

use hubchat_core::{RotateKeysCommand, Rotation};
use hubchat_wiring::{Config, Wired, wire};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{
    database::Kind,
    hub::{ACCESS_TOKEN, CHANNEL_SECRET, Hub},
    webhook::{body, post, text_event, user},
};

/// A master key: one digit repeated.
fn master(digits: &str) -> SecretString {
    let keys: Vec<String> = digits.chars().map(|digit| digit.to_string().repeat(64)).collect();
    SecretString::from(keys.join(","))
}

/// Another process over the same database, with other master keys.
async fn beside(hub: &Hub, digits: &str) -> Wired {
    wire(&Config { master_key: Some(master(digits)), ..hub.wired.config.clone() }).await.unwrap()
}

async fn rotate(wired: &Wired, data_keys: bool) -> Rotation {
    wired.hubchat.rotate_keys.run(RotateKeysCommand { tenant: None, data_keys }).await.unwrap()
}

/// Whether that process can open the account's credentials.
async fn opens(hub: &Hub, wired: &Wired) -> bool {
    let account = uuid::Uuid::parse_str(&hub.channel_id).unwrap().into();
    wired.hubchat.test_channel.run(&hub.tenant, account, false).await.is_ok()
}

async fn keys_change_while_messages_go_out(kind: Kind) {
    let hub = Hub::start_with(kind, |config| config.master_key = Some(master("12"))).await;
    let url = format!("{}{}", hub.url, hub.webhook_path);
    post(&hub.client, &url, body(&[text_event(&user(1), "0", "hello")])).await;
    let conversation = hub.conversation("the conversation", |_| true).await;
    let done = AtomicBool::new(false);
    let traffic = async {
        let mut sent = Vec::new();
        while !done.load(Ordering::Relaxed) || sent.len() < 20 {
            let number = sent.len();
            // A change of the account makes every host read its credentials again.
            let path = format!("/api/channels/{}", hub.channel_id);
            let renamed = json!({"name": format!("LINE {number}")});
            let (status, answer) = hub.call(Method::PATCH, &path, Some(renamed)).await;
            assert_eq!(status, StatusCode::OK, "{answer}");
            post(&hub.client, &url, body(&[text_event(&user(1), &format!("in {number}"), "hello")])).await;
            sent.push(hub.send_text(&conversation, &format!("out {number}")).await);
        }
        sent
    };
    let rotations = async {
        let operator = beside(&hub, "21").await;
        let first = rotate(&operator, false).await;
        assert_eq!((first.rewrapped, first.made, first.resealed), (1, 0, 0));
        for _ in 0..5 {
            let renewed = rotate(&operator, true).await;
            assert_eq!((renewed.rewrapped, renewed.made, renewed.resealed), (0, 1, 1));
        }
        let status = operator.hubchat.key_status.run(None).await.unwrap();
        assert_eq!(status.former_seals, 0);
        let [current, former] = &status.master_keys[..] else { panic!("{status:?}") };
        assert_eq!((current.current, current.data_keys), (true, 6));
        assert!(former.is_dispensable(), "{status:?}");
        operator.storage.close().await;
        done.store(true, Ordering::Relaxed);
    };
    let (sent, ()) = tokio::join!(traffic, rotations);
    for message in &sent {
        hub.settled(message, &["SENT"]).await;
    }
    let stats = hub.wired.hubchat.dead_letters.stats().await.unwrap();
    assert!(stats.iter().all(|lane| lane.dead == 0), "{stats:?}");
    for (digits, good) in [("2", true), ("1", false)] {
        let alone = beside(&hub, digits).await;
        assert_eq!(opens(&hub, &alone).await, good, "master key {digits} alone");
        let rotation = alone.hubchat.rotate_keys.run(RotateKeysCommand::default()).await;
        assert_eq!(rotation.is_ok(), good, "master key {digits} alone");
        alone.storage.close().await;
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_change_while_messages_go_out_on_sqlite() {
    Box::pin(keys_change_while_messages_go_out(Kind::Sqlite)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_change_while_messages_go_out_on_postgres() {
    Box::pin(keys_change_while_messages_go_out(Kind::Postgres)).await;
}

/// What no dump may hold, and how bytes look where a dump writes them as digits.
fn canaries() -> [String; 4] {
    let hex = |text: &str| text.bytes().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
    [ACCESS_TOKEN.to_owned(), CHANNEL_SECRET.to_owned(), hex(ACCESS_TOKEN), hex(CHANNEL_SECRET)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_files_of_sqlite_hold_no_credential() {
    let hub = Hub::start(Kind::Sqlite).await;
    assert!(opens(&hub, &hub.wired).await);
    let name = hub.wired.config.database();
    let file = name.expose_secret().strip_prefix("sqlite://").unwrap().to_owned();
    let (mut read, mut found) = (0, false);
    for suffix in ["", "-wal", "-shm"] {
        let Ok(bytes) = std::fs::read(format!("{file}{suffix}")) else { continue };
        read += bytes.len();
        for canary in canaries() {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{file}{suffix}");
        }
        found |= bytes.windows(9).any(|window| window == b"LINE Shop");
    }
    assert!(found && read > 100_000, "the search finds what is there in {read} bytes");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_postgresql_holds_no_credential() {
    let hub = Hub::start(Kind::Postgres).await;
    assert!(opens(&hub, &hub.wired).await);
    let mut administrator = PgConnection::connect(hub.wired.config.database().expose_secret()).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(&mut administrator)
        .await
        .unwrap();
    assert!(tables.len() > 15, "{tables:?}");
    let mut found = 0;
    for table in tables {
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("SELECT t::text FROM {table} AS t")))
            .fetch_all(&mut administrator)
            .await
            .unwrap();
        for row in rows {
            found += usize::from(row.contains("LINE Shop"));
            assert!(canaries().iter().all(|canary| !row.contains(canary)), "{table}");
        }
    }
    assert!(found > 0, "the search finds what is there");
    hub.stop().await;
}

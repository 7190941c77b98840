//! Whoever is out is out of their sockets within five seconds, on every process, whatever carries the news.

use std::time::{Duration, Instant};

use hubchat_core::domain::Scope;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use crate::{
    browser::{Browser, PASSWORD, member, owner},
    database::Kind,
    following::said,
    hub::Hub,
    socket::Socket,
    socket_hosts::OtherHost,
};

/// What ends a log-in or a key.
#[derive(Debug, Clone, Copy)]
enum Deed {
    LogOut,
    Revoke,
    NewPassword,
    Disable,
    RevokeKey,
}

/// A redis of these tests, if there is to be one.
fn redis() -> Option<SecretString> {
    #[expect(clippy::disallowed_methods, reason = "tests are told where their server is by the environment")]
    let told = std::env::var("HUBCHAT_TEST_REDIS_URL");
    Some(SecretString::from(told.unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned())))
}

async fn logged_in(hub: &Hub, email: &str) -> Browser {
    let mut browser = Browser::of(hub);
    let page = browser.log_in(email, PASSWORD).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    browser
}

async fn who_is_out_is_out_of_their_sockets(kind: Kind, redis: Option<SecretString>) {
    let hub = Hub::start_with(kind, |config| config.redis_url = redis).await;
    let other = OtherHost::start(&hub, |_| ()).await;
    let mut boss = owner(&hub).await;
    // With a Redis that is shared with other tests, log-ins are counted by address.
    let own = hub.folder().file_name().unwrap().to_string_lossy().trim_start_matches('.').to_lowercase();
    for deed in [Deed::LogOut, Deed::Revoke, Deed::NewPassword, Deed::RevokeKey, Deed::Disable] {
        let email = format!("{deed:?}.{own}@shop.example").to_lowercase();
        let (mut nok, id) = member(&hub, &mut boss, &email, "SALES").await;
        let mut elsewhere = logged_in(&hub, &email).await;
        let key = hub.wired.hubchat.create_api_key.run(&hub.tenant, "k", &[Scope::InboxRead], None).await.unwrap();
        let credential = match deed {
            Deed::RevokeKey => key.key.expose_secret().to_owned(),
            _ => nok.token.clone().unwrap(),
        };
        let mut sockets = Vec::new();
        for url in [&hub.url, &other.url] {
            sockets.push(Socket::open(&hub.client, url, &credential, None, &["inbox"]).await.0);
        }
        let start = Instant::now();
        match deed {
            Deed::LogOut => {
                let page = nok.post("/api/auth/logout", json!({})).await;
                assert_eq!(page.status, StatusCode::NO_CONTENT, "{}", page.body);
            }
            Deed::Revoke => {
                let sessions = nok.call(Method::GET, "/api/auth/sessions", None).await.body;
                let current =
                    sessions["items"].as_array().unwrap().iter().find(|one| one["current"] == true).unwrap().clone();
                let path = format!("/api/auth/sessions/{}", current["id"].as_str().unwrap());
                assert!(elsewhere.call(Method::DELETE, &path, None).await.status.is_success());
            }
            Deed::NewPassword => {
                let body = json!({"currentPassword": PASSWORD, "newPassword": PASSWORD});
                let page = elsewhere.post("/api/auth/change-password", body).await;
                assert!(page.status.is_success(), "{}", page.body);
            }
            Deed::Disable => {
                let body = json!({"status": "DISABLED"});
                assert!(boss.call(Method::PATCH, &format!("/api/members/{id}"), Some(body)).await.status.is_success());
            }
            Deed::RevokeKey => {
                let path = format!("/api/keys/{}", key.record.id);
                assert!(hub.call(Method::DELETE, &path, None).await.0.is_success());
            }
        }
        for socket in &mut sockets {
            assert_eq!(socket.closed().await, 4401, "{deed:?}");
        }
        assert!(start.elapsed() < Duration::from_secs(5), "{deed:?} took {:?}", start.elapsed());
    }
    // Everybody else is still there.
    let (mut witness, _) = Socket::open(&hub.client, &other.url, hub.key.expose_secret(), None, &["inbox"]).await;
    said(&hub, 1, "1", "hello").await;
    witness.event("the message", |event| event["message"]["content"] == "hello").await;
    other.stop().await;
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_without_redis() {
    who_is_out_is_out_of_their_sockets(Kind::Sqlite, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_without_redis() {
    who_is_out_is_out_of_their_sockets(Kind::Postgres, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_with_redis() {
    who_is_out_is_out_of_their_sockets(Kind::Postgres, redis()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_with_a_redis_that_is_away() {
    let away = SecretString::from("redis://127.0.0.1:1".to_owned());
    who_is_out_is_out_of_their_sockets(Kind::Postgres, Some(away)).await;
}

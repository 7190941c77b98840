//! Who is let in, for how long, and from where.

use std::time::Duration;

use hubchat_core::{
    domain::{Permission, Scope},
    port::{AccessClaims, SocketTicket, TicketHolder},
};
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, member, owner},
    following::said,
    hub::Hub,
    on_both_databases,
    socket::{Socket, ticket},
    socket_hosts::OtherHost,
};

/// An access token of a member that ends so soon.
async fn short_token(hub: &Hub, browser: &mut Browser, lasts: Duration) -> String {
    let sessions = browser.call(Method::GET, "/api/auth/sessions", None).await.body;
    let id = |value: &Value| value.as_str().unwrap().parse::<uuid::Uuid>().unwrap();
    let ports = &hub.wired.hubchat.ports;
    let now = ports.clock.now();
    let session = id(&sessions["items"][0]["id"]);
    let user = ports.access.find_standing(session.into()).await.unwrap().unwrap().user.id;
    let claims =
        AccessClaims { session_id: session.into(), user_id: user, issued_at: now, expires_at: now.plus(lasts) };
    ports.access_tokens.issue(&claims).unwrap().expose_secret().to_owned()
}

on_both_databases! {
    async fn a_ticket_opens_one_socket_in_its_time(hub: Hub) {
        let key = hub.key.expose_secret();
        let once = ticket(&hub.client, &hub.url, key).await;
        assert!(Socket::connect(&hub.url, &once, None).await.is_ok());
        assert_eq!(Socket::connect(&hub.url, &once, None).await.err(), Some(401), "a second time");
        for none in ["", "hct_", "hct_00000000000000000000000000000000", key] {
            assert_eq!(Socket::connect(&hub.url, none, None).await.err(), Some(401), "{none}");
        }
        // One whose time is over, as storage has it.
        let ports = &hub.wired.hubchat.ports;
        let old = "hct_0123456789abcdef0123456789abcdef";
        let record = ports.directory.find_api_key(key.rsplit_once('_').unwrap().0).await.unwrap().unwrap();
        let kept = |expires_at| SocketTicket {
            hash: ports.vault.digest(old.as_bytes()),
            tenant_id: hub.tenant.tenant_id(),
            holder: TicketHolder::ApiKey(record.id),
            access_ends_at: None,
            expires_at,
        };
        ports.socket_tickets.insert(&kept(ports.clock.now())).await.unwrap();
        assert_eq!(Socket::connect(&hub.url, old, None).await.err(), Some(401), "its time is over");
        ports.socket_tickets.insert(&kept(ports.clock.now().plus(Duration::from_secs(30)))).await.unwrap();
        assert!(Socket::connect(&hub.url, old, None).await.is_ok(), "the same one in its time");
        // Without an upgrade it is a page like any other.
        let plain = hub.client.get(format!("{}/api/ws", hub.url)).send().await.unwrap();
        assert!(plain.status().is_client_error(), "{}", plain.status());
    }

    async fn a_ticket_is_worth_what_its_credential_is_worth_when_it_is_used(hub: Hub) {
        let hubchat = &hub.wired.hubchat;
        let writer = hubchat.create_api_key.run(&hub.tenant, "w", &[Scope::MessagesSend], None).await.unwrap();
        let answer = hub.call_as(Some(&writer.key), Method::POST, "/api/ws/tickets", None).await;
        assert_eq!((answer.0, &answer.1["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")));
        assert!(answer.1["detail"].as_str().unwrap().contains(Permission::InboxRead.as_str()));
        assert_eq!(hub.call_as(None, Method::POST, "/api/ws/tickets", None).await.0, StatusCode::UNAUTHORIZED);
        let reader = hubchat.create_api_key.run(&hub.tenant, "r", &[Scope::InboxRead], None).await.unwrap();
        let given = ticket(&hub.client, &hub.url, reader.key.expose_secret()).await;
        hubchat.revoke_api_key.run(&hub.tenant, reader.record.id).await.unwrap();
        assert_eq!(Socket::connect(&hub.url, &given, None).await.err(), Some(401), "the key was revoked meanwhile");
        let mut boss = owner(hub).await;
        let given = ticket(&hub.client, &hub.url, boss.token.as_ref().unwrap()).await;
        assert_eq!(boss.post("/api/auth/logout", json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(Socket::connect(&hub.url, &given, Some(&hub.url)).await.err(), Some(401), "logged out meanwhile");
    }

    async fn pages_of_strangers_open_no_socket(hub: Hub) {
        let boss = owner(hub).await;
        let (token, key) = (boss.token.clone().unwrap(), hub.key.expose_secret());
        let attempt = async |credential: &str, origin: Option<&str>| {
            let ticket = ticket(&hub.client, &hub.url, credential).await;
            Socket::connect(&hub.url, &ticket, origin).await.err()
        };
        let shop = "https://shop.example";
        for (credential, origin, refused) in [
            (token.as_str(), Some(hub.url.as_str()), None),
            (token.as_str(), Some("https://evil.example"), Some(403)),
            (token.as_str(), Some("null"), Some(403)),
            (token.as_str(), None, Some(403)),
            (token.as_str(), Some(shop), Some(403)),
            (key, None, None),
            (key, Some("https://evil.example"), Some(403)),
        ] {
            assert_eq!(attempt(credential, origin).await, refused, "{origin:?}");
        }
        let body = json!({"allowedOrigins": [shop]});
        assert_eq!(hub.call(Method::PATCH, "/api/settings", Some(body)).await.0, StatusCode::OK);
        assert_eq!(attempt(&token, Some(shop)).await, None, "the tenant lists it");
    }

    async fn one_caller_has_a_bounded_number_of_sockets(hub: Hub) {
        let key = hub.key.expose_secret();
        let mut sockets = Vec::new();
        for _ in 0..20 {
            sockets.push(Socket::open(&hub.client, &hub.url, key, None, &[]).await.0);
        }
        let one_more = async || Socket::connect(&hub.url, &ticket(&hub.client, &hub.url, key).await, None).await.err();
        assert_eq!(one_more().await, Some(429));
        drop(sockets.pop());
        crate::deadline::eventually("there is room again", async || one_more().await.is_none().then_some(())).await;
    }

    async fn a_socket_goes_on_beyond_its_access_token_with_another_ticket(hub: Hub) {
        let mut boss = owner(hub).await;
        let short = short_token(hub, &mut boss, Duration::from_secs(3)).await;
        let (mut socket, _) = Socket::open(&hub.client, &hub.url, &short, None, &["inbox"]).await;
        let asked = socket.of_type("renew").await;
        assert_eq!(asked["withinSeconds"], 60);
        let fresh = ticket(&hub.client, &hub.url, boss.token.as_ref().unwrap()).await;
        socket.say(json!({"type": "renew", "ticket": fresh})).await;
        socket.of_type("renewed").await;
        said(hub, 1, "1", "still with us?").await;
        socket.event("the message", |event| event["message"]["content"] == "still with us?").await;
        // Another's ticket is none for this socket.
        let (nok, _) = member(hub, &mut boss, "nok@shop.example", "SALES").await;
        let others = ticket(&hub.client, &hub.url, nok.token.as_ref().unwrap()).await;
        socket.say(json!({"type": "renew", "ticket": others})).await;
        assert_eq!(socket.closed().await, 4401);
        // Who does not come with one is out.
        let strict = OtherHost::start(hub, |http| http.renew_within = Duration::from_secs(1)).await;
        let short = short_token(hub, &mut boss, Duration::from_secs(3)).await;
        let (mut socket, _) = Socket::open(&hub.client, &strict.url, &short, None, &["inbox"]).await;
        socket.of_type("renew").await;
        assert_eq!(socket.closed().await, 4401);
        strict.stop().await;
    }

    async fn who_says_nothing_is_out(hub: Hub) {
        let key = hub.key.expose_secret();
        let host = OtherHost::start(hub, |http| {
            http.hello_within = Duration::from_millis(400);
            http.heartbeat = Duration::from_millis(400);
        }).await;
        let mut silent = Socket::connect(&host.url, &ticket(&hub.client, &host.url, key).await, None).await.unwrap();
        assert_eq!(silent.closed().await, 4408, "no hello");
        // Whoever reads answers the pings by that, and stays.
        let (mut alive, _) = Socket::open(&hub.client, &host.url, key, None, &["inbox"]).await;
        let frames = alive.all_within(Duration::from_millis(2_500)).await;
        assert!(frames.len() >= 4 && frames.iter().all(|frame| frame["type"] == "beat"), "{frames:?}");
        assert!(frames[0]["cursor"].is_string());
        // Whoever is not there any more is noticed.
        let (gone, _) = Socket::open(&hub.client, &host.url, key, None, &["inbox"]).await;
        assert_eq!(gone.closed_as_dead().await, 4408, "no sign of life");
        host.stop().await;
    }
}

//! What strangers learn at the door: the same answer to the last byte, in the same time, whoever is asked about.
#![expect(clippy::print_stdout, reason = "the figures of a run are told with --success-output")]

use std::time::{Duration, Instant};

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, PASSWORD, mailed_token, member, owner},
    database::Kind,
    deadline::eventually,
    hub::Hub,
    on_both_databases,
};

/// An answer as a stranger sees it, without what tells one request from the next: its id, its time, and how much of
/// a limit of the stranger's own address it left.
#[derive(Debug, PartialEq)]
struct Seen {
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: String,
}

impl Seen {
    async fn of(response: Response) -> Self {
        let status = response.status();
        let own = ["date", "x-request-id", "ratelimit"];
        let headers = response.headers().iter().filter(|(name, _)| !own.contains(&name.as_str()));
        let mut headers: Vec<_> =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        headers.sort();
        let text = response.text().await.unwrap();
        let body = match serde_json::from_str::<Value>(&text) {
            Ok(Value::Object(mut fields)) => {
                assert!(fields.remove("requestId").is_some(), "{text}");
                // Each id is as long as any other, so that lengths may be compared.
                format!("{} bytes: {}", text.len(), Value::Object(fields))
            }
            _ => text,
        };
        Self { status, headers, body }
    }
}

async fn ask(hub: &Hub, path: &str, body: &Value) -> Seen {
    let request = hub.client.post(format!("{}{path}", hub.url)).json(body);
    Seen::of(request.send().await.expect("hubchat answers")).await
}

on_both_databases! {
    async fn status_headers_and_body_are_the_same_whoever_is_asked_about(hub: Hub) {
        let mut owner = owner(hub).await;
        member(hub, &mut owner, "nok@shop.example", "SALES").await;
        hub.add_member("Plain").await;
        let invited = json!({"name": "I", "email": "invited@shop.example", "role": "SALES"});
        owner.post("/api/members", invited).await;
        let emails = [
            "nok@shop.example",
            "nobody@shop.example",
            "plain@shop.example",
            "invited@shop.example",
            "nobody@another.example",
            "not an address",
        ];
        let mut login = Vec::new();
        let mut forgot = Vec::new();
        for email in emails {
            login.push(ask(hub, "/api/auth/login", &json!({"email": email, "password": "wrong password 1"})).await);
            forgot.push(ask(hub, "/api/auth/forgot", &json!({"email": email})).await);
        }
        // A tenant that one is no member of, and one that there is not.
        for tenant in ["shop", "elsewhere"] {
            let body = json!({"email": "nok@shop.example", "password": "wrong password 1", "tenant": tenant});
            login.push(ask(hub, "/api/auth/login", &body).await);
        }
        assert_eq!((login[0].status, forgot[0].status), (StatusCode::UNAUTHORIZED, StatusCode::ACCEPTED));
        for seen in [&login, &forgot] {
            assert!(seen.iter().all(|answer| *answer == seen[0]), "{seen:#?}");
        }
    }

    async fn a_bad_token_is_one_and_the_same_whatever_is_wrong_with_it(hub: Hub) {
        let mut owner = owner(hub).await;
        let body = json!({"name": "Nok", "email": "nok@shop.example", "role": "SALES"});
        owner.post("/api/members", body).await;
        let used = eventually("an invitation", || async { mailed_token(hub, "nok@shop.example") }).await;
        let accept = |token: &str, email: &str| json!({"token": token, "password": PASSWORD, "name": "N", "email": email});
        let mut browser = Browser::of(hub);
        assert_eq!(browser.post("/api/auth/accept-invitation", accept(&used, "nok@shop.example")).await.status, StatusCode::OK);
        let tokens = [used.as_str(), &format!("hcl_{}", "0".repeat(64)), &format!("hcr_{}", "0".repeat(64)), "hcl_", "x"];
        let mut accepts = Vec::new();
        let mut resets = Vec::new();
        for token in tokens {
            for email in ["nok@shop.example", "nobody@shop.example"] {
                accepts.push(ask(hub, "/api/auth/accept-invitation", &accept(token, email)).await);
            }
            resets.push(ask(hub, "/api/auth/reset", &json!({"token": token, "newPassword": PASSWORD})).await);
        }
        for seen in [&accepts, &resets] {
            assert!(seen[0].body.contains("link_not_valid"), "{seen:#?}");
            assert!(seen.iter().all(|answer| *answer == seen[0]), "{seen:#?}");
        }
    }
}

/// The middle of these times.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Known and unknown turn about, so that whatever else goes on meets both alike.
async fn known_and_unknown_take_as_long(kind: Kind) {
    const SAMPLES: usize = 500;
    let hub = Hub::start_with(kind, |config| {
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
        config.limits.sign_ins_per_minute = 1_000_000;
    })
    .await;
    owner(&hub).await;
    // Twenty mails an account and an hour are let through, so there are as many accounts as that takes.
    let accounts = SAMPLES / 10;
    for number in 0..accounts {
        hub.add_member(&format!("Person{number}")).await;
    }
    let ask = async |email: String, number: usize| {
        let address = format!("198.51.{}.{}", number / 250, number % 250);
        let request = hub.client.post(format!("{}/api/auth/forgot", hub.url)).header("x-forwarded-for", address);
        let request = request.json(&json!({"email": email}));
        let began = Instant::now();
        let status = request.send().await.expect("hubchat answers").status();
        assert_eq!(status, StatusCode::ACCEPTED);
        began.elapsed()
    };
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..SAMPLES {
        known.push(ask(format!("person{}@shop.example", number % accounts), number * 2).await);
        unknown.push(ask(format!("nobody{}@shop.example", number % accounts), number * 2 + 1).await);
    }
    let (known, unknown) = (median(known), median(unknown));
    println!("{kind:?}: median of {SAMPLES} known {known:?}, unknown {unknown:?}");
    assert!(known.abs_diff(unknown) <= Duration::from_millis(5), "known {known:?}, unknown {unknown:?}");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_for_a_new_password_takes_as_long_for_known_and_unknown_on_sqlite() {
    known_and_unknown_take_as_long(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_for_a_new_password_takes_as_long_for_known_and_unknown_on_postgres() {
    known_and_unknown_take_as_long(Kind::Postgres).await;
}

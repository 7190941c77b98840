//! What each refusal says can be done, and what silence means.

use std::time::Duration;

use hubchat_ports::{FetchError, SendError, SignalRequest, ThreadSignal};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, net::TcpListener};
use wiremock::ResponseTemplate;

use crate::support::{Account, answering, as_in, asked, config, fixture, serving};

/// The verdict in one word.
fn verdict(error: &SendError) -> String {
    match error {
        SendError::Rejected { code, .. } => (*code).to_owned(),
        SendError::RateLimited { after, .. } => format!("limited {}", after.unwrap().as_secs()),
        SendError::Unauthorized { .. } => "unauthorized".to_owned(),
        SendError::WindowClosed { .. } => "window closed".to_owned(),
        SendError::Retry { .. } => "again".to_owned(),
        SendError::Uncertain { .. } => "uncertain".to_owned(),
        other => format!("{other:?}"),
    }
}

async fn refused(account: Account, url: &str) -> SendError {
    account.adapter(config(url)).send(&account.access(), &account.text("x")).await.unwrap_err()
}

#[tokio::test]
async fn each_refusal_says_what_can_be_done() {
    for (account, name, expected) in [
        (Account::Page, "messenger/error_190_token", "unauthorized"),
        (Account::Page, "messenger/error_10_window", "window closed"),
        (Account::Page, "messenger/error_4_app_rate", "limited 60"),
        (Account::Page, "messenger/error_613_rate", "limited 60"),
        (Account::Page, "messenger/error_2_transient", "again"),
        (Account::Page, "messenger/error_100_fetch", "invalid_content"),
        (Account::Page, "facebook-comments/error_private_reply_invalid", "private_reply_impossible"),
        (Account::Instagram, "instagram/error_window", "window closed"),
        (Account::Number, "whatsapp/error_190_token", "unauthorized"),
        (Account::Number, "whatsapp/error_131047_window", "window closed"),
        (Account::Number, "whatsapp/error_130429_throughput", "limited 60"),
        (Account::Number, "whatsapp/error_131056_pair", "limited 4"),
        (Account::Number, "whatsapp/error_80007_waba", "limited 60"),
        (Account::Number, "whatsapp/error_131000_unknown", "again"),
        (Account::Number, "whatsapp/error_131026_undeliverable", "recipient_unreachable"),
        (Account::Number, "whatsapp/error_132001_template", "template_refused"),
    ] {
        let server = as_in(&fixture(name)).await;
        let error = refused(account, &server.uri()).await;
        assert_eq!(verdict(&error), expected, "{name}");
        assert_eq!(asked(&server).await.len(), 1, "the adapter itself never repeats: {name}");
        let told = &fixture(name)["response"]["body"]["error"];
        let words = told["error_data"]["details"].as_str().or(told["message"].as_str()).unwrap();
        assert!(error.to_string().contains(words), "{name}: {error}");
        assert!(error.to_string().contains(&told["code"].to_string()), "{name}: {error}");
    }
}

#[tokio::test]
async fn an_answer_without_metas_words_is_judged_by_its_status() {
    for account in Account::ALL {
        for (status, body, expected) in [
            (500, json!("no answer"), "uncertain"),
            (502, json!({}), "uncertain"),
            (503, json!({"error": "text"}), "uncertain"),
            (401, json!({}), "unauthorized"),
            (404, json!({"error": {}}), "rejected"),
            (302, json!({}), "rejected"),
            // Accepted, but without the id of what was accepted.
            (200, json!({}), "uncertain"),
            (200, json!("no answer"), "uncertain"),
            (200, json!({"message_id": "", "messages": [{"id": 7}]}), "uncertain"),
        ] {
            let error = refused(account, &answering(status, &body).await.uri()).await;
            assert_eq!(verdict(&error), expected, "{account:?}: {status} {body}");
        }
        let limit = ResponseTemplate::new(429).insert_header("retry-after", "7").set_body_string("slow down");
        assert_eq!(verdict(&refused(account, &serving(limit).await.uri()).await), "limited 7");
        let page = ResponseTemplate::new(500).set_body_string("<html>Sorry, something went wrong.</html>");
        assert_eq!(verdict(&refused(account, &serving(page).await.uri()).await), "uncertain");
    }
}

#[tokio::test]
async fn a_lost_answer_is_told_from_a_request_that_never_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 8192]).await;
        }
    });
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    for account in Account::ALL {
        assert_eq!(verdict(&refused(account, &silent).await), "uncertain", "{account:?}");
        let late = ResponseTemplate::new(200).set_delay(Duration::from_secs(10));
        assert_eq!(verdict(&refused(account, &serving(late).await.uri()).await), "uncertain", "{account:?}");
        assert_eq!(verdict(&refused(account, &nobody).await), "again", "{account:?}");
    }
    server.abort();
}

#[tokio::test]
async fn the_wait_that_meta_tells_is_obeyed() {
    let body = fixture("messenger/error_613_rate")["response"]["body"].clone();
    let usage = |minutes: Value| {
        json!({"100200300400500": [
            {"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": 3},
            {"type": "pages", "call_count": 100, "estimated_time_to_regain_access": minutes},
        ]})
        .to_string()
    };
    for (header, seconds) in [
        (usage(json!(19)), 19 * 60),
        (usage(json!(0)), 3 * 60),
        (usage(json!("soon")), 3 * 60),
        (r#"{"1": [{"estimated_time_to_regain_access": 0}]}"#.to_owned(), 60),
        ("{}".to_owned(), 60),
        ("nonsense".to_owned(), 60),
    ] {
        let answer = || {
            let answer = ResponseTemplate::new(400).set_body_json(&body);
            answer.insert_header("X-Business-Use-Case-Usage", header.as_str())
        };
        for account in Account::ALL {
            let error = refused(account, &serving(answer()).await.uri()).await;
            assert_eq!(verdict(&error), format!("limited {seconds}"), "{account:?}: {header}");
        }
        let server = serving(answer()).await;
        let signal = SignalRequest {
            thread_kind: hubchat_domain::ThreadKind::Direct,
            external_thread_id: Account::Page.customer().to_owned(),
            newest_inbound_id: None,
            signal: ThreadSignal::Seen,
        };
        let error = Account::Page.adapter(config(&server.uri())).signal(&Account::Page.access(), &signal).await;
        let Err(FetchError::Retry { after, .. }) = error else { panic!("{error:?}") };
        assert_eq!(after, Some(Duration::from_secs(seconds)), "{header}");
    }
}

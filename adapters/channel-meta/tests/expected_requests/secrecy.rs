//! No error and no debug form tells a secret.

use hubchat_channel_meta::{FacebookAdapter, InstagramAdapter, MetaConfig, WhatsappAdapter};
use hubchat_domain::MediaSource;
use hubchat_ports::{SignalRequest, ThreadSignal};
use hubchat_provider_http::{ProviderClient, ProviderClientConfig};
use serde_json::{Value, json};

use crate::support::{Account, OWN_PROOF, OWN_SECRET, SHARED_PROOF, SHARED_SECRET, TOKEN, answering, app, config};

fn tells_nothing(text: &str) {
    for secret in [TOKEN, OWN_SECRET, OWN_PROOF, SHARED_SECRET, SHARED_PROOF, "fixture-verify-token"] {
        assert!(!text.contains(secret), "{text}");
    }
}

/// Meta repeats a token that it cannot read.
fn talkative() -> Vec<(u16, Value)> {
    let words = format!("Malformed access token {TOKEN}");
    let mut answers = Vec::new();
    for code in [190, 2, 4, 100, 999_999] {
        answers.push((400, json!({"error": {"message": words, "code": code}})));
        let details = json!({"details": format!("{}{words}", "x".repeat(370))});
        answers.push((400, json!({"error": {"message": "x", "code": code, "error_data": details}})));
    }
    answers.extend([(500, json!(words)), (400, json!({"error": words})), (200, json!({"error": words}))]);
    answers
}

#[tokio::test]
async fn no_error_tells_a_secret_not_even_one_that_meta_repeats() {
    for account in Account::ALL {
        for (status, body) in talkative() {
            let server = answering(status, &body).await;
            let adapter = account.adapter(MetaConfig { app: Some(app()), ..config(&server.uri()) });
            let access = account.access();
            let mut told = Vec::new();
            let error = adapter.send(&access, &account.text("x")).await.unwrap_err();
            told.push(format!("{error} {error:?}"));
            let signal = SignalRequest {
                thread_kind: hubchat_domain::ThreadKind::Direct,
                external_thread_id: account.customer().to_owned(),
                newest_inbound_id: Some("wamid.1".to_owned()),
                signal: ThreadSignal::Typing,
            };
            told.push(format!("{:?}", adapter.signal(&access, &signal).await));
            told.push(format!("{:?}", adapter.check(&access).await));
            told.push(format!("{:?}", adapter.test_webhook(&access, "").await));
            let source = MediaSource::Provider { external_id: "1".to_owned(), transcoded: false };
            told.push(format!("{:?}", adapter.fetch_media(&access, &source).await.err()));
            for text in told {
                tells_nothing(&text);
            }
        }
        let nobody = account.adapter(config("http://127.0.0.1:9"));
        let error = nobody.send(&account.access(), &account.text("x")).await.unwrap_err();
        tells_nothing(&format!("{error} {error:?}"));
    }
}

#[test]
fn no_debug_form_tells_a_secret() {
    let config = MetaConfig { app: Some(app()), ..MetaConfig::default() };
    let client = ProviderClient::new(ProviderClientConfig::default()).unwrap();
    tells_nothing(&format!("{config:?}"));
    tells_nothing(&format!("{:?}", FacebookAdapter::new(config.clone(), client.clone())));
    tells_nothing(&format!("{:?}", InstagramAdapter::new(config.clone(), client.clone())));
    tells_nothing(&format!("{:?}", WhatsappAdapter::new(config, client)));
    for account in Account::ALL {
        tells_nothing(&format!("{:?}", account.access()));
    }
}

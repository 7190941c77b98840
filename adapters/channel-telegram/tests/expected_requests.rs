//! What goes out, compared with the requests that Telegram expects, and what each answer means.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf, time::Duration};

use hubchat_channel_telegram::{TelegramAdapter, TelegramConfig, webhook_secret};
use hubchat_domain::{
    AccountStatus, Attachment, ChannelAccountRecord, ChannelType, MediaSource, MessageContent, ThreadKind, Timestamp,
};
use hubchat_ports::{
    AccountAccess, ChannelAdapter, ChannelSecrets, FetchError, OutgoingFile, ProfileQuery, SendError, SendRequest,
};
use hubchat_provider_http::{ProviderClient, ProviderClientConfig};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers};

const TOKEN: &str = "7000000001:AAfixture";

fn fixture(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/send").join(name);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn adapter(url: &str) -> TelegramAdapter {
    let client = ProviderClient::new(ProviderClientConfig {
        allow_private_addresses: true,
        request_timeout: Duration::from_secs(2),
        ..ProviderClientConfig::default()
    });
    TelegramAdapter::new(TelegramConfig { api_url: url.to_owned() }, client.unwrap())
}

fn access() -> AccountAccess {
    AccountAccess {
        account: ChannelAccountRecord {
            id: Uuid::nil().into(),
            tenant_id: Uuid::nil().into(),
            channel_type: ChannelType::Telegram,
            name: "Telegram".to_owned(),
            external_id: None,
            webhook_key: "key".to_owned(),
            status: AccountStatus::Active,
            status_reason: None,
            last_checked_at: None,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
            version: 1,
        },
        secrets: ChannelSecrets::new([("bot_token".to_owned(), SecretString::from(TOKEN))]),
    }
}

fn request(content: MessageContent) -> SendRequest {
    SendRequest {
        message_id: Uuid::from_u128(1).into(),
        thread_kind: ThreadKind::Direct,
        external_thread_id: "900100200".to_owned(),
        content,
        file: None,
        mode: hubchat_domain::SendMode::Standard,
        comment_id: None,
        quoted_external_id: None,
        quote_token: None,
        reply_handle: None,
    }
}

fn with_file(content: MessageContent, url: &str, file_name: &str) -> SendRequest {
    let file = OutgoingFile {
        url: url.to_owned(),
        preview_url: None,
        file_name: Some(file_name.to_owned()),
        content_type: None,
        size: None,
        duration: None,
    };
    SendRequest { file: Some(file), ..request(content) }
}

fn text(text: &str) -> MessageContent {
    MessageContent::Text { text: text.to_owned() }
}

/// A Telegram that answers every call with this.
async fn telegram(status: u16, body: &Value) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(status).set_body_json(body);
    Mock::given(matchers::any()).respond_with(answer).mount(&server).await;
    server
}

fn sent(number: i64) -> Value {
    json!({"ok": true, "result": {"message_id": number, "date": 1, "chat": {"id": 900_100_200}}})
}

async fn requests(server: &MockServer) -> Vec<(String, Value)> {
    let all: Vec<Request> = server.received_requests().await.unwrap();
    let of = |request: &Request| (request.url.path().to_owned(), request.body_json().unwrap_or_default());
    all.iter().map(of).collect()
}

#[tokio::test]
async fn requests_are_those_that_telegram_expects() {
    let attachment = Attachment::default;
    let expected = |name: &str, field: &str| fixture(name)["request"]["body"][field].as_str().unwrap().to_owned();
    let cases = [
        ("text.json", request(text(&expected("text.json", "text")))),
        ("photo.json", with_file(MessageContent::Image(attachment()), &expected("photo.json", "photo"), "a.jpg")),
        ("pdf.json", with_file(MessageContent::File(attachment()), &expected("pdf.json", "document"), "a.pdf")),
        ("video.json", with_file(MessageContent::Video(attachment()), &expected("video.json", "video"), "a.mp4")),
        ("audio.json", with_file(MessageContent::Audio(attachment()), &expected("audio.json", "audio"), "a.mp3")),
    ];
    for (name, request) in cases {
        let (server, fixture) = (telegram(200, &sent(4001)).await, fixture(name));
        let answer = adapter(&server.uri()).send(&access(), &request).await.unwrap();
        assert_eq!(answer.external_ids, ["900100200:4001"], "{name}");
        let (path, body) = requests(&server).await.remove(0);
        assert_eq!(path, fixture["request"]["path"].as_str().unwrap().replace("{token}", TOKEN), "{name}");
        // hubchat sends a file's words as a message of their own, and knows no measures of a sound.
        for (field, value) in body.as_object().unwrap() {
            assert_eq!(value, &fixture["request"]["body"][field], "{name}: {field}");
        }
    }
}

#[tokio::test]
async fn an_answer_quotes_and_a_file_that_telegram_does_not_fetch_goes_as_a_link() {
    let server = telegram(200, &sent(1)).await;
    let quoting = SendRequest { quote_token: Some("3001".to_owned()), ..request(text("ok")) };
    adapter(&server.uri()).send(&access(), &quoting).await.unwrap();
    let word = with_file(MessageContent::File(Attachment::default()), "https://files.example/a", "price.docx");
    adapter(&server.uri()).send(&access(), &word).await.unwrap();
    let requests = requests(&server).await;
    let quoted = json!({"message_id": 3001, "allow_sending_without_reply": true});
    assert_eq!(requests[0].1["reply_parameters"], quoted);
    assert!(requests[1].0.ends_with("/sendMessage"));
    assert_eq!(requests[1].1["text"], "📄 price.docx\nhttps://files.example/a");
}

#[tokio::test]
async fn a_long_text_goes_in_parts_and_a_part_that_fails_is_never_repeated_in_silence() {
    let server = telegram(200, &sent(7)).await;
    let long = "ก".repeat(4_096 * 2 + 1);
    let answer = adapter(&server.uri()).send(&access(), &request(text(&long))).await.unwrap();
    assert_eq!(answer.external_ids.len(), 3);
    let parts: Vec<String> =
        requests(&server).await.iter().map(|(_, body)| body["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(parts.concat(), long);

    let server = MockServer::start().await;
    let first = ResponseTemplate::new(200).set_body_json(sent(7));
    Mock::given(matchers::any()).respond_with(first).up_to_n_times(1).mount(&server).await;
    let refusal =
        ResponseTemplate::new(429).set_body_json(fixture("error_429_retry_after.json")["response"]["body"].clone());
    Mock::given(matchers::any()).respond_with(refusal).mount(&server).await;
    let error = adapter(&server.uri()).send(&access(), &request(text(&long))).await.unwrap_err();
    assert!(matches!(&error, SendError::Uncertain { reason } if reason.contains("1 of 3 parts")), "{error:?}");
}

#[tokio::test]
async fn each_refusal_says_what_can_be_done() {
    let code = |error: &SendError| match error {
        SendError::Rejected { code, .. } => (*code).to_owned(),
        SendError::RateLimited { after, .. } => format!("limited {after:?}"),
        SendError::Unauthorized { .. } => "unauthorized".to_owned(),
        other => format!("{other:?}"),
    };
    let wait = fixture("error_429_retry_after.json")["response"]["body"]["parameters"]["retry_after"].as_u64().unwrap();
    for (name, expected) in [
        ("error_400_chat.json", "recipient_unreachable".to_owned()),
        ("error_400_migrated.json", "recipient_unreachable".to_owned()),
        ("error_401_token.json", "unauthorized".to_owned()),
        ("error_403_blocked.json", "recipient_unreachable".to_owned()),
        ("error_429_retry_after.json", format!("limited {:?}", Some(Duration::from_secs(wait)))),
    ] {
        let answer = &fixture(name)["response"];
        let server = telegram(u16::try_from(answer["status"].as_u64().unwrap()).unwrap(), &answer["body"]).await;
        let error = adapter(&server.uri()).send(&access(), &request(text("x"))).await.unwrap_err();
        assert_eq!(code(&error), expected, "{name}");
        assert!(!error.to_string().contains("AAfixture"), "the token stays secret");
        if name == "error_400_migrated.json" {
            assert!(error.to_string().contains("the group moved to the chat -1001900000001"), "{error}");
        }
    }
    for (status, body) in [(502, json!({})), (200, json!({"ok": true})), (200, json!("no answer"))] {
        let server = telegram(status, &body).await;
        let error = adapter(&server.uri()).send(&access(), &request(text("x"))).await.unwrap_err();
        assert!(matches!(error, SendError::Uncertain { .. }), "{status}: {error:?}");
    }
    let rights =
        json!({"ok": false, "description": "Bad Request: not enough rights to send text messages to the chat"});
    let error = adapter(&telegram(400, &rights).await.uri()).send(&access(), &request(text("x"))).await.unwrap_err();
    assert_eq!(code(&error), "forbidden");
    let nobody = adapter("http://127.0.0.1:9").send(&access(), &request(text("x"))).await.unwrap_err();
    assert!(matches!(nobody, SendError::Retry { .. }), "nothing left: {nobody:?}");
}

#[tokio::test]
async fn the_bot_its_webhook_and_its_files_are_asked_for() {
    let server = MockServer::start().await;
    let on = |method: &str, body: Value| {
        Mock::given(matchers::path(format!("/bot{TOKEN}/{method}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"ok": true, "result": body})))
    };
    on("getMe", json!({"id": 7_000_000_001_i64, "first_name": "Hubchat"})).mount(&server).await;
    on("getWebhookInfo", fixture("get_webhook_info.json")["response"]["body"]["result"].clone()).mount(&server).await;
    on("setWebhook", json!(true)).mount(&server).await;
    on("getChat", json!({"id": 9, "first_name": "Somchai", "last_name": "K."})).mount(&server).await;
    on("getFile", json!({"file_path": "photos/file_1.jpg"})).mount(&server).await;
    Mock::given(matchers::path(format!("/file/bot{TOKEN}/photos/file_1.jpg")))
        .respond_with(ResponseTemplate::new(200).set_body_raw(vec![1, 2, 3], "image/jpeg"))
        .mount(&server)
        .await;
    let adapter = adapter(&server.uri());

    let check = adapter.check(&access()).await.unwrap();
    assert_eq!((check.external_id.as_str(), check.display_name.as_deref()), ("7000000001", Some("Hubchat")));
    let url = check.webhook.unwrap().0;
    assert!(adapter.test_webhook(&access(), &url).await.unwrap().success);
    assert!(!adapter.test_webhook(&access(), "https://other.example/").await.unwrap().success);

    adapter.set_webhook(&access(), "https://hooks.hubchat.example/webhooks/telegram/key").await.unwrap();
    let (_, body) = requests(&server).await.into_iter().find(|(path, _)| path.ends_with("/setWebhook")).unwrap();
    let expected = &fixture("set_webhook.json")["request"]["body"];
    for field in ["allowed_updates", "max_connections", "drop_pending_updates"] {
        assert_eq!(body[field], expected[field], "{field}");
    }
    assert_eq!(body["secret_token"], webhook_secret(&SecretString::from(TOKEN)).expose_secret());

    let query = ProfileQuery { thread_kind: ThreadKind::Direct, external_thread_id: "9".into(), member: None };
    let profile = adapter.fetch_profile(&access(), &query).await.unwrap();
    assert_eq!(profile.display_name.as_deref(), Some("Somchai K."));
    let source = MediaSource::Provider { external_id: "AgAC".to_owned(), transcoded: false };
    let file = adapter.fetch_media(&access(), &source).await.unwrap();
    assert_eq!(file.content_type.as_deref(), Some("image/jpeg"));
}

#[tokio::test]
async fn a_path_that_leads_elsewhere_is_not_followed() {
    for path in ["../getMe", "/etc/passwd", "a?b", "a#b", "a b", ""] {
        let server = telegram(200, &json!({"ok": true, "result": {"file_path": path}})).await;
        let source = MediaSource::Provider { external_id: "AgAC".to_owned(), transcoded: false };
        let error = adapter(&server.uri()).fetch_media(&access(), &source).await.err().unwrap();
        assert!(matches!(error, FetchError::NotAvailable { .. }), "{path}: {error:?}");
        assert_eq!(requests(&server).await.len(), 1, "{path}");
    }
}

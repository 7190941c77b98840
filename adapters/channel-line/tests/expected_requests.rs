//! What goes out, compared with the requests that LINE expects, and what each answer means.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf, time::Duration};

use hubchat_channel_line::{LineAdapter, LineConfig};
use hubchat_domain::{
    AccountStatus, Attachment, ChannelAccountRecord, ChannelType, MediaSource, MessageContent, ReplyHandle, ThreadKind,
    Timestamp,
};
use hubchat_ports::{
    AccountAccess, ChannelAdapter, ChannelSecrets, FetchError, OutgoingFile, ProfileQuery, SendError, SendRequest,
};
use hubchat_provider_http::{ProviderClient, ProviderClientConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

const RETRY_KEY: &str = "8c1d2f50-6a0b-4d0e-9d0e-0b6f0c8f1a01";

fn fixture(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/send").join(name);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn adapter(url: &str) -> LineAdapter {
    let client = ProviderClient::new(ProviderClientConfig {
        allow_private_addresses: true,
        request_timeout: Duration::from_secs(2),
        ..ProviderClientConfig::default()
    });
    let config = LineConfig { api_url: url.to_owned(), data_url: url.to_owned(), ..LineConfig::default() };
    LineAdapter::new(config, client.unwrap())
}

fn access() -> AccountAccess {
    AccountAccess {
        account: ChannelAccountRecord {
            id: Uuid::nil().into(),
            tenant_id: Uuid::nil().into(),
            channel_type: ChannelType::Line,
            name: "LINE".to_owned(),
            external_id: None,
            webhook_key: "key".to_owned(),
            status: AccountStatus::Active,
            status_reason: None,
            last_checked_at: None,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
            version: 1,
        },
        secrets: ChannelSecrets::new([("access_token".to_owned(), SecretString::from("fixture-token"))]),
    }
}

fn request(content: MessageContent) -> SendRequest {
    SendRequest {
        message_id: RETRY_KEY.parse().unwrap(),
        thread_kind: ThreadKind::Direct,
        external_thread_id: "U11112222333344445555666677778888".to_owned(),
        content,
        file: None,
        mode: hubchat_domain::SendMode::Standard,
        comment_id: None,
        quoted_external_id: None,
        quote_token: None,
        reply_handle: None,
    }
}

fn text(text: &str) -> SendRequest {
    request(MessageContent::Text { text: text.to_owned() })
}

fn file(url: &str) -> OutgoingFile {
    OutgoingFile {
        url: url.to_owned(),
        preview_url: None,
        file_name: None,
        content_type: None,
        size: None,
        duration: None,
    }
}

/// Answers every request with the fixture's answer, sends, and gives the result with what was asked.
async fn replay(
    name: &str,
    request: SendRequest,
) -> (Result<hubchat_ports::SentMessage, SendError>, Value, wiremock::Request) {
    let expected = fixture(name);
    let server = MockServer::start().await;
    let answer = &expected["response"];
    let status = u16::try_from(answer["status"].as_u64().unwrap()).unwrap();
    Mock::given(matchers::any())
        .respond_with(ResponseTemplate::new(status).set_body_json(&answer["body"]))
        .mount(&server)
        .await;
    let result = adapter(&server.uri()).send(&access(), &request).await;
    let asked = server.received_requests().await.unwrap().remove(0);
    (result, expected, asked)
}

async fn sends_as_expected(name: &str, request: SendRequest) {
    let (result, expected, asked) = replay(name, request).await;
    let wanted = &expected["request"];
    assert_eq!(asked.method.as_str(), wanted["method"], "{name}");
    assert_eq!(asked.url.path(), wanted["path"], "{name}");
    assert_eq!(asked.body_json::<Value>().unwrap(), wanted["body"], "{name}");
    let header = |name: &str| asked.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("authorization").as_deref(), Some("Bearer fixture-token"), "{name}");
    assert_eq!(header("content-type").as_deref(), wanted["headers"]["Content-Type"].as_str(), "{name}");
    assert_eq!(header("x-line-retry-key").as_deref(), wanted["headers"]["X-Line-Retry-Key"].as_str(), "{name}");
    let ids = expected["response"]["body"]["sentMessages"].as_array().unwrap().len();
    assert_eq!(result.unwrap().external_ids.len(), ids, "{name}");
}

#[tokio::test]
async fn every_kind_goes_out_as_line_expects() {
    sends_as_expected("push_text.json", text("สินค้าพร้อมส่งแล้วค่ะ")).await;
    let quoting = SendRequest { quote_token: Some("q3Plxr4AgKdt1".to_owned()), ..text("ตัวนี้ค่ะ") };
    sends_as_expected("push_text_quote.json", quoting).await;
    let handle = ReplyHandle { token: "0000000000000000000000000abc0001".to_owned(), expires_at: Timestamp::EPOCH };
    let reply = SendRequest {
        reply_handle: Some(handle), ..text("สวัสดีค่ะ มีไซซ์ M พร้อมส่งค่ะ")
    };
    sends_as_expected("reply_text.json", reply).await;
    let place = MessageContent::Location {
        title: Some("ร้านตัวอย่าง".to_owned()),
        address: Some("1 ถนนตัวอย่าง กรุงเทพฯ".to_owned()),
        latitude: 13.7563,
        longitude: 100.5018,
    };
    sends_as_expected("push_location.json", request(place)).await;
    let image = OutgoingFile {
        preview_url: Some("https://files.hubchat.example/m/abc/preview.jpg".to_owned()),
        ..file("https://files.hubchat.example/m/abc/original.jpg")
    };
    let image = SendRequest { file: Some(image), ..request(MessageContent::Image(Attachment::default())) };
    sends_as_expected("push_image.json", image).await;
    let video = OutgoingFile {
        preview_url: Some("https://files.hubchat.example/m/abc/poster.jpg".to_owned()),
        ..file("https://files.hubchat.example/m/abc/video.mp4")
    };
    let video = SendRequest { file: Some(video), ..request(MessageContent::Video(Attachment::default())) };
    sends_as_expected("push_video.json", video).await;
    let audio = OutgoingFile {
        duration: Some(Duration::from_millis(4200)),
        ..file("https://files.hubchat.example/m/abc/voice.m4a")
    };
    let audio = SendRequest { file: Some(audio), ..request(MessageContent::Audio(Attachment::default())) };
    sends_as_expected("push_audio.json", audio).await;
}

#[tokio::test]
async fn a_long_text_is_split_as_line_counts() {
    let wanted = fixture("push_text_split.json");
    let parts = wanted["request"]["body"]["messages"].as_array().unwrap();
    let whole: String = parts.iter().map(|part| part["text"].as_str().unwrap()).collect();
    let (result, _, asked) = replay("push_text_split.json", text(&whole)).await;
    result.unwrap();
    let sent = asked.body_json::<Value>().unwrap();
    let sent = sent["messages"].as_array().unwrap();
    assert_eq!(sent.len(), parts.len());
    assert!(sent.iter().all(|part| part["text"].as_str().unwrap().encode_utf16().count() <= 5000));
    let again: String = sent.iter().map(|part| part["text"].as_str().unwrap()).collect();
    assert_eq!(again, whole);
}

#[tokio::test]
async fn a_pdf_goes_out_as_a_labelled_link() {
    let pdf = OutgoingFile {
        file_name: Some("ใบเสร็จ-1001.pdf".to_owned()),
        size: Some(218_133),
        ..file("https://files.hubchat.example/m/abc/receipt-1001.pdf")
    };
    let pdf = SendRequest { file: Some(pdf), ..request(MessageContent::File(Attachment::default())) };
    let (result, _, asked) = replay("push_text.json", pdf).await;
    result.unwrap();
    let text = "📄 ใบเสร็จ-1001.pdf (213 KB)\nhttps://files.hubchat.example/m/abc/receipt-1001.pdf";
    assert_eq!(asked.body_json::<Value>().unwrap()["messages"], json!([{"type": "text", "text": text}]));
}

async fn answered(reply: bool, response: ResponseTemplate) -> Result<hubchat_ports::SentMessage, SendError> {
    let server = MockServer::start().await;
    Mock::given(matchers::any()).respond_with(response).mount(&server).await;
    let handle = ReplyHandle { token: "token".to_owned(), expires_at: Timestamp::EPOCH };
    let request = SendRequest { reply_handle: reply.then_some(handle), ..text("x") };
    adapter(&server.uri()).send(&access(), &request).await
}

#[tokio::test]
async fn each_refusal_says_what_to_do() {
    for (name, code) in [("error_429_monthly_limit.json", "quota_exhausted")] {
        let (result, ..) = replay(name, text("x")).await;
        assert!(matches!(result, Err(SendError::Rejected { code: told, .. }) if told == code), "{name}");
    }
    let (result, ..) = replay("error_401.json", text("x")).await;
    assert!(matches!(result, Err(SendError::Unauthorized { .. })));
    let (result, ..) = replay("error_429_rate.json", text("x")).await;
    assert!(matches!(result, Err(SendError::RateLimited { .. })));
    let message = |status: u16, text: &str| ResponseTemplate::new(status).set_body_json(json!({"message": text}));
    let refused = answered(true, message(400, "Invalid reply token")).await;
    assert!(matches!(refused, Err(SendError::ReplyHandleRefused { .. })));
    let refused = answered(false, message(400, "The property, 'to', in the request body is invalid")).await;
    assert!(matches!(refused, Err(SendError::Rejected { code: "invalid_content", .. })));
    for (status, code) in
        [(403, "forbidden"), (404, "recipient_unreachable"), (413, "invalid_content"), (418, "rejected")]
    {
        let refused = answered(false, message(status, "no")).await;
        assert!(matches!(refused, Err(SendError::Rejected { code: told, .. }) if told == code), "{status}");
    }
    for status in [500, 502, 503, 504] {
        assert!(matches!(answered(false, message(status, "")).await, Err(SendError::Retry { .. })), "push {status}");
        assert!(
            matches!(answered(true, message(status, "")).await, Err(SendError::Uncertain { .. })),
            "reply {status}"
        );
    }
    for reply in [true, false] {
        let unreadable = answered(reply, ResponseTemplate::new(200).set_body_string("{\"sent")).await;
        assert!(matches!(unreadable, Err(SendError::Uncertain { .. })));
        let silent = answered(reply, message(200, "").set_delay(Duration::from_secs(10))).await;
        assert!(matches!(silent, Err(SendError::Uncertain { .. })));
    }
    let refused = adapter("http://127.0.0.1:9").send(&access(), &text("x")).await;
    assert!(matches!(refused, Err(SendError::Retry { .. })), "no connection, nothing sent");
}

#[tokio::test]
async fn a_key_that_was_accepted_before_is_success() {
    let body = json!({"message": "The retry key is already accepted", "sentMessages": [{"id": "9001"}]});
    let response = ResponseTemplate::new(409).set_body_json(body).insert_header("x-line-accepted-request-id", "r1");
    let sent = answered(false, response).await.unwrap();
    assert_eq!((sent.external_ids.as_slice(), sent.duplicate), (["9001".to_owned()].as_slice(), true));
    assert_eq!(sent.request_id.as_deref(), Some("r1"));
}

#[tokio::test]
async fn profiles_come_by_person_and_group() {
    let server = MockServer::start().await;
    for name in ["get_profile.json", "get_group_member_profile.json"] {
        let wanted = fixture(name);
        Mock::given(matchers::path(wanted["request"]["path"].as_str().unwrap()))
            .and(matchers::header("authorization", "Bearer fixture-token"))
            .respond_with(ResponseTemplate::new(200).set_body_json(&wanted["response"]["body"]))
            .mount(&server)
            .await;
    }
    let adapter = adapter(&server.uri());
    let person = "U11112222333344445555666677778888".to_owned();
    let direct = ProfileQuery { thread_kind: ThreadKind::Direct, external_thread_id: person.clone(), member: None };
    let profile = adapter.fetch_profile(&access(), &direct).await.unwrap();
    assert_eq!((profile.display_name.as_deref(), profile.language.as_deref()), (Some("Mali"), Some("th")));
    let group = "Ca1b2c3d4e5f60718293a4b5c6d7e8f90".to_owned();
    let member = ProfileQuery { thread_kind: ThreadKind::Group, external_thread_id: group, member: Some(person) };
    assert_eq!(adapter.fetch_profile(&access(), &member).await.unwrap().display_name.as_deref(), Some("Mali"));
    let stranger =
        ProfileQuery { thread_kind: ThreadKind::Direct, external_thread_id: "../../oauth".to_owned(), member: None };
    assert!(matches!(adapter.fetch_profile(&access(), &stranger).await, Err(FetchError::NotAvailable { .. })));
}

#[tokio::test]
async fn files_are_fetched_once_they_are_ready() {
    for (transcoding, content, expected) in [
        ("processing", 200, "not ready"),
        ("failed", 200, "not available"),
        ("succeeded", 202, "not ready"),
        ("succeeded", 404, "not available"),
        ("succeeded", 410, "gone"),
        ("succeeded", 500, "retry"),
        ("succeeded", 401, "unauthorized"),
        ("succeeded", 200, "bytes"),
    ] {
        let server = MockServer::start().await;
        Mock::given(matchers::path("/v2/bot/message/59/content/transcoding"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"status": transcoding})))
            .mount(&server)
            .await;
        Mock::given(matchers::path("/v2/bot/message/59/content"))
            .respond_with(ResponseTemplate::new(content).set_body_bytes("bytes"))
            .mount(&server)
            .await;
        let source = MediaSource::Provider { external_id: "59".to_owned(), transcoded: true };
        let got = match adapter(&server.uri()).fetch_media(&access(), &source).await {
            Ok(_) => "bytes",
            Err(FetchError::NotReady) => "not ready",
            Err(FetchError::NotAvailable { .. }) => "not available",
            Err(FetchError::Gone) => "gone",
            Err(FetchError::Retry { .. }) => "retry",
            Err(FetchError::Unauthorized { .. }) => "unauthorized",
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(got, expected, "{transcoding} {content}");
    }
}

#[tokio::test]
async fn a_test_of_the_account_tells_all_that_line_knows() {
    let server = MockServer::start().await;
    let answers = [
        ("/v2/bot/info", fixture("get_bot_info.json")["response"]["body"].clone()),
        ("/v2/bot/message/quota", json!({"type": "limited", "value": 500})),
        ("/v2/bot/message/quota/consumption", json!({"totalUsage": 7})),
        ("/v2/bot/channel/webhook/test", fixture("test_webhook.json")["response"]["body"].clone()),
    ];
    for (path, body) in answers {
        let response = ResponseTemplate::new(200).set_body_json(body);
        Mock::given(matchers::path(path)).respond_with(response).mount(&server).await;
    }
    Mock::given(matchers::method("PUT"))
        .and(matchers::path("/v2/bot/channel/webhook/endpoint"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
        .mount(&server)
        .await;
    let adapter = adapter(&server.uri());
    let check = adapter.check(&access()).await.unwrap();
    assert_eq!(check.external_id, "U0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    assert_eq!(check.quota.map(|quota| (quota.limit, quota.used)), Some((Some(500), 7)));
    assert_eq!(check.webhook, None, "none is set");
    let url = "https://hooks.hubchat.example/v1/line/ch_01HXYZ";
    adapter.set_webhook(&access(), url).await.unwrap();
    let test = adapter.test_webhook(&access(), url).await.unwrap();
    assert!(test.success && test.reason == "OK");
}

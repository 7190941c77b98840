//! Credentials never stand in logs, answers or error texts, whatever goes wrong at the provider.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use reqwest::Method;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    database::Kind,
    hub::Hub,
    webhook::{body, post, text_event, user},
};

/// A credential that can be told from everything else.
const CANARY: &str = "7171717171:CANARYcanaryCANARYcanaryCANARYcana";

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_provider_makes_nobody_tell_a_credential() {
    let log = Log::default();
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let captured = tracing_subscriber::util::SubscriberInitExt::try_init(everything).is_ok();
    // Nobody listens at port 1; Telegram's tokens stand in its addresses.
    let hub = Hub::start_with(Kind::Sqlite, |config| {
        for url in [&mut config.telegram.api_url, &mut config.line.api_url, &mut config.meta.graph_url] {
            "http://127.0.0.1:1".clone_into(url);
        }
    })
    .await;
    let mut told = Vec::new();
    let mut ids = Vec::new();
    for (number, channel) in [
        json!({"channelType": "TELEGRAM", "credentials": {"botToken": CANARY}}),
        json!({"channelType": "LINE", "destination": "Ucanary", "credentials": {"channelSecret": CANARY, "accessToken": CANARY}}),
        json!({"channelType": "LINE", "credentials": {"channelSecret": CANARY, "accessToken": CANARY}}),
        json!({"channelType": "FACEBOOK", "destination": "4711", "credentials": {"accessToken": CANARY}}),
        json!({"channelType": "WHATSAPP", "destination": "4712", "credentials": {"accessToken": CANARY}}),
        json!({"channelType": "TELEGRAM", "credentials": {"botToken": CANARY, "unknown": CANARY}}),
    ]
    .into_iter()
    .enumerate()
    {
        let mut request = channel;
        request["name"] = json!(format!("account {number}"));
        let (_, answer) = hub.call(Method::POST, "/api/channels", Some(request)).await;
        ids.extend(answer["id"].as_str().map(str::to_owned));
        told.push(answer);
    }
    assert!(!ids.is_empty(), "{told:?}");
    for id in &ids {
        let path = format!("/api/channels/{id}");
        told.push(hub.call(Method::POST, &format!("{path}/test"), Some(json!({"setWebhook": true}))).await.1);
        told.push(hub.call(Method::GET, &format!("{path}/templates"), None).await.1);
        for name in ["botToken", "accessToken"] {
            let change = json!({"credentials": {name: CANARY}});
            told.push(hub.call(Method::PATCH, &path, Some(change)).await.1);
        }
    }
    told.push(hub.get("/api/channels").await);
    // A message that cannot go out.
    let url = format!("{}{}", hub.url, hub.webhook_path);
    post(&hub.client, &url, body(&[text_event(&user(1), "0", "hello")])).await;
    let conversation = hub.conversation("the conversation", |_| true).await;
    told.push(hub.send_text(&conversation, "never sent").await);
    for id in &ids {
        told.push(hub.call(Method::DELETE, &format!("/api/channels/{id}"), None).await.1);
    }
    for error in ["canary"] {
        let actor = hub.tenant.clone();
        let command = hubchat_core::ConnectChannelCommand {
            channel_type: hubchat_core::domain::ChannelType::Facebook,
            name: error.to_owned(),
            secrets: vec![("access_token".to_owned(), CANARY.into())],
            external_id: Some("4713".to_owned()),
            idempotency_key: None,
        };
        let failed = hub.wired.hubchat.connect_channel.run(&actor, &command).await.expect_err("nobody answers");
        let chain = std::iter::successors(Some(&failed as &dyn std::error::Error), |error| error.source());
        told.extend(chain.map(|error| json!(format!("{error} {error:?}"))));
        assert!(!format!("{command:?}").contains(CANARY));
    }
    hub.stop().await;
    let secret = &CANARY[11..];
    for answer in &told {
        assert!(!answer.to_string().contains(secret), "{answer}");
    }
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(captured && log.len() > 10_000, "{} bytes of logs", log.len());
    assert!(log.contains("127.0.0.1"), "the failing calls are logged");
    if let Some(line) = log.lines().find(|line| line.contains(secret)) {
        panic!("{}", line.replace(secret, "<the secret>"));
    }
}

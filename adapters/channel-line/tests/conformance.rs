//! The LINE adapter against the promises of its port, before a small LINE of its own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_channel_line::{LineAdapter, LineConfig};
use hubchat_conformance::{ChannelAdapterHarness, SampleSend, WebhookSample};
use hubchat_domain::{
    AccountStatus, Attachment, ChannelAccountRecord, ChannelType, MessageContent, ThreadKind, Timestamp,
};
use hubchat_ports::{AccountAccess, ChannelAdapter, ChannelSecrets, OutgoingFile, SendRequest};
use hubchat_provider_http::{ProviderClient, ProviderClientConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use uuid::Uuid;

const SILENT: &str = "U00000000000000000000000000000000";
const CUSTOMER: &str = "U11112222333344445555666677778888";

struct Line {
    adapter: LineAdapter,
    server: JoinHandle<()>,
}

/// Reads one request after the other and answers as LINE would; closes the connection on the silent one.
async fn serve(mut socket: TcpStream) -> Option<()> {
    let mut seen = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = seen.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            let mut chunk = [0; 8192];
            let read = socket.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
            seen.extend_from_slice(&chunk[..read]);
        };
        let head = String::from_utf8_lossy(&seen[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
        while seen.len() < end + length {
            let mut chunk = [0; 8192];
            let read = socket.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
            seen.extend_from_slice(&chunk[..read]);
        }
        let body: Value = serde_json::from_slice(&seen[end..end + length]).unwrap_or_default();
        seen.drain(..end + length);
        if body["to"] == SILENT {
            return None;
        }
        let (status, answer) = if head.contains("bearer good") {
            let sent: Vec<Value> = body["messages"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|_| json!({"id": "590000000000009001"}))
                .collect();
            ("200 OK", json!({"sentMessages": sent}))
        } else {
            ("401 Unauthorized", json!({"message": "Authentication failed"}))
        };
        let answer = answer.to_string();
        let head =
            format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", answer.len());
        socket.write_all(format!("{head}{answer}").as_bytes()).await.ok()?;
    }
}

fn send(token: &str, to: &str, content: MessageContent) -> SampleSend {
    let url = "https://files.hubchat.example/m/abc/file";
    let file = content.attachment().map(|_| OutgoingFile {
        url: url.to_owned(),
        preview_url: Some(url.to_owned()),
        file_name: Some("file".to_owned()),
        content_type: None,
        size: Some(1),
        duration: Some(std::time::Duration::from_secs(1)),
    });
    SampleSend {
        access: AccountAccess {
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
            secrets: ChannelSecrets::new([
                ("channel_secret".to_owned(), SecretString::from("secret")),
                ("access_token".to_owned(), SecretString::from(token)),
            ]),
        },
        request: SendRequest {
            message_id: Uuid::from_u128(7).into(),
            thread_kind: ThreadKind::Direct,
            external_thread_id: to.to_owned(),
            content,
            file,
            mode: hubchat_domain::SendMode::Standard,
            comment_id: None,
            quoted_external_id: None,
            quote_token: None,
            reply_handle: None,
        },
    }
}

fn text() -> MessageContent {
    MessageContent::Text { text: "สวัสดีค่ะ".to_owned() }
}

#[async_trait]
impl ChannelAdapterHarness for Line {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket));
            }
        });
        let client = ProviderClient::new(ProviderClientConfig {
            allow_private_addresses: true,
            ..ProviderClientConfig::default()
        });
        let config = LineConfig { api_url: url.clone(), data_url: url, ..LineConfig::default() };
        Self { adapter: LineAdapter::new(config, client.unwrap()), server }
    }

    fn adapter(&self) -> &dyn ChannelAdapter {
        &self.adapter
    }

    fn webhooks(&self) -> Vec<WebhookSample> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let known: Value = serde_json::from_slice(&fs::read(folder.join("signatures.json")).unwrap()).unwrap();
        let secret = SecretString::from(known["secret"].as_str().unwrap());
        [("text.json", 1), ("batch_two_users.json", 3)]
            .into_iter()
            .map(|(file, events)| WebhookSample {
                headers: vec![(
                    "x-line-signature".to_owned(),
                    known["files"][file].as_str().unwrap().as_bytes().to_vec(),
                )],
                body: fs::read(folder.join(file)).unwrap().into(),
                secrets: ChannelSecrets::new([
                    ("channel_secret".to_owned(), secret.clone()),
                    ("access_token".to_owned(), SecretString::from("good")),
                ]),
                destination: Some("U0f1e2d3c4b5a69788796a5b4c3d2e1f0".to_owned()),
                events,
            })
            .collect()
    }

    fn unknown_event(&self) -> Bytes {
        let event = json!({
            "type": "neverSentBefore",
            "webhookEventId": "01KDWHUBCHAT00000000000099",
            "timestamp": 1_767_225_601_000_i64,
            "source": {"type": "user", "userId": CUSTOMER},
            "mode": "active",
        });
        event.to_string().into()
    }

    fn sends(&self) -> Vec<SampleSend> {
        let file = Attachment::default;
        let contents = [
            text(),
            MessageContent::Image(file()),
            MessageContent::Video(file()),
            MessageContent::Audio(file()),
            MessageContent::File(file()),
            MessageContent::Sticker { package_id: "446".into(), sticker_id: "1988".into(), keywords: Vec::new() },
            MessageContent::Location {
                title: Some("ร้าน".into()),
                address: Some("กรุงเทพฯ".into()),
                latitude: 13.7,
                longitude: 100.5,
            },
        ];
        contents.into_iter().map(|content| send("good", CUSTOMER, content)).collect()
    }

    fn unanswered(&self) -> SampleSend {
        send("good", SILENT, text())
    }

    fn unauthorized(&self) -> SampleSend {
        send("expired", CUSTOMER, text())
    }

    async fn stop(self) {
        self.server.abort();
    }
}

hubchat_conformance::channel_adapter_suite!(Line);

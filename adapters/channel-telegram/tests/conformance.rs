//! The Telegram adapter against the promises of its port, before a small Telegram of its own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_channel_telegram::{TelegramAdapter, TelegramConfig, webhook_secret};
use hubchat_conformance::{ChannelAdapterHarness, SampleSend, WebhookSample};
use hubchat_domain::{
    AccountStatus, Attachment, ChannelAccountRecord, ChannelType, MessageContent, ThreadKind, Timestamp,
};
use hubchat_ports::{AccountAccess, ChannelAdapter, ChannelSecrets, OutgoingFile, SendRequest};
use hubchat_provider_http::{ProviderClient, ProviderClientConfig};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use uuid::Uuid;

const GOOD: &str = "7000000001:AAgood";
const SILENT: i64 = 13;
const CUSTOMER: i64 = 900_100_200;

struct Telegram {
    adapter: TelegramAdapter,
    server: JoinHandle<()>,
}

/// Reads one request after the other and answers as Telegram would; closes the connection on the silent chat.
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
        let head = String::from_utf8_lossy(&seen[..end]).into_owned();
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:").map(str::to_owned));
        let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
        while seen.len() < end + length {
            let mut chunk = [0; 8192];
            let read = socket.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
            seen.extend_from_slice(&chunk[..read]);
        }
        let body: Value = serde_json::from_slice(&seen[end..end + length]).unwrap_or_default();
        seen.drain(..end + length);
        if body["chat_id"] == SILENT {
            return None;
        }
        let (status, answer) = if head.contains(&format!("/bot{GOOD}/")) {
            ("200 OK", json!({"ok": true, "result": {"message_id": 4001, "chat": {"id": body["chat_id"]}}}))
        } else {
            ("401 Unauthorized", json!({"ok": false, "error_code": 401, "description": "Unauthorized"}))
        };
        let answer = answer.to_string();
        let head =
            format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", answer.len());
        socket.write_all(format!("{head}{answer}").as_bytes()).await.ok()?;
    }
}

fn secrets(token: &str) -> ChannelSecrets {
    ChannelSecrets::new([("bot_token".to_owned(), SecretString::from(token))])
}

fn send(token: &str, to: i64, content: MessageContent) -> SampleSend {
    let file = content.attachment().map(|_| OutgoingFile {
        url: "https://files.hubchat.example/m/abc/file".to_owned(),
        preview_url: None,
        file_name: Some("file.pdf".to_owned()),
        content_type: None,
        size: Some(1),
        duration: None,
    });
    SampleSend {
        access: AccountAccess {
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
            secrets: secrets(token),
        },
        request: SendRequest {
            message_id: Uuid::from_u128(7).into(),
            thread_kind: ThreadKind::Direct,
            external_thread_id: to.to_string(),
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
impl ChannelAdapterHarness for Telegram {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api_url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket));
            }
        });
        let client = ProviderClient::new(ProviderClientConfig {
            allow_private_addresses: true,
            ..ProviderClientConfig::default()
        });
        Self { adapter: TelegramAdapter::new(TelegramConfig { api_url }, client.unwrap()), server }
    }

    fn adapter(&self) -> &dyn ChannelAdapter {
        &self.adapter
    }

    fn webhooks(&self) -> Vec<WebhookSample> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let secret = webhook_secret(&SecretString::from(GOOD));
        ["message_text.json", "message_photo.json", "message_reply.json"]
            .into_iter()
            .map(|file| WebhookSample {
                headers: vec![(
                    "x-telegram-bot-api-secret-token".to_owned(),
                    secret.expose_secret().as_bytes().to_vec(),
                )],
                body: fs::read(folder.join(file)).unwrap().into(),
                secrets: secrets(GOOD),
                destination: None,
                events: 1,
            })
            .collect()
    }

    fn proof_covers_body(&self) -> bool {
        false
    }

    fn batches(&self) -> bool {
        false
    }

    fn unknown_event(&self) -> Bytes {
        json!({"update_id": 5, "never_sent_before": {"chat": {"id": CUSTOMER}}}).to_string().into()
    }

    fn sends(&self) -> Vec<SampleSend> {
        let file = Attachment::default;
        let contents = [
            text(),
            MessageContent::Image(file()),
            MessageContent::Video(file()),
            MessageContent::Audio(file()),
            MessageContent::File(file()),
            MessageContent::Location {
                title: Some("ร้าน".into()),
                address: Some("กรุงเทพฯ".into()),
                latitude: 13.7,
                longitude: 100.5,
            },
        ];
        contents.into_iter().map(|content| send(GOOD, CUSTOMER, content)).collect()
    }

    fn unanswered(&self) -> SampleSend {
        send(GOOD, SILENT, text())
    }

    fn unauthorized(&self) -> SampleSend {
        send("7000000001:AAexpired", CUSTOMER, text())
    }

    async fn stop(self) {
        self.server.abort();
    }
}

hubchat_conformance::channel_adapter_suite!(Telegram);

//! Meta's three adapters against the promises of their port, before a small Graph API of their own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, marker::PhantomData, path::PathBuf};

use async_trait::async_trait;
use aws_lc_rs::hmac;
use bytes::Bytes;
use hubchat_channel_meta::{FacebookAdapter, InstagramAdapter, MetaConfig, WhatsappAdapter};
use hubchat_conformance::{ChannelAdapterHarness, SampleSend, WebhookSample};
use hubchat_domain::{
    AccountStatus, Attachment, ChannelAccountRecord, ChannelType, Choice, MessageContent, ThreadKind, Timestamp,
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

const GOOD: &str = "good-token";
const APP_SECRET: &str = "app-secret-of-the-account";
const SILENT: &str = "13";

/// What one of Meta's channels is tried with.
trait Channel: Send + Sync + 'static {
    const TYPE: ChannelType;
    /// The account's id at Meta.
    const ACCOUNT: &'static str;
    const CUSTOMER: &'static str;

    fn adapter(config: MetaConfig, client: ProviderClient) -> Box<dyn ChannelAdapter>;
    /// Bodies of webhooks, and how many events each holds.
    fn bodies() -> Vec<(Vec<u8>, usize)>;
    fn unknown_event() -> Value;
    /// What this channel carries beside text and files.
    fn further_contents() -> Vec<MessageContent>;
}

struct Messenger;
struct Instagram;
struct Whatsapp;

struct Meta<C> {
    adapter: Box<dyn ChannelAdapter>,
    server: JoinHandle<()>,
    channel: PhantomData<C>,
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

fn single(names: &[&str]) -> impl Iterator<Item = (Vec<u8>, usize)> {
    names.iter().map(|name| (fixture(name), 1))
}

fn unknown_messaging(account: &str, customer: &str) -> Value {
    json!({"entry": account, "time": 1, "messaging": {
        "sender": {"id": customer}, "recipient": {"id": account}, "timestamp": 1, "never_sent_before": {"a": 1},
    }})
}

fn public_reply(comment: &str) -> MessageContent {
    MessageContent::PublicReply {
        text: "ตอบใน inbox แล้วนะคะ".to_owned(), comment_id: comment.to_owned()
    }
}

fn choices() -> MessageContent {
    let choice = |title: &str, payload: &str| Choice { title: title.to_owned(), payload: payload.to_owned() };
    MessageContent::Choices {
        text: "เลือกสีค่ะ".to_owned(), choices: vec![choice("ดำ", "BLACK"), choice("ขาว", "WHITE")]
    }
}

impl Channel for Messenger {
    const TYPE: ChannelType = ChannelType::Facebook;
    const ACCOUNT: &'static str = "100200300400500";
    const CUSTOMER: &'static str = "7254519988800011";

    fn adapter(config: MetaConfig, client: ProviderClient) -> Box<dyn ChannelAdapter> {
        Box::new(FacebookAdapter::new(config, client))
    }

    fn bodies() -> Vec<(Vec<u8>, usize)> {
        let several =
            [(fixture("messenger/batch_two_pages.json"), 3), (fixture("facebook-comments/batch_two_changes.json"), 2)];
        let names = ["messenger/text.json", "messenger/image.json", "facebook-comments/comment_add.json"];
        single(&names).chain(several).collect()
    }

    fn unknown_event() -> Value {
        unknown_messaging(Self::ACCOUNT, Self::CUSTOMER)
    }

    fn further_contents() -> Vec<MessageContent> {
        vec![choices(), public_reply("122100000000000001_990000000000011")]
    }
}

impl Channel for Instagram {
    const TYPE: ChannelType = ChannelType::Instagram;
    const ACCOUNT: &'static str = "17841400000000001";
    const CUSTOMER: &'static str = "1789001122334455";

    fn adapter(config: MetaConfig, client: ProviderClient) -> Box<dyn ChannelAdapter> {
        Box::new(InstagramAdapter::new(config, client))
    }

    fn bodies() -> Vec<(Vec<u8>, usize)> {
        let read = |name: &str| serde_json::from_slice::<Value>(&fixture(name)).unwrap();
        let (mut both, reaction) = (read("instagram/text.json"), read("instagram/reaction.json"));
        let first = both["entry"][0]["messaging"].as_array_mut().unwrap();
        first.push(reaction["entry"][0]["messaging"][0].clone());
        let names = ["instagram/text.json", "instagram/story_mention.json", "instagram/comment.json"];
        single(&names).chain([(both.to_string().into_bytes(), 2)]).collect()
    }

    fn unknown_event() -> Value {
        unknown_messaging(Self::ACCOUNT, Self::CUSTOMER)
    }

    fn further_contents() -> Vec<MessageContent> {
        vec![choices(), public_reply("17900000000000011")]
    }
}

impl Channel for Whatsapp {
    const TYPE: ChannelType = ChannelType::Whatsapp;
    const ACCOUNT: &'static str = "106540352240001";
    const CUSTOMER: &'static str = "66810000001";

    fn adapter(config: MetaConfig, client: ProviderClient) -> Box<dyn ChannelAdapter> {
        Box::new(WhatsappAdapter::new(config, client))
    }

    fn bodies() -> Vec<(Vec<u8>, usize)> {
        let names = ["whatsapp/text.json", "whatsapp/image.json", "whatsapp/status_delivered.json"];
        single(&names).chain([(fixture("whatsapp/batch_messages_and_status.json"), 3)]).collect()
    }

    fn unknown_event() -> Value {
        json!({"field": "never_sent_before", "value": {"metadata": {"phone_number_id": Self::ACCOUNT}}})
    }

    fn further_contents() -> Vec<MessageContent> {
        let template = json!({"template": {"name": "order_update", "language": {"code": "th"}}});
        vec![
            choices(),
            MessageContent::Location {
                title: Some("ร้าน".into()),
                address: Some("กรุงเทพฯ".into()),
                latitude: 13.7,
                longitude: 100.5,
            },
            MessageContent::Template { text: "สถานะพัสดุ".to_owned(), payload: template },
        ]
    }
}

/// What the Graph API answers to a path and a body.
fn answer(path: &str, body: &Value) -> (&'static str, Value) {
    match path.strip_prefix("/v25.0/").and_then(|path| path.split_once('/')) {
        Some((Whatsapp::ACCOUNT, "messages")) => {
            ("200 OK", json!({"messaging_product": "whatsapp", "messages": [{"id": "wamid.HBgL0001"}]}))
        }
        Some((Messenger::ACCOUNT | Instagram::ACCOUNT, "messages")) => {
            ("200 OK", json!({"recipient_id": body["recipient"]["id"], "message_id": "m_hubSent00001"}))
        }
        Some((comment, "comments" | "replies")) => ("200 OK", json!({"id": format!("{comment}_77")})),
        _ => ("400 Bad Request", json!({"error": {"message": "Unsupported request", "code": 100}})),
    }
}

/// Reads one request after the other and answers as the Graph API would; closes the connection on the silent one.
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
        if body["recipient"]["id"] == SILENT || body["to"] == format!("+{SILENT}") {
            return None;
        }
        let path = head.split([' ', '?']).nth(1).unwrap();
        let (status, answer) = if head.contains(&format!("authorization: bearer {GOOD}\r\n")) {
            answer(path, &body)
        } else {
            ("401 Unauthorized", json!({"error": {"message": "Session has expired", "code": 190, "fbtrace_id": "A"}}))
        };
        let answer = answer.to_string();
        let head =
            format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", answer.len());
        socket.write_all(format!("{head}{answer}").as_bytes()).await.ok()?;
    }
}

fn secrets(token: &str) -> ChannelSecrets {
    let secrets = [("access_token", token), ("app_secret", APP_SECRET), ("waba_id", "102000000000321")];
    ChannelSecrets::new(secrets.map(|(name, secret)| (name.to_owned(), SecretString::from(secret))))
}

fn send<C: Channel>(token: &str, to: &str, content: MessageContent) -> SampleSend {
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
                channel_type: C::TYPE,
                name: "Meta".to_owned(),
                external_id: Some(C::ACCOUNT.to_owned()),
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

fn signature(body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, APP_SECRET.as_bytes());
    let digits: Vec<String> = hmac::sign(&key, body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={}", digits.concat())
}

#[async_trait]
impl<C: Channel> ChannelAdapterHarness for Meta<C> {
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
        let config = MetaConfig { graph_url: url.clone(), instagram_url: url, ..MetaConfig::default() };
        Self { adapter: C::adapter(config, client.unwrap()), server, channel: PhantomData }
    }

    fn adapter(&self) -> &dyn ChannelAdapter {
        self.adapter.as_ref()
    }

    fn webhooks(&self) -> Vec<WebhookSample> {
        let sample = |(body, events): (Vec<u8>, usize)| WebhookSample {
            headers: vec![("x-hub-signature-256".to_owned(), signature(&body).into_bytes())],
            body: body.into(),
            secrets: secrets(GOOD),
            destination: None,
            events,
        };
        C::bodies().into_iter().map(sample).collect()
    }

    fn unknown_event(&self) -> Bytes {
        C::unknown_event().to_string().into()
    }

    fn sends(&self) -> Vec<SampleSend> {
        let file = Attachment::default;
        let mut contents = vec![
            text(),
            MessageContent::Image(file()),
            MessageContent::Video(file()),
            MessageContent::Audio(file()),
            MessageContent::File(file()),
        ];
        contents.extend(C::further_contents());
        contents.into_iter().map(|content| send::<C>(GOOD, C::CUSTOMER, content)).collect()
    }

    fn unanswered(&self) -> SampleSend {
        send::<C>(GOOD, SILENT, text())
    }

    fn unauthorized(&self) -> SampleSend {
        send::<C>("expired-token", C::CUSTOMER, text())
    }

    async fn stop(self) {
        self.server.abort();
    }
}

mod messenger {
    use super::{Messenger, Meta};

    hubchat_conformance::channel_adapter_suite!(Meta<Messenger>);
}

mod instagram {
    use super::{Instagram, Meta};

    hubchat_conformance::channel_adapter_suite!(Meta<Instagram>);
}

mod whatsapp {
    use super::{Meta, Whatsapp};

    hubchat_conformance::channel_adapter_suite!(Meta<Whatsapp>);
}

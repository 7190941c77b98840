//! Meta's adapters before a Graph API that answers what it is told, and the comparison with the fixtures.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use hubchat_channel_meta::{FacebookAdapter, InstagramAdapter, MetaApp, MetaConfig, WhatsappAdapter};
use hubchat_domain::{
    AccountStatus, ChannelAccountRecord, ChannelType, Choice, MessageContent, SendMode, ThreadKind, Timestamp,
};
use hubchat_ports::{AccountAccess, ChannelAdapter, ChannelSecrets, OutgoingFile, SendRequest, SentMessage};
use hubchat_provider_http::{ProviderClient, ProviderClientConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers};

pub(crate) const TOKEN: &str = "EAAfixtureToken";
/// The secret of the account's own app.
pub(crate) const OWN_SECRET: &str = "fixture-app-secret";
/// The HMAC-SHA256 of the token by that secret, made by another program.
pub(crate) const OWN_PROOF: &str = "60174b325283d416864b948ef39576c4ba6e8032a2ddde33cfeb88d36677885a";
/// The secret of the app of the whole hubchat.
pub(crate) const SHARED_SECRET: &str = "fixture-shared-secret";
/// The HMAC-SHA256 of the token by that secret, made by another program.
pub(crate) const SHARED_PROOF: &str = "2e814de9bfb3c79a3f1137e0aa7b1ebfc6923f337d44da9fb382145512a7752c";
pub(crate) const APP_ID: &str = "880011223344";
pub(crate) const MESSAGE_ID: &str = "00000000-0000-0000-0000-000000000001";

/// The accounts of the fixtures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    Page,
    Instagram,
    /// Of the same Instagram account, but by way of the page that it is linked to.
    InstagramByPage,
    Number,
}

impl Account {
    pub(crate) const ALL: [Self; 4] = [Self::Page, Self::Instagram, Self::InstagramByPage, Self::Number];

    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Page => "100200300400500",
            Self::Instagram | Self::InstagramByPage => "17841400000000001",
            Self::Number => "106540352240001",
        }
    }

    pub(crate) const fn customer(self) -> &'static str {
        match self {
            Self::Page => "7254519988800011",
            Self::Instagram | Self::InstagramByPage => "1789001122334455",
            Self::Number => "66810000001",
        }
    }

    pub(crate) fn access_with(self, secrets: &[(&str, &str)]) -> AccountAccess {
        let channel_type = match self {
            Self::Page => ChannelType::Facebook,
            Self::Instagram | Self::InstagramByPage => ChannelType::Instagram,
            Self::Number => ChannelType::Whatsapp,
        };
        let account = ChannelAccountRecord {
            id: Uuid::nil().into(),
            tenant_id: Uuid::nil().into(),
            channel_type,
            name: "Meta".to_owned(),
            external_id: Some(self.id().to_owned()),
            webhook_key: "key".to_owned(),
            status: AccountStatus::Active,
            status_reason: None,
            last_checked_at: None,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
            version: 1,
        };
        let secrets = secrets.iter().map(|(name, secret)| ((*name).to_owned(), SecretString::from(*secret)));
        AccountAccess { account, secrets: ChannelSecrets::new(secrets) }
    }

    /// With a token and the secret of an app of its own.
    pub(crate) fn access(self) -> AccountAccess {
        let mut secrets = vec![("access_token", TOKEN), ("app_secret", OWN_SECRET)];
        match self {
            Self::InstagramByPage => secrets.push(("page_id", Self::Page.id())),
            Self::Number => secrets.push(("waba_id", "102000000000321")),
            Self::Page | Self::Instagram => {}
        }
        self.access_with(&secrets)
    }

    pub(crate) fn adapter(self, config: MetaConfig) -> Box<dyn ChannelAdapter> {
        let client = ProviderClient::new(ProviderClientConfig {
            allow_private_addresses: true,
            request_timeout: Duration::from_secs(2),
            ..ProviderClientConfig::default()
        })
        .unwrap();
        match self {
            Self::Page => Box::new(FacebookAdapter::new(config, client)),
            Self::Instagram | Self::InstagramByPage => Box::new(InstagramAdapter::new(config, client)),
            Self::Number => Box::new(WhatsappAdapter::new(config, client)),
        }
    }

    pub(crate) fn request(self, content: MessageContent) -> SendRequest {
        SendRequest {
            message_id: MESSAGE_ID.parse().unwrap(),
            thread_kind: ThreadKind::Direct,
            external_thread_id: self.customer().to_owned(),
            content,
            file: None,
            mode: SendMode::Standard,
            comment_id: None,
            quoted_external_id: None,
            quote_token: None,
            reply_handle: None,
        }
    }

    pub(crate) fn text(self, text: &str) -> SendRequest {
        self.request(MessageContent::Text { text: text.to_owned() })
    }

    pub(crate) fn file(self, content: MessageContent, url: &str) -> SendRequest {
        let file = OutgoingFile {
            url: url.to_owned(),
            preview_url: None,
            file_name: url.rsplit('/').next().map(str::to_owned),
            content_type: None,
            size: None,
            duration: None,
        };
        SendRequest { file: Some(file), ..self.request(content) }
    }
}

/// The app of the whole hubchat.
pub(crate) fn app() -> MetaApp {
    MetaApp {
        app_id: APP_ID.to_owned(),
        app_secret: SecretString::from(SHARED_SECRET),
        former_app_secret: None,
        instagram_app_secret: None,
        verify_token: SecretString::from("fixture-verify-token"),
    }
}

/// The two Graph APIs of Meta's, told apart by the beginning of the path.
pub(crate) fn config(url: &str) -> MetaConfig {
    MetaConfig {
        graph_url: format!("{url}/facebook"),
        instagram_url: format!("{url}/instagram"),
        ..MetaConfig::default()
    }
}

/// A fixture by its channel and name, such as `messenger/text`.
pub(crate) fn fixture(name: &str) -> Value {
    let (channel, name) = name.split_once('/').unwrap();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(channel).join("send");
    serde_json::from_slice(&fs::read(path.join(format!("{name}.json"))).unwrap()).unwrap()
}

/// Where a text stands in the body that a fixture expects.
pub(crate) fn wanted(fixture: &Value, pointer: &str) -> String {
    fixture["request"]["body"].pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
}

pub(crate) fn choices(pairs: &[(&str, &str)], text: &str) -> MessageContent {
    let choice = |(title, payload): &(&str, &str)| Choice { title: (*title).into(), payload: (*payload).into() };
    MessageContent::Choices { text: text.to_owned(), choices: pairs.iter().map(choice).collect() }
}

/// A Graph API that answers every call with this.
pub(crate) async fn answering(status: u16, body: &Value) -> MockServer {
    serving(ResponseTemplate::new(status).set_body_json(body)).await
}

pub(crate) async fn serving(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(matchers::any()).respond_with(answer).mount(&server).await;
    server
}

/// A Graph API that answers every call as a fixture says.
pub(crate) async fn as_in(fixture: &Value) -> MockServer {
    let answer = &fixture["response"];
    answering(u16::try_from(answer["status"].as_u64().unwrap()).unwrap(), &answer["body"]).await
}

/// The Graph API's words for an accepted message.
pub(crate) fn accepted(account: Account, id: &str) -> Value {
    match account {
        Account::Number => json!({"messaging_product": "whatsapp", "messages": [{"id": id}]}),
        _ => json!({"recipient_id": account.customer(), "message_id": id}),
    }
}

pub(crate) async fn asked(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

pub(crate) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name).map(|value| value.to_str().unwrap())
}

pub(crate) fn query(request: &Request) -> BTreeMap<String, String> {
    let pairs: Vec<_> = request.url.query_pairs().into_owned().collect();
    let query: BTreeMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(query.len(), pairs.len(), "a parameter comes twice: {pairs:?}");
    query
}

/// Asserts that a request is the one of a fixture, in its address, its credentials and its body.
pub(crate) fn compare(name: &str, asked: &Request, body: Option<&Value>) {
    let expected = fixture(name);
    let expected = &expected["request"];
    assert_eq!(asked.method.as_str(), expected["method"], "{name}");
    let at_instagram = expected["base_url"] == "https://graph.instagram.com";
    let base = if at_instagram { "/instagram" } else { "/facebook" };
    assert_eq!(asked.url.path(), format!("{base}{}", expected["path"].as_str().unwrap()), "{name}");
    let pairs = expected["query"].as_object().into_iter().flatten();
    let mut pairs: BTreeMap<_, _> =
        pairs.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect();
    // The API of Instagram's own log-in knows no such proof.
    if !at_instagram {
        pairs.insert("appsecret_proof".to_owned(), OWN_PROOF.to_owned());
    }
    assert_eq!(query(asked), pairs, "{name}");
    assert_eq!(header(asked, "authorization"), Some(format!("Bearer {TOKEN}").as_str()), "{name}");
    if let Some(body) = body {
        assert_eq!(header(asked, "content-type"), Some("application/json"), "{name}");
        assert_eq!(&asked.body_json::<Value>().unwrap(), body, "{name}");
    }
}

/// Sends before a Graph API that answers as the fixture says, and compares what was asked with the fixture, in which
/// `own` sets what is hubchat's own.
pub(crate) async fn sends_as_expected(
    account: Account,
    name: &str,
    request: &SendRequest,
    own: impl FnOnce(&mut Value),
) -> SentMessage {
    let expected = fixture(name);
    let server = as_in(&expected).await;
    let sent = account.adapter(config(&server.uri())).send(&account.access(), request).await.unwrap();
    let mut body = expected["request"]["body"].clone();
    own(&mut body);
    let asked = asked(&server).await;
    assert_eq!(asked.len(), 1, "{name}");
    compare(name, &asked[0], Some(&body));
    let answer = &expected["response"]["body"];
    let id = [&answer["message_id"], &answer["id"], &answer["messages"][0]["id"]].into_iter().find_map(Value::as_str);
    assert_eq!(sent.external_ids, [id.unwrap()], "{name}");
    sent
}

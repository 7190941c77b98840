//! A whole hubchat in this process: HTTP and worker on port 0, with a fake LINE beside it.

use std::{net::SocketAddr, time::Duration};

use hubchat_core::{
    Actor, ConnectChannelCommand, CreateMemberCommand,
    domain::{ChannelType, MemberRole, Scope},
};
use hubchat_sandbox::{LineChannel, Sandbox, SandboxConfig};
use hubchat_wiring::{Config, Wired, wire};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    database::{Database, Kind},
    deadline::eventually,
};

pub const DESTINATION: &str = "U0f1e2d3c4b5a69788796a5b4c3d2e1f0";
pub const CHANNEL_SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
pub const ACCESS_TOKEN: &str = "e2e-access-token";

pub struct Hub {
    pub url: String,
    pub sandbox: Sandbox,
    pub wired: Wired,
    pub key: SecretString,
    pub tenant: Actor,
    pub webhook_path: String,
    pub channel_id: String,
    pub client: reqwest::Client,
    database: Database,
    shutdown: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

pub async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

pub fn client() -> reqwest::Client {
    #[expect(clippy::disallowed_methods, reason = "a test is a user of the API")]
    let builder = reqwest::Client::builder();
    builder.timeout(Duration::from_secs(30)).build().expect("a client")
}

/// A configuration that fits a test's own database and sandbox.
pub fn config(database: &Database, sandbox_url: &str) -> Config {
    let mut config = Config {
        database_url: Some(database.url.clone()),
        data_dir: database.folder.path().join("data"),
        allow_private_providers: true,
        database_connections: 8,
        ..Config::default()
    };
    sandbox_url.clone_into(&mut config.line.api_url);
    sandbox_url.clone_into(&mut config.line.data_url);
    sandbox_url.clone_into(&mut config.telegram.api_url);
    sandbox_url.clone_into(&mut config.meta.graph_url);
    sandbox_url.clone_into(&mut config.meta.instagram_url);
    let app = hubchat_sandbox::MetaApp::default();
    config.meta.app_id = Some(app.app_id);
    config.meta.app_secret = Some(app.app_secret);
    config.meta.verify_token = Some(SecretString::from(app.verify_token));
    config
}

impl Hub {
    pub async fn start(kind: Kind) -> Self {
        Box::pin(Self::start_with(kind, |_| ())).await
    }

    pub async fn start_with(kind: Kind, change: impl FnOnce(&mut Config)) -> Self {
        let database = Database::create(kind).await;
        let shutdown = CancellationToken::new();
        let sandbox = Sandbox::new(SandboxConfig { allow_loopback_http_media: true, ..SandboxConfig::default() });
        let (sandbox_listener, sandbox_address) = listener().await;
        let sandbox_url = format!("http://{sandbox_address}");
        let (server, stop) = (sandbox.clone(), shutdown.clone());
        let mut tasks = vec![tokio::spawn(async move {
            server.serve(sandbox_listener, stop).await.expect("the sandbox serves");
        })];
        let mut config = config(&database, &sandbox_url);
        let (http_listener, address) = listener().await;
        config.public_url = Some(format!("http://{address}"));
        change(&mut config);
        let wired = wire(&config).await.expect("hubchat can be built");
        let hubchat = wired.hubchat.clone();
        let source = Some(hubchat_http::render_metrics(wired.metrics.clone()));
        let (hub, stop, http) = (hubchat.clone(), shutdown.clone(), hubchat_http::HttpConfig::from(&config));
        tasks.push(tokio::spawn(async move {
            hubchat_http::run(http_listener, hub, http, source, stop).await.expect("HTTP serves");
        }));
        let (hub, stop, settings) = (hubchat.clone(), shutdown.clone(), config.worker);
        tasks.push(tokio::spawn(async move { hubchat_worker::run(hub, &settings, stop).await }));

        let tenant = hubchat.create_tenant.run("shop", "Shop").await.expect("a tenant");
        let actor = Actor::system(tenant.id);
        let key = hubchat.create_api_key.run(&actor, "e2e", &[Scope::Admin], None).await.expect("a key").key;
        let connected = hubchat.connect_channel.run(&actor, &line_account(DESTINATION)).await.expect("an account");
        let url = format!("http://{address}");
        sandbox.line().add_channel(LineChannel {
            webhook_url: Some(format!("{url}{}", connected.webhook_path)),
            ..LineChannel::new(DESTINATION, CHANNEL_SECRET, ACCESS_TOKEN)
        });
        Self {
            url,
            sandbox,
            wired,
            key,
            tenant: actor,
            webhook_path: connected.webhook_path,
            channel_id: connected.account.id.to_string(),
            client: client(),
            database,
            shutdown,
            tasks,
        }
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        for task in self.tasks {
            task.await.expect("ends in order");
        }
        self.wired.storage.close().await;
        self.database.remove().await;
    }

    /// Where the database is.
    pub fn database_url(&self) -> &SecretString {
        &self.database.url
    }

    /// The folder that holds everything of this hubchat.
    pub fn folder(&self) -> &std::path::Path {
        self.database.folder.path()
    }

    pub async fn add_member(&self, name: &str) -> String {
        let command = CreateMemberCommand {
            name: name.to_owned(),
            email: format!("{}@shop.example", name.to_lowercase()),
            role: MemberRole::Sales,
        };
        self.wired.hubchat.create_member.run(&self.tenant, &command).await.expect("a member").id.to_string()
    }

    /// Calls the API with the admin key.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        self.call_as(Some(&self.key), method, path, body).await
    }

    pub async fn call_as(
        &self,
        key: Option<&SecretString>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(key) = key {
            request = request.bearer_auth(key.expose_secret());
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("hubchat answers");
        let status = response.status();
        let text = response.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "GET {path}: {body}");
        body
    }

    /// The items of a list's first page.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        self.get(path).await["items"].as_array().expect("a list").clone()
    }

    /// Waits for a conversation that satisfies `fits`.
    pub async fn conversation(&self, what: &str, fits: impl Fn(&Value) -> bool + Send + Sync) -> Value {
        eventually(what, || async { self.list("/api/conversations?limit=200").await.into_iter().find(&fits) }).await
    }

    /// A conversation's messages, oldest first.
    pub async fn messages(&self, conversation: &Value) -> Vec<Value> {
        let id = conversation["id"].as_str().expect("an id");
        let mut messages = self.list(&format!("/api/conversations/{id}/messages?limit=200")).await;
        messages.reverse();
        messages
    }

    /// Sends a text into a conversation; answers the message.
    pub async fn send_text(&self, conversation: &Value, text: &str) -> Value {
        let path = format!("/api/conversations/{}/messages", conversation["id"].as_str().expect("an id"));
        let body = serde_json::json!({"type": "text", "content": text});
        let (status, message) = self.call(Method::POST, &path, Some(body)).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{message}");
        message
    }

    /// Waits until a message has one of these statuses; answers the message.
    pub async fn settled(&self, message: &Value, statuses: &[&str]) -> Value {
        let path = format!("/api/messages/{}", message["id"].as_str().expect("an id"));
        eventually(&format!("{path} is one of {statuses:?}"), || async {
            let message = self.get(&path).await;
            statuses.contains(&message["deliveryStatus"].as_str().unwrap_or_default()).then_some(message)
        })
        .await
    }

    /// Waits until nothing waits in any lane.
    pub async fn drained(&self) {
        self.drained_but(0).await;
    }

    /// Waits until nothing waits in any lane but so many jobs whose time is yet to come.
    pub async fn drained_but(&self, delayed: i64) {
        eventually("all lanes are empty", || async {
            let lanes = self.wired.hubchat.dead_letters.stats().await.expect("stats");
            let still = lanes.iter().all(|lane| lane.ready + lane.leased == 0);
            (still && lanes.iter().map(|lane| lane.delayed).sum::<i64>() <= delayed).then_some(())
        })
        .await;
    }

    /// What customers got, in order.
    pub fn effects(&self) -> Vec<std::sync::Arc<hubchat_sandbox::Effect>> {
        self.sandbox.line().effects()
    }
}

pub fn line_account(destination: &str) -> ConnectChannelCommand {
    ConnectChannelCommand {
        channel_type: ChannelType::Line,
        name: "LINE Shop".to_owned(),
        secrets: vec![
            ("channel_secret".to_owned(), SecretString::from(CHANNEL_SECRET)),
            ("access_token".to_owned(), SecretString::from(ACCESS_TOKEN)),
        ],
        external_id: Some(destination.to_owned()),
        idempotency_key: None,
    }
}

/// Runs a test on both databases, one after the other.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$doc:meta])* async fn $name:ident($hub:ident: Hub) $body:block)+) => {$(
        mod $name {
            use super::*;
            use $crate::{database::Kind, hub::Hub};

            $(#[$doc])*
            async fn scenario($hub: &Hub) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let hub = Hub::start(Kind::Sqlite).await;
                scenario(&hub).await;
                hub.stop().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let hub = Hub::start(Kind::Postgres).await;
                scenario(&hub).await;
                hub.stop().await;
            }
        }
    )+};
}

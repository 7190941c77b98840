//! A running sandbox, a hub that writes down what it is posted, and a client.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hubchat_sandbox::{FakeLine, LineChannel, Sandbox, SandboxConfig};
use poem::http::StatusCode;
use poem::{Endpoint, Request, Response, Server};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

pub(crate) const BOT: &str = "U0f1e2d3c4b5a69788796a5b4c3d2e1f0";
pub(crate) const USER: &str = "U11112222333344445555666677778888";
pub(crate) const GROUP: &str = "Ca1b2c3d4e5f60718293a4b5c6d7e8f90";
pub(crate) const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
pub(crate) const TOKEN: &str = "token-of-the-demo-channel";
pub(crate) const KEY: &str = "8c1d2f50-6a0b-4d0e-9d0e-0b6f0c8f1a01";
pub(crate) const PUSH: &str = "/v2/bot/message/push";
pub(crate) const REPLY: &str = "/v2/bot/message/reply";

/// One post as the hub got it.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) signature: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

impl Post {
    pub(crate) fn body(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }
}

/// The receiving side of webhooks.
#[derive(Clone)]
pub(crate) struct Hub {
    posts: Arc<Mutex<Vec<Post>>>,
    status: Arc<AtomicU16>,
    /// Never answers while set.
    pub(crate) hangs: CancellationToken,
}

impl Hub {
    pub(crate) fn posts(&self) -> Vec<Post> {
        self.posts.lock().unwrap().clone()
    }

    pub(crate) fn answer_with(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }
}

impl Endpoint for Hub {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let signature = request.header("x-line-signature").map(str::to_owned);
        let bytes = request.into_body().into_vec().await?;
        self.posts.lock().unwrap().push(Post { signature, bytes });
        if self.hangs.is_cancelled() {
            std::future::pending::<()>().await;
        }
        let status = StatusCode::from_u16(self.status.load(Ordering::SeqCst)).unwrap();
        Ok(Response::builder().status(status).finish())
    }
}

pub(crate) struct Harness {
    pub(crate) line: FakeLine,
    pub(crate) hub: Hub,
    pub(crate) url: String,
    pub(crate) client: reqwest::Client,
    _stop: DropGuard,
}

impl Harness {
    pub(crate) async fn start() -> Self {
        Self::with(SandboxConfig::default()).await
    }

    pub(crate) async fn with(config: SandboxConfig) -> Self {
        let stop = CancellationToken::new();
        let hub = Hub { posts: Arc::default(), status: Arc::new(AtomicU16::new(200)), hangs: CancellationToken::new() };
        let hub_listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hub_url = format!("http://{}/hook", hub_listener.local_addr().unwrap());
        let hub_server = Server::new_with_acceptor(poem::listener::TcpAcceptor::from_tokio(hub_listener).unwrap());
        let hub_stop = stop.clone().cancelled_owned();
        tokio::spawn(hub_server.run_with_graceful_shutdown(hub.clone(), hub_stop, Some(Duration::ZERO)));

        let sandbox = Sandbox::new(config);
        sandbox.line().add_channel(LineChannel {
            display_name: "Hubchat Demo".to_owned(),
            basic_id: "@216ruhub".to_owned(),
            webhook_url: Some(hub_url),
            ..LineChannel::new(BOT, SECRET, TOKEN)
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (server, sandbox_stop) = (sandbox.clone(), stop.clone());
        tokio::spawn(async move { server.serve(listener, sandbox_stop).await });
        Self { line: sandbox.line().clone(), hub, url, client: client(), _stop: stop.drop_guard() }
    }

    pub(crate) fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}{path}", self.url)).bearer_auth(TOKEN)
    }

    pub(crate) fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.get(format!("{}{path}", self.url)).bearer_auth(TOKEN)
    }

    pub(crate) fn push(&self, text: &str) -> reqwest::RequestBuilder {
        self.post(PUSH).json(&json!({ "to": USER, "messages": [{ "type": "text", "text": text }] }))
    }

    pub(crate) fn reply(&self, token: &str) -> reqwest::RequestBuilder {
        self.post(REPLY).json(&json!({ "replyToken": token, "messages": [{ "type": "text", "text": "x" }] }))
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests play the callers of a provider")]
fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap()
}

pub(crate) async fn status_and_json(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

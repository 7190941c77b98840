//! `hubchat-http` and `hubchat-worker` apart on PostgreSQL, restarted by SIGTERM again and again while messages
//! come in and go out: nothing is lost, sent twice or left uncertain, and every process ends in order.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use hubchat_core::{Actor, NewContent, SendMessageCommand, SendTarget, domain::Scope, port::PageRequest};
use hubchat_sandbox::{Fault, FaultAction, LineChannel, Sandbox, SandboxConfig};
use hubchat_wiring::wire;
use reqwest::StatusCode;
use secrecy::ExposeSecret;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use crate::{
    database::{Database, Kind},
    deadline::within,
    hub::{ACCESS_TOKEN, CHANNEL_SECRET, DESTINATION, client, config, line_account, listener},
    webhook::{body, post, text_event, user},
};

const RESTARTS: usize = 20;
const CUSTOMERS: usize = 20;
const MESSAGES: usize = 600;

/// One of the two hosts as a process, and the address at which it tells whether it is ready.
struct Host {
    program: &'static str,
    listen: std::net::SocketAddr,
    child: Child,
}

impl Host {
    async fn start(program: &'static str, database: &Database, sandbox_url: &str) -> Self {
        let (free, listen) = listener().await;
        drop(free);
        let child = spawn(program, listen, database, sandbox_url);
        let host = Self { program, listen, child };
        host.ready().await;
        host
    }

    async fn ready(&self) {
        let (http, url) = (client(), format!("http://{}/ready", self.listen));
        within(Duration::from_secs(30), "the host is ready", || async {
            let answer = http.get(&url).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }

    /// SIGTERM, an end in order, and a successor at the same address.
    async fn restart(&mut self, database: &Database, sandbox_url: &str) {
        self.terminate().await;
        self.child = spawn(self.program, self.listen, database, sandbox_url);
        self.ready().await;
    }

    async fn terminate(&mut self) {
        let id = self.child.id().expect("it runs").to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill is there");
        assert!(told.success());
        let ended = tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await;
        let status = ended.expect("ends within its limit").expect("a status");
        assert_eq!(status.code(), Some(0), "{} ends in order", self.program);
    }
}

fn spawn(program: &str, listen: std::net::SocketAddr, database: &Database, sandbox_url: &str) -> Child {
    Command::new(program)
        .env_clear()
        .env("HUBCHAT_DATABASE_URL", database.url.expose_secret())
        .env("HUBCHAT_DATA_DIR", database.folder.path().join("data"))
        .env("HUBCHAT_CONFIG", database.folder.path().join("hubchat.toml"))
        .env("HUBCHAT_LISTEN", listen.to_string())
        .env("HUBCHAT_WORKER_LISTEN", listen.to_string())
        .env("HUBCHAT_LINE_API_URL", sandbox_url)
        .env("HUBCHAT_LINE_DATA_URL", sandbox_url)
        .env("HUBCHAT_LOG", "off")
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .expect("the process starts")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hosts_apart_on_postgres_are_restarted_under_load_without_loss_or_doubt() {
    let database = Database::create(Kind::Postgres).await;
    std::fs::write(database.folder.path().join("hubchat.toml"), "allow_private_providers = true\n").unwrap();
    let stop = CancellationToken::new();
    let sandbox = Sandbox::new(SandboxConfig::default());
    let (sandbox_listener, sandbox_address) = listener().await;
    let sandbox_url = format!("http://{sandbox_address}");
    let (server, stopping) = (sandbox.clone(), stop.clone());
    let serving = tokio::spawn(async move { server.serve(sandbox_listener, stopping).await.unwrap() });
    sandbox.line().add_channel(LineChannel::new(DESTINATION, CHANNEL_SECRET, ACCESS_TOKEN));
    // Every send takes a while, so that each restart meets some on their way.
    for path in ["/v2/bot/message/push", "/v2/bot/message/reply"] {
        sandbox.line().set_fault(Fault::on(path, FaultAction::Delay { ms: 30 }));
    }

    let wired = wire(&config(&database, &sandbox_url)).await.unwrap();
    let tenant = wired.hubchat.create_tenant.run("shop", "Shop").await.unwrap();
    let actor = Actor::system(tenant.id);
    let path = wired.hubchat.connect_channel.run(&actor, &line_account(DESTINATION)).await.unwrap().webhook_path;
    let key = wired.hubchat.create_api_key.run(&actor, "roll", &[Scope::Admin], None).await.unwrap().key;

    let mut http = Host::start(env!("CARGO_BIN_EXE_http-under-test"), &database, &sandbox_url).await;
    let mut worker = Host::start(env!("CARGO_BIN_EXE_worker-under-test"), &database, &sandbox_url).await;
    let (url, refused) = (format!("http://{}", http.listen), AtomicUsize::new(0));
    let provider = client();
    // A provider sends again what nobody answered; whatever is answered must be a success.
    let deliver = async |body: Vec<u8>| {
        within(Duration::from_mins(1), "the webhook is accepted", || async {
            let status = post(&provider, &format!("{url}{path}"), body.clone()).await;
            assert!(status.is_none_or(|status| status == StatusCode::OK), "{status:?} during a restart");
            refused.fetch_add(usize::from(status.is_none()), Ordering::Relaxed);
            status.map(|_| ())
        })
        .await;
    };
    for n in 0..CUSTOMERS {
        deliver(body(&[text_event(&user(n), &format!("first{n}"), "hello")])).await;
    }
    let conversations: Vec<serde_json::Value> = within(Duration::from_mins(1), "all conversations", || async {
        let list = provider.get(format!("{url}/api/conversations?limit=200")).bearer_auth(key.expose_secret());
        let page: serde_json::Value = list.send().await.ok()?.json().await.ok()?;
        let items = page["items"].as_array()?.clone();
        (items.len() == CUSTOMERS).then_some(items)
    })
    .await;

    let incoming = async {
        let mut due = tokio::time::interval(Duration::from_millis(10));
        for n in 0..MESSAGES {
            due.tick().await;
            deliver(body(&[text_event(&user(n % CUSTOMERS), &format!("in{n}"), &format!("{n:05}"))])).await;
        }
    };
    let outgoing = async {
        let mut due = tokio::time::interval(Duration::from_millis(10));
        for n in 0..MESSAGES {
            due.tick().await;
            let id = conversations[n % CUSTOMERS]["id"].as_str().unwrap().parse().unwrap();
            let command = SendMessageCommand {
                by_person: false,
                target: SendTarget::Conversation(id),
                content: NewContent::Text(format!("{n:05}")),
                reply_to: None,
                client_message_id: None,
                idempotency_key: None,
            };
            wired.hubchat.send_message.run(&actor, &command).await.unwrap();
        }
    };
    let restarts = async {
        for _ in 0..RESTARTS {
            tokio::join!(http.restart(&database, &sandbox_url), worker.restart(&database, &sandbox_url));
        }
    };
    tokio::join!(incoming, outgoing, restarts);
    within(Duration::from_mins(2), "everything is done", || async {
        let lanes = wired.hubchat.dead_letters.stats().await.ok()?;
        lanes.iter().all(|lane| lane.ready + lane.leased + lane.delayed == 0).then_some(())
    })
    .await;
    http.terminate().await;
    worker.terminate().await;

    let mut got: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for effect in sandbox.line().effects() {
        let texts = effect.message_values().into_iter().map(|message| message["text"].as_str().unwrap().to_owned());
        got.entry(effect.to.clone()).or_default().extend(texts);
    }
    let (mut came, mut went) = (BTreeSet::new(), 0);
    let threads = stream::iter(&conversations).then(async |conversation| {
        let id = conversation["id"].as_str().unwrap().parse().unwrap();
        let page = PageRequest { after: None, limit: 200 };
        (conversation, wired.hubchat.inbox.messages(&actor, id, page).await.unwrap().items)
    });
    for (conversation, rows) in threads.collect::<Vec<_>>().await {
        let customer = got.remove(conversation["externalThreadId"].as_str().unwrap()).unwrap_or_default();
        assert!(customer.is_sorted_by(|a, b| a < b), "in order and none twice: {customer:?}");
        for row in rows {
            let text = row.message.content.text().unwrap();
            match (row.message.direction.as_str(), row.message.delivery_status.as_str()) {
                ("INBOUND", _) => assert!(text == "hello" || came.insert(text.clone()), "{text} came twice"),
                (_, "SENT") => {
                    assert!(customer.contains(&text), "{text} is SENT but the customer has it not");
                    went += 1;
                }
                (_, other) => panic!("{text} ended {other}"),
            }
        }
    }
    assert_eq!((came.len(), went), (MESSAGES, MESSAGES));
    assert!(got.is_empty(), "nobody else got anything");
    stop.cancel();
    serving.await.unwrap();
    wired.storage.close().await;
    database.remove().await;
}

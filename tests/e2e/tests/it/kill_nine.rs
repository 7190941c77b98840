//! `kill -9` at random points while messages come in and go out: none lost, none twice, order kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use hubchat_core::{Actor, NewContent, SendMessageCommand, SendTarget, domain::Scope};
use hubchat_sandbox::{LineChannel, Sandbox, SandboxConfig};
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

const MESSAGES: usize = 1_000;
const CUSTOMERS: usize = 50;
const KILLS: usize = 20;

/// The real process, on a fixed port.
fn spawn(database: &Database, listen: std::net::SocketAddr, sandbox_url: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_hubchat-under-test"))
        .arg("up")
        .env_clear()
        .env("HUBCHAT_DATABASE_URL", database.url.expose_secret())
        .env("HUBCHAT_DATA_DIR", database.folder.path().join("data"))
        .env("HUBCHAT_CONFIG", database.folder.path().join("hubchat.toml"))
        .env("HUBCHAT_LISTEN", listen.to_string())
        .env("HUBCHAT_LINE_API_URL", sandbox_url)
        .env("HUBCHAT_LINE_DATA_URL", sandbox_url)
        .env("HUBCHAT_LOG", "off")
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .expect("the process starts")
}

/// A small generator with a printed seed, so that a failing run can be repeated.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

async fn scenario(kind: Kind) {
    let database = Database::create(kind).await;
    let short_leases = "allow_private_providers = true\n[worker]\nlease_seconds = 5\npoll_milliseconds = 100\n";
    std::fs::write(database.folder.path().join("hubchat.toml"), short_leases).unwrap();
    let stop = CancellationToken::new();
    let sandbox = Sandbox::new(SandboxConfig::default());
    let (sandbox_listener, sandbox_address) = listener().await;
    let sandbox_url = format!("http://{sandbox_address}");
    let (server, stopping) = (sandbox.clone(), stop.clone());
    tokio::spawn(async move { server.serve(sandbox_listener, stopping).await.unwrap() });

    // The tenant, its account and its conversations are made first, by the library.
    let wired = wire(&config(&database, &sandbox_url)).await.unwrap();
    let tenant = wired.hubchat.create_tenant.run("shop", "Shop").await.unwrap();
    let actor = Actor::system(tenant.id);
    let path = wired.hubchat.connect_channel.run(&actor, &line_account(DESTINATION)).await.unwrap().webhook_path;
    let key = wired.hubchat.create_api_key.run(&actor, "kill", &[Scope::Admin], None).await.unwrap().key;
    sandbox.line().add_channel(LineChannel::new(DESTINATION, CHANNEL_SECRET, ACCESS_TOKEN));

    let (free, listen) = listener().await;
    drop(free);
    let url = format!("http://{listen}");
    let mut child = spawn(&database, listen, &sandbox_url);
    let http = client();
    // A provider sends again until it is answered with success.
    let deliver = {
        let (http, webhook) = (http.clone(), format!("{url}{path}"));
        move |body: Vec<u8>| {
            let (http, webhook) = (http.clone(), webhook.clone());
            async move {
                within(Duration::from_mins(2), "the webhook is accepted", || async {
                    (post(&http, &webhook, body.clone()).await == Some(StatusCode::OK)).then_some(())
                })
                .await;
            }
        }
    };
    stream::iter(0..CUSTOMERS)
        .for_each_concurrent(8, |n| deliver(body(&[text_event(&user(n), &format!("first{n}"), "hello")])))
        .await;
    let conversations: Vec<serde_json::Value> = within(Duration::from_mins(1), "all conversations", || async {
        let list = http.get(format!("{url}/api/conversations?limit=200")).bearer_auth(key.expose_secret());
        let page: serde_json::Value = list.send().await.ok()?.json().await.ok()?;
        let items = page["items"].as_array()?.clone();
        (items.len() == CUSTOMERS).then_some(items)
    })
    .await;

    // Sends are queued by the library, so that only the worker's deaths are tested, not the API's.
    for n in 0..MESSAGES {
        let conversation = &conversations[n % CUSTOMERS];
        let command = SendMessageCommand {
            by_person: false,
            target: SendTarget::Conversation(conversation["id"].as_str().unwrap().parse().unwrap()),
            content: NewContent::Text(format!("{n:05}")),
            reply_to: None,
            client_message_id: None,
            idempotency_key: None,
        };
        wired.hubchat.send_message.run(&actor, &command).await.unwrap();
    }

    let seed = 42;
    let finished = Arc::new(tokio::sync::Notify::new());
    let incoming = tokio::spawn({
        let (deliver, finished) = (deliver.clone(), Arc::clone(&finished));
        async move {
            stream::iter(0..MESSAGES)
                .for_each_concurrent(8, |n| {
                    deliver(body(&[text_event(&user(n % CUSTOMERS), &format!("in{n}"), &format!("{n:05}"))]))
                })
                .await;
            finished.notify_one();
        }
    });
    let mut chance = Seeded(seed);
    for _ in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(100 + chance.next(500))).await;
        child.kill().await.expect("killed");
        child = spawn(&database, listen, &sandbox_url);
    }
    incoming.await.unwrap();

    within(Duration::from_mins(3), "everything is done", || async {
        let lanes = wired.hubchat.dead_letters.stats().await.ok()?;
        lanes.iter().all(|lane| lane.ready + lane.leased + lane.delayed == 0).then_some(())
    })
    .await;
    child.kill().await.expect("killed");

    let ledger = wired.hubchat.ports.intake.ledger().await.unwrap();
    let expected = i64::try_from(MESSAGES + CUSTOMERS).unwrap();
    assert_eq!((ledger.received, ledger.processed), (expected, expected), "seed {seed}: {ledger:?}");
    check_threads(&wired, &actor, &conversations, &sandbox, seed).await;
    stop.cancel();
    wired.storage.close().await;
    database.remove().await;
}

/// Every thread against what the customer really got.
async fn check_threads(
    wired: &hubchat_wiring::Wired,
    actor: &Actor,
    conversations: &[serde_json::Value],
    sandbox: &Sandbox,
    seed: u64,
) {
    let mut effects: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for effect in sandbox.line().effects() {
        let texts = effect.message_values().into_iter().map(|message| message["text"].as_str().unwrap().to_owned());
        effects.entry(effect.to.clone()).or_default().extend(texts);
    }
    let (mut incoming, mut uncertain) = (BTreeSet::new(), 0);
    for conversation in conversations {
        let id = conversation["id"].as_str().unwrap().parse().unwrap();
        let page = hubchat_core::port::PageRequest { after: None, limit: 200 };
        let rows = wired.hubchat.inbox.messages(actor, id, page).await.unwrap().items;
        let got = effects.remove(conversation["externalThreadId"].as_str().unwrap()).unwrap_or_default();
        let unique: BTreeSet<&String> = got.iter().collect();
        assert_eq!(unique.len(), got.len(), "seed {seed}: a customer got a message twice: {got:?}");
        assert!(got.is_sorted(), "seed {seed}: out of order: {got:?}");
        for row in rows {
            let text = row.message.content.text().unwrap();
            match (row.message.direction.as_str(), row.message.delivery_status.as_str()) {
                ("INBOUND", _) if text != "hello" => {
                    assert!(incoming.insert(text.clone()), "seed {seed}: {text} came twice");
                }
                ("INBOUND", _) => {}
                (_, "SENT") => assert!(got.contains(&text), "seed {seed}: {text} is SENT but the customer has it not"),
                // Only the one reply of a conversation can be lost beyond knowledge; it is shown as such.
                (_, "UNCERTAIN") => uncertain += 1,
                (_, other) => panic!("seed {seed}: {text} ended {other}"),
            }
        }
    }
    assert_eq!(incoming.len(), MESSAGES, "seed {seed}: none lost on the way in");
    assert!(effects.is_empty(), "seed {seed}: nobody else got anything");
    assert!(uncertain <= CUSTOMERS, "seed {seed}: {uncertain} uncertain replies");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nothing_and_repeats_nothing_on_sqlite() {
    scenario(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nothing_and_repeats_nothing_on_postgres() {
    scenario(Kind::Postgres).await;
}

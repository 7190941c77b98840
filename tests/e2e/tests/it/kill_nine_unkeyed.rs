//! `kill -9` and lost answers on channels whose providers recognise no repetition: Telegram, Messenger, Instagram,
//! WhatsApp. Nobody gets a message twice, none is missing without a word, and what nobody can know is shown as such.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Stdio,
    time::Duration,
};

use hubchat_core::{
    Actor, ConnectChannelCommand, NewContent, SendMessageCommand, SendTarget,
    domain::{ChannelType, ConversationId, DeliveryStatus},
    port::{ConversationFilter, ConversationOrder, PageRequest},
};
use hubchat_sandbox::{
    Fault, FaultAction, InstagramAccount, MetaApp, MetaObject, MetaPage, MetaSay, Sandbox, SandboxConfig, TelegramBot,
    TelegramSay, WhatsappNumber,
};
use hubchat_wiring::{Wired, wire};
use secrecy::{ExposeSecret, SecretString};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use crate::{
    database::{Database, Kind},
    deadline::within,
    hub::{config, listener},
};

const CHANNELS: [(ChannelType, &str); 4] = [
    (ChannelType::Telegram, "7000000001"),
    (ChannelType::Facebook, "100200300400500"),
    (ChannelType::Instagram, "17841400000000001"),
    (ChannelType::Whatsapp, "106540352240001"),
];
const BOT_TOKEN: &str = "7000000001:e2e-kill-token";
/// Customers of each channel, and messages to each of them.
const CUSTOMERS: usize = 8;
const MESSAGES: usize = 12;
const KILLS: usize = 10;
/// Each of so many sends loses its answer, one way or the other.
const EVERY: u32 = 20;

fn person(channel: ChannelType, n: usize) -> String {
    match channel {
        ChannelType::Telegram => format!("9001002{n:02}"),
        ChannelType::Whatsapp => format!("668100000{n:02}"),
        _ => format!("72545199888000{n:02}"),
    }
}

fn spawn(database: &Database, listen: std::net::SocketAddr, sandbox_url: &str) -> Child {
    let app = MetaApp::default();
    Command::new(env!("CARGO_BIN_EXE_hubchat-under-test"))
        .arg("up")
        .env_clear()
        .env("HUBCHAT_DATABASE_URL", database.url.expose_secret())
        .env("HUBCHAT_DATA_DIR", database.folder.path().join("data"))
        .env("HUBCHAT_CONFIG", database.folder.path().join("hubchat.toml"))
        .env("HUBCHAT_LISTEN", listen.to_string())
        .env("HUBCHAT_TELEGRAM_API_URL", sandbox_url)
        .env("HUBCHAT_META_GRAPH_URL", sandbox_url)
        .env("HUBCHAT_META_INSTAGRAM_URL", sandbox_url)
        .env("HUBCHAT_META_APP_ID", app.app_id)
        .env("HUBCHAT_META_APP_SECRET", app.app_secret.expose_secret())
        .env("HUBCHAT_META_VERIFY_TOKEN", app.verify_token)
        .env("HUBCHAT_LOG", "off")
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .expect("the process starts")
}

async fn connect(wired: &Wired, actor: &Actor, sandbox: &Sandbox, url: &str) {
    sandbox.telegram().add_bot(TelegramBot::new(BOT_TOKEN));
    let meta = sandbox.meta();
    meta.add_page(MetaPage::new(CHANNELS[1].1, "page-token"));
    meta.add_instagram(InstagramAccount::new(CHANNELS[2].1, "ig-token"));
    meta.add_number(WhatsappNumber::new(CHANNELS[3].1, "102000000000321", "wa-token"));
    let objects =
        [(MetaObject::Page, "facebook"), (MetaObject::Instagram, "instagram"), (MetaObject::Whatsapp, "whatsapp")];
    for (object, name) in objects {
        meta.set_callback_unchecked(object, &format!("{url}/webhooks/{name}"));
    }
    for ((channel_type, id), secrets) in CHANNELS.into_iter().zip([
        vec![("bot_token", BOT_TOKEN)],
        vec![("access_token", "page-token")],
        vec![("access_token", "ig-token")],
        vec![("access_token", "wa-token"), ("waba_id", "102000000000321")],
    ]) {
        let command = ConnectChannelCommand {
            channel_type,
            name: channel_type.to_string(),
            secrets: secrets.into_iter().map(|(name, secret)| (name.to_owned(), SecretString::from(secret))).collect(),
            external_id: Some(id.to_owned()),
            idempotency_key: None,
        };
        let connected = wired.hubchat.connect_channel.run(actor, &command).await.unwrap();
        if channel_type == ChannelType::Telegram {
            let adapter = wired.hubchat.ports.channels.get(channel_type).unwrap();
            let secrets = hubchat_core::port::ChannelSecrets::new(command.secrets);
            let access = hubchat_core::port::AccountAccess { account: connected.account, secrets };
            adapter.set_webhook(&access, &format!("{url}{}", connected.webhook_path)).await.unwrap();
        }
    }
}

/// Every customer writes once, so that there is a thread to answer in.
async fn everyone_says_hello(sandbox: &Sandbox) {
    for (channel, account) in CHANNELS {
        for n in 0..CUSTOMERS {
            let person = person(channel, n);
            within(Duration::from_mins(1), "the webhook is accepted", || async {
                let status = if channel == ChannelType::Telegram {
                    let hello = TelegramSay::Text("hello".to_owned());
                    sandbox.telegram().say(None, person.parse().unwrap(), hello).await.ok()?.status
                } else {
                    sandbox.meta().say(account, &person, MetaSay::Text("hello".to_owned())).await.ok()?.status
                };
                (status == 200).then_some(())
            })
            .await;
        }
    }
}

/// What each customer got, by account and person.
fn got(sandbox: &Sandbox) -> BTreeMap<(ChannelType, String), Vec<String>> {
    let mut got: BTreeMap<(ChannelType, String), Vec<String>> = BTreeMap::new();
    for effect in sandbox.telegram().effects() {
        let text = effect.body["text"].as_str().unwrap().to_owned();
        got.entry((ChannelType::Telegram, effect.chat_id.to_string())).or_default().push(text);
    }
    for effect in sandbox.meta().effects().iter().filter(|effect| effect.operation == "message") {
        let channel = CHANNELS.into_iter().find(|(_, id)| *id == effect.account_id).unwrap().0;
        let text =
            [&effect.body["message"]["text"], &effect.body["text"]["body"]].into_iter().find_map(|text| text.as_str());
        got.entry((channel, effect.to.clone())).or_default().push(text.unwrap().to_owned());
    }
    got
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
    let wired = wire(&config(&database, &sandbox_url)).await.unwrap();
    let tenant = wired.hubchat.create_tenant.run("shop", "Shop").await.unwrap();
    let actor = Actor::system(tenant.id);
    let (free, listen) = listener().await;
    drop(free);
    connect(&wired, &actor, &sandbox, &format!("http://{listen}")).await;
    let mut child = spawn(&database, listen, &sandbox_url);
    everyone_says_hello(&sandbox).await;
    let page = || PageRequest { after: None, limit: 200 };
    let threads = within(Duration::from_mins(1), "all conversations", || async {
        let rows = wired
            .hubchat
            .inbox
            .conversations(&actor, &ConversationFilter::default(), ConversationOrder::Latest, page())
            .await
            .ok()?
            .items;
        (rows.len() == CHANNELS.len() * CUSTOMERS).then_some(rows)
    })
    .await;
    for action in [FaultAction::LostAnswerAfterEffect, FaultAction::Truncated2xx] {
        sandbox.telegram().set_fault(Fault::on("/sendMessage", action.clone()).every(EVERY));
        sandbox.meta().set_fault(Fault::on("/messages", action).every(EVERY));
    }
    for n in 0..MESSAGES {
        for thread in &threads {
            let id: ConversationId = thread.conversation.id;
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
        // A round of sends is on its way whenever the process dies.
        if n < KILLS {
            tokio::time::sleep(Duration::from_millis(100 + 37 * u64::try_from(n).unwrap())).await;
            child.kill().await.expect("killed");
            child = spawn(&database, listen, &sandbox_url);
        }
    }
    within(Duration::from_mins(3), "everything is done", || async {
        let lanes = wired.hubchat.dead_letters.stats().await.ok()?;
        lanes.iter().all(|lane| lane.ready + lane.leased + lane.delayed == 0).then_some(())
    })
    .await;
    child.kill().await.expect("killed");

    let mut got = got(&sandbox);
    let mut uncertain = 0;
    for thread in &threads {
        let record = &thread.conversation;
        let rows = wired.hubchat.inbox.messages(&actor, record.id, page()).await.unwrap().items;
        let key = (record.channel_type, record.thread.external_thread_id.clone());
        let texts = got.remove(&key).unwrap_or_default();
        let unique: BTreeSet<&String> = texts.iter().collect();
        assert_eq!(unique.len(), texts.len(), "{key:?} got a message twice: {texts:?}");
        assert!(texts.is_sorted(), "{key:?} out of order: {texts:?}");
        for row in rows.iter().filter(|row| row.message.direction.as_str() == "OUTBOUND") {
            let text = row.message.content.text().unwrap();
            match row.message.delivery_status {
                DeliveryStatus::Sent => assert!(texts.contains(&text), "{key:?}: {text} is SENT and never arrived"),
                DeliveryStatus::Uncertain => uncertain += 1,
                other => panic!("{key:?}: {text} ended {other}"),
            }
        }
    }
    assert!(got.is_empty(), "nobody else got anything");
    let sends = CHANNELS.len() * CUSTOMERS * MESSAGES;
    // At most what was on its way at each death, and the answers that were lost on purpose.
    let most = KILLS * 32 + 2 * sends / usize::try_from(EVERY).unwrap() + 4;
    assert!(uncertain <= most, "{uncertain} of {sends} are uncertain");
    assert_eq!(sandbox.meta().wrong_token_calls(), 0);
    stop.cancel();
    wired.storage.close().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn providers_without_keys_are_never_told_twice_on_sqlite() {
    scenario(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn providers_without_keys_are_never_told_twice_on_postgres() {
    scenario(Kind::Postgres).await;
}

//! Following along: what a socket costs, how soon it is told, and that storms leave no gap.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use futures_util::{StreamExt, TryStreamExt, future::try_join_all, stream};
use hdrhistogram::Histogram;
use hubchat_core::{
    Actor,
    domain::Scope,
    port::{ConversationFilter, ConversationOrder, PageRequest},
};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::{
    inbound::NO_PROVIDER,
    load::{Plan, webhooks},
    process,
    report::Report,
    socket::Socket,
    target::{Kind, Target},
};

/// Sockets that one key may hold.
const OF_ONE_KEY: usize = 20;
/// Sockets that are open at once while all of them are opened.
const AT_ONCE: usize = 16;

async fn holders(target: &Target, sockets: usize) -> anyhow::Result<Vec<Actor>> {
    let mut holders = Vec::new();
    for number in 0..sockets.div_ceil(OF_ONE_KEY) {
        let hubchat = &target.wired.hubchat;
        let name = format!("socket {number}");
        let key = hubchat.create_api_key.run(&target.actor, &name, &[Scope::InboxRead], None).await?.key;
        holders.push(hubchat.authenticate.run(&key).await?);
    }
    Ok(holders)
}

/// The memory of idle sockets.
pub(crate) async fn sockets(kind: Kind, count: usize, report: &mut Report) -> anyhow::Result<()> {
    let target = Target::create(kind, NO_PROVIDER).await?;
    let http = process::start(&target, "hubchat-http", &[]).await?;
    let holders = holders(&target, count + OF_ONE_KEY).await?;
    let (first, rest) = holders.split_first().context("no holder")?;
    // Whatever the first sockets bring along is not theirs.
    let mut open = Vec::new();
    for _ in 0..OF_ONE_KEY {
        let mut socket = Socket::open(&target, &http.url, first, None).await?;
        socket.ready().await?;
        open.push(socket);
    }
    let before = http.resident_mib()?;
    let (storage, url) = (&target, &http.url);
    let opened: Vec<Socket> = stream::iter(0..count)
        .map(|number| async move {
            let holder = rest.get(number / OF_ONE_KEY).context("too few holders")?;
            let mut socket =
                Socket::open(storage, url, holder, None).await.with_context(|| format!("socket {number}"))?;
            socket.ready().await?;
            anyhow::Ok(socket)
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    open.extend(opened);
    // Two beats of all of them, and what opening them left behind is given back.
    tokio::time::sleep(Duration::from_mins(1)).await;
    let after = http.resident_mib()?;
    let kib = (after - before) * 1024.0 / count as f64;
    report.add(
        format!("{}: memory of each of {count} idle sockets", kind.name()),
        format!("{kib:.1} KiB ({before:.0} to {after:.0} MiB)"),
        "8 KiB",
        kib < 8.0,
    );
    drop(open);
    http.stop().await?;
    target.remove().await
}

/// From the answer to a webhook to its event at a socket, on an idle system.
pub(crate) async fn delay(kind: Kind, report: &mut Report) -> anyhow::Result<()> {
    const MESSAGES: u64 = 200;
    let target = Target::create(kind, NO_PROVIDER).await?;
    let up = process::start(&target, "hubchat", &["up"]).await?;
    let holder = holders(&target, 1).await?.remove(0);
    let mut socket = Socket::open(&target, &up.url, &holder, None).await?;
    socket.ready().await?;
    let mut histogram = Histogram::<u64>::new(3)?;
    for number in 0..MESSAGES {
        let plan = Plan {
            url: up.url.clone(),
            path: target.webhook_path.clone(),
            connections: 1,
            duration: Duration::ZERO,
            customers: 1,
            rate: None,
            series: 1_000 + number,
        };
        webhooks(&plan).await?;
        let accepted = Instant::now();
        loop {
            let frame = socket.next().await?;
            if frame["type"] == "event" && frame["event"]["type"] == "message.created" {
                break;
            }
        }
        histogram.record(u64::try_from(accepted.elapsed().as_micros())?)?;
        // Idle again, and never in step with anything that goes on once a while.
        tokio::time::sleep(Duration::from_millis(20 + number * 7 % 83)).await;
    }
    let milliseconds = |quantile| histogram.value_at_quantile(quantile) as f64 / 1000.0;
    let (p50, p95) = (milliseconds(0.5), milliseconds(0.95));
    report.add(
        format!("{}: webhook accepted to event at the socket, idle", kind.name()),
        format!("p50 {p50:.1} ms, p95 {p95:.1} ms"),
        "p95 20 ms",
        p95 < 20.0,
    );
    drop(socket);
    up.stop().await?;
    target.remove().await
}

/// Clients that break off at random while much happens: each knows everything in the end, once.
pub(crate) async fn storm(
    kind: Kind,
    (clients, messages): (usize, u64),
    time: Duration,
    report: &mut Report,
) -> anyhow::Result<()> {
    let target = Target::create(kind, NO_PROVIDER).await?;
    let up = process::start(&target, "hubchat", &["up"]).await?;
    let holders = holders(&target, clients * 2).await?;
    let over = AtomicBool::new(false);
    let snapshot = Snapshot { target: &target, newest: Mutex::default() };
    let plan = Plan {
        url: up.url.clone(),
        path: target.webhook_path.clone(),
        connections: 4,
        duration: time,
        customers: 50,
        rate: Some(messages as f64 / time.as_secs_f64()),
        series: 1,
    };
    let traffic = async {
        let load = webhooks(&plan).await?;
        let expected = i64::try_from(load.answers)?;
        while target.wired.hubchat.ports.intake.ledger().await?.processed < expected {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        over.store(true, Ordering::Release);
        anyhow::Ok(load.answers)
    };
    let following = try_join_all((0..clients).map(|number| {
        let holder = holders.get(number * 2 / OF_ONE_KEY).unwrap_or(&target.actor);
        client(&snapshot, &up.url, holder, number as u64, &over)
    }));
    let (sent, views) = tokio::try_join!(traffic, following)?;
    let stored = stored(&target).await?;
    let connections: usize = views.iter().map(|view| view.connections).sum();
    let missed: usize = views.iter().map(|view| stored.difference(&view.messages).count()).sum();
    let doubled: usize = views.iter().map(|view| view.doubled).sum();
    let resets: usize = views.iter().map(|view| view.resets).sum();
    report.add(
        format!("{}: {clients} clients, {connections} connections broken off, {sent} messages", kind.name()),
        format!("missed {missed}, doubled {doubled}, resets {resets}"),
        "missed 0, doubled 0",
        missed == 0 && doubled == 0 && stored.len() as u64 == sent,
    );
    up.stop().await?;
    target.remove().await
}

/// What is stored, read anew for whoever has to begin anew, and shared by those who have to at the same time: a page
/// reads its screen and not the whole shop.
struct Snapshot<'t> {
    target: &'t Target,
    newest: Mutex<Option<(Instant, Arc<BTreeSet<String>>)>>,
}

impl Snapshot<'_> {
    /// What is stored, as it was read after this call.
    async fn read(&self) -> anyhow::Result<Arc<BTreeSet<String>>> {
        let asked = Instant::now();
        let mut newest = self.newest.lock().await;
        if let Some((begun, ids)) = &*newest
            && *begun >= asked
        {
            return Ok(Arc::clone(ids));
        }
        let begun = Instant::now();
        let ids = Arc::new(stored(self.target).await?);
        *newest = Some((begun, Arc::clone(&ids)));
        Ok(ids)
    }
}

/// What one client knows.
#[derive(Default)]
struct View {
    messages: BTreeSet<String>,
    /// Of these it was told by events; what it read by itself may be told once more.
    told: BTreeSet<String>,
    last: i64,
    doubled: usize,
    resets: usize,
    connections: usize,
}

impl View {
    fn take(&mut self, event: &Value) -> anyhow::Result<String> {
        let cursor = event["cursor"].as_str().context("no cursor")?;
        let place: i64 = cursor.split_once('.').context("no place")?.1.parse()?;
        self.doubled += usize::from(place <= self.last);
        self.last = place;
        if event["type"] == "message.created" {
            let id = event["messageId"].as_str().context("no message")?.to_owned();
            self.doubled += usize::from(!self.told.insert(id.clone()));
            self.messages.insert(id);
        }
        Ok(cursor.to_owned())
    }
}

async fn client(
    snapshot: &Snapshot<'_>,
    url: &str,
    holder: &Actor,
    number: u64,
    over: &AtomicBool,
) -> anyhow::Result<View> {
    let (mut view, mut cursor, mut dice) = (View::default(), "0.0".to_owned(), number);
    loop {
        let last_time = over.load(Ordering::Acquire);
        // Refused while the server has not noticed yet who broke off.
        let Ok(mut socket) = Socket::open(snapshot.target, url, holder, Some(&cursor)).await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        view.connections += 1;
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let lasts = if last_time { Duration::from_mins(1) } else { Duration::from_millis(200 + (dice >> 33) % 8_000) };
        let told = tokio::time::timeout(lasts, async {
            loop {
                let frame = socket.next().await?;
                match frame["type"].as_str().unwrap_or_default() {
                    "event" => cursor = view.take(&frame["event"])?,
                    "reset" => {
                        // All that is stored by now is read anew, as a page would.
                        view.resets += 1;
                        view.messages.extend(snapshot.read().await?.iter().cloned());
                        frame["cursor"].as_str().unwrap_or_default().clone_into(&mut cursor);
                        if last_time {
                            return anyhow::Ok(());
                        }
                    }
                    "ready" if last_time => return Ok(()),
                    _ => {}
                }
            }
        })
        .await;
        match told {
            Ok(Ok(())) if last_time => return Ok(view),
            Ok(Err(error)) => return Err(error),
            _ => {}
        }
    }
}

/// The ids of all messages in storage.
async fn stored(target: &Target) -> anyhow::Result<BTreeSet<String>> {
    let (inbox, mut ids, mut after) = (&target.wired.hubchat.inbox, BTreeSet::new(), None);
    loop {
        let page = PageRequest { after, limit: 200 };
        let threads =
            inbox.conversations(&target.actor, &ConversationFilter::default(), ConversationOrder::Latest, page).await?;
        for row in &threads.items {
            let mut after = None;
            loop {
                let page = PageRequest { after, limit: 200 };
                let messages = inbox.messages(&target.actor, row.conversation.id, page).await?;
                ids.extend(messages.items.iter().map(|row| row.message.id.to_string()));
                after = messages.next;
                if after.is_none() {
                    break;
                }
            }
        }
        after = threads.next;
        if after.is_none() {
            return Ok(ids);
        }
    }
}

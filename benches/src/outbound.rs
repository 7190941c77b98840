//! The way out: queued messages to the fake provider.

use std::time::{Duration, Instant};

use anyhow::Context;
use hubchat_core::{
    NewContent, SendMessageCommand, SendTarget,
    domain::ConversationId,
    port::{ConversationFilter, ConversationOrder, ConversationRow},
};
use hubchat_sandbox::{Fault, FaultAction, LineChannel, Sandbox, SandboxConfig};
use tokio_util::sync::CancellationToken;

use crate::{
    load::{Plan, webhooks},
    process,
    report::Report,
    target::{ACCESS_TOKEN, CHANNEL_SECRET, DESTINATION, Kind, Target},
};

const MESSAGES: usize = 10_000;
const CUSTOMERS: u64 = 200;
/// Messages of each round that is compared with another.
const IN_A_ROUND: usize = 20;
/// Rounds of each kind, in turns.
const ROUNDS: usize = 3;

/// A target whose customers have written, and the provider that they write with.
struct Outbox {
    sandbox: Sandbox,
    target: Target,
    conversations: Vec<ConversationRow>,
    stop: CancellationToken,
    serving: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl Outbox {
    async fn open(kind: Kind) -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let sandbox_url = format!("http://{}", listener.local_addr()?);
        let (sandbox, stop) = (Sandbox::new(SandboxConfig::default()), CancellationToken::new());
        let (server, stopping) = (sandbox.clone(), stop.clone());
        let serving = tokio::spawn(async move { server.serve(listener, stopping).await });
        sandbox.line().add_channel(LineChannel::new(DESTINATION, CHANNEL_SECRET, ACCESS_TOKEN));
        let target = Target::create(kind, &sandbox_url).await?;
        let up = process::start(&target, "hubchat", &["up"]).await?;
        let plan = Plan {
            url: up.url.clone(),
            path: target.webhook_path.clone(),
            connections: 4,
            duration: Duration::from_secs(1),
            customers: CUSTOMERS,
            rate: Some(CUSTOMERS as f64 * 2.0),
            series: 1,
        };
        webhooks(&plan).await?;
        settle(&target).await?;
        up.stop().await?;
        target.analyse().await?;
        let page = hubchat_core::port::PageRequest { after: None, limit: 200 };
        let inbox = &target.wired.hubchat.inbox;
        let (filter, order) = (ConversationFilter::default(), ConversationOrder::Latest);
        let conversations = inbox.conversations(&target.actor, &filter, order, page).await?.items;
        Ok(Self { sandbox, target, conversations, stop, serving })
    }

    async fn queue(&self, conversation: ConversationId, text: String) -> anyhow::Result<()> {
        let command = SendMessageCommand {
            by_person: false,
            target: SendTarget::Conversation(conversation),
            content: NewContent::Text(text),
            reply_to: None,
            client_message_id: None,
            idempotency_key: None,
        };
        self.target.wired.hubchat.send_message.run(&self.target.actor, &command).await?;
        Ok(())
    }

    /// Queues messages to each of these conversations, and measures how many a second arrive.
    async fn round(&self, conversations: &[ConversationRow]) -> anyhow::Result<f64> {
        for number in 0..IN_A_ROUND {
            for row in conversations {
                self.queue(row.conversation.id, format!("it is {number}")).await?;
            }
        }
        let queued = IN_A_ROUND * conversations.len();
        let expected = self.sandbox.line().effect_count() + u64::try_from(queued)?;
        let worker = process::start(&self.target, "hubchat-worker", &[]).await?;
        let began = Instant::now();
        while self.sandbox.line().effect_count() < expected {
            anyhow::ensure!(began.elapsed() < Duration::from_mins(2), "the messages did not arrive");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let rate = queued as f64 / began.elapsed().as_secs_f64();
        // A worker that is killed with jobs in hand leaves their conversations waiting for the end of its leases, which
        // the next round would measure.
        while self.target.wired.hubchat.dead_letters.stats().await?.iter().any(|lane| lane.leased > 0) {
            anyhow::ensure!(began.elapsed() < Duration::from_mins(2), "jobs stay in hand");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        worker.stop().await?;
        Ok(rate)
    }

    async fn close(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.serving.await??;
        self.target.remove().await
    }
}

/// Queued to delivered.
pub(crate) async fn whole_way_out(kind: Kind, report: &mut Report) -> anyhow::Result<()> {
    let outbox = Outbox::open(kind).await?;
    for (number, row) in (0..MESSAGES).zip(outbox.conversations.iter().cycle()) {
        outbox.queue(row.conversation.id, format!("it is {number}")).await?;
    }
    let before = outbox.sandbox.line().effect_count();
    let worker = process::start(&outbox.target, "hubchat-worker", &[]).await?;
    let began = Instant::now();
    settle(&outbox.target).await?;
    let rate = MESSAGES as f64 / began.elapsed().as_secs_f64();
    let got = outbox.sandbox.line().effect_count() - before;
    anyhow::ensure!(got == MESSAGES as u64, "the customers got {got} of {MESSAGES} messages");
    report.add(
        format!("{}: queued message to the provider", kind.name()),
        format!("{rate:.0}/s"),
        "1000/s",
        rate >= 1_000.0,
    );
    worker.stop().await?;
    outbox.close().await
}

/// What the others lose when the provider fails for one conversation, whose messages are always in the way.
pub(crate) async fn head_of_line(kind: Kind, report: &mut Report) -> anyhow::Result<()> {
    let outbox = Outbox::open(kind).await?;
    let (stuck, others) = outbox.conversations.split_first().context("no conversation")?;
    let mut ratios = Vec::new();
    outbox.round(others).await?;
    for number in 0..ROUNDS {
        let free = outbox.round(others).await?;
        let to = &stuck.conversation.thread.external_thread_id;
        outbox.sandbox.line().set_fault(Fault::on("", FaultAction::Status { code: 503, body: None }).to(to));
        // Its first round leaves more of them behind: they stay in the way.
        for message in 0..IN_A_ROUND {
            outbox.queue(stuck.conversation.id, format!("{number}.{message} does not arrive yet")).await?;
        }
        let hindered = outbox.round(others).await?;
        println!("   {free:.0}/s alone, {hindered:.0}/s beside one that always fails");
        ratios.push(hindered / free);
        // Until the stuck ones have arrived too, nothing can be compared.
        outbox.sandbox.line().clear_faults();
        let worker = process::start(&outbox.target, "hubchat-worker", &[]).await?;
        settle(&outbox.target).await?;
        worker.stop().await?;
    }
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios.get(ratios.len() / 2).copied().unwrap_or_default();
    report.add(
        format!("{}: 199 conversations beside one that always fails, median of {ROUNDS}", kind.name()),
        format!("{ratio:.2} x"),
        "0.95 x",
        ratio >= 0.95,
    );
    outbox.close().await
}

/// Waits until nothing waits.
async fn settle(target: &Target) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        let lanes = target.wired.hubchat.dead_letters.stats().await?;
        if lanes.iter().all(|lane| lane.ready + lane.leased + lane.delayed == 0) {
            return Ok(());
        }
        anyhow::ensure!(began.elapsed() < Duration::from_mins(2), "work is left: {lanes:?}");
        // Counting what waits is work too: often enough for the figure, too seldom to weigh on it.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

//! The way out: queued messages to the fake provider.

use std::time::{Duration, Instant};

use hubchat_core::{
    NewContent, SendMessageCommand, SendTarget,
    port::{ConversationFilter, ConversationOrder},
};
use hubchat_sandbox::{LineChannel, Sandbox, SandboxConfig};
use tokio_util::sync::CancellationToken;

use crate::{
    load::{Plan, webhooks},
    process,
    report::Report,
    target::{ACCESS_TOKEN, CHANNEL_SECRET, DESTINATION, Kind, Target},
};

const MESSAGES: usize = 10_000;
const CUSTOMERS: u64 = 200;

/// Queued to delivered.
pub(crate) async fn whole_way_out(kind: Kind, report: &mut Report) -> anyhow::Result<()> {
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
    let page = hubchat_core::port::PageRequest { after: None, limit: 200 };
    let conversations = target
        .wired
        .hubchat
        .inbox
        .conversations(&target.actor, &ConversationFilter::default(), ConversationOrder::Latest, page)
        .await?
        .items;
    for number in 0..MESSAGES {
        let row = &conversations[number % conversations.len()];
        let command = SendMessageCommand {
            by_person: false,
            target: SendTarget::Conversation(row.conversation.id),
            content: NewContent::Text(format!("it is {number}")),
            reply_to: None,
            client_message_id: None,
            idempotency_key: None,
        };
        target.wired.hubchat.send_message.run(&target.actor, &command).await?;
    }
    let before = sandbox.line().effects().len();
    let worker = process::start(&target, "hubchat-worker", &[]).await?;
    let began = Instant::now();
    settle(&target).await?;
    let rate = MESSAGES as f64 / began.elapsed().as_secs_f64();
    let got = sandbox.line().effects().len() - before;
    anyhow::ensure!(got == MESSAGES, "the customers got {got} of {MESSAGES} messages");
    report.add(
        format!("{}: queued message to the provider", kind.name()),
        format!("{rate:.0}/s"),
        "1000/s",
        rate >= 1_000.0,
    );
    worker.stop().await?;
    stop.cancel();
    serving.await??;
    target.remove().await
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

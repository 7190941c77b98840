//! The sandbox: fake providers beside hubchat, and being a customer of them.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context;
use hubchat_core::{
    Actor, ConnectChannelCommand, ConnectChannelError, CreateMemberCommand, CreateMemberError, CreateTenantError,
    Hubchat, Inbox,
    domain::{ChannelAccountRecord, ChannelType, MemberRole, Scope},
};
use hubchat_sandbox::{LineChannel, Sandbox, SandboxConfig, TelegramBot};
use hubchat_wiring::{Config, Wired};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::sandbox_meta::{self, point_at};
use crate::{
    Answer,
    arguments::{SandboxLine, SandboxMeta, SandboxTelegram, Up},
};

const TENANT: &str = "sandbox";
const DESTINATION: &str = "Uf00d0000000000000000000000000001";
/// The sandbox's own credentials: good for its fake provider only.
const CHANNEL_SECRET: &str = "sandbox-channel-secret";
const ACCESS_TOKEN: &str = "sandbox-access-token";
const BOT_ID: &str = "7000000001";
const BOT_TOKEN: &str = "7000000001:sandbox-bot-token";

/// A sandbox that runs.
pub(super) struct RunningSandbox {
    sandbox: Sandbox,
    address: SocketAddr,
}

/// Starts the fake providers and points the configuration at them.
pub(super) async fn start(
    config: &mut Config,
    up: &Up,
    hubchat: SocketAddr,
    shutdown: CancellationToken,
) -> anyhow::Result<RunningSandbox> {
    let listener = TcpListener::bind(up.sandbox_listen)
        .await
        .with_context(|| format!("--sandbox-listen: cannot listen at {}", up.sandbox_listen))?;
    let address = listener.local_addr().context("the listener has no address")?;
    let sandbox = Sandbox::new(SandboxConfig { allow_loopback_http_media: true, ..SandboxConfig::default() });
    let server = sandbox.clone();
    tokio::spawn(async move {
        if let Err(error) = server.serve(listener, shutdown).await {
            tracing::error!(error = %error, "the sandbox ended");
        }
    });
    config.line.api_url = format!("http://{address}");
    config.line.data_url = format!("http://{address}");
    config.telegram.api_url = format!("http://{address}");
    point_at(&mut config.meta, &format!("http://{address}"));
    config.allow_private_providers = true;
    config.public_url.get_or_insert_with(|| format!("http://{hubchat}"));
    Ok(RunningSandbox { sandbox, address })
}

impl RunningSandbox {
    /// Where the sandbox is reached from this machine.
    fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        format!("http://{address}")
    }

    /// The page with the customer's side of every channel.
    pub(super) fn page(&self) -> String {
        format!("{}/phone", self.url())
    }

    /// Sees to it that there is a tenant, a member, a key and a connected account, and tells how to try them.
    pub(super) async fn furnish(&self, wired: &Wired, hubchat: SocketAddr) -> anyhow::Result<Answer> {
        let hub = &wired.hubchat;
        let tenant = match hub.create_tenant.run(TENANT, "Sandbox").await {
            Ok(tenant) => tenant,
            Err(CreateTenantError::Taken) => hub.create_tenant.find(TENANT).await?,
            Err(error) => return Err(error.into()),
        };
        let actor = Actor::system(tenant.id);
        let member = CreateMemberCommand {
            name: "Sandbox Agent".to_owned(),
            email: "agent@sandbox.example".to_owned(),
            role: MemberRole::Sales,
        };
        match hub.create_member.run(&actor, &member).await {
            Ok(_) | Err(CreateMemberError::Taken) => {}
            Err(error) => return Err(error.into()),
        }
        let connect = ConnectChannelCommand {
            channel_type: ChannelType::Line,
            name: "Sandbox LINE".to_owned(),
            secrets: vec![
                ("channel_secret".to_owned(), SecretString::from(CHANNEL_SECRET)),
                ("access_token".to_owned(), SecretString::from(ACCESS_TOKEN)),
            ],
            external_id: Some(DESTINATION.to_owned()),
            idempotency_key: None,
        };
        let path = Inbox::webhook_path(&connected(hub, &actor, &connect, DESTINATION).await?);
        self.sandbox.line().add_channel(LineChannel {
            webhook_url: Some(format!("http://{hubchat}{path}")),
            ..LineChannel::new(DESTINATION, CHANNEL_SECRET, ACCESS_TOKEN)
        });
        self.sandbox.telegram().add_bot(TelegramBot::new(BOT_TOKEN));
        let connect = ConnectChannelCommand {
            channel_type: ChannelType::Telegram,
            name: "Sandbox Telegram".to_owned(),
            secrets: vec![("bot_token".to_owned(), SecretString::from(BOT_TOKEN))],
            external_id: Some(BOT_ID.to_owned()),
            idempotency_key: None,
        };
        // The public address of a sandbox differs from run to run.
        let bot = connected(hub, &actor, &connect, BOT_ID).await?;
        hub.test_channel.run(&actor, bot.id, true).await?;
        sandbox_meta::furnish(&self.sandbox, hub, &actor, hubchat).await?;
        self.sandbox.add_sample_customers();
        let key = hub.create_api_key.run(&actor, "sandbox", &[Scope::Admin], None).await?;
        let key = key.key.expose_secret();
        let owner = hub.first_owner.open_link(tenant.id).await?.url;
        let (url, sandbox) = (format!("http://{hubchat}"), self.url());
        let lines = [
            format!("hubchat is ready at {url}, with a sandbox at {sandbox}"),
            format!("  API documentation   {url}/docs"),
            format!("  metrics             {url}/metrics"),
            format!("  API key             {key}"),
            format!("  owner's link        {}", owner.expose_secret()),
            String::new(),
            format!("Be a customer: open {url}/sandbox beside hubchat, or in another terminal:"),
            format!(
                "  curl -s {sandbox}/_sandbox/line/say -H 'content-type: application/json' -d '{{\"text\":\"hello\"}}'"
            ),
            format!(
                "  curl -s {sandbox}/_sandbox/telegram/say -H 'content-type: application/json' -d '{{\"text\":\"hello\"}}'"
            ),
            "  or by `hubchat sandbox messenger|comment|instagram|whatsapp say hello`".to_owned(),
            "See the lead that it became:".to_owned(),
            format!("  curl -s {url}/api/conversations -H 'authorization: Bearer {key}'"),
            "Answer it (put the conversation's id in place of ID), and see what the customer got:".to_owned(),
            format!(
                "  curl -s {url}/api/conversations/ID/messages -H 'authorization: Bearer {key}' \
                 -H 'content-type: application/json' -d '{{\"type\":\"text\",\"content\":\"hello back\"}}'"
            ),
            format!("  curl -s {sandbox}/_sandbox/line/effects"),
        ];
        let object = json!({"ready": true, "url": url, "sandboxUrl": sandbox, "sandboxPage": self.page(), "key": key, "tenant": TENANT, "ownerLink": owner.expose_secret()});
        Ok(Answer::new(lines, object))
    }
}

/// The account, connected now or before.
pub(super) async fn connected(
    hub: &Hubchat,
    actor: &Actor,
    command: &ConnectChannelCommand,
    external_id: &str,
) -> anyhow::Result<ChannelAccountRecord> {
    match hub.connect_channel.run(actor, command).await {
        Ok(connected) => Ok(connected.account),
        Err(ConnectChannelError::AlreadyConnected) => {
            let accounts = hub.inbox.channels(actor).await?;
            let account = accounts.into_iter().find(|account| account.external_id.as_deref() == Some(external_id));
            account.context("the sandbox account belongs to another tenant")
        }
        Err(error) => Err(error.into()),
    }
}

/// Is a customer of the fake LINE.
pub(super) async fn line(command: SandboxLine) -> anyhow::Result<Answer> {
    let SandboxLine::Say { text, user, sandbox_url } = command;
    say(&sandbox_url, "line", &json!({"text": text, "userId": user})).await
}

/// Is a customer of the fake Telegram.
pub(super) async fn telegram(command: SandboxTelegram) -> anyhow::Result<Answer> {
    let SandboxTelegram::Say { text, user, sandbox_url } = command;
    say(&sandbox_url, "telegram", &json!({"text": text, "userId": user})).await
}

/// Is a customer of one of the fake Meta's channels.
pub(super) async fn meta(channel: &str, command: SandboxMeta) -> anyhow::Result<Answer> {
    let SandboxMeta::Say { text, user, sandbox_url } = command;
    let mut body = json!({"channel": channel, "text": text});
    if let Some(user) = user {
        body["personId"] = json!(user);
    }
    say(&sandbox_url, "meta", &body).await
}

async fn say(sandbox_url: &str, channel: &str, body: &Value) -> anyhow::Result<Answer> {
    #[expect(clippy::disallowed_methods, reason = "the operator's own sandbox is no provider")]
    let client = reqwest::Client::new();
    let url = format!("{}/_sandbox/{channel}/say", sandbox_url.trim_end_matches('/'));
    let response =
        client.post(&url).json(body).send().await.with_context(|| {
            format!("the sandbox does not answer at {sandbox_url}; start it by `hubchat up --sandbox`")
        })?;
    let status = response.status();
    let said: Value = response.json().await.context("the sandbox's answer cannot be read")?;
    anyhow::ensure!(status.is_success(), "the sandbox refused: {said}");
    Ok(Answer::new([format!("said; hubchat answered the webhook with {}", said["status"])], said))
}

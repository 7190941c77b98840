//! Channel accounts.

use std::path::Path;

use anyhow::Context;
use hubchat_core::{
    Actor, ConnectChannelCommand, Inbox, UpdateChannelCommand,
    domain::{ChannelAccountRecord, ChannelType},
};
use hubchat_wiring::Wired;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{look_at, operator};
use crate::{
    Answer,
    arguments::{Channel, Connect, ConnectLine, ConnectMeta, ConnectTelegram},
};

pub(super) async fn channel(wired: &Wired, command: Channel) -> anyhow::Result<Answer> {
    match command {
        Channel::Connect(Connect::Line(line)) => connect_line(wired, line).await,
        Channel::Connect(Connect::Telegram(telegram)) => connect_telegram(wired, telegram).await,
        Channel::Connect(Connect::Facebook(meta)) => connect_meta(wired, ChannelType::Facebook, meta).await,
        Channel::Connect(Connect::Instagram(meta)) => connect_meta(wired, ChannelType::Instagram, meta).await,
        Channel::Connect(Connect::Whatsapp(meta)) => connect_meta(wired, ChannelType::Whatsapp, meta).await,
        Channel::Remove { tenant, id } => remove(wired, &tenant, &id).await,
        Channel::Resubscribe(which) => look_at::look_at(wired, which, true).await,
        Channel::Verify(which) => look_at::look_at(wired, which, false).await,
        Channel::List { tenant } => {
            let actor = operator(wired, &tenant).await?;
            let accounts = wired.hubchat.inbox.channels(&actor).await?;
            let lines = accounts.iter().map(|a| format!("{}  {}  {}  {}", a.id, a.channel_type, a.status, a.name));
            let items: Vec<Value> = accounts.iter().map(account_object).collect();
            Ok(Answer::new(lines, json!({"items": items})))
        }
        Channel::Pause { tenant, id } => switch(wired, &tenant, &id, true).await,
        Channel::Resume { tenant, id } => switch(wired, &tenant, &id, false).await,
        Channel::Rotate { tenant, id, secret_files } => rotate(wired, &tenant, &id, &secret_files).await,
        Channel::Test { tenant, id, set_webhook } => test(wired, &tenant, &id, set_webhook).await,
    }
}

async fn connect_line(wired: &Wired, line: ConnectLine) -> anyhow::Result<Answer> {
    let actor = operator(wired, &line.tenant).await?;
    let secret = secret("channel-secret", line.channel_secret, line.channel_secret_file.as_deref())?;
    let token = self::secret("access-token", line.access_token, line.access_token_file.as_deref())?;
    let command = ConnectChannelCommand {
        channel_type: ChannelType::Line,
        name: line.name,
        secrets: vec![("channel_secret".to_owned(), secret), ("access_token".to_owned(), token)],
        external_id: line.destination,
        idempotency_key: None,
    };
    connect(wired, &actor, &command).await
}

async fn connect_telegram(wired: &Wired, telegram: ConnectTelegram) -> anyhow::Result<Answer> {
    let actor = operator(wired, &telegram.tenant).await?;
    let token = secret("bot-token", telegram.bot_token, telegram.bot_token_file.as_deref())?;
    let command = ConnectChannelCommand {
        channel_type: ChannelType::Telegram,
        name: telegram.name,
        secrets: vec![("bot_token".to_owned(), token)],
        external_id: None,
        idempotency_key: None,
    };
    connect(wired, &actor, &command).await
}

async fn connect_meta(wired: &Wired, channel_type: ChannelType, meta: ConnectMeta) -> anyhow::Result<Answer> {
    let actor = operator(wired, &meta.tenant).await?;
    let token = secret("access-token", meta.access_token, meta.access_token_file.as_deref())?;
    let ids = [("waba_id", meta.waba_id), ("page_id", meta.page_id)];
    let ids = ids.into_iter().filter_map(|(name, id)| Some((name.to_owned(), SecretString::from(id?))));
    let command = ConnectChannelCommand {
        channel_type,
        name: meta.name,
        secrets: std::iter::once(("access_token".to_owned(), token)).chain(ids).collect(),
        external_id: Some(meta.destination),
        idempotency_key: None,
    };
    connect(wired, &actor, &command).await
}

async fn remove(wired: &Wired, tenant: &str, id: &str) -> anyhow::Result<Answer> {
    let actor = operator(wired, tenant).await?;
    let id = id.parse().context("--id is no id of an account")?;
    let removed = wired.hubchat.remove_channel.run(&actor, id).await?;
    let mut lines = vec!["removed; its conversations stay".to_owned()];
    lines.extend(removed.still_subscribed.as_ref().map(|reason| format!("the provider may still send: {reason}")));
    Ok(Answer::new(lines, json!({"removed": true, "stillSubscribed": removed.still_subscribed})))
}

async fn connect(wired: &Wired, actor: &Actor, command: &ConnectChannelCommand) -> anyhow::Result<Answer> {
    let connected = wired.hubchat.connect_channel.run(actor, command).await?;
    let mut object = account_object(&connected.account);
    object["unchecked"] = json!(connected.unchecked);
    let mut lines = vec![format!("connected {} ({})", connected.account.name, connected.account.id)];
    lines.push(match &wired.config.public_url {
        Some(base) => format!("webhook: {}{}", base.trim_end_matches('/'), connected.webhook_path),
        None => format!("webhook path, below your public address: {}", connected.webhook_path),
    });
    if let Some(reason) = connected.unchecked {
        lines.push(format!("the provider could not be asked about it: {reason}"));
    }
    Ok(Answer::new(lines, object))
}

async fn switch(wired: &Wired, tenant: &str, id: &str, paused: bool) -> anyhow::Result<Answer> {
    update(wired, tenant, id, UpdateChannelCommand { paused: Some(paused), ..UpdateChannelCommand::default() }).await
}

async fn rotate(wired: &Wired, tenant: &str, id: &str, files: &[String]) -> anyhow::Result<Answer> {
    let mut secrets = Vec::with_capacity(files.len());
    for file in files {
        let (name, path) = file.split_once('=').context("--secret-file takes NAME=PATH")?;
        secrets.push((name.to_owned(), secret("secret", None, Some(Path::new(path)))?));
    }
    update(wired, tenant, id, UpdateChannelCommand { secrets, ..UpdateChannelCommand::default() }).await
}

async fn update(wired: &Wired, tenant: &str, id: &str, command: UpdateChannelCommand) -> anyhow::Result<Answer> {
    let actor = operator(wired, tenant).await?;
    let id = id.parse().context("--id is no id of an account")?;
    let updated = wired.hubchat.update_channel.run(&actor, id, &command).await?;
    let mut lines = vec![format!("{}: {}", updated.account.name, updated.account.status)];
    lines.extend(updated.unchecked.as_ref().map(|reason| format!("the provider could not be asked: {reason}")));
    let mut object = account_object(&updated.account);
    object["unchecked"] = json!(updated.unchecked);
    Ok(Answer::new(lines, object))
}

async fn test(wired: &Wired, tenant: &str, id: &str, set_webhook: bool) -> anyhow::Result<Answer> {
    let actor = operator(wired, tenant).await?;
    let report = wired.hubchat.test_channel.run(&actor, id.parse()?, set_webhook).await?;
    let mut lines = vec![format!("{}: {}", report.account.name, report.account.status)];
    let mut object = account_object(&report.account);
    match &report.check {
        Ok(check) => {
            lines.push(format!("the provider knows it as {}", check.external_id));
            object["externalId"] = json!(check.external_id);
            if let Some(quota) = check.quota {
                object["quota"] = json!({"limit": quota.limit, "used": quota.used});
                let limit = quota.limit.map_or_else(|| "no limit".to_owned(), |limit| limit.to_string());
                lines.push(format!("messages this month: {} of {limit}", quota.used));
            }
            if let Some((url, active)) = &check.webhook {
                object["webhook"] = json!({"url": url, "active": active});
                lines.push(format!("webhook at the provider: {url} ({})", if *active { "on" } else { "off" }));
            }
        }
        Err(error) => {
            object["error"] = json!(error.to_string());
            lines.push(error.to_string());
        }
    }
    match &report.webhook_test {
        Some(Ok(test)) => {
            object["webhookTest"] = json!({"success": test.success, "reason": test.reason});
            lines.push(format!("the provider's test of the webhook: {}", test.reason));
        }
        Some(Err(error)) => {
            object["webhookTest"] = json!({"success": false, "reason": error.to_string()});
            lines.push(format!("the provider's test of the webhook: {error}"));
        }
        None => {}
    }
    object["healthy"] = json!(report.is_healthy());
    anyhow::ensure!(report.check.is_ok(), "{}", lines.join("; "));
    Ok(Answer::new(lines, object))
}

fn account_object(account: &ChannelAccountRecord) -> Value {
    json!({
        "id": account.id,
        "channelType": account.channel_type,
        "name": account.name,
        "status": account.status,
        "statusReason": account.status_reason,
        "destination": account.external_id,
        "webhookPath": Inbox::webhook_path(account),
    })
}

fn secret(option: &str, given: Option<String>, file: Option<&Path>) -> anyhow::Result<SecretString> {
    match (given, file) {
        (Some(secret), _) => Ok(SecretString::from(secret)),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("--{option}-file {}", path.display()))?;
            Ok(SecretString::from(text.trim().to_owned()))
        }
        (None, None) => anyhow::bail!("give --{option}, --{option}-file or its environment variable (see --help)"),
    }
}

//! Looking after channel accounts by hand.

use anyhow::Context;
use hubchat_core::domain::{ChannelAccountId, TenantId};
use hubchat_wiring::Wired;
use serde_json::{Value, json};

use super::operator;
use crate::{Answer, arguments::LookAt};

/// So many accounts at a time.
const AT_ONCE: u32 = 200;

/// Looks at accounts, and subscribes them anew. Fails when one of them needs an operator.
pub(super) async fn look_at(wired: &Wired, which: LookAt, resubscribe: bool) -> anyhow::Result<Answer> {
    let accounts = accounts(wired, &which).await?;
    let (mut lines, mut items, mut ill) = (Vec::new(), Vec::new(), 0);
    for (tenant, id) in accounts {
        let Some(health) = wired.hubchat.check_channel.run(tenant, id, resubscribe).await? else { continue };
        let account = health.account;
        let trouble = health.trouble.or_else(|| account.status_reason.clone());
        ill += usize::from(trouble.is_some());
        let done = if health.resubscribed { ", subscribed anew" } else { "" };
        let told = trouble.as_deref().map(|trouble| format!(": {trouble}")).unwrap_or_default();
        lines.push(format!(
            "{}  {}  {}  {}{done}{told}",
            account.id, account.channel_type, account.status, account.name
        ));
        items.push(json!({
            "id": account.id,
            "tenantId": account.tenant_id,
            "channelType": account.channel_type,
            "status": account.status,
            "trouble": trouble,
            "resubscribed": health.resubscribed,
        }));
    }
    anyhow::ensure!(ill == 0, "{ill} of {} accounts need an operator:\n{}", items.len(), lines.join("\n"));
    Ok(Answer::new(lines, json!({ "items": Value::Array(items) })))
}

async fn accounts(wired: &Wired, which: &LookAt) -> anyhow::Result<Vec<(TenantId, ChannelAccountId)>> {
    let Some(slug) = &which.tenant else {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = wired.hubchat.ports.directory.list_accounts(after, AT_ONCE).await?;
            let Some((_, last)) = page.last() else { return Ok(all) };
            after = Some(*last);
            all.extend(page);
        }
    };
    let actor = operator(wired, slug).await?;
    if let Some(id) = &which.id {
        return Ok(vec![(actor.tenant_id(), id.parse().context("--id is no id of an account")?)]);
    }
    let accounts = wired.hubchat.inbox.channels(&actor).await?;
    Ok(accounts.into_iter().map(|account| (account.tenant_id, account.id)).collect())
}

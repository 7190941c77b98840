//! The keys of secrets at rest.

use anyhow::Context;
use hubchat_core::{MasterKeyUse, RotateKeysCommand, domain::TenantId};
use hubchat_wiring::Wired;
use serde_json::{Value, json};

use crate::{Answer, arguments::Keys};

pub(super) async fn keys(wired: &Wired, command: Keys) -> anyhow::Result<Answer> {
    match command {
        Keys::Status { tenant } => {
            let tenant = one(wired, tenant).await?;
            status(wired, tenant, Vec::new(), json!({})).await
        }
        Keys::Rotate { tenant, data_keys } => {
            let tenant = one(wired, tenant).await?;
            let done = wired.hubchat.rotate_keys.run(RotateKeysCommand { tenant, data_keys }).await?;
            let line = format!(
                "{} tenants: {} data keys wrapped anew, {} made, {} secrets sealed anew",
                done.tenants, done.rewrapped, done.made, done.resealed
            );
            let object = json!({
                "rewrapped": done.rewrapped, "made": done.made, "resealed": done.resealed,
            });
            status(wired, tenant, vec![line], object).await
        }
    }
}

async fn one(wired: &Wired, slug: Option<String>) -> anyhow::Result<Option<TenantId>> {
    let Some(slug) = slug else { return Ok(None) };
    let tenant = wired.hubchat.create_tenant.find(&slug).await.with_context(|| format!("tenant {slug}"))?;
    Ok(Some(tenant.id))
}

/// Ends an answer with what stands now.
async fn status(
    wired: &Wired,
    tenant: Option<TenantId>,
    mut lines: Vec<String>,
    mut object: Value,
) -> anyhow::Result<Answer> {
    let report = wired.hubchat.key_status.run(tenant).await?;
    for key in &report.master_keys {
        // Only over all tenants can it be told that nobody needs a key.
        lines.push(line(key, tenant.is_none()));
    }
    lines.push(match report.former_seals {
        0 => "every secret is sealed by the newest data key of its tenant".to_owned(),
        count => format!("{count} secrets are sealed by former data keys: run hubchat keys rotate --data-keys"),
    });
    let master_keys: Vec<Value> = report
        .master_keys
        .iter()
        .map(|key| {
            json!({
                "id": key.id, "configured": key.configured, "current": key.current, "dataKeys": key.data_keys,
                "dispensable": tenant.is_none() && key.is_dispensable(),
            })
        })
        .collect();
    object["tenants"] = report.tenants.into();
    object["masterKeys"] = master_keys.into();
    object["formerSeals"] = report.former_seals.into();
    Ok(Answer::new(lines, object))
}

fn line(key: &MasterKeyUse, of_all: bool) -> String {
    let meaning = match key {
        MasterKeyUse { current: true, .. } => "the current one",
        MasterKeyUse { configured: false, .. } => "NOT CONFIGURED: what it wraps cannot be opened",
        key if of_all && key.is_dispensable() => "a former one, needed no more for secrets",
        _ => "a former one",
    };
    format!("master key {}: {meaning}; it wraps {} data keys", key.id, key.data_keys)
}

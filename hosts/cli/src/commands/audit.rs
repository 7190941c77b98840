//! The audit log.

use anyhow::Context;
use futures_util::TryStreamExt;
use hubchat_core::{
    Actor, AuditFormat, AuditVerdict,
    domain::{AuditAction, AuditActor, AuditEntry, AuditHash, AuditSubject, Tenant, Timestamp},
    port::AuditFilter,
};
use hubchat_wiring::Wired;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use super::operator;
use crate::{
    Answer,
    audit_arguments::{Audit, AuditFileFormat, AuditWhich},
};

/// So many tenants at a time.
const AT_ONCE: u32 = 200;
/// The most entries that the API gives at a time.
const PAGE: u32 = 200;

pub(super) async fn audit(wired: &Wired, command: Audit) -> anyhow::Result<Answer> {
    match command {
        Audit::Verify { tenant, head } => verify(wired, tenant.as_deref(), head.as_deref()).await,
        Audit::List { which, limit } => list(wired, &which, limit).await,
        Audit::Export { which, format, output } => {
            let format = match format {
                AuditFileFormat::Csv => AuditFormat::Csv,
                AuditFileFormat::Jsonl => AuditFormat::JsonLines,
            };
            let actor = operator(wired, &which.tenant).await?;
            let mut entries = wired.hubchat.export_audit.run(&actor, format, filter(&which)?).await?;
            let cannot = || format!("{} cannot be written", output.display());
            let mut file = tokio::fs::File::create(&output).await.with_context(cannot)?;
            let mut bytes: u64 = 0;
            while let Some(lines) = entries.try_next().await? {
                file.write_all(&lines).await.with_context(cannot)?;
                bytes += lines.len() as u64;
            }
            file.sync_all().await.with_context(cannot)?;
            let line = format!("wrote {bytes} bytes to {}", output.display());
            Ok(Answer::new([line], json!({"output": output, "bytes": bytes})))
        }
    }
}

async fn verify(wired: &Wired, slug: Option<&str>, head: Option<&str>) -> anyhow::Result<Answer> {
    let noted = head.map(noted).transpose()?;
    let (mut lines, mut items, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    for tenant in tenants(wired, slug).await? {
        let slug = tenant.slug.as_str();
        match wired.hubchat.verify_audit.run(&Actor::system(tenant.id), noted).await? {
            AuditVerdict::Intact { seq, hash } => {
                lines.push(format!("{slug}: {seq} entries are as they were written; note the end: {seq}:{hash}"));
                items.push(json!({"tenant": slug, "intact": true, "head": format!("{seq}:{hash}")}));
            }
            AuditVerdict::Broken(flaw) => broken.push(format!("{slug}: {flaw}")),
        }
    }
    anyhow::ensure!(broken.is_empty(), "the audit log was tampered with:\n{}", broken.join("\n"));
    Ok(Answer::new(lines, json!({"items": items})))
}

async fn tenants(wired: &Wired, slug: Option<&str>) -> anyhow::Result<Vec<Tenant>> {
    if let Some(slug) = slug {
        return Ok(vec![wired.hubchat.create_tenant.find(slug).await.with_context(|| format!("tenant {slug}"))?]);
    }
    let mut all: Vec<Tenant> = Vec::new();
    loop {
        let after = all.last().map(|last| last.id);
        let page = wired.hubchat.ports.directory.list_tenants(after, AT_ONCE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

fn noted(head: &str) -> anyhow::Result<(i64, AuditHash)> {
    let parsed = head.split_once(':').and_then(|(seq, hash)| Some((seq.parse().ok()?, AuditHash::parse(hash)?)));
    parsed.filter(|(seq, _)| *seq > 0).context("--head must be a number and a hash, as an earlier check printed them")
}

async fn list(wired: &Wired, which: &AuditWhich, limit: u32) -> anyhow::Result<Answer> {
    let (actor, filter) = (operator(wired, &which.tenant).await?, filter(which)?);
    let (mut entries, mut after) = (Vec::new(), None);
    loop {
        let wanted = limit.saturating_sub(u32::try_from(entries.len())?);
        if wanted == 0 {
            break;
        }
        let page = wired.hubchat.list_audit.run(&actor, &filter, after, wanted.min(PAGE)).await?;
        entries.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let items: Vec<Value> = entries.iter().map(object).collect();
    Ok(Answer::new(entries.iter().map(line), json!({"items": items})))
}

fn line(entry: &AuditEntry) -> String {
    let draft = &entry.draft;
    let value = |value: &Option<Value>| value.as_ref().map_or_else(|| "-".to_owned(), Value::to_string);
    format!(
        "{}  {}  {}  {}  {}  {} -> {}",
        entry.seq,
        draft.at,
        draft.actor,
        draft.action,
        draft.subject,
        value(&draft.before),
        value(&draft.after),
    )
}

fn object(entry: &AuditEntry) -> Value {
    let draft = &entry.draft;
    json!({
        "seq": entry.seq,
        "at": draft.at,
        "actor": draft.actor.to_string(),
        "action": draft.action,
        "subject": draft.subject.to_string(),
        "before": draft.before,
        "after": draft.after,
        "address": draft.origin.address,
        "requestId": draft.origin.request_id,
        "hash": entry.hash.to_string(),
    })
}

fn filter(which: &AuditWhich) -> anyhow::Result<AuditFilter> {
    let moment = |text: &Option<String>, option: &'static str| {
        let parse =
            |text: &String| Timestamp::parse_rfc3339(text).with_context(|| format!("{option} is no RFC 3339 time"));
        text.as_ref().map(parse).transpose()
    };
    let actor = |text: &String| AuditActor::parse(text).context("--actor must be MEMBER:ID, API_KEY:ID or SYSTEM");
    let action = |text: &String| AuditAction::parse(text).context("--action is none, such as LEAD_UPDATED is one");
    let subject = |text: &String| AuditSubject::parse(text).context("--subject must be a type and an id, as LEAD:ID");
    Ok(AuditFilter {
        actor: which.actor.as_ref().map(actor).transpose()?,
        action: which.action.as_ref().map(action).transpose()?,
        subject: which.subject.as_ref().map(subject).transpose()?,
        from: moment(&which.from, "--from")?,
        to: moment(&which.to, "--to")?,
    })
}

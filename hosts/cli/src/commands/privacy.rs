//! Retention, erasure and export.

use std::path::Path;

use anyhow::Context;
use futures_util::{StreamExt, TryStreamExt};
use hubchat_core::{Actor, domain::ContactId, port::ExportKind};
use hubchat_wiring::Wired;
use serde_json::{Value, json};
use tokio::{fs, io::AsyncWriteExt};

use super::operator;
use crate::{
    Answer,
    privacy_arguments::{Contact, Export, Retention},
};

pub(super) async fn contact(wired: &Wired, command: Contact) -> anyhow::Result<Answer> {
    let Contact::Erase { tenant, id } = command;
    let actor = operator(wired, &tenant).await?;
    let id: ContactId = id.parse()?;
    let erased = wired.hubchat.erase_contact.run(&actor, id).await?;
    let count = erased.count;
    let line = format!(
        "erased: {} conversations, {} messages, {} files, {} leads, {} identities, {} webhook payloads",
        count.conversations, count.messages, count.files, erased.leads, erased.identities, erased.webhook_events
    );
    let object = json!({
        "id": id,
        "conversations": count.conversations,
        "messages": count.messages,
        "files": count.files,
        "leads": erased.leads,
        "identities": erased.identities,
        "webhookEvents": erased.webhook_events,
    });
    Ok(Answer::new([line], object))
}

pub(super) async fn retention(wired: &Wired, command: Retention) -> anyhow::Result<Answer> {
    let Retention::Run(run) = command;
    let actor = operator(wired, &run.tenant).await?;
    let kept = wired.hubchat.get_settings.run(&actor).await?.settings.retention_days;
    let days = run.days.or(kept).context("the tenant keeps everything for ever; say --days")?;
    let report = wired.hubchat.retention.run(&actor, days, run.dry_run).await?;
    let count = report.count;
    let line = format!(
        "{}: {} conversations, {} messages, {} files; closed and without a message since {}",
        if report.dry_run { "would go" } else { "gone" },
        count.conversations,
        count.messages,
        count.files,
        report.older_than,
    );
    let object = json!({
        "olderThan": report.older_than.to_string(),
        "conversations": count.conversations,
        "messages": count.messages,
        "files": count.files,
        "dryRun": report.dry_run,
    });
    Ok(Answer::new([line], object))
}

pub(super) async fn export(wired: &Wired, command: Export) -> anyhow::Result<Answer> {
    let actor = operator(wired, &command.tenant).await?;
    let out = command.out;
    fs::create_dir_all(out.parent().unwrap_or(Path::new("."))).await?;
    fs::create_dir(&out).await.with_context(|| format!("{} cannot be made; is it there already?", out.display()))?;
    wired.hubchat.export_tenant.begin(&actor, ExportKind::ALL).await?;
    let (mut lines, mut object) = (Vec::new(), serde_json::Map::new());
    for &kind in ExportKind::ALL {
        let (rows, files) = export_kind(wired, &actor, kind, &out, !command.without_media).await?;
        lines.push(format!("{:<20} {rows}", kind.as_str()));
        object.insert(kind.as_str().to_owned(), json!(rows));
        if kind == ExportKind::Media {
            lines.push(format!("{:<20} {files}", "files"));
            object.insert("files".to_owned(), json!(files));
        }
    }
    Ok(Answer::new(lines, Value::Object(object)))
}

/// Writes the rows of one kind, and the bytes of files beside them; answers how many of each.
async fn export_kind(
    wired: &Wired,
    actor: &Actor,
    kind: ExportKind,
    out: &Path,
    with_files: bool,
) -> anyhow::Result<(u64, u64)> {
    let export = &wired.hubchat.export_tenant;
    let mut file = fs::File::create(out.join(format!("{}.jsonl", kind.as_str()))).await?;
    let mut pages = std::pin::pin!(export.rows(actor, kind)?);
    let (mut rows, mut files) = (0, 0);
    while let Some(page) = pages.next().await {
        for row in page? {
            file.write_all(format!("{row}\n").as_bytes()).await?;
            rows += 1;
            if kind == ExportKind::Media && with_files {
                files += u64::from(export_file(wired, actor, &row, out).await?);
            }
        }
    }
    file.sync_all().await?;
    Ok((rows, files))
}

async fn export_file(wired: &Wired, actor: &Actor, row: &Value, out: &Path) -> anyhow::Result<bool> {
    let Some(exported) = wired.hubchat.export_tenant.file(actor, row).await? else { return Ok(false) };
    let folder = out.join("media");
    fs::create_dir_all(&folder).await?;
    let mut file = fs::File::create(folder.join(&exported.name)).await?;
    let mut body = exported.file.body;
    while let Some(bytes) = body.try_next().await? {
        file.write_all(&bytes).await?;
    }
    file.sync_all().await?;
    Ok(true)
}

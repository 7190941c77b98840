//! The audit log: how long a check takes, and an export.

use std::time::Instant;

use futures_util::TryStreamExt;
use hubchat_core::{
    AuditFormat, AuditVerdict,
    domain::{AuditAction, LeadId},
    port::AuditFilter,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    report::Report,
    target::{Kind, Target},
};

/// Entries of the log.
const ENTRIES: u64 = 100_000;
/// Entries of one transaction, so that the log is there soon.
const TOGETHER: u64 = 500;

/// A log is written, checked and exported.
pub(crate) async fn checked(kind: Kind, report: &mut Report) -> anyhow::Result<()> {
    let target = Target::create(kind, "http://127.0.0.1:9").await?;
    let hubchat = &target.wired.hubchat;
    let began = Instant::now();
    for batch in 0..ENTRIES / TOGETHER {
        let session = hubchat.ports.repository.begin(target.actor.tenant_id()).await?;
        for number in 0..TOGETHER {
            let lead = LeadId::from_uuid(Uuid::from_u128(u128::from(batch * TOGETHER + number)));
            let (before, after) = (json!({"status": "NEW"}), json!({"status": "CONTACTED"}));
            let now = hubchat.ports.clock.now();
            let draft = target.actor.audit(AuditAction::LeadUpdated, lead, Some(before), Some(after), now);
            session.audit().append(draft).await?;
        }
        session.commit().await?;
    }
    let written = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let verdict = hubchat.verify_audit.run(&target.actor, None).await?;
    let checked = began.elapsed().as_secs_f64();
    let intact = matches!(verdict, AuditVerdict::Intact { seq, .. } if seq.unsigned_abs() >= ENTRIES);
    let began = Instant::now();
    let mut export = hubchat.export_audit.run(&target.actor, AuditFormat::JsonLines, AuditFilter::default()).await?;
    let mut bytes = 0;
    while let Some(part) = export.try_next().await? {
        bytes += part.len();
    }
    let exported = began.elapsed().as_secs_f64();
    report.add(
        format!("{}: a check of {ENTRIES} audit entries", kind.name()),
        format!("{checked:.1} s (written in {written:.1} s, exported as {} MB in {exported:.1} s)", bytes / 1_000_000),
        "10 s",
        intact && checked < 10.0,
    );
    target.remove().await
}

//! Entries of what is done at the door, where people come in before their tenant is known.
//!
//! The door may not write audit logs. So it writes a job, in the transaction of the deed, and the job writes the entry:
//! a deed without its entry is one whose entry is still to come. The job may be done twice, the entry is written once.

use std::{net::IpAddr, time::Duration};

use hubchat_domain::{AuditAction, AuditActor, AuditDraft, AuditSubject, Origin, TenantId, Timestamp};
use hubchat_ports::{IdempotencyRecord, ReservedJob, TenantJob};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Fault, Ports, RetryPolicy, fault::Retries, jobs, jobs::JobOutcome};

/// The kind of the job.
pub(crate) const NOTE_JOB: &str = "audit.note.v1";

/// For so long it is remembered that an entry was written; no job lives longer.
const REMEMBERED: Duration = Duration::from_hours(30 * 24);

/// An entry, and the id of the deed that it tells of.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Note {
    id: Uuid,
    at: i64,
    actor: String,
    action: AuditAction,
    subject: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

impl Note {
    fn draft(self) -> Option<AuditDraft> {
        Some(AuditDraft {
            actor: AuditActor::parse(&self.actor)?,
            action: self.action,
            subject: AuditSubject::parse(&self.subject)?,
            before: self.before,
            after: self.after,
            origin: Origin { address: self.address, request_id: self.request_id },
            at: Timestamp::from_micros(self.at),
        })
    }
}

/// The job that writes an entry into a tenant's log. However often the deed of that id is told of, there is one entry.
/// The entries of a tenant are written in the order of their jobs.
pub(crate) fn note(tenant: TenantId, id: Uuid, draft: AuditDraft) -> TenantJob {
    let note = Note {
        id,
        at: draft.at.as_micros(),
        actor: draft.actor.to_string(),
        action: draft.action,
        subject: draft.subject.to_string(),
        before: draft.before,
        after: draft.after,
        address: draft.origin.address,
        request_id: draft.origin.request_id,
    };
    let job = jobs::background(NOTE_JOB, &format!("audit:{tenant}"), &serde_json::json!(note));
    TenantJob { tenant_id: tenant, job }
}

/// Writes those entries.
#[derive(Clone)]
pub struct NoteDeed {
    ports: Ports,
    policy: RetryPolicy,
}

impl NoteDeed {
    pub(crate) fn new(ports: Ports, policy: RetryPolicy) -> Self {
        Self { ports, policy }
    }

    /// Does one job.
    pub async fn run(&self, job: &ReservedJob) -> JobOutcome {
        let read = serde_json::from_str::<Note>(&job.payload).ok();
        let Some((id, draft)) = read.and_then(|note| Some((note.id, note.draft()?))) else {
            return JobOutcome::dead("the payload cannot be read");
        };
        let mut retries = Retries::default();
        loop {
            let result = self.write(job.tenant_id, id, &draft).await;
            if retries.again(&result, &self.ports).await {
                continue;
            }
            return match result {
                Ok(()) => JobOutcome::Done,
                Err(fault) => self.policy.after_fault(job.attempt, &fault, &*self.ports.randomness),
            };
        }
    }

    async fn write(&self, tenant: TenantId, id: Uuid, draft: &AuditDraft) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(tenant).await?;
        let record = IdempotencyRecord {
            scope: NOTE_JOB.to_owned(),
            key: id.to_string(),
            fingerprint: id.as_bytes().to_vec(),
            resource_id: id,
            expires_at: now.plus(REMEMBERED),
        };
        if session.idempotency().claim(&record, now).await?.is_some() {
            return Ok(());
        }
        session.audit().append(draft.clone()).await?;
        Ok(session.commit().await?)
    }
}

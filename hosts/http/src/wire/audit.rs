//! Entries of the audit log on the wire.

use hubchat_core::domain::{AuditAction, AuditEntry, SubjectKind};
use poem_openapi::Object;
use serde_json::Value;
use uuid::Uuid;

use super::{Moment, Named};

/// Who did it.
#[derive(Debug, Object)]
#[oai(rename = "AuditActor", rename_all = "camelCase", skip_serializing_if_is_none)]
struct AuditActorView {
    /// `MEMBER`, `API_KEY` or `SYSTEM`.
    r#type: String,
    /// The member or the API key.
    id: Option<Uuid>,
}

/// On what it was done.
#[derive(Debug, Object)]
#[oai(rename = "AuditSubject", rename_all = "camelCase")]
struct AuditSubjectView {
    /// What kind of thing.
    r#type: Named<SubjectKind>,
    /// Its id.
    id: String,
}

/// An entry of the audit log.
#[derive(Debug, Object)]
#[oai(rename = "AuditEntry", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct AuditEntryView {
    /// Its place in the tenant's log: from 1, without gaps, in the order of commits.
    seq: i64,
    /// When it was done.
    at: Moment,
    /// Who did it.
    actor: AuditActorView,
    /// What was done.
    action: Named<AuditAction>,
    /// On what.
    subject: AuditSubjectView,
    /// What changed, as it was.
    before: Option<Value>,
    /// What changed, as it was afterwards.
    after: Option<Value>,
    /// The address of the one who asked.
    address: Option<String>,
    /// The id of their request.
    request_id: Option<String>,
    /// SHA-256 over the hash of the entry before and this one, in hexadecimal digits.
    hash: String,
}

impl From<AuditEntry> for AuditEntryView {
    fn from(entry: AuditEntry) -> Self {
        let draft = entry.draft;
        Self {
            seq: entry.seq,
            at: Moment(draft.at),
            actor: AuditActorView { r#type: draft.actor.kind().to_owned(), id: draft.actor.id() },
            action: Named(draft.action),
            subject: AuditSubjectView { r#type: Named(draft.subject.kind), id: draft.subject.id },
            before: draft.before,
            after: draft.after,
            address: draft.origin.address.map(|address| address.to_string()),
            request_id: draft.origin.request_id,
            hash: entry.hash.to_string(),
        }
    }
}

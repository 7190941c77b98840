//! Rows of audit logs.

use hubchat_domain::{AuditAction, AuditActor, AuditDraft, AuditEntry, AuditHash, AuditSubject, Origin, TenantId};
use hubchat_ports::StorageError;
use serde_json::{Value as Json, json};

use super::{Fields, Row};
use crate::statements::{Kind, Table, fixed};

impl Row for AuditEntry {
    const WHAT: &'static str = "audit entry";
    const TABLE: Table = Table {
        name: "audit_entries",
        columns: &[
            fixed("seq", Kind::Integer),
            fixed("at", Kind::Integer),
            fixed("actor", Kind::Text),
            fixed("action", Kind::Text),
            fixed("subject", Kind::Text),
            fixed("value_before", Kind::Text),
            fixed("value_after", Kind::Text),
            fixed("address", Kind::Text),
            fixed("request_id", Kind::Text),
            fixed("hash", Kind::Text),
        ],
    };

    fn to_row(&self) -> Json {
        let AuditDraft { actor, action, subject, before, after, origin, at } = &self.draft;
        json!({
            "seq": self.seq,
            "at": at.as_micros(),
            "actor": actor.to_string(),
            "action": action.as_str(),
            "subject": subject.to_string(),
            "value_before": before.as_ref().map(Json::to_string),
            "value_after": after.as_ref().map(Json::to_string),
            "address": origin.address.map(|address| address.to_string()),
            "request_id": origin.request_id,
            "hash": self.hash.to_string(),
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        let address: Option<String> = fields.get("address")?;
        let address = address.map(|text| text.parse().map_err(|_| fields.corrupt())).transpose()?;
        Ok(Self {
            seq: fields.get("seq")?,
            draft: AuditDraft {
                actor: fields.named("actor", AuditActor::parse)?,
                action: fields.named("action", AuditAction::parse)?,
                subject: fields.named("subject", AuditSubject::parse)?,
                before: fields.json_or_none("value_before")?,
                after: fields.json_or_none("value_after")?,
                origin: Origin { address, request_id: fields.get("request_id")? },
                at: fields.time("at")?,
            },
            hash: fields.named("hash", AuditHash::parse)?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        None
    }
}

//! Leads.

use hubchat_domain::{ChannelType, Lead, LeadRecord, LeadStatus, Timestamp};
use hubchat_ports::StorageError;
use serde_json::{Value, json};

use crate::{
    columns::Columns,
    statements::{Kind, Table, changing, fixed},
};

pub(crate) const LEADS: Table = Table {
    name: "leads",
    columns: &[
        fixed("id", Kind::Uuid),
        fixed("contact_id", Kind::Uuid),
        fixed("source_account_id", Kind::Uuid),
        fixed("source_channel", Kind::Text),
        changing("status", Kind::Text),
        changing("assigned_member_id", Kind::Uuid),
        changing("tags", Kind::Text),
        changing("note", Kind::Text),
        fixed("created_at", Kind::Integer),
        changing("updated_at", Kind::Integer),
        changing("closed_at", Kind::Integer),
        fixed("version", Kind::Integer),
    ],
};

pub(crate) fn lead_json(lead: &Lead) -> Value {
    let record = lead.record();
    json!({
        "id": record.id,
        "contact_id": record.contact_id,
        "source_account_id": record.source_account_id,
        "source_channel": record.source_channel.as_str(),
        "status": record.status.as_str(),
        "assigned_member_id": record.assigned_member_id,
        "tags": json!(record.tags).to_string(),
        "note": record.note,
        "created_at": record.created_at.as_micros(),
        "updated_at": record.updated_at.as_micros(),
        "closed_at": record.closed_at.map(Timestamp::as_micros),
        "version": record.version,
    })
}

pub(crate) fn read_lead(row: Columns<'_>) -> Result<LeadRecord, StorageError> {
    Ok(LeadRecord {
        id: row.id("id")?,
        tenant_id: row.id("tenant_id")?,
        contact_id: row.id("contact_id")?,
        source_account_id: row.id("source_account_id")?,
        source_channel: row.named("source_channel", ChannelType::parse)?,
        status: row.named("status", LeadStatus::parse)?,
        assigned_member_id: row.optional_id("assigned_member_id")?,
        tags: row.json("tags")?,
        note: row.get("note")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        closed_at: row.optional_time("closed_at")?,
        version: row.get("version")?,
    })
}

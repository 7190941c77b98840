//! Rows of leads.

use hubchat_domain::{ChannelType, LeadRecord, LeadStatus, TenantId};
use hubchat_ports::StorageError;
use serde_json::{Value as Json, json};

use super::{Fields, Row, micros, text};
use crate::statements::{Kind, Table, changing, fixed};

impl Row for LeadRecord {
    const WHAT: &'static str = "lead";
    const TABLE: Table = Table {
        name: "leads",
        columns: &[
            fixed("id", Kind::Uuid),
            fixed("contact_id", Kind::Uuid),
            fixed("source_account_id", Kind::Uuid),
            fixed("source_channel", Kind::Text),
            changing("status", Kind::Text),
            changing("assigned_member_id", Kind::Uuid),
            changing("assigned_team_id", Kind::Uuid),
            changing("tags", Kind::Text),
            changing("note", Kind::Text),
            changing("referral", Kind::Text),
            fixed("created_at", Kind::Integer),
            changing("updated_at", Kind::Integer),
            changing("closed_at", Kind::Integer),
            fixed("version", Kind::Integer),
        ],
    };

    fn to_row(&self) -> Json {
        json!({
            "id": self.id,
            "contact_id": self.contact_id,
            "source_account_id": self.source_account_id,
            "source_channel": self.source_channel.as_str(),
            "status": self.status.as_str(),
            "assigned_member_id": self.assigned_member_id,
            "assigned_team_id": self.assigned_team_id,
            "tags": text(&self.tags),
            "note": self.note,
            "referral": self.referral.as_ref().map(text),
            "created_at": self.created_at.as_micros(),
            "updated_at": self.updated_at.as_micros(),
            "closed_at": micros(self.closed_at),
            "version": self.version,
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: fields.id("id")?,
            tenant_id: fields.id("tenant_id")?,
            contact_id: fields.id("contact_id")?,
            source_account_id: fields.id("source_account_id")?,
            source_channel: fields.named("source_channel", ChannelType::parse)?,
            status: fields.named("status", LeadStatus::parse)?,
            assigned_member_id: fields.id_or_none("assigned_member_id")?,
            assigned_team_id: fields.id_or_none("assigned_team_id")?,
            tags: fields.json("tags")?,
            note: fields.get("note")?,
            referral: fields.json_or_none("referral")?,
            created_at: fields.time("created_at")?,
            updated_at: fields.time("updated_at")?,
            closed_at: fields.time_or_none("closed_at")?,
            version: fields.get("version")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant_id)
    }
}

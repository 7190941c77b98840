//! Rows of members.

use hubchat_domain::{Member, MemberRole, MemberStatus, TenantId};
use hubchat_ports::StorageError;
use serde_json::{Value as Json, json};

use super::{Fields, Row, micros};
use crate::statements::{Kind, Table, changing, fixed};

impl Row for Member {
    const WHAT: &'static str = "member";
    const TABLE: Table = Table {
        name: "members",
        columns: &[
            fixed("id", Kind::Uuid),
            fixed("user_id", Kind::Uuid),
            changing("name", Kind::Text),
            changing("email", Kind::Text),
            changing("role", Kind::Text),
            changing("status", Kind::Text),
            changing("last_assigned_at", Kind::Integer),
            fixed("created_at", Kind::Integer),
            changing("updated_at", Kind::Integer),
            fixed("version", Kind::Integer),
        ],
    };

    fn to_row(&self) -> Json {
        json!({
            "id": self.id,
            "user_id": self.user_id,
            "name": self.name,
            "email": self.email,
            "role": self.role.as_str(),
            "status": self.status.as_str(),
            "last_assigned_at": micros(self.last_assigned_at),
            "created_at": self.created_at.as_micros(),
            "updated_at": self.updated_at.as_micros(),
            "version": self.version,
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: fields.id("id")?,
            tenant_id: fields.id("tenant_id")?,
            user_id: fields.id("user_id")?,
            name: fields.get("name")?,
            email: fields.get("email")?,
            role: fields.named("role", MemberRole::parse)?,
            status: fields.named("status", MemberStatus::parse)?,
            last_assigned_at: fields.time_or_none("last_assigned_at")?,
            created_at: fields.time("created_at")?,
            updated_at: fields.time("updated_at")?,
            version: fields.get("version")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant_id)
    }
}

//! Rows of teams.

use hubchat_domain::{Team, TenantId};
use hubchat_ports::StorageError;
use serde_json::{Value as Json, json};

use super::{Fields, Row};
use crate::statements::{Kind, Table, changing, fixed};

impl Row for Team {
    const WHAT: &'static str = "team";
    const TABLE: Table = Table {
        name: "teams",
        columns: &[
            fixed("id", Kind::Uuid),
            changing("name", Kind::Text),
            changing("name_key", Kind::Text),
            fixed("created_at", Kind::Integer),
            changing("updated_at", Kind::Integer),
            fixed("version", Kind::Integer),
        ],
    };

    fn to_row(&self) -> Json {
        json!({
            "id": self.id,
            "name": self.name,
            "name_key": Self::name_key(&self.name),
            "created_at": self.created_at.as_micros(),
            "updated_at": self.updated_at.as_micros(),
            "version": self.version,
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: fields.id("id")?,
            tenant_id: fields.id("tenant_id")?,
            name: fields.get("name")?,
            created_at: fields.time("created_at")?,
            updated_at: fields.time("updated_at")?,
            version: fields.get("version")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant_id)
    }
}

//! Rows of activity logs.

use hubchat_domain::{Activity, ActivityKind, TenantId};
use hubchat_ports::StorageError;
use serde_json::{Value as Json, json};

use super::{Fields, Row, text};
use crate::statements::{Kind, Table, fixed};

impl Row for Activity {
    const WHAT: &'static str = "activity";
    const TABLE: Table = Table {
        name: "activities",
        columns: &[
            fixed("id", Kind::Uuid),
            fixed("lead_id", Kind::Uuid),
            fixed("kind", Kind::Text),
            fixed("author", Kind::Text),
            fixed("detail", Kind::Text),
            fixed("at", Kind::Integer),
        ],
    };

    fn to_row(&self) -> Json {
        json!({
            "id": self.id,
            "lead_id": self.lead_id,
            "kind": self.kind.as_str(),
            "author": text(&self.author),
            "detail": self.detail.to_string(),
            "at": self.at.as_micros(),
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: fields.id("id")?,
            lead_id: fields.id("lead_id")?,
            kind: fields.named("kind", ActivityKind::parse)?,
            author: fields.json("author")?,
            detail: fields.json("detail")?,
            at: fields.time("at")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        None
    }
}

//! Rows of files.

use hubchat_domain::{MediaRecord, MediaStatus, TenantId};
use hubchat_ports::StorageError;
use serde_json::{Value as Json, json};

use super::{Fields, Row, text};
use crate::statements::{Kind, Table, changing, fixed};

impl Row for MediaRecord {
    const WHAT: &'static str = "file";
    const TABLE: Table = Table {
        name: "media",
        columns: &[
            fixed("id", Kind::Uuid),
            fixed("account_id", Kind::Uuid),
            changing("message_id", Kind::Uuid),
            changing("status", Kind::Text),
            changing("source", Kind::Text),
            changing("content_type", Kind::Text),
            changing("size", Kind::Integer),
            changing("file_name", Kind::Text),
            changing("storage_key", Kind::Text),
            changing("thumbnail_key", Kind::Text),
            changing("failure", Kind::Text),
            fixed("created_at", Kind::Integer),
            changing("updated_at", Kind::Integer),
            fixed("version", Kind::Integer),
        ],
    };

    fn to_row(&self) -> Json {
        json!({
            "id": self.id,
            "account_id": self.account_id,
            "message_id": self.message_id,
            "status": self.status.as_str(),
            "source": text(&self.source),
            "content_type": self.content_type,
            "size": self.size,
            "file_name": self.file_name,
            "storage_key": self.storage_key,
            "thumbnail_key": self.thumbnail_key,
            "failure": self.failure,
            "created_at": self.created_at.as_micros(),
            "updated_at": self.updated_at.as_micros(),
            "version": self.version,
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: fields.id("id")?,
            tenant_id: fields.id("tenant_id")?,
            account_id: fields.id("account_id")?,
            message_id: fields.id_or_none("message_id")?,
            status: fields.named("status", MediaStatus::parse)?,
            source: fields.json("source")?,
            content_type: fields.get("content_type")?,
            size: fields.get("size")?,
            file_name: fields.get("file_name")?,
            storage_key: fields.get("storage_key")?,
            thumbnail_key: fields.get("thumbnail_key")?,
            failure: fields.get("failure")?,
            created_at: fields.time("created_at")?,
            updated_at: fields.time("updated_at")?,
            version: fields.get("version")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant_id)
    }
}

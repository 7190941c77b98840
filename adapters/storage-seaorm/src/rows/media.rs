//! Files of messages.

use hubchat_domain::{Media, MediaRecord, MediaStatus};
use hubchat_ports::StorageError;
use serde_json::{Value, json};

use crate::{
    columns::Columns,
    statements::{Kind, Table, changing, fixed},
};

pub(crate) const MEDIA: Table = Table {
    name: "media",
    columns: &[
        fixed("id", Kind::Uuid),
        fixed("account_id", Kind::Uuid),
        fixed("message_id", Kind::Uuid),
        changing("status", Kind::Text),
        fixed("source", Kind::Text),
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

pub(crate) fn media_json(media: &Media) -> Value {
    let record = media.record();
    json!({
        "id": record.id,
        "account_id": record.account_id,
        "message_id": record.message_id,
        "status": record.status.as_str(),
        "source": json!(record.source).to_string(),
        "content_type": record.content_type,
        "size": record.size,
        "file_name": record.file_name,
        "storage_key": record.storage_key,
        "thumbnail_key": record.thumbnail_key,
        "failure": record.failure,
        "created_at": record.created_at.as_micros(),
        "updated_at": record.updated_at.as_micros(),
        "version": record.version,
    })
}

pub(crate) fn read_media(row: Columns<'_>) -> Result<MediaRecord, StorageError> {
    Ok(MediaRecord {
        id: row.id("id")?,
        tenant_id: row.id("tenant_id")?,
        account_id: row.id("account_id")?,
        message_id: row.optional_id("message_id")?,
        status: row.named("status", MediaStatus::parse)?,
        source: row.json("source")?,
        content_type: row.get("content_type")?,
        size: row.get("size")?,
        file_name: row.get("file_name")?,
        storage_key: row.get("storage_key")?,
        thumbnail_key: row.get("thumbnail_key")?,
        failure: row.get("failure")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: row.get("version")?,
    })
}

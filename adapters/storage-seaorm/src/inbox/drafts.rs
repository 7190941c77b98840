//! What members wrote and have not sent.

use hubchat_domain::MediaId;
use hubchat_ports::{Draft, StorageError};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::rows::Fields;

pub(super) const FIND: &str = "SELECT conversation_id, member_id, text, note, media_id, updated_at \
    FROM conversation_drafts WHERE tenant_id = ?1 AND conversation_id = ?2 AND member_id = ?3";

pub(super) fn row(row: &QueryResult) -> Result<Draft, StorageError> {
    let fields = Fields::plain(row, "draft");
    Ok(Draft {
        conversation_id: fields.id("conversation_id")?,
        member_id: fields.id("member_id")?,
        text: fields.get("text")?,
        note: fields.get("note")?,
        media_id: fields.get::<Option<Uuid>>("media_id")?.map(MediaId::from_uuid),
        updated_at: fields.time("updated_at")?,
    })
}

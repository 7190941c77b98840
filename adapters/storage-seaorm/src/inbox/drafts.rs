//! What members wrote and have not sent, each draft with its file.

use hubchat_domain::{ConversationId, MediaId, MediaRecord, MemberId, TenantId};
use hubchat_ports::{Draft, DraftRow, StorageError};
use sea_orm::{DbBackend, QueryResult};
use uuid::Uuid;

use super::page::Select;
use crate::rows::{Fields, Row, read};

const COLUMNS: &str = "d.conversation_id, d.member_id, d.text, d.note, d.media_id, d.updated_at";
const FROM: &str = "conversation_drafts AS d LEFT JOIN media AS f ON f.tenant_id = d.tenant_id AND f.id = d.media_id";

pub(super) fn of(backend: DbBackend, tenant: TenantId, conversation: ConversationId, member: MemberId) -> Select {
    let columns = format!("{COLUMNS}, {}", MediaRecord::TABLE.select("f", "f_"));
    let mut select = Select::from(backend, &columns, FROM, ("d", tenant));
    select.and("d.conversation_id = ?", conversation.as_uuid());
    select.and("d.member_id = ?", member.as_uuid());
    select
}

pub(super) fn row(row: &QueryResult) -> Result<DraftRow, StorageError> {
    let fields = Fields::plain(row, "draft");
    let draft = Draft {
        conversation_id: fields.id("conversation_id")?,
        member_id: fields.id("member_id")?,
        text: fields.get("text")?,
        note: fields.get("note")?,
        media_id: fields.get::<Option<Uuid>>("media_id")?.map(MediaId::from_uuid),
        updated_at: fields.time("updated_at")?,
    };
    let file: Option<Uuid> = fields.get("f_id")?;
    Ok(DraftRow { draft, file: file.map(|_| read(row, "f_")).transpose()? })
}

//! Messages as threads show them, each with its file.

use hubchat_domain::{ConversationRecord, MediaRecord, MessageRecord, TenantId};
use hubchat_ports::{MessageRow, OutgoingRow, StorageError};
use sea_orm::{DbBackend, QueryResult};
use uuid::Uuid;

use super::page::Select;
use crate::{
    rows::{Fields, Row, read},
    statements::look_up,
};

/// The file that the content names: once a message is taken back, it names none.
const FROM: &str = "messages AS m LEFT JOIN media AS f ON f.tenant_id = m.tenant_id AND f.id = m.media_id";

pub(super) fn list(backend: DbBackend, tenant: TenantId) -> Select {
    let columns = format!("{}, {}", MessageRecord::TABLE.select("m", "m_"), MediaRecord::TABLE.select("f", "f_"));
    Select::from(backend, &columns, FROM, ("m", tenant))
}

/// Messages with their conversations too.
pub(super) fn outgoing(backend: DbBackend, tenant: TenantId) -> Select {
    let columns = format!(
        "{}, {}, {}",
        MessageRecord::TABLE.select("m", "m_"),
        MediaRecord::TABLE.select("f", "f_"),
        ConversationRecord::TABLE.select("v", "v_")
    );
    let thread = look_up(backend, "conversations", "v", "{}.id = m.conversation_id");
    let from = FROM.replacen("messages AS m", &format!("messages AS m {thread}"), 1);
    let mut select = Select::from(backend, &columns, &from, ("m", tenant));
    select.and_plain("v.tenant_id = m.tenant_id");
    select
}

pub(super) fn outgoing_row(found: &QueryResult) -> Result<OutgoingRow, StorageError> {
    Ok(OutgoingRow { row: row(found)?, conversation: read(found, "v_")? })
}

pub(super) fn row(row: &QueryResult) -> Result<MessageRow, StorageError> {
    let file: Option<Uuid> = Fields::plain(row, MediaRecord::WHAT).get("f_id")?;
    let media = file.map(|_| read(row, "f_")).transpose()?;
    Ok(MessageRow { message: read(row, "m_")?, media })
}

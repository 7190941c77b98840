//! Messages for screens, with their files.

use hubchat_domain::{ConversationId, MessageId};
use hubchat_ports::{MessageRow, Page, PageRequest, StorageError};
use sea_orm::QueryResult;

use super::{Conditions, Inbox, page_of};
use crate::{
    columns::Columns,
    rows::{read_media, read_message},
};

/// A message's columns as they are, its file's with a prefix. The file is named in the content.
fn joined(postgres: bool, page: &str) -> String {
    let media_id =
        if postgres { "(m.content::json ->> 'media_id')::uuid" } else { "unhex(m.content ->> 'media_id', '-')" };
    format!(
        "SELECT m.*, f.id AS media_row_id, f.tenant_id AS media_row_tenant_id, f.account_id AS media_row_account_id, \
         f.message_id AS media_row_message_id, f.status AS media_row_status, f.source AS media_row_source, \
         f.content_type AS media_row_content_type, f.size AS media_row_size, f.file_name AS media_row_file_name, \
         f.storage_key AS media_row_storage_key, f.thumbnail_key AS media_row_thumbnail_key, \
         f.failure AS media_row_failure, f.created_at AS media_row_created_at, \
         f.updated_at AS media_row_updated_at, f.version AS media_row_version \
         FROM ({page}) AS m LEFT JOIN media f \
         ON m.kind IN ('IMAGE', 'VIDEO', 'AUDIO', 'FILE') AND f.tenant_id = m.tenant_id AND f.id = {media_id}"
    )
}

fn row(row: &QueryResult) -> Result<MessageRow, StorageError> {
    let columns = Columns::of(row, "message");
    let file = columns.prefixed("media_row_", "media");
    let media = file.get::<Option<uuid::Uuid>>("id")?.map(|_| read_media(file)).transpose()?;
    Ok(MessageRow { message: read_message(columns)?, media })
}

pub(super) async fn list(
    inbox: &Inbox,
    conversation: ConversationId,
    page: PageRequest,
) -> Result<Option<Page<MessageRow>>, StorageError> {
    let mut conditions = Conditions::of_tenant(inbox.tenant, "tenant_id");
    conditions.and("conversation_id = {}", conversation.as_uuid());
    conditions.after(page, "occurred_at", "id");
    let limit = conditions.limit(page);
    let inner = format!("SELECT * FROM messages WHERE {} ORDER BY occurred_at DESC, id DESC {limit}", conditions.sql);
    let sql = format!("{} ORDER BY m.occurred_at DESC, m.id DESC", joined(inbox.is_postgres(), &inner));
    let rows = inbox.query(&sql, conditions.values).await?;
    let items = rows.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let known = "SELECT id FROM conversations WHERE tenant_id = ?1 AND id = ?2";
    if items.is_empty() && !inbox.exists(known, conversation.as_uuid()).await? {
        return Ok(None);
    }
    Ok(Some(page_of(items, page, |row| (row.message.occurred_at, row.message.id.as_uuid()))))
}

pub(super) async fn find(inbox: &Inbox, id: MessageId) -> Result<Option<MessageRow>, StorageError> {
    let sql = joined(inbox.is_postgres(), "SELECT * FROM messages WHERE tenant_id = ?1 AND id = ?2");
    let rows = inbox.query(&sql, vec![inbox.tenant.as_uuid().into(), id.as_uuid().into()]).await?;
    rows.first().map(row).transpose()
}

//! Conversations for screens.

use hubchat_domain::{ConversationId, LeadStatus};
use hubchat_ports::{ConversationFilter, ConversationRow, Page, PageRequest, StorageError};
use sea_orm::QueryResult;

use super::{Conditions, Inbox, page_of};
use crate::{columns::Columns, rows::read_conversation};

/// The page is cut out first; only its rows are joined.
fn joined(page: &str) -> String {
    format!(
        "SELECT c.*, a.name AS account_name, i.display_name AS identity_name, i.avatar_url AS identity_avatar_url, \
         i.external_user_id AS external_user_id, p.display_name AS contact_name, p.avatar_url AS contact_avatar_url, \
         l.status AS lead_status, l.assigned_member_id AS assigned_member_id \
         FROM ({page}) AS c \
         JOIN channel_accounts a ON a.id = c.account_id \
         JOIN contact_identities i ON i.id = c.identity_id \
         JOIN contacts p ON p.id = c.contact_id \
         JOIN leads l ON l.id = c.lead_id"
    )
}

fn row(row: &QueryResult) -> Result<ConversationRow, StorageError> {
    let columns = Columns::of(row, "conversation");
    Ok(ConversationRow {
        conversation: read_conversation(columns)?,
        account_name: columns.get("account_name")?,
        identity_name: columns.get("identity_name")?,
        identity_avatar_url: columns.get("identity_avatar_url")?,
        external_user_id: columns.get("external_user_id")?,
        contact_name: columns.get("contact_name")?,
        contact_avatar_url: columns.get("contact_avatar_url")?,
        lead_status: columns.named("lead_status", LeadStatus::parse)?,
        assigned_member_id: columns.optional_id("assigned_member_id")?,
    })
}

pub(super) async fn list(
    inbox: &Inbox,
    filter: &ConversationFilter,
    page: PageRequest,
) -> Result<Page<ConversationRow>, StorageError> {
    let mut conditions = Conditions::of_tenant(inbox.tenant, "tenant_id");
    if let Some(status) = filter.status {
        conditions.and("status = {}", status.as_str());
    }
    if let Some(channel) = filter.channel_type {
        conditions.and("channel_type = {}", channel.as_str());
    }
    if let Some(account) = filter.account_id {
        conditions.and("account_id = {}", account.as_uuid());
    }
    if let Some(lead) = filter.lead_id {
        conditions.and("lead_id = {}", lead.as_uuid());
    }
    if filter.unread {
        conditions.and_plain("unread_count > 0");
    }
    conditions.after(page, "last_message_at", "id");
    let limit = conditions.limit(page);
    let inner =
        format!("SELECT * FROM conversations WHERE {} ORDER BY last_message_at DESC, id DESC {limit}", conditions.sql);
    let sql = format!("{} ORDER BY c.last_message_at DESC, c.id DESC", joined(&inner));
    let rows = inbox.query(&sql, conditions.values).await?;
    let items = rows.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    Ok(page_of(items, page, |row| (row.conversation.last_message_at, row.conversation.id.as_uuid())))
}

pub(super) async fn find(inbox: &Inbox, id: ConversationId) -> Result<Option<ConversationRow>, StorageError> {
    let sql = joined("SELECT * FROM conversations WHERE tenant_id = ?1 AND id = ?2");
    let rows = inbox.query(&sql, vec![inbox.tenant.as_uuid().into(), id.as_uuid().into()]).await?;
    rows.first().map(row).transpose()
}

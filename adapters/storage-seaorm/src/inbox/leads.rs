//! Leads and their activity logs for screens.

use hubchat_domain::{Activity, LeadId};
use hubchat_ports::{LeadFilter, LeadRow, Page, PageRequest, StorageError};
use sea_orm::QueryResult;

use super::{Conditions, Inbox, page_of};
use crate::{
    columns::Columns,
    rows::{read_activity, read_lead},
};

/// The page is cut out first; only its rows are joined, each with its newest conversation.
fn joined(page: &str) -> String {
    format!(
        "SELECT l.*, p.display_name AS contact_name, p.avatar_url AS contact_avatar_url, \
         m.name AS assigned_member_name, c.id AS conversation_id, c.participant_name AS participant_name, \
         c.participant_avatar_url AS participant_avatar_url, c.last_message_preview AS last_message_preview, \
         c.last_message_at AS last_message_at, c.unread_count AS unread_count \
         FROM ({page}) AS l \
         JOIN contacts p ON p.id = l.contact_id \
         LEFT JOIN members m ON m.id = l.assigned_member_id \
         LEFT JOIN conversations c ON c.id = (SELECT n.id FROM conversations n WHERE n.lead_id = l.id \
         ORDER BY n.last_message_at DESC, n.id DESC LIMIT 1)"
    )
}

fn row(row: &QueryResult) -> Result<LeadRow, StorageError> {
    let columns = Columns::of(row, "lead");
    Ok(LeadRow {
        lead: read_lead(columns)?,
        contact_name: columns.get("contact_name")?,
        contact_avatar_url: columns.get("contact_avatar_url")?,
        assigned_member_name: columns.get("assigned_member_name")?,
        conversation_id: columns.optional_id("conversation_id")?,
        participant_name: columns.get("participant_name")?,
        participant_avatar_url: columns.get("participant_avatar_url")?,
        last_message_preview: columns.get("last_message_preview")?,
        last_message_at: columns.optional_time("last_message_at")?,
        unread_count: columns.get::<Option<i32>>("unread_count")?.unwrap_or(0),
    })
}

pub(super) async fn list(inbox: &Inbox, filter: &LeadFilter, page: PageRequest) -> Result<Page<LeadRow>, StorageError> {
    let mut conditions = Conditions::of_tenant(inbox.tenant, "tenant_id");
    if let Some(status) = filter.status {
        conditions.and("status = {}", status.as_str());
    }
    if let Some(member) = filter.assigned_member_id {
        conditions.and("assigned_member_id = {}", member.as_uuid());
    }
    if filter.unassigned {
        conditions.and_plain("assigned_member_id IS NULL");
    }
    if let Some(channel) = filter.channel_type {
        conditions.and("source_channel = {}", channel.as_str());
    }
    conditions.after(page, "updated_at", "id");
    let limit = conditions.limit(page);
    let inner = format!("SELECT * FROM leads WHERE {} ORDER BY updated_at DESC, id DESC {limit}", conditions.sql);
    let sql = format!("{} ORDER BY l.updated_at DESC, l.id DESC", joined(&inner));
    let rows = inbox.query(&sql, conditions.values).await?;
    let items = rows.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    Ok(page_of(items, page, |row| (row.lead.updated_at, row.lead.id.as_uuid())))
}

pub(super) async fn find(inbox: &Inbox, id: LeadId) -> Result<Option<LeadRow>, StorageError> {
    let sql = joined("SELECT * FROM leads WHERE tenant_id = ?1 AND id = ?2");
    let rows = inbox.query(&sql, vec![inbox.tenant.as_uuid().into(), id.as_uuid().into()]).await?;
    rows.first().map(row).transpose()
}

pub(super) async fn activity(
    inbox: &Inbox,
    lead: LeadId,
    page: PageRequest,
) -> Result<Option<Page<Activity>>, StorageError> {
    let mut conditions = Conditions::of_tenant(inbox.tenant, "tenant_id");
    conditions.and("lead_id = {}", lead.as_uuid());
    conditions.after(page, "at", "id");
    let limit = conditions.limit(page);
    let sql = format!("SELECT * FROM activities WHERE {} ORDER BY at DESC, id DESC {limit}", conditions.sql);
    let rows = inbox.query(&sql, conditions.values).await?;
    let items = rows.iter().map(|row| read_activity(Columns::of(row, "activity"))).collect::<Result<Vec<_>, _>>()?;
    let known = "SELECT id FROM leads WHERE tenant_id = ?1 AND id = ?2";
    if items.is_empty() && !inbox.exists(known, lead.as_uuid()).await? {
        return Ok(None);
    }
    Ok(Some(page_of(items, page, |line| (line.at, line.id.as_uuid()))))
}

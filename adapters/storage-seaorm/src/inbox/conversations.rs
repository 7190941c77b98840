//! Conversations as lists show them.

use hubchat_domain::{ChannelAccountId, ConversationRecord, LeadId, LeadStatus, TenantId};
use hubchat_ports::{ConversationFilter, ConversationRow, StorageError};
use sea_orm::QueryResult;

use super::page::Select;
use crate::rows::{Fields, Row, read};

/// Outer joins keep the order of the list; what they join is always there.
const FROM: &str = "conversations AS v \
    LEFT JOIN channel_accounts AS a ON a.tenant_id = v.tenant_id AND a.id = v.account_id \
    LEFT JOIN contact_identities AS i ON i.tenant_id = v.tenant_id AND i.id = v.identity_id \
    LEFT JOIN contacts AS c ON c.tenant_id = v.tenant_id AND c.id = v.contact_id \
    LEFT JOIN leads AS l ON l.tenant_id = v.tenant_id AND l.id = v.lead_id";

const SHOWN: &str = "a.name AS account_name, i.display_name AS identity_name, i.avatar_url AS identity_avatar_url, \
    i.external_user_id AS external_user_id, c.display_name AS contact_name, c.avatar_url AS contact_avatar_url, \
    l.status AS lead_status, l.assigned_member_id AS assigned_member_id";

pub(super) fn list(tenant: TenantId, filter: &ConversationFilter) -> Select {
    let columns = format!("{}, {SHOWN}", ConversationRecord::TABLE.select("v", "v_"));
    let mut select = Select::from(&columns, FROM, ("v", tenant));
    if let Some(status) = filter.status {
        select.and("v.status = ?", status.as_str());
    }
    if let Some(channel) = filter.channel_type {
        select.and("v.channel_type = ?", channel.as_str());
    }
    if let Some(account) = filter.account_id.map(ChannelAccountId::as_uuid) {
        select.and("v.account_id = ?", account);
    }
    if let Some(lead) = filter.lead_id.map(LeadId::as_uuid) {
        select.and("v.lead_id = ?", lead);
    }
    if filter.unread {
        select.and_plain("v.unread_count > 0");
    }
    select
}

pub(super) fn row(row: &QueryResult) -> Result<ConversationRow, StorageError> {
    let shown = Fields::plain(row, ConversationRecord::WHAT);
    Ok(ConversationRow {
        conversation: read(row, "v_")?,
        account_name: shown.get("account_name")?,
        identity_name: shown.get("identity_name")?,
        identity_avatar_url: shown.get("identity_avatar_url")?,
        external_user_id: shown.get("external_user_id")?,
        contact_name: shown.get("contact_name")?,
        contact_avatar_url: shown.get("contact_avatar_url")?,
        lead_status: shown.named("lead_status", LeadStatus::parse)?,
        assigned_member_id: shown.id_or_none("assigned_member_id")?,
    })
}

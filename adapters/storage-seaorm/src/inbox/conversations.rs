//! Conversations as lists show them.

use hubchat_domain::{ChannelAccountId, ConversationRecord, LeadId, LeadStatus, TenantId, Visibility};
use hubchat_ports::{ConversationFilter, ConversationRow, StorageError};
use sea_orm::{DbBackend, QueryResult};

use super::{
    page::Select,
    sight::{Owners, narrow},
};
use crate::rows::{Fields, Row, read};

/// Outer joins keep the order of the list; what they join is always there.
const FROM: &str = "conversations AS v \
    LEFT JOIN channel_accounts AS a ON a.tenant_id = v.tenant_id AND a.id = v.account_id \
    LEFT JOIN contact_identities AS i ON i.tenant_id = v.tenant_id AND i.id = v.identity_id \
    LEFT JOIN contacts AS c ON c.tenant_id = v.tenant_id AND c.id = v.contact_id \
    LEFT JOIN leads AS l ON l.tenant_id = v.tenant_id AND l.id = v.lead_id \
    LEFT JOIN members AS w ON w.tenant_id = v.tenant_id AND w.id = v.assigned_member_id \
    LEFT JOIN teams AS g ON g.tenant_id = v.tenant_id AND g.id = v.assigned_team_id";

const SHOWN: &str = "a.name AS account_name, i.display_name AS identity_name, i.avatar_url AS identity_avatar_url, \
    i.external_user_id AS external_user_id, c.display_name AS contact_name, c.avatar_url AS contact_avatar_url, \
    l.status AS lead_status, w.name AS assigned_member_name, g.name AS assigned_team_name";

/// All conversations.
pub(super) fn any(backend: DbBackend, tenant: TenantId) -> Select {
    let columns = format!("{}, {SHOWN}", ConversationRecord::TABLE.select("v", "v_"));
    Select::from(backend, &columns, FROM, ("v", tenant))
}

/// The conversations of a filter, in the eyes of someone who sees so far.
pub(super) fn list(
    backend: DbBackend,
    tenant: TenantId,
    visibility: &Visibility,
    filter: &ConversationFilter,
) -> Select {
    let mut select = any(backend, tenant);
    narrow(
        &mut select,
        visibility,
        Owners {
            member: filter.assigned_member_id,
            team: filter.assigned_team_id,
            unassigned: filter.unassigned,
            few: filter.lead_id.is_some(),
        },
    );
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
        assigned_member_name: shown.get("assigned_member_name")?,
        assigned_team_name: shown.get("assigned_team_name")?,
    })
}

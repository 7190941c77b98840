//! Leads as lists show them, with the newest conversation of each.

use hubchat_domain::{LeadRecord, TenantId, Visibility};
use hubchat_ports::{LeadFilter, LeadRow, StorageError};
use sea_orm::{DbBackend, QueryResult};

use super::{
    page::Select,
    sight::{Owners, narrow, of_teams},
};
use crate::rows::{Fields, Row, read};

/// Outer joins: they keep the order of the list and never cost it a row.
const PEOPLE: &str = "leads AS l \
    LEFT JOIN contacts AS c ON c.tenant_id = l.tenant_id AND c.id = l.contact_id \
    LEFT JOIN members AS w ON w.tenant_id = l.tenant_id AND w.id = l.assigned_member_id \
    LEFT JOIN teams AS g ON g.tenant_id = l.tenant_id AND g.id = l.assigned_team_id";

const NEWEST_POSTGRES: &str = "LEFT JOIN LATERAL (SELECT n.* FROM conversations AS n \
    WHERE n.tenant_id = l.tenant_id AND n.lead_id = l.id \
    ORDER BY n.last_message_at DESC, n.id DESC LIMIT 1) AS v ON true";

const NEWEST_SQLITE: &str = "LEFT JOIN conversations AS v ON v.tenant_id = l.tenant_id AND v.id = \
    (SELECT n.id FROM conversations AS n WHERE n.tenant_id = l.tenant_id AND n.lead_id = l.id \
     ORDER BY n.last_message_at DESC, n.id DESC LIMIT 1)";

const SHOWN: &str = "c.display_name AS contact_name, c.avatar_url AS contact_avatar_url, \
    w.name AS assigned_member_name, g.name AS assigned_team_name, v.id AS conversation_id, v.participant_name AS participant_name, \
    v.participant_avatar_url AS participant_avatar_url, v.last_message_preview AS last_message_preview, \
    v.last_message_at AS last_message_at, v.unread_count AS unread_count";

/// All leads.
pub(super) fn any(backend: DbBackend, tenant: TenantId) -> Select {
    let newest = if backend == DbBackend::Postgres { NEWEST_POSTGRES } else { NEWEST_SQLITE };
    let columns = format!("{}, {SHOWN}", LeadRecord::TABLE.select("l", "l_"));
    Select::from(backend, &columns, &format!("{PEOPLE} {newest}"), ("l", tenant))
}

/// The leads of a filter, in the eyes of someone who sees so far.
pub(super) fn list(backend: DbBackend, tenant: TenantId, visibility: &Visibility, filter: &LeadFilter) -> Select {
    let mut select = any(backend, tenant);
    narrow(
        &mut select,
        visibility,
        Owners {
            member: filter.assigned_member_id,
            team: filter.assigned_team_id,
            unassigned: filter.unassigned,
            few: filter.teams_of.is_some(),
        },
    );
    if let Some(status) = filter.status {
        select.and("l.status = ?", status.as_str());
    }
    if let Some(channel) = filter.channel_type {
        select.and("l.source_channel = ?", channel.as_str());
    }
    if let Some(member) = filter.teams_of {
        of_teams(&mut select, member);
    }
    select
}

pub(super) fn row(row: &QueryResult) -> Result<LeadRow, StorageError> {
    let shown = Fields::plain(row, LeadRecord::WHAT);
    Ok(LeadRow {
        lead: read(row, "l_")?,
        contact_name: shown.get("contact_name")?,
        contact_avatar_url: shown.get("contact_avatar_url")?,
        assigned_member_name: shown.get("assigned_member_name")?,
        assigned_team_name: shown.get("assigned_team_name")?,
        conversation_id: shown.id_or_none("conversation_id")?,
        participant_name: shown.get("participant_name")?,
        participant_avatar_url: shown.get("participant_avatar_url")?,
        last_message_preview: shown.get("last_message_preview")?,
        last_message_at: shown.time_or_none("last_message_at")?,
        unread_count: shown.get::<Option<i32>>("unread_count")?.unwrap_or(0),
    })
}

//! Conversations as lists show them, in the eyes of a viewer.

use hubchat_domain::{ChannelAccountId, ContactId, ConversationRecord, LeadId, LeadStatus, MemberId, TenantId};
use hubchat_ports::{ConversationFilter, ConversationRow, StorageError, Viewer};
use sea_orm::{DbBackend, QueryResult};

use super::{
    page::Select,
    sight::{Owners, narrow, of_teams},
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

/// What the partial index of those who wait says.
pub(super) const WAITING: &str = "v.waiting_since IS NOT NULL AND v.status <> 'RESOLVED' AND v.snoozed_until IS NULL";

/// How many messages are unread: what nobody answered, and of that what the member has not seen.
pub(super) fn unread(select: &mut Select, member: Option<MemberId>) -> String {
    let Some(member) = member else { return "v.unread_count".to_owned() };
    let member = select.bind(member.as_uuid());
    let seen = format!(
        "(SELECT y.seen_inbound FROM conversation_reads AS y \
         WHERE y.conversation_id = v.id AND y.member_id = {member} AND y.tenant_id = v.tenant_id)"
    );
    let new = format!("v.inbound_count - COALESCE({seen}, v.inbound_count - v.unread_count)");
    // The smaller of both; LEAST is not known to SQLite, nor MIN of two to PostgreSQL.
    format!("CASE WHEN v.unread_count = 0 THEN 0 WHEN {new} < v.unread_count THEN {new} ELSE v.unread_count END")
}

/// Whether a note mentions the member that they have not seen.
pub(super) fn mentioned(select: &mut Select, member: Option<MemberId>) -> String {
    let Some(member) = member else { return "1 = 0".to_owned() };
    let member = select.bind(member.as_uuid());
    format!(
        "v.id IN (SELECT n.conversation_id FROM conversation_mentions AS n \
         WHERE n.tenant_id = ?1 AND n.member_id = {member} AND n.seen_at IS NULL)"
    )
}

/// All conversations.
pub(super) fn any(backend: DbBackend, tenant: TenantId, member: Option<MemberId>) -> Select {
    let columns = format!("{}, {SHOWN}", ConversationRecord::TABLE.select("v", "v_"));
    let mut select = Select::from(backend, &columns, FROM, ("v", tenant));
    let unread = unread(&mut select, member);
    // As one kind of number, whichever of the two it is.
    select.column(&format!("CAST({unread} AS BIGINT)"), "unread_for_viewer");
    select
}

/// The conversations of a filter, in the eyes of someone who sees so far.
pub(super) fn list(backend: DbBackend, tenant: TenantId, viewer: &Viewer, filter: &ConversationFilter) -> Select {
    let mut select = any(backend, tenant, viewer.member);
    narrow(
        &mut select,
        &viewer.visibility,
        Owners {
            member: filter.assigned_member_id,
            team: filter.assigned_team_id,
            unassigned: filter.unassigned,
            few: filter.lead_id.is_some()
                || filter.contact_id.is_some()
                || filter.mentioned
                || filter.teams_of.is_some(),
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
    if let Some(contact) = filter.contact_id.map(ContactId::as_uuid) {
        // A contact has few identities, and an identity few threads.
        let contact = select.bind(contact);
        select.and_plain(&format!(
            "v.identity_id IN (SELECT o.id FROM contact_identities AS o \
             WHERE o.tenant_id = ?1 AND o.contact_id = {contact})"
        ));
    }
    if let Some(member) = filter.teams_of {
        of_teams(&mut select, member);
    }
    if filter.active {
        select.and_plain("v.status IN ('OPEN', 'PENDING')");
    }
    if filter.unread {
        select.and_plain("v.unread_count > 0");
        if viewer.member.is_some() {
            let unread = unread(&mut select, viewer.member);
            select.and_plain(&format!("({unread}) > 0"));
        }
    }
    if filter.waiting {
        select.and_plain(WAITING);
    }
    if filter.mentioned {
        let mentioned = mentioned(&mut select, viewer.member);
        select.and_plain(&mentioned);
    }
    match filter.snoozed {
        Some(true) => select.and_plain("v.snoozed_until IS NOT NULL"),
        Some(false) => select.and_plain("v.snoozed_until IS NULL"),
        None => {}
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
        unread_count: shown.get("unread_for_viewer")?,
    })
}

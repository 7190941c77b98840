//! Members.

use hubchat_domain::{Member, MemberRole, MemberStatus, Timestamp};
use hubchat_ports::StorageError;
use serde_json::{Value, json};

use crate::{
    columns::Columns,
    statements::{Kind, Table, changing, fixed},
};

pub(crate) const MEMBERS: Table = Table {
    name: "members",
    columns: &[
        fixed("id", Kind::Uuid),
        changing("name", Kind::Text),
        changing("email", Kind::Text),
        changing("role", Kind::Text),
        changing("status", Kind::Text),
        changing("last_assigned_at", Kind::Integer),
        fixed("created_at", Kind::Integer),
        changing("updated_at", Kind::Integer),
        fixed("version", Kind::Integer),
    ],
};

pub(crate) fn member_json(member: &Member) -> Value {
    json!({
        "id": member.id,
        "name": member.name,
        "email": member.email,
        "role": member.role.as_str(),
        "status": member.status.as_str(),
        "last_assigned_at": member.last_assigned_at.map(Timestamp::as_micros),
        "created_at": member.created_at.as_micros(),
        "updated_at": member.updated_at.as_micros(),
        "version": member.version,
    })
}

pub(crate) fn read_member(row: Columns<'_>) -> Result<Member, StorageError> {
    Ok(Member {
        id: row.id("id")?,
        tenant_id: row.id("tenant_id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        role: row.named("role", MemberRole::parse)?,
        status: row.named("status", MemberStatus::parse)?,
        last_assigned_at: row.optional_time("last_assigned_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: row.get("version")?,
    })
}

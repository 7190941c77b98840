//! Members on the wire.

use hubchat_core::domain::{Member, MemberRole, MemberStatus};
use poem_openapi::Object;
use uuid::Uuid;

use super::{Moment, Named};

/// A person who works for the tenant.
#[derive(Debug, Object)]
#[oai(rename = "Member", rename_all = "camelCase")]
pub(crate) struct MemberView {
    /// Their id.
    id: Uuid,
    /// Their name.
    name: String,
    /// Their e-mail address.
    email: String,
    /// What they may do.
    role: Named<MemberRole>,
    /// Whether they work now.
    status: Named<MemberStatus>,
    /// When they were added.
    created_at: Moment,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            id: member.id.as_uuid(),
            name: member.name,
            email: member.email,
            role: Named(member.role),
            status: Named(member.status),
            created_at: Moment(member.created_at),
        }
    }
}

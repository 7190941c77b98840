//! Members on the wire.

use hubchat_core::{
    InviteMemberCommand, UpdateMemberCommand,
    domain::{Member, MemberRole, MemberStatus},
};
use poem_openapi::Object;
use serde::Deserialize;
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
    /// Whether they work now, or are invited and have not come yet.
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

/// Whom to invite.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "MemberInvitation", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct InviteMemberBody {
    /// Their name: 1 to 200 characters.
    name: String,
    /// Their e-mail address.
    email: String,
    /// What they will be allowed to do.
    role: Named<MemberRole>,
}

impl InviteMemberBody {
    pub(crate) fn into_command(self) -> InviteMemberCommand {
        InviteMemberCommand { name: self.name, email: self.email, role: self.role.0 }
    }
}

/// What to change of a member; what is absent stays.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "MemberPatch", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MemberPatch {
    /// Their name from now on: 1 to 200 characters.
    name: Option<String>,
    /// Their role from now on.
    role: Option<Named<MemberRole>>,
    /// ACTIVE or DISABLED.
    status: Option<Named<MemberStatus>>,
}

impl MemberPatch {
    pub(crate) fn into_command(self) -> UpdateMemberCommand {
        UpdateMemberCommand {
            name: self.name,
            role: self.role.map(|role| role.0),
            status: self.status.map(|status| status.0),
        }
    }
}

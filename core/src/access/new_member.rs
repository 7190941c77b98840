//! Adding somebody to a tenant: invited, or active at once.

use std::time::Duration;

use hubchat_domain::{AuditAction, Member, MemberId, MemberRole, MemberStatus, Permission, TenantId, User};
use hubchat_ports::InsertOutcome;
use serde_json::json;

use super::{mail_jobs::invitation_job, person};
use crate::{Actor, ErrorCode, Fault, Ports, fault::faults_become};

/// Why a member was not added.
#[derive(Debug, thiserror::Error)]
pub enum CreateMemberError {
    /// The name is blank or too long.
    #[error("a name has 1 to 200 characters")]
    Name,
    /// The address is none.
    #[error("this is no e-mail address")]
    Email,
    /// The address belongs to another member.
    #[error("a member with this e-mail address exists already")]
    Taken,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(CreateMemberError);

impl ErrorCode for CreateMemberError {
    fn code(&self) -> &'static str {
        match self {
            Self::Name | Self::Email => "validation_failed",
            Self::Taken => "member_exists",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Name => Some("name"),
            Self::Email | Self::Taken => Some("email"),
            Self::Fault(_) => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Whom to add.
pub(crate) struct NewMember<'c> {
    pub(crate) name: &'c str,
    pub(crate) email: &'c str,
    pub(crate) role: MemberRole,
    pub(crate) standing: NewStanding,
}

/// As what somebody is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NewStanding {
    /// They work at once.
    Active,
    /// They are invited, and somebody gives them their link.
    Invited,
    /// They are invited, and their link comes by mail.
    InvitedByMail,
}

/// Adds a member with their entry in the audit log, and the job that mails their link if one is to be mailed.
pub(crate) async fn add(ports: &Ports, actor: &Actor, new: NewMember<'_>) -> Result<Member, CreateMemberError> {
    actor.require(Permission::MembersManage)?;
    if new.role == MemberRole::Owner {
        actor.require(Permission::OwnersManage)?;
    }
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 200 {
        return Err(CreateMemberError::Name);
    }
    let email = Member::normal_email(new.email).ok_or(CreateMemberError::Email)?;
    let user = person::find_or_add(ports, &email, name).await?;
    let (status, action) = match new.standing {
        NewStanding::Active => (MemberStatus::Active, AuditAction::MemberCreated),
        NewStanding::Invited | NewStanding::InvitedByMail => (MemberStatus::Invited, AuditAction::MemberInvited),
    };
    let member =
        Member { name: name.to_owned(), status, ..of(ports, ports.next_id(), actor.tenant_id(), &user, new.role) };
    let session = ports.repository.begin(actor.tenant_id()).await?;
    if session.members().insert(&member).await? == InsertOutcome::AlreadyPresent {
        return Err(CreateMemberError::Taken);
    }
    let after = json!({"role": member.role, "status": member.status});
    session.audit().append(actor.audit(action, member.id, None, Some(after), member.created_at)).await?;
    if new.standing == NewStanding::InvitedByMail {
        session.jobs().append(&[invitation_job(member.id)]).await?;
    }
    session.commit().await?;
    Ok(member)
}

/// A member, active, under the person's own name.
pub(super) fn of(ports: &Ports, id: MemberId, tenant: TenantId, user: &User, role: MemberRole) -> Member {
    let now = ports.clock.now();
    Member {
        id,
        tenant_id: tenant,
        user_id: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        role,
        status: MemberStatus::Active,
        last_assigned_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

//! Inviting members.

use std::time::Duration;

use hubchat_domain::{AuditAction, AuthLinkKind, Member, MemberId, MemberRole, MemberStatus, Permission};
use hubchat_ports::{InsertOutcome, Mail};
use serde_json::json;

use super::{
    links::{LinkFor, Links, OneTimeLink},
    mail::send_quietly,
    person,
};
use crate::{Actor, ErrorCode, Fault, Ports, fault::faults_become};

/// Whom to invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteMemberCommand {
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// What they will be allowed to do.
    pub role: MemberRole,
}

/// A member who was invited, and the link that was mailed to them. Only operators at the machine are shown it.
#[derive(Debug, Clone)]
pub struct InvitedMember {
    /// The member.
    pub member: Member,
    /// Their link.
    pub link: OneTimeLink,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteMemberError {
    /// The name is blank or too long.
    #[error("a name has 1 to 200 characters")]
    Name,
    /// The address is none.
    #[error("this is no e-mail address")]
    Email,
    /// The address belongs to another member.
    #[error("a member with this e-mail address exists already")]
    Taken,
    /// There is no such member.
    #[error("no such member")]
    Unknown,
    /// The member came already, or was disabled.
    #[error("the member waits for no invitation")]
    NotInvited,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(InviteMemberError);

impl ErrorCode for InviteMemberError {
    fn code(&self) -> &'static str {
        match self {
            Self::Name | Self::Email => "validation_failed",
            Self::Taken => "member_exists",
            Self::Unknown => "member_not_found",
            Self::NotInvited => "member_not_invited",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Name => Some("name"),
            Self::Email | Self::Taken => Some("email"),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Invites members.
#[derive(Clone)]
pub struct InviteMember {
    ports: Ports,
    links: Links,
}

impl InviteMember {
    pub(crate) fn new(ports: Ports, links: Links) -> Self {
        Self { ports, links }
    }

    /// Adds a member who is invited and mails them a link. It makes no difference whether the person is known to
    /// another tenant.
    pub async fn run(&self, actor: &Actor, command: &InviteMemberCommand) -> Result<InvitedMember, InviteMemberError> {
        actor.require(Permission::MembersManage)?;
        if command.role == MemberRole::Owner {
            actor.require(Permission::OwnersManage)?;
        }
        let name = command.name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(InviteMemberError::Name);
        }
        let email = Member::normal_email(&command.email).ok_or(InviteMemberError::Email)?;
        let user = person::find_or_add(&self.ports, &email, name).await?;
        let now = self.ports.clock.now();
        let member = Member {
            id: self.ports.next_id(),
            tenant_id: actor.tenant_id(),
            user_id: user.id,
            name: name.to_owned(),
            email,
            role: command.role,
            status: MemberStatus::Invited,
            last_assigned_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        if session.members().insert(&member).await? == InsertOutcome::AlreadyPresent {
            return Err(InviteMemberError::Taken);
        }
        let after = json!({"role": member.role, "status": member.status});
        session.audit().append(actor.audit(AuditAction::MemberInvited, member.id, None, Some(after), now)).await?;
        session.commit().await?;
        self.mail(AuthLinkKind::Invitation, member).await
    }

    /// Mails another link to a member who has not come yet; the former one is void.
    pub async fn again(&self, actor: &Actor, id: MemberId) -> Result<InvitedMember, InviteMemberError> {
        actor.require(Permission::MembersManage)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let member = session.members().find(id).await?.ok_or(InviteMemberError::Unknown)?;
        if member.role == MemberRole::Owner {
            actor.require(Permission::OwnersManage)?;
        }
        if member.status != MemberStatus::Invited {
            return Err(InviteMemberError::NotInvited);
        }
        let (after, now) = (json!({"role": member.role, "status": member.status}), self.ports.clock.now());
        session.audit().append(actor.audit(AuditAction::MemberInvited, id, None, Some(after), now)).await?;
        session.commit().await?;
        self.mail(AuthLinkKind::Invitation, member).await
    }

    async fn mail(&self, kind: AuthLinkKind, member: Member) -> Result<InvitedMember, InviteMemberError> {
        let tenant = self.ports.directory.find_tenant_by_id(member.tenant_id).await?;
        let tenant = tenant.ok_or(InviteMemberError::Unknown)?;
        let whom = LinkFor { tenant: Some(tenant.id), user: Some(member.user_id), member: Some(member.id) };
        let link = self.links.make(kind, whom).await?;
        let mail = Mail::Invitation {
            tenant: tenant.name,
            name: member.name.clone(),
            link: link.url.clone(),
            expires_at: link.expires_at,
        };
        send_quietly(&self.ports, &member.email, &mail).await;
        Ok(InvitedMember { member, link })
    }
}

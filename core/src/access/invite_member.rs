//! Inviting members.

use std::time::Duration;

use hubchat_domain::{AuditAction, Member, MemberId, MemberRole, MemberStatus, Permission};
use serde_json::json;

use super::{
    CreateMemberError,
    links::{Links, OneTimeLink},
    mail::send_quietly,
    mail_jobs::invitation_job,
    new_member::{self, NewMember, NewStanding},
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
    /// They were not added.
    #[error(transparent)]
    NotAdded(#[from] CreateMemberError),
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
            Self::NotAdded(error) => error.code(),
            Self::Unknown => "member_not_found",
            Self::NotInvited => "member_not_invited",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        if let Self::NotAdded(error) = self { error.field() } else { None }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NotAdded(error) => error.retry_after(),
            Self::Fault(fault) => fault.retry_after(),
            Self::Unknown | Self::NotInvited => None,
        }
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

    /// Adds a member who is invited; a link is mailed to them in the background. It makes no difference whether the
    /// person is known to another tenant.
    pub async fn run(&self, actor: &Actor, command: &InviteMemberCommand) -> Result<Member, InviteMemberError> {
        self.add(actor, command, NewStanding::InvitedByMail).await
    }

    /// Sees to another link for a member who has not come yet; the former one is void once it is mailed.
    pub async fn again(&self, actor: &Actor, id: MemberId) -> Result<Member, InviteMemberError> {
        self.repeat(actor, id, true).await
    }

    /// The same as [`run`](Self::run) for an operator at the machine, who is shown the link that is mailed.
    pub async fn run_with_link(
        &self,
        actor: &Actor,
        command: &InviteMemberCommand,
    ) -> Result<InvitedMember, InviteMemberError> {
        let member = self.add(actor, command, NewStanding::Invited).await?;
        self.mail(member).await
    }

    /// The same as [`again`](Self::again) for an operator at the machine, who is shown the link that is mailed.
    pub async fn again_with_link(&self, actor: &Actor, id: MemberId) -> Result<InvitedMember, InviteMemberError> {
        let member = self.repeat(actor, id, false).await?;
        self.mail(member).await
    }

    async fn add(
        &self,
        actor: &Actor,
        command: &InviteMemberCommand,
        standing: NewStanding,
    ) -> Result<Member, InviteMemberError> {
        let InviteMemberCommand { name, email, role } = command;
        Ok(new_member::add(&self.ports, actor, NewMember { name, email, role: *role, standing }).await?)
    }

    async fn repeat(&self, actor: &Actor, id: MemberId, by_mail: bool) -> Result<Member, InviteMemberError> {
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
        if by_mail {
            session.jobs().append(&[invitation_job(id)]).await?;
        }
        session.commit().await?;
        Ok(member)
    }

    async fn mail(&self, member: Member) -> Result<InvitedMember, InviteMemberError> {
        let tenant = self.ports.directory.find_tenant_by_id(member.tenant_id).await?;
        let (link, mail) = self.links.invite(tenant.ok_or(InviteMemberError::Unknown)?, &member).await?;
        // The operator has the link, whether the mail goes or not.
        send_quietly(&self.ports, &member.email, &mail).await;
        Ok(InvitedMember { member, link })
    }
}

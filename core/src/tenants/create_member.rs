//! Adding members by an operator, so that leads can be assigned to them. They come in once they have a password: by
//! an invitation, or by asking for a new password.

use hubchat_domain::{AuditAction, Member, MemberRole, MemberStatus, Permission};
use hubchat_ports::InsertOutcome;
use serde_json::json;

use crate::{Actor, ErrorCode, Fault, Ports, access::find_or_add, fault::faults_become};

/// Whom to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateMemberCommand {
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// What they may do.
    pub role: MemberRole,
}

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
}

/// Adds and lists members.
#[derive(Clone)]
pub struct CreateMember {
    ports: Ports,
}

impl CreateMember {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Adds a member, active at once.
    pub async fn run(&self, actor: &Actor, command: &CreateMemberCommand) -> Result<Member, CreateMemberError> {
        actor.require(Permission::MembersManage)?;
        if command.role == MemberRole::Owner {
            actor.require(Permission::OwnersManage)?;
        }
        let name = command.name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(CreateMemberError::Name);
        }
        let email = Member::normal_email(&command.email).ok_or(CreateMemberError::Email)?;
        let user = find_or_add(&self.ports, &email, name).await?;
        let now = self.ports.clock.now();
        let member = Member {
            id: self.ports.next_id(),
            tenant_id: actor.tenant_id(),
            user_id: user.id,
            name: name.to_owned(),
            email,
            role: command.role,
            status: MemberStatus::Active,
            last_assigned_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        if session.members().insert(&member).await? == InsertOutcome::AlreadyPresent {
            return Err(CreateMemberError::Taken);
        }
        let after = json!({"role": member.role, "status": member.status});
        session.audit().append(actor.audit(AuditAction::MemberCreated, member.id, None, Some(after), now)).await?;
        session.commit().await?;
        Ok(member)
    }

    /// All members, by name.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Member>, CreateMemberError> {
        actor.require(Permission::InboxRead)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        Ok(session.members().list().await?)
    }
}

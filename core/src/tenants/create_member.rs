//! Adding members by an operator, so that leads can be assigned to them. They come in once they have a password: by
//! an invitation, or by asking for a new password.

use hubchat_domain::{Member, MemberRole, Permission};

use crate::{
    Actor, Ports,
    access::{CreateMemberError, NewMember, NewStanding, add_member},
};

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
        let CreateMemberCommand { name, email, role } = command;
        add_member(&self.ports, actor, NewMember { name, email, role: *role, standing: NewStanding::Active }).await
    }

    /// All members, by name.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Member>, CreateMemberError> {
        actor.require(Permission::InboxRead)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        Ok(session.members().list().await?)
    }
}

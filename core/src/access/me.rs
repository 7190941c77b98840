//! Who one is.

use hubchat_domain::{Member, Permission, Session, Tenant, User};

use crate::{Actor, AuthenticateError, Ports};

/// What somebody may know of themselves.
#[derive(Debug)]
pub struct Myself {
    /// The tenant.
    pub tenant: Tenant,
    /// The person, the member and the log-in; `None` for an API key.
    pub person: Option<(User, Member, Session)>,
    /// Everything that they may do.
    pub permissions: Vec<Permission>,
}

/// Tells people and keys who they are.
#[derive(Clone)]
pub struct Me {
    ports: Ports,
}

impl Me {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// The actor's tenant, person and permissions. Refused when they are gone meanwhile.
    pub async fn run(&self, actor: &Actor) -> Result<Myself, AuthenticateError> {
        let permissions = Permission::ALL.iter().copied().filter(|permission| actor.may(*permission)).collect();
        if let Some(member) = actor.as_member() {
            let standing = self.ports.access.find_standing(member.session_id).await?;
            let standing = standing.ok_or(AuthenticateError::Refused)?;
            let person = Some((standing.user, standing.member, standing.session));
            return Ok(Myself { tenant: standing.tenant, person, permissions });
        }
        let tenant = self.ports.directory.find_tenant_by_id(actor.tenant_id()).await?;
        Ok(Myself { tenant: tenant.ok_or(AuthenticateError::Refused)?, person: None, permissions })
    }
}

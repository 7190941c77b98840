//! The first owner of a tenant: let in by a link that an operator at the machine gets. There is no default password.

use hubchat_domain::{AuthLinkKind, MemberRole, TenantId};

use super::{
    CreateMemberError,
    links::{LinkFor, Links, OneTimeLink},
    new_member::{self, NewMember, NewStanding},
};
use crate::{Actor, Fault, Ports};

/// Makes links for first owners. For operators at the machine only: no actor is asked for.
#[derive(Clone)]
pub struct FirstOwner {
    ports: Ports,
    links: Links,
}

impl FirstOwner {
    pub(crate) fn new(ports: Ports, links: Links) -> Self {
        Self { ports, links }
    }

    /// A link by which whoever follows it first becomes an owner of the tenant, under an address of their choice.
    /// An earlier such link is void.
    pub async fn open_link(&self, tenant: TenantId) -> Result<OneTimeLink, Fault> {
        let whom = LinkFor { tenant: Some(tenant), ..LinkFor::default() };
        self.links.make(AuthLinkKind::FirstOwner, whom, &[]).await
    }

    /// Adds an owner of that address, who comes in by the link. Nothing is mailed.
    pub async fn link_for(&self, tenant: TenantId, email: &str, name: &str) -> Result<OneTimeLink, CreateMemberError> {
        let new = NewMember { name, email, role: MemberRole::Owner, standing: NewStanding::Invited };
        let member = new_member::add(&self.ports, &Actor::system(tenant), new).await?;
        let whom = LinkFor { tenant: Some(tenant), user: Some(member.user_id), member: Some(member.id) };
        Ok(self.links.make(AuthLinkKind::FirstOwner, whom, &[]).await?)
    }
}

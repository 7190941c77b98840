//! The first owner of a tenant: let in by a link that an operator at the machine gets. There is no default password.

use hubchat_domain::{AuditAction, AuthLinkKind, Member, MemberRole, MemberStatus, TenantId};
use hubchat_ports::InsertOutcome;
use serde_json::json;

use super::{
    InviteMemberError,
    links::{LinkFor, Links, OneTimeLink},
    person,
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
        self.links.make(AuthLinkKind::FirstOwner, LinkFor { tenant: Some(tenant), ..LinkFor::default() }).await
    }

    /// Adds an owner of that address, who comes in by the link. Nothing is mailed.
    pub async fn link_for(&self, tenant: TenantId, email: &str, name: &str) -> Result<OneTimeLink, InviteMemberError> {
        let email = Member::normal_email(email).ok_or(InviteMemberError::Email)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(InviteMemberError::Name);
        }
        let user = person::find_or_add(&self.ports, &email, name).await?;
        let now = self.ports.clock.now();
        let member = Member {
            id: self.ports.next_id(),
            tenant_id: tenant,
            user_id: user.id,
            name: name.to_owned(),
            email,
            role: MemberRole::Owner,
            status: MemberStatus::Invited,
            last_assigned_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let session = self.ports.repository.begin(tenant).await?;
        if session.members().insert(&member).await? == InsertOutcome::AlreadyPresent {
            return Err(InviteMemberError::Taken);
        }
        let after = json!({"role": member.role, "status": member.status});
        let draft = Actor::system(tenant).audit(AuditAction::MemberInvited, member.id, None, Some(after), now);
        session.audit().append(draft).await?;
        session.commit().await?;
        let whom = LinkFor { tenant: Some(tenant), user: Some(user.id), member: Some(member.id) };
        Ok(self.links.make(AuthLinkKind::FirstOwner, whom).await?)
    }
}

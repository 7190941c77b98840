//! Making links that let a person in once.

use hubchat_domain::{AuthLink, AuthLinkKind, Member, MemberId, Tenant, TenantId, Timestamp, UserId};
use hubchat_ports::{Mail, TenantJob};
use secrecy::{ExposeSecret, SecretString};

use super::secrets::{Kind, Secret};
use crate::{Fault, Ports};

/// For whom a link is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LinkFor {
    pub(super) tenant: Option<TenantId>,
    pub(super) user: Option<UserId>,
    pub(super) member: Option<MemberId>,
}

/// A link that was made: shown or mailed now and never again.
#[derive(Debug, Clone)]
pub struct OneTimeLink {
    /// The whole address. The token stands behind the `#`, which browsers send to no server.
    pub url: SecretString,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Makes links. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Links {
    ports: Ports,
    base: String,
}

impl Links {
    /// Links that lead to the pages below that address.
    pub(crate) fn new(ports: Ports, base: Option<&str>) -> Self {
        let base = base.unwrap_or("http://localhost:8080").trim_end_matches('/').to_owned();
        Self { ports, base }
    }

    /// A link by which a member who was invited comes in, and the mail that brings it.
    pub(super) async fn invite(&self, tenant: Tenant, member: &Member) -> Result<(OneTimeLink, Mail), Fault> {
        let whom = LinkFor { tenant: Some(tenant.id), user: Some(member.user_id), member: Some(member.id) };
        let link = self.make(AuthLinkKind::Invitation, whom, &[]).await?;
        let (name, url, expires_at) = (member.name.clone(), link.url.clone(), link.expires_at);
        Ok((link, Mail::Invitation { tenant: tenant.name, name, link: url, expires_at }))
    }

    /// Makes a link, with the jobs that are to follow; earlier ones of the kind for the same one are void from now on.
    pub(super) async fn make(
        &self,
        kind: AuthLinkKind,
        whom: LinkFor,
        jobs: &[TenantJob],
    ) -> Result<OneTimeLink, Fault> {
        let now = self.ports.clock.now();
        let secret = Secret::new(&self.ports, Kind::Link);
        let link = AuthLink {
            hash: secret.hash,
            kind,
            tenant_id: whom.tenant,
            user_id: whom.user,
            member_id: whom.member,
            created_at: now,
            expires_at: now.plus(kind.lifetime()),
            used_at: None,
        };
        self.ports.access.insert_link(&link, jobs).await?;
        let page = if link.invites() { "accept-invitation" } else { "reset-password" };
        let url = format!("{}/{page}#token={}", self.base, secret.raw.expose_secret());
        Ok(OneTimeLink { url: url.into(), expires_at: link.expires_at })
    }
}

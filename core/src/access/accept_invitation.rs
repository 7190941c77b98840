//! Accepting an invitation: from a link to a member with a password and a session.

use std::time::Duration;

use hubchat_domain::{AuthLink, Member, MemberStatus, PasswordHash, TenantId, User, WeakPassword, check_password};
use hubchat_ports::{Membership, PasswordChange, TenantJob};
use secrecy::{ExposeSecret, SecretString};

use super::{
    deeds::{Moment, Way},
    enthrone::{accepted, enthrone, enthrone_job},
    person,
    secrets::{Kind, hash_of},
    sign_in::{self, Client, SignedIn},
    throttle::{Attempt, Throttled, admit},
};
use crate::{ErrorCode, Fault, Ports, fault::faults_become};

/// Who follows a link.
#[derive(Debug, Clone)]
pub struct AcceptInvitationCommand {
    /// The token of the link.
    pub token: SecretString,
    /// The password: a new one, or the present one of somebody who has one already.
    pub password: SecretString,
    /// Their name, if it should be another; needed with a link that names nobody.
    pub name: Option<String>,
    /// Their address; needed with a link that names nobody, and otherwise ignored.
    pub email: Option<String>,
    /// With what they come.
    pub client: Client,
}

/// Why nobody came in.
#[derive(Debug, thiserror::Error)]
pub enum AcceptInvitationError {
    /// The link is used, over, or none.
    #[error("the link is not valid any more, ask for another")]
    Link,
    /// The person has a password already, and this is another.
    #[error("this address has a password already, and it is another")]
    Password,
    /// The new password does not meet the rule.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The name is missing, blank or too long.
    #[error("a name has 1 to 200 characters")]
    Name,
    /// The address is missing or none.
    #[error("this is no e-mail address")]
    Email,
    /// Too many tries.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(AcceptInvitationError);

impl ErrorCode for AcceptInvitationError {
    fn code(&self) -> &'static str {
        match self {
            Self::Link => "link_not_valid",
            Self::Password => "login_refused",
            Self::Weak(_) | Self::Name | Self::Email => "validation_failed",
            Self::Throttled(throttled) => throttled.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Weak(_) => Some("password"),
            Self::Name => Some("name"),
            Self::Email => Some("email"),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled(throttled) => throttled.retry_after(),
            Self::Fault(fault) => fault.retry_after(),
            _ => None,
        }
    }
}

/// Lets invited people in.
#[derive(Clone)]
pub struct AcceptInvitation {
    ports: Ports,
}

impl AcceptInvitation {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Uses the link up, makes the member active and begins a session. Whoever has a password keeps it, and proves
    /// it: so a link that fell into other hands opens no account. What is refused does not use the link up.
    pub async fn run(&self, command: &AcceptInvitationCommand) -> Result<SignedIn, AcceptInvitationError> {
        let ports = &self.ports;
        admit(ports, Attempt::Link, None, command.client.address).await?;
        let name = command.name.as_deref().map(str::trim);
        if name.is_some_and(|name| name.is_empty() || name.chars().count() > 200) {
            return Err(AcceptInvitationError::Name);
        }
        let hash = hash_of(ports, Kind::Link, &command.token).ok_or(AcceptInvitationError::Link)?;
        let link = ports.access.find_link(&hash).await?;
        let good = |link: &AuthLink| link.invites() && link.is_good(ports.clock.now());
        let link = link.filter(good).ok_or(AcceptInvitationError::Link)?;
        let tenant_id = link.tenant_id.ok_or(AcceptInvitationError::Link)?;
        let tenant = ports.directory.find_tenant_by_id(tenant_id).await?.ok_or(AcceptInvitationError::Link)?;
        let user = self.person(&link, name, command.email.as_deref()).await?;
        let (proven, change) = self.password(&user, command).await?;
        let moment = Moment { origin: command.client.origin(), at: ports.clock.now() };
        let member = if link.member_id.is_some() {
            // Active first: should the rest fail, the link is still good, and the same happens again.
            let member = self.activate(&link, &user, name, moment).await?;
            self.redeem(&hash, change, &[]).await?;
            member
        } else {
            // Used up first: of two who follow the link at the same time only one may become an owner. Should the rest
            // fail, the job does it.
            self.may_be_enthroned(&user, tenant_id).await?;
            let id = ports.next_id();
            let job = enthrone_job(tenant_id, user.id, id, moment.clone());
            self.redeem(&hash, change, &[job]).await?;
            let owner = enthrone(ports, tenant_id, &user, id, name, &moment).await?;
            owner.ok_or(AcceptInvitationError::Link)?
        };
        let membership = Membership { tenant, member };
        let opened = sign_in::open(ports, &user, &proven, membership, &command.client, Way::Invitation).await?;
        opened.ok_or(AcceptInvitationError::Link)
    }

    async fn person(
        &self,
        link: &AuthLink,
        name: Option<&str>,
        email: Option<&str>,
    ) -> Result<User, AcceptInvitationError> {
        if let Some(id) = link.user_id {
            return self.ports.access.find_user(id).await?.ok_or(AcceptInvitationError::Link);
        }
        let email = email.and_then(Member::normal_email).ok_or(AcceptInvitationError::Email)?;
        let name = name.ok_or(AcceptInvitationError::Name)?;
        Ok(person::find_or_add(&self.ports, &email, name).await?)
    }

    /// The hash that the session will be proven by, and the change that brings it, if there is one.
    async fn password(
        &self,
        user: &User,
        command: &AcceptInvitationCommand,
    ) -> Result<(PasswordHash, Option<PasswordChange>), AcceptInvitationError> {
        let ports = &self.ports;
        if let Some(stored) = &user.password_hash {
            admit(ports, Attempt::Password, Some(&user.email), command.client.address).await?;
            let check = ports.passwords.verify(&command.password, Some(stored.clone())).await.map_err(Fault::from)?;
            return if check.matches { Ok((stored.clone(), None)) } else { Err(AcceptInvitationError::Password) };
        }
        check_password(command.password.expose_secret(), &user.email)?;
        let hash = ports.passwords.hash(&command.password).await.map_err(Fault::from)?;
        let change = PasswordChange { user_id: user.id, hash: hash.clone(), keep: None, at: ports.clock.now() };
        Ok((hash, Some(change)))
    }

    /// A link that names nobody does not prove whose the address is. So it gives no password to somebody who is a member
    /// somewhere and has none yet: they would lose that membership to whoever holds the link.
    async fn may_be_enthroned(&self, user: &User, tenant: TenantId) -> Result<(), AcceptInvitationError> {
        let memberships = self.ports.access.list_memberships(user.id).await?;
        if user.password_hash.is_none() && !memberships.is_empty() {
            return Err(AcceptInvitationError::Password);
        }
        if memberships.iter().any(|of| of.tenant.id == tenant) {
            return Err(AcceptInvitationError::Link);
        }
        Ok(())
    }

    async fn redeem(
        &self,
        hash: &[u8],
        change: Option<PasswordChange>,
        jobs: &[TenantJob],
    ) -> Result<(), AcceptInvitationError> {
        let used = self.ports.access.redeem_link(hash, self.ports.clock.now(), change, jobs).await?;
        if used { Ok(()) } else { Err(AcceptInvitationError::Link) }
    }

    /// Makes the invited member active. One who was disabled since stays out.
    async fn activate(
        &self,
        link: &AuthLink,
        user: &User,
        name: Option<&str>,
        moment: Moment,
    ) -> Result<Member, AcceptInvitationError> {
        let (Some(tenant), Some(member)) = (link.tenant_id, link.member_id) else {
            return Err(AcceptInvitationError::Link);
        };
        let session = self.ports.repository.begin(tenant).await?;
        let found = session.members().find(member).await?;
        let mut member = found.filter(|member| member.user_id == user.id).ok_or(AcceptInvitationError::Link)?;
        match member.status {
            MemberStatus::Active => return Ok(member),
            MemberStatus::Disabled => return Err(AcceptInvitationError::Link),
            MemberStatus::Invited => {}
        }
        member.status = MemberStatus::Active;
        member.updated_at = moment.at;
        if let Some(name) = name {
            name.clone_into(&mut member.name);
        }
        session.members().update(&member).await?;
        session.audit().append(accepted(&member, &moment)).await?;
        session.commit().await?;
        Ok(member)
    }
}

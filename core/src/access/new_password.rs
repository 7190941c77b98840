//! Setting a new password: by a link, or by the old one.

use std::time::Duration;

use hubchat_domain::{AuthLinkKind, WeakPassword, check_password};
use hubchat_ports::{EndedHolder, PasswordChange};
use secrecy::{ExposeSecret, SecretString};

use super::{
    NotAMember,
    secrets::{Kind, hash_of},
    sign_in::Client,
    standing_cache::StandingCache,
    throttle::{Attempt, Throttled, admit},
};
use crate::{Actor, ErrorCode, Fault, Ports, fault::faults_become};

/// Why a password was not set.
#[derive(Debug, thiserror::Error)]
pub enum NewPasswordError {
    /// The link is used, over, or none.
    #[error("the link is not valid any more, ask for another")]
    Link,
    /// The present password is another.
    #[error("this is not the present password")]
    Wrong,
    /// The new password does not meet the rule.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// Only a person has a password.
    #[error(transparent)]
    NotAMember(#[from] NotAMember),
    /// Too many tries.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(NewPasswordError);

impl ErrorCode for NewPasswordError {
    fn code(&self) -> &'static str {
        match self {
            Self::Link => "link_not_valid",
            Self::Wrong | Self::Weak(_) => "validation_failed",
            Self::NotAMember(refused) => refused.code(),
            Self::Throttled(throttled) => throttled.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Wrong => Some("currentPassword"),
            Self::Weak(_) => Some("newPassword"),
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

/// Sets a password by a link.
#[derive(Clone)]
pub struct ResetPassword {
    ports: Ports,
    standings: StandingCache,
}

impl ResetPassword {
    pub(crate) fn new(ports: Ports, standings: StandingCache) -> Self {
        Self { ports, standings }
    }

    /// Sets a new password, uses the link up, and ends all sessions of the person. A weak password does not use the
    /// link up.
    pub async fn run(&self, token: &SecretString, new: &SecretString, client: &Client) -> Result<(), NewPasswordError> {
        let ports = &self.ports;
        admit(ports, Attempt::Link, None, client.address).await?;
        let hash = hash_of(ports, Kind::Link, token).ok_or(NewPasswordError::Link)?;
        let link = ports.access.find_link(&hash).await?;
        let good = |link: &hubchat_domain::AuthLink| {
            link.kind == AuthLinkKind::PasswordReset && link.is_good(ports.clock.now())
        };
        let user_id = link.filter(good).and_then(|link| link.user_id).ok_or(NewPasswordError::Link)?;
        let user = ports.access.find_user(user_id).await?.ok_or(NewPasswordError::Link)?;
        check_password(new.expose_secret(), &user.email)?;
        let password = ports.passwords.hash(new).await.map_err(Fault::from)?;
        let at = ports.clock.now();
        let change = PasswordChange { user_id, hash: password, keep: None, at };
        if !ports.access.redeem_link(&hash, at, Some(change)).await? {
            return Err(NewPasswordError::Link);
        }
        self.standings.clear(EndedHolder::User(user_id));
        Ok(())
    }
}

/// Sets a password by the old one.
#[derive(Clone)]
pub struct ChangePassword {
    ports: Ports,
    standings: StandingCache,
}

impl ChangePassword {
    pub(crate) fn new(ports: Ports, standings: StandingCache) -> Self {
        Self { ports, standings }
    }

    /// Sets a new password. The present session goes on, all others of the person end.
    pub async fn run(&self, actor: &Actor, current: &SecretString, new: &SecretString) -> Result<(), NewPasswordError> {
        let ports = &self.ports;
        let member = actor.as_member().ok_or(NotAMember)?;
        let user = ports.access.find_user(member.user_id).await?.ok_or(NotAMember)?;
        admit(ports, Attempt::Password, Some(&user.email), actor.origin().address).await?;
        let check = ports.passwords.verify(current, user.password_hash.clone()).await.map_err(Fault::from)?;
        if !check.matches {
            return Err(NewPasswordError::Wrong);
        }
        check_password(new.expose_secret(), &user.email)?;
        let hash = ports.passwords.hash(new).await.map_err(Fault::from)?;
        let keep = Some(member.session_id);
        ports.access.change_password(&PasswordChange { user_id: user.id, hash, keep, at: ports.clock.now() }).await?;
        self.standings.clear(EndedHolder::User(user.id));
        Ok(())
    }
}

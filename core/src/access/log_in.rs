//! Logging in with an address and a password.

use std::time::Duration;

use hubchat_domain::{Member, MemberStatus, PasswordHash, Tenant, User};
use hubchat_ports::Membership;
use secrecy::SecretString;

use super::{
    deeds::Way,
    sign_in::{self, Client, SignedIn},
    throttle::{Attempt, Throttled, admit},
};
use crate::{ErrorCode, Fault, Ports, fault::faults_become};

/// Who wants to come in.
#[derive(Debug, Clone)]
pub struct LogInCommand {
    /// The address, as typed.
    pub email: String,
    /// The password.
    pub password: SecretString,
    /// The slug of the tenant; needed by people who belong to several.
    pub tenant: Option<String>,
    /// With what they come.
    pub client: Client,
}

/// What a right password leads to.
#[derive(Debug)]
pub enum LoggedIn {
    /// A session.
    Session(Box<SignedIn>),
    /// A choice: the person belongs to these tenants, by slug, and named none.
    ChooseTenant(Vec<Tenant>),
}

/// Why nobody came in.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// There is no such person, or the password is another, or they do not belong to the tenant. Nothing more is
    /// told: an answer that differed would tell who is a member.
    #[error("the e-mail address or the password is not right")]
    Refused,
    /// Too many tries.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(LogInError);

impl ErrorCode for LogInError {
    fn code(&self) -> &'static str {
        match self {
            Self::Refused => "login_refused",
            Self::Throttled(throttled) => throttled.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused => None,
            Self::Throttled(throttled) => throttled.retry_after(),
            Self::Fault(fault) => fault.retry_after(),
        }
    }
}

/// Logs people in.
#[derive(Clone)]
pub struct LogIn {
    ports: Ports,
}

impl LogIn {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Begins a session for the tenant that was named, or for the only one.
    pub async fn run(&self, command: &LogInCommand) -> Result<LoggedIn, LogInError> {
        let ports = &self.ports;
        admit(ports, Attempt::Password, Some(&command.email), command.client.address).await?;
        let (user, proven) = self.prove(&command.email, &command.password).await?.ok_or(LogInError::Refused)?;
        let memberships = ports.access.list_memberships(user.id).await?;
        let mut open: Vec<Membership> = memberships.into_iter().filter(|of| is_active(&of.member)).collect();
        if let Some(slug) = &command.tenant {
            open.retain(|membership| membership.tenant.slug.as_str() == slug);
        }
        let membership = match open.len() {
            0 => return Err(LogInError::Refused),
            1 => open.remove(0),
            _ => return Ok(LoggedIn::ChooseTenant(open.into_iter().map(|of| of.tenant).collect())),
        };
        let opened = sign_in::open(ports, &user, &proven, membership, &command.client, Way::Password).await?;
        opened.map(|session| LoggedIn::Session(Box::new(session))).ok_or(LogInError::Refused)
    }

    /// The person, if the password is theirs, and the hash that it was proven by. It takes as long when there is no
    /// such person.
    async fn prove(&self, email: &str, password: &SecretString) -> Result<Option<(User, PasswordHash)>, Fault> {
        let ports = &self.ports;
        let user = match Member::normal_email(email) {
            Some(email) => ports.access.find_user_by_email(&email).await?,
            None => None,
        };
        let stored = user.as_ref().and_then(|user| user.password_hash.clone());
        let check = ports.passwords.verify(password, stored.clone()).await?;
        let (Some(user), Some(stored), true) = (user, stored, check.matches) else { return Ok(None) };
        if !check.needs_rehash {
            return Ok(Some((user, stored)));
        }
        let renewed = ports.passwords.hash(password).await?;
        // When the password was changed meanwhile, what was proven is over, and the session will not begin.
        let replaced = ports.access.rehash_password(user.id, &stored, &renewed).await?;
        Ok(replaced.then_some((user, renewed)))
    }
}

fn is_active(member: &Member) -> bool {
    member.status == MemberStatus::Active
}

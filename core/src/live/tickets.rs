//! Tickets: given to whoever is known, and shown once to open a socket or to go on with one.

use std::time::Duration;

use hubchat_domain::{MemberStatus, Permission, SessionId, Timestamp};
use hubchat_ports::{SocketTicket, StorageError, TicketHolder};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    Actor, CallerLimitError, ErrorCode, Fault, KeepLimits, MemberActor, Ports, access::visibility_of, hexadecimal::hex,
};

/// What every ticket begins with, so that none can be taken for another credential.
const MARK: &str = "hct_";
/// Hexadecimal digits of a ticket: 128 bits.
const DIGITS: usize = 32;

/// A ticket that was made.
#[derive(Debug)]
pub struct IssuedTicket {
    /// The ticket, shown once.
    pub ticket: SecretString,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Why there was no ticket, or none was taken.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// There is no such ticket, it was used, its time is over, or whose it was is not let in any more. Which, is not
    /// told.
    #[error("the ticket is not valid")]
    Refused,
    /// Too many were asked for.
    #[error(transparent)]
    Limit(#[from] CallerLimitError),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StorageError> for TicketError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

impl ErrorCode for TicketError {
    fn code(&self) -> &'static str {
        match self {
            Self::Refused => "ticket_refused",
            Self::Limit(limit) => limit.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused => None,
            Self::Limit(limit) => limit.retry_after(),
            Self::Fault(fault) => fault.retry_after(),
        }
    }
}

/// Gives tickets.
#[derive(Clone)]
pub struct IssueSocketTicket {
    ports: Ports,
    limits: KeepLimits,
}

impl IssueSocketTicket {
    /// For so long a ticket is good.
    pub const LIFETIME: Duration = Duration::from_secs(30);

    pub(crate) fn new(ports: Ports, limits: KeepLimits) -> Self {
        Self { ports, limits }
    }

    /// A ticket for the actor's own log-in or key.
    pub async fn run(&self, actor: &Actor) -> Result<IssuedTicket, TicketError> {
        actor.require(Permission::InboxRead)?;
        let holder = actor.ticket_holder().ok_or(Fault::Forbidden { permission: Permission::InboxRead })?;
        self.limits.take_ticket(actor).await?;
        let digits = hex(self.ports.randomness.secret_bytes(DIGITS / 2).expose_secret());
        let ticket = SecretString::from(format!("{MARK}{digits}"));
        let expires_at = self.ports.clock.now().plus(Self::LIFETIME);
        let kept = SocketTicket {
            hash: self.ports.vault.digest(ticket.expose_secret().as_bytes()),
            tenant_id: actor.tenant_id(),
            holder,
            access_ends_at: actor.access_ends_at(),
            expires_at,
        };
        self.ports.socket_tickets.insert(&kept).await?;
        Ok(IssuedTicket { ticket, expires_at })
    }
}

/// Who opened a socket, as storage knows them now.
#[derive(Debug, Clone)]
pub struct SocketHolder {
    /// Who acts.
    pub actor: Actor,
    /// By what they were let in.
    pub holder: TicketHolder,
    /// Their name, if they are a member.
    pub name: Option<String>,
    /// When they have to come with another ticket; keys never do.
    pub access_ends_at: Option<Timestamp>,
    /// The tenant's roles, teams and settings were of this version, or a newer one, when it was read what they see.
    pub access_version: i64,
}

/// Takes tickets.
#[derive(Clone)]
pub struct RedeemSocketTicket {
    ports: Ports,
}

impl RedeemSocketTicket {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Uses a ticket up and tells whose it is, asked of storage itself and not of what was read a moment ago.
    pub async fn run(&self, ticket: &SecretString) -> Result<SocketHolder, TicketError> {
        let text = ticket.expose_secret();
        let digits = text.strip_prefix(MARK).ok_or(TicketError::Refused)?;
        if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        {
            return Err(TicketError::Refused);
        }
        let (hash, now) = (self.ports.vault.digest(text.as_bytes()), self.ports.clock.now());
        let ticket = self.ports.socket_tickets.take(&hash, now).await?.ok_or(TicketError::Refused)?;
        // Before it is read what they see: what changes meanwhile is of a later version.
        let pulses = self.ports.directory.pulses(&[ticket.tenant_id]).await?;
        let access_version = pulses.first().ok_or(TicketError::Refused)?.access_version;
        let (actor, name) = match ticket.holder {
            TicketHolder::Session(id) => {
                let (actor, name) = self.member(id, now).await?;
                (actor, Some(name))
            }
            TicketHolder::ApiKey(id) => {
                let keys = self.ports.directory.find_api_keys(&[id]).await?;
                let key = keys.into_iter().find(|key| key.is_good(now)).ok_or(TicketError::Refused)?;
                (Actor::api_key(key.tenant_id, key.id, key.scopes), None)
            }
        };
        if actor.tenant_id() != ticket.tenant_id || !actor.may(Permission::InboxRead) {
            return Err(TicketError::Refused);
        }
        Ok(SocketHolder { actor, holder: ticket.holder, name, access_ends_at: ticket.access_ends_at, access_version })
    }

    async fn member(&self, id: SessionId, now: Timestamp) -> Result<(Actor, String), TicketError> {
        let standing = self.ports.access.find_standing(id).await?.ok_or(TicketError::Refused)?;
        let (session, member) = (&standing.session, &standing.member);
        if !session.is_live(now) || member.status != MemberStatus::Active || session.member_id != member.id {
            return Err(TicketError::Refused);
        }
        let actor = MemberActor {
            id: member.id,
            user_id: member.user_id,
            session_id: session.id,
            role: member.role,
            visibility: visibility_of(&self.ports, member).await?,
        };
        Ok((Actor::member(session.tenant_id, actor), member.name.clone()))
    }
}

//! A person's own sessions: seen, and ended.

use std::time::Duration;

use hubchat_domain::{AuditAction, Session, SessionEnd, SessionId};
use secrecy::SecretString;

use super::{
    NotAMember,
    deeds::{Moment, session_ended},
    secrets::{Kind, hash_of},
    sign_in::Client,
    standing_cache::StandingCache,
};
use crate::{Actor, ErrorCode, Fault, Ports, fault::faults_become};

/// Why sessions were not shown or ended.
#[derive(Debug, thiserror::Error)]
pub enum SessionsError {
    /// There is no such session of that person.
    #[error("no such session")]
    Unknown,
    /// Only a person has sessions.
    #[error(transparent)]
    NotAMember(#[from] NotAMember),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(SessionsError);

impl ErrorCode for SessionsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "session_not_found",
            Self::NotAMember(refused) => refused.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Ends the session of a refresh token.
#[derive(Clone)]
pub struct LogOut {
    ports: Ports,
    standings: StandingCache,
}

impl LogOut {
    pub(crate) fn new(ports: Ports, standings: StandingCache) -> Self {
        Self { ports, standings }
    }

    /// Logs out. A token that is none, or whose session is over, is no error: the person is out.
    pub async fn run(&self, presented: &SecretString, client: &Client) -> Result<(), SessionsError> {
        let Some(hash) = hash_of(&self.ports, Kind::Refresh, presented) else { return Ok(()) };
        let Some(found) = self.ports.access.find_refresh_token(&hash).await? else { return Ok(()) };
        let id = found.token.session_id;
        let Some(standing) = self.ports.access.find_standing(id).await? else { return Ok(()) };
        let at = self.ports.clock.now();
        let moment = Moment { origin: client.origin(), at };
        let told = session_ended(&self.ports, &standing, AuditAction::MemberSignedOut, moment);
        self.ports.access.end_session(id, SessionEnd::LoggedOut, at, &[told]).await?;
        self.standings.forget(id);
        Ok(())
    }
}

/// Lists a person's sessions.
#[derive(Clone)]
pub struct ListSessions {
    ports: Ports,
}

impl ListSessions {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// The person's own sessions that go on, of all tenants, newest first.
    pub async fn run(&self, actor: &Actor) -> Result<Vec<Session>, SessionsError> {
        let member = actor.as_member().ok_or(NotAMember)?;
        Ok(self.ports.access.list_sessions(member.user_id, self.ports.clock.now()).await?)
    }
}

/// Ends one of a person's sessions.
#[derive(Clone)]
pub struct RevokeSession {
    ports: Ports,
    standings: StandingCache,
}

impl RevokeSession {
    pub(crate) fn new(ports: Ports, standings: StandingCache) -> Self {
        Self { ports, standings }
    }

    /// Ends one of the person's own sessions, the present one too. One that ended before is no error.
    pub async fn run(&self, actor: &Actor, id: SessionId) -> Result<(), SessionsError> {
        let member = actor.as_member().ok_or(NotAMember)?;
        let standing = self.ports.access.find_standing(id).await?;
        let own = standing.filter(|standing| standing.session.user_id == member.user_id);
        let standing = own.ok_or(SessionsError::Unknown)?;
        let at = self.ports.clock.now();
        let moment = Moment { origin: actor.origin().clone(), at };
        let told = session_ended(&self.ports, &standing, AuditAction::SessionRevoked, moment);
        self.ports.access.end_session(id, SessionEnd::Revoked, at, &[told]).await?;
        self.standings.forget(id);
        Ok(())
    }
}

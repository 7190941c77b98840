//! A person's own sessions: seen, and ended.

use std::time::Duration;

use hubchat_domain::{Session, SessionEnd, SessionId};
use secrecy::SecretString;

use super::{
    NotAMember,
    secrets::{Kind, hash_of},
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
    pub async fn run(&self, presented: &SecretString) -> Result<(), SessionsError> {
        let Some(hash) = hash_of(&self.ports, Kind::Refresh, presented) else { return Ok(()) };
        if let Some(found) = self.ports.access.find_refresh_token(&hash).await? {
            let id = found.token.session_id;
            self.ports.access.end_session(id, SessionEnd::LoggedOut, self.ports.clock.now()).await?;
            self.standings.forget(id);
        }
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
        if standing.is_none_or(|standing| standing.session.user_id != member.user_id) {
            return Err(SessionsError::Unknown);
        }
        self.ports.access.end_session(id, SessionEnd::Revoked, self.ports.clock.now()).await?;
        self.standings.forget(id);
        Ok(())
    }
}

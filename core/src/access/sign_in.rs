//! Beginning a session, and the tokens of one.

use std::{net::IpAddr, time::Duration};

use hubchat_domain::{Member, Origin, PasswordHash, RefreshToken, Session, Tenant, Timestamp, User};
use hubchat_ports::{AccessClaims, Membership};
use secrecy::SecretString;

use super::{
    deeds::{self, Moment, Way},
    secrets::{Kind, Secret},
};
use crate::{Fault, Ports};

/// For so long an access token is good.
pub(super) const ACCESS_LIFETIME: Duration = Duration::from_mins(10);

/// The program that somebody comes in with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Client {
    /// Its network address.
    pub address: Option<IpAddr>,
    /// What it calls itself.
    pub user_agent: Option<String>,
    /// The id of its request.
    pub request_id: Option<String>,
}

impl Client {
    /// From where it asks.
    pub(super) fn origin(&self) -> Origin {
        Origin { address: self.address, request_id: self.request_id.clone() }
    }
}

/// A session that goes on, with its tokens.
#[derive(Debug)]
pub struct SignedIn {
    /// Proves the log-in to the API, for ten minutes.
    pub access_token: SecretString,
    /// Until when it does.
    pub access_expires_at: Timestamp,
    /// Gets the next pair of tokens, once.
    pub refresh_token: SecretString,
    /// The session.
    pub session: Session,
    /// The tenant.
    pub tenant: Tenant,
    /// The member.
    pub member: Member,
}

/// Begins a session; `None` when the password that was proven is over meanwhile.
pub(super) async fn open(
    ports: &Ports,
    user: &User,
    proven: &PasswordHash,
    membership: Membership,
    client: &Client,
    way: Way,
) -> Result<Option<SignedIn>, Fault> {
    let Membership { tenant, member } = membership;
    let now = ports.clock.now();
    let cut = |text: &String| text.chars().take(Session::MAX_USER_AGENT_CHARS).filter(|c| !c.is_control()).collect();
    let session = Session {
        id: ports.next_id(),
        user_id: user.id,
        tenant_id: tenant.id,
        member_id: member.id,
        created_at: now,
        last_used_at: now,
        expires_at: now.plus(Session::LIFETIME),
        ended_at: None,
        end_reason: None,
        address: client.address.map(|address| address.to_string()),
        user_agent: client.user_agent.as_ref().map(cut),
    };
    let secret = Secret::new(ports, Kind::Refresh);
    let first =
        RefreshToken { hash: secret.hash, session_id: session.id, parent_hash: None, created_at: now, spent_at: None };
    let (access_token, access_expires_at) = access_token(ports, &session, now)?;
    let moment = Moment { origin: client.origin(), at: now };
    let told = deeds::signed_in(ports, &session, &member, way, moment);
    if !ports.access.open_session(&session, &first, proven, &[told]).await? {
        return Ok(None);
    }
    let refresh_token = secret.raw;
    Ok(Some(SignedIn { access_token, access_expires_at, refresh_token, session, tenant, member }))
}

/// An access token of a session.
pub(super) fn access_token(
    ports: &Ports,
    session: &Session,
    now: Timestamp,
) -> Result<(SecretString, Timestamp), Fault> {
    let expires_at = now.plus(ACCESS_LIFETIME).min(session.expires_at);
    let claims = AccessClaims { session_id: session.id, user_id: session.user_id, issued_at: now, expires_at };
    let token = ports.access_tokens.issue(&claims).map_err(|error| Fault::Internal(Box::new(error)))?;
    Ok((token, expires_at))
}

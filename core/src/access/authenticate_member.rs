//! From an access token to the member who acts.

use hubchat_domain::MemberStatus;
use secrecy::SecretString;

use super::standing_cache::StandingCache;
use crate::{Actor, AuthenticateError, MemberActor, Ports};

/// Checks access tokens.
#[derive(Clone)]
pub struct AuthenticateMember {
    ports: Ports,
    standings: StandingCache,
}

impl AuthenticateMember {
    pub(crate) fn new(ports: Ports, standings: StandingCache) -> Self {
        Self { ports, standings }
    }

    /// The member behind a token, with the role that they have now. A session that ended, or a member who was
    /// disabled, is refused within five seconds, however long the token would be good.
    pub async fn run(&self, token: &SecretString) -> Result<Actor, AuthenticateError> {
        let now = self.ports.clock.now();
        let claims = self.ports.access_tokens.verify(token, now).map_err(|_| AuthenticateError::Refused)?;
        let known = self.standings.find(claims.session_id).await?.ok_or(AuthenticateError::Refused)?;
        let (session, member) = (&known.standing.session, &known.standing.member);
        let stands = session.is_live(now)
            && session.user_id == claims.user_id
            && member.user_id == claims.user_id
            && member.status == MemberStatus::Active;
        if !stands {
            return Err(AuthenticateError::Refused);
        }
        let actor = MemberActor {
            id: member.id,
            user_id: member.user_id,
            session_id: session.id,
            role: member.role,
            visibility: known.visibility.clone(),
        };
        Ok(Actor::member(session.tenant_id, actor).until(claims.expires_at))
    }
}

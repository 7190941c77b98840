//! Going on with a session: a refresh token is spent for the next one, and noticed when it comes again.

use std::time::Duration;

use hubchat_domain::{MemberStatus, RefreshToken, SessionEnd, Timestamp};
use hubchat_ports::{FoundRefreshToken, Standing, TenantJob};
use secrecy::SecretString;

use super::{
    deeds::{Moment, token_reused},
    mail_jobs::reuse_notice_job,
    secrets::{Kind, Secret, hash_of},
    sign_in::{Client, SignedIn, access_token},
    standing_cache::StandingCache,
};
use crate::{
    ErrorCode, Fault, Ports,
    fault::{Retries, faults_become},
};

/// Why a session does not go on.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// It is over, or the token is none. Nothing more is told.
    #[error("the session is over, log in again")]
    Over,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(RefreshError);

impl ErrorCode for RefreshError {
    fn code(&self) -> &'static str {
        match self {
            Self::Over => "session_ended",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Spends refresh tokens.
#[derive(Clone)]
pub struct RefreshSession {
    ports: Ports,
    standings: StandingCache,
}

impl RefreshSession {
    pub(crate) fn new(ports: Ports, standings: StandingCache) -> Self {
        Self { ports, standings }
    }

    /// Spends a token for the next one and an access token.
    ///
    /// A token that was spent before ends its session, since two hold it and one of them stole it, and the person is
    /// told by mail. Unless it comes within [`RefreshToken::GRACE`] and its successor was not used: then two tabs
    /// came at once, or an answer was lost, and the same successor is given again.
    pub async fn run(&self, presented: &SecretString, client: &Client) -> Result<SignedIn, RefreshError> {
        let hash = hash_of(&self.ports, Kind::Refresh, presented).ok_or(RefreshError::Over)?;
        let mut retries = Retries::default();
        loop {
            let result = self.attempt(presented, &hash, client).await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    async fn attempt(&self, presented: &SecretString, hash: &[u8], client: &Client) -> Result<SignedIn, RefreshError> {
        let (ports, now) = (&self.ports, self.ports.clock.now());
        let found = ports.access.find_refresh_token(hash).await?.ok_or(RefreshError::Over)?;
        let standing = ports.access.find_standing(found.token.session_id).await?.ok_or(RefreshError::Over)?;
        if !standing.session.is_live(now) || standing.member.status != MemberStatus::Active {
            return Err(RefreshError::Over);
        }
        let next = Secret::successor(ports, presented);
        let Some(spent_at) = found.token.spent_at else {
            let child = RefreshToken {
                hash: next.hash.clone(),
                session_id: standing.session.id,
                parent_hash: Some(found.token.hash),
                created_at: now,
                spent_at: None,
            };
            if ports.access.rotate(&child).await? {
                return self.goes_on(standing, next, now);
            }
            // Somebody was quicker: look again at what became of it.
            return Err(Fault::Contended.into());
        };
        if comes_again_in_good_faith(&found, spent_at, now) {
            // The master key may have been changed in between: then the successor cannot be made again.
            let same = found.child.is_some_and(|child| ports.vault.same(&child.hash, &next.hash));
            return if same { self.goes_on(standing, next, now) } else { Err(RefreshError::Over) };
        }
        self.end_family(&standing, Moment { origin: client.origin(), at: now }).await?;
        Err(RefreshError::Over)
    }

    fn goes_on(&self, standing: Standing, next: Secret, now: Timestamp) -> Result<SignedIn, RefreshError> {
        let Standing { mut session, member, tenant, .. } = standing;
        session.last_used_at = now;
        let (access_token, access_expires_at) = access_token(&self.ports, &session, now)?;
        Ok(SignedIn { access_token, access_expires_at, refresh_token: next.raw, session, tenant, member })
    }

    async fn end_family(&self, standing: &Standing, moment: Moment) -> Result<(), Fault> {
        let (id, at) = (standing.session.id, moment.at);
        let notice = TenantJob { tenant_id: standing.tenant.id, job: reuse_notice_job(id, at) };
        let jobs = [token_reused(&self.ports, standing, moment), notice];
        let ended = self.ports.access.end_session(id, SessionEnd::TokenReused, at, &jobs).await?;
        self.standings.forget(id);
        if ended {
            tracing::warn!(session.id = %id, tenant.id = %standing.tenant.id, "a spent refresh token came again: the session was ended");
        }
        Ok(())
    }
}

fn comes_again_in_good_faith(found: &FoundRefreshToken, spent_at: Timestamp, now: Timestamp) -> bool {
    let unused = found.child.as_ref().is_some_and(|child| child.spent_at.is_none());
    unused && now.since(spent_at) <= RefreshToken::GRACE
}

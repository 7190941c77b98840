//! Sessions: log-ins, and the family of refresh tokens by which each goes on.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{MemberId, SessionId, TenantId, Timestamp, UserId, channel::named};

/// Why a session ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SessionEnd {
    /// The person logged out.
    LoggedOut,
    /// The person ended it from another session.
    Revoked,
    /// The password was changed or reset.
    PasswordChanged,
    /// The member was disabled.
    MemberDisabled,
    /// A refresh token came a second time: two hold it, and one of them stole it.
    TokenReused,
}

named!(SessionEnd {
    LoggedOut => "LOGGED_OUT", Revoked => "REVOKED", PasswordChanged => "PASSWORD_CHANGED",
    MemberDisabled => "MEMBER_DISABLED", TokenReused => "TOKEN_REUSED",
});

/// One log-in of a person to a tenant. Its refresh tokens are one family: they end together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who logged in.
    pub user_id: UserId,
    /// To which tenant.
    pub tenant_id: TenantId,
    /// As which member.
    pub member_id: MemberId,
    /// When.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends at the latest, however much it is used.
    pub expires_at: Timestamp,
    /// When it ended before that.
    pub ended_at: Option<Timestamp>,
    /// Why it did.
    pub end_reason: Option<SessionEnd>,
    /// The network address that logged in.
    pub address: Option<String>,
    /// What the program that logged in called itself; at most [`Session::MAX_USER_AGENT_CHARS`].
    pub user_agent: Option<String>,
}

impl Session {
    /// A session ends so long after the log-in.
    pub const LIFETIME: Duration = Duration::from_hours(30 * 24);
    /// A session ends when it was not refreshed for so long.
    pub const IDLE: Duration = Duration::from_hours(7 * 24);
    /// The most characters that are kept of a program's name.
    pub const MAX_USER_AGENT_CHARS: usize = 200;

    /// When it ends if nothing more happens.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        self.expires_at.min(self.last_used_at.plus(Self::IDLE))
    }

    /// Whether it goes on now.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.ends_at()
    }
}

/// What is kept of a refresh token: never the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The SHA-256 of the token.
    pub hash: Vec<u8>,
    /// The session that it continues.
    pub session_id: SessionId,
    /// The SHA-256 of the token that was spent for it; `None` for the first of the family.
    pub parent_hash: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was spent for the next one.
    pub spent_at: Option<Timestamp>,
}

impl RefreshToken {
    /// For so long after it was spent a token may come again without harm, as long as its successor was not used:
    /// two tabs refresh at once, or an answer was lost (RFC 9700, section 4.14.2).
    pub const GRACE: Duration = Duration::from_secs(10);
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn session() -> Session {
        let id = Uuid::from_u128(1);
        Session {
            id: id.into(),
            user_id: id.into(),
            tenant_id: id.into(),
            member_id: id.into(),
            created_at: Timestamp::EPOCH,
            last_used_at: Timestamp::EPOCH,
            expires_at: Timestamp::EPOCH.plus(Session::LIFETIME),
            ended_at: None,
            end_reason: None,
            address: None,
            user_agent: None,
        }
    }

    #[test]
    fn a_session_ends_by_being_idle_by_its_age_or_by_being_ended() {
        let day = Duration::from_hours(24);
        let after = |days: u32| Timestamp::EPOCH.plus(day * days);
        assert!(session().is_live(after(6)) && !session().is_live(after(7)));
        let used = Session { last_used_at: after(29), ..session() };
        assert!(used.is_live(after(29)) && !used.is_live(after(30)));
        assert_eq!(used.ends_at(), after(30));
        let ended = Session { ended_at: Some(after(1)), end_reason: Some(SessionEnd::LoggedOut), ..session() };
        assert!(!ended.is_live(after(1)));
    }
}

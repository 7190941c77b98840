//! Access tokens: short proofs of a log-in that are checked without asking storage who made them.

use hubchat_domain::{SessionId, Timestamp, UserId};
use secrecy::SecretString;

/// What an access token says. Neither tenant nor role: those come from storage, as they are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessClaims {
    /// The log-in.
    pub session_id: SessionId,
    /// The person.
    pub user_id: UserId,
    /// When it was made; kept to the second.
    pub issued_at: Timestamp,
    /// Until when it is good; kept to the second.
    pub expires_at: Timestamp,
}

/// An access token was not made, or is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessTokenError {
    /// It is none of ours, was changed, or is not good now. Nothing more is told.
    #[error("the access token is not valid")]
    Refused,
    /// The cryptographic library failed.
    #[error("the access token could not be signed")]
    Failed,
}

/// Makes and checks access tokens.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait AccessTokens: Send + Sync {
    /// A token of these claims, signed with the key of its moment of issue.
    fn issue(&self, claims: &AccessClaims) -> Result<SecretString, AccessTokenError>;

    /// The claims of a token that is good at that moment. MUST take nothing but tokens that this installation
    /// issued as access tokens: one algorithm, every claim there and of its type.
    fn verify(&self, token: &SecretString, now: Timestamp) -> Result<AccessClaims, AccessTokenError>;
}

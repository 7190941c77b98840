//! Hashing passwords: slow on purpose.

use async_trait::async_trait;
use hubchat_domain::PasswordHash;
use secrecy::SecretString;

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCheck {
    /// Whether the password is the one of the hash.
    pub matches: bool,
    /// Whether the hash was made with other parameters than new ones are: hash the password again.
    pub needs_rehash: bool,
}

/// A password could not be hashed or checked: memory or a thread is wanting.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashingFailed;

/// Hashes and checks passwords, a few at a time: each takes memory and a core for tens of milliseconds.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The hash of a password with a new salt.
    async fn hash(&self, password: &SecretString) -> Result<PasswordHash, HashingFailed>;

    /// Checks a password. Without a hash it MUST take as long as with one, and find no match: so the time tells
    /// nobody whether there is such a person. A hash that cannot be read matches nothing.
    async fn verify(&self, password: &SecretString, hash: Option<PasswordHash>)
    -> Result<PasswordCheck, HashingFailed>;
}

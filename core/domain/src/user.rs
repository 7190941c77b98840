//! Users: people who log in, whichever tenants they work for.

use crate::{Timestamp, UserId};

/// A person. One address is one person in the whole installation; what they may do is told by their
/// membership in each tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their e-mail address, in lower case; unique in the installation.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What their password is checked against; `None` until they have set one, and then nobody logs in as them.
    pub password_hash: Option<PasswordHash>,
    /// When they were first heard of.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i64,
}

/// A password's hash with its salt and parameters, in the PHC string format
/// (<https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md>). Never shown, not even for debugging.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a hash that a password hasher made or storage kept.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The hash as text, for storage and for checking.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_does_not_show() {
        assert!(!format!("{:?}", PasswordHash::new("$argon2id$canary")).contains("canary"));
    }
}

//! Tenants: the companies whose data are kept apart.

use serde::{Deserialize, Serialize};

use crate::{TenantId, Timestamp};

/// A company that uses hubchat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// The short name that operators type.
    pub slug: TenantSlug,
    /// The name that people read.
    pub name: String,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Tenant {
    /// What a new tenant writes publicly under a comment that was answered in private.
    pub const USUAL_PUBLIC_REPLY: &'static str = "ขออนุญาตตอบกลับทาง Inbox นะครับ";
    /// The most characters of that text.
    pub const MAX_PUBLIC_REPLY_CHARS: usize = 1_000;
}

/// The name that people read: 1 to 200 characters, without blanks around it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantName(String);

/// The text is no name; the message says what one looks like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to {} characters", TenantName::MAX_CHARS)]
pub struct InvalidTenantName;

impl TenantName {
    /// The most characters.
    pub const MAX_CHARS: usize = 200;

    /// Checks and wraps a name; blanks around it are dropped.
    pub fn parse(text: &str) -> Result<Self, InvalidTenantName> {
        let name = text.trim();
        let good = !name.is_empty() && name.chars().count() <= Self::MAX_CHARS && !name.contains('\0');
        if good { Ok(Self(name.to_owned())) } else { Err(InvalidTenantName) }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TenantName {
    type Error = InvalidTenantName;

    fn try_from(text: String) -> Result<Self, InvalidTenantName> {
        Self::parse(&text)
    }
}

impl From<TenantName> for String {
    fn from(name: TenantName) -> Self {
        name.0
    }
}

/// A tenant's short name: 1 to 63 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantSlug(String);

/// The text is no slug; the message says what one looks like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a slug has 1 to 63 lower-case letters, digits and inner hyphens")]
pub struct InvalidSlug;

impl TenantSlug {
    /// Checks and wraps a slug.
    pub fn parse(text: &str) -> Result<Self, InvalidSlug> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let bytes = text.as_bytes();
        let ends_plain = bytes.first().copied().is_some_and(plain) && bytes.last().copied().is_some_and(plain);
        if bytes.len() <= 63 && ends_plain && bytes.iter().all(|&b| plain(b) || b == b'-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSlug)
        }
    }

    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TenantSlug {
    type Error = InvalidSlug;

    fn try_from(text: String) -> Result<Self, InvalidSlug> {
        Self::parse(&text)
    }
}

impl From<TenantSlug> for String {
    fn from(slug: TenantSlug) -> Self {
        slug.0
    }
}

impl std::fmt::Display for TenantSlug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain() {
        for good in ["a", "shop-1", "0"] {
            assert!(TenantSlug::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "Shop", "a b", "ร้าน", &"a".repeat(64)] {
            assert!(TenantSlug::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_have_something_to_read() {
        assert_eq!(TenantName::parse("  ร้านมาลี ").as_ref().map(TenantName::as_str), Ok("ร้านมาลี"));
        assert!(TenantName::parse(&"ม".repeat(200)).is_ok());
        for bad in ["", " \t", "a\0b", &"a".repeat(201)] {
            assert!(TenantName::parse(bad).is_err(), "{bad}");
        }
    }
}

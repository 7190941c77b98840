//! Entries of an audit log, before and after they have their place in the chain.

use std::net::IpAddr;

use serde_json::Value;

use crate::{ApiKeyId, AuditAction, AuditSubject, Author, MemberId, Timestamp};

/// From where something was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The address of the one who asked, when they asked over a network.
    pub address: Option<IpAddr>,
    /// The id of the request.
    pub request_id: Option<String>,
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditActor {
    /// An operator at the machine, or hubchat itself.
    System,
    /// A program with an API key.
    ApiKey {
        /// Which key.
        id: ApiKeyId,
    },
    /// A member of the tenant.
    Member {
        /// Who.
        id: MemberId,
    },
}

impl AuditActor {
    /// The stable name of the kind: `SYSTEM`, `API_KEY` or `MEMBER`.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::System => "SYSTEM",
            Self::ApiKey { .. } => "API_KEY",
            Self::Member { .. } => "MEMBER",
        }
    }

    /// The id of the key or the member; none of the system.
    #[must_use]
    pub const fn id(self) -> Option<uuid::Uuid> {
        match self {
            Self::System => None,
            Self::ApiKey { id } => Some(id.as_uuid()),
            Self::Member { id } => Some(id.as_uuid()),
        }
    }

    /// The actor of a text as [`Display`](std::fmt::Display) writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "SYSTEM" => Some(Self::System),
            Some(("API_KEY", id)) => id.parse().ok().map(|id| Self::ApiKey { id }),
            Some(("MEMBER", id)) => id.parse().ok().map(|id| Self::Member { id }),
            _ => None,
        }
    }
}

/// `SYSTEM`, `API_KEY:<id>` or `MEMBER:<id>`.
impl std::fmt::Display for AuditActor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.id() {
            Some(id) => write!(f, "{}:{id}", self.kind()),
            None => f.write_str(self.kind()),
        }
    }
}

impl From<Author> for AuditActor {
    fn from(author: Author) -> Self {
        match author {
            Author::System => Self::System,
            Author::ApiKey { id } => Self::ApiKey { id },
            Author::Member { id } => Self::Member { id },
        }
    }
}

/// Something that was done, to be written in the transaction that does it.
///
/// The values are kept for as long as the tenant is, and nothing takes them out again. So they MUST hold no
/// secret, no text of a message, and nothing that is said of a customer, such as names, numbers, notes and tags: ids,
/// stable names, counts, and what the tenant's people call their own things only. Fractions have no one form in JSON and MUST NOT occur.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditDraft {
    /// Who.
    pub actor: AuditActor,
    /// What.
    pub action: AuditAction,
    /// On what.
    pub subject: AuditSubject,
    /// What changed, as it was.
    pub before: Option<Value>,
    /// What changed, as it is now.
    pub after: Option<Value>,
    /// From where.
    pub origin: Origin,
    /// When.
    pub at: Timestamp,
}

/// The SHA-256 that ties an entry to all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuditHash([u8; 32]);

impl AuditHash {
    /// What stands before the first entry.
    pub const ZERO: Self = Self([0; 32]);

    /// From the bytes of a SHA-256.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From as many bytes as a SHA-256 has.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// From 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> =
            text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
        let bytes: Vec<u8> =
            digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
        if text.len() == 64 { Self::from_slice(&bytes) } else { None }
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// 64 hexadecimal digits in lower case.
impl std::fmt::Display for AuditHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// An entry at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Its place in the tenant's log: from 1, without gaps, in the order of commits.
    pub seq: i64,
    /// What was done.
    pub draft: AuditDraft,
    /// Ties it to all before it.
    pub hash: AuditHash,
}

/// Where a tenant's log ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHead {
    /// The place of the last entry.
    pub seq: i64,
    /// Its hash.
    pub hash: AuditHash,
    /// Says that hubchat itself wrote both.
    pub signature: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn hashes_survive_their_text_and_nothing_else_is_one() {
        let hash = AuditHash::new(std::array::from_fn(|n| u8::try_from(n * 8).unwrap_or(255)));
        assert_eq!(AuditHash::parse(&hash.to_string()), Some(hash));
        for wrong in ["", "0", &"g".repeat(64), &"0".repeat(63), &"0".repeat(66), &"ก".repeat(64)] {
            assert_eq!(AuditHash::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn actors_survive_their_text_and_half_of_one_is_none() {
        let id = Uuid::from_u128(7);
        for actor in [AuditActor::System, AuditActor::ApiKey { id: id.into() }, AuditActor::Member { id: id.into() }] {
            assert_eq!(AuditActor::parse(&actor.to_string()), Some(actor));
        }
        for wrong in ["", "SYSTEM:", "MEMBER", "MEMBER:", "MEMBER:7", "member:00000000-0000-0000-0000-000000000007"] {
            assert_eq!(AuditActor::parse(wrong), None, "{wrong}");
        }
    }
}

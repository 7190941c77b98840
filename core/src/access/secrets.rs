//! The secrets that people carry: refresh tokens and the tokens of links. Only their digests are kept.

use secrecy::{ExposeSecret, SecretString};

use crate::{Ports, hexadecimal::hex};

/// Hexadecimal digits of a secret: 256 bits.
const DIGITS: usize = 64;

/// What a secret is for; each kind begins with a mark of its own, so that scanners for leaked secrets know it and
/// none can be used as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Refresh,
    Link,
}

impl Kind {
    const fn mark(self) -> &'static str {
        match self {
            Self::Refresh => "hcr_",
            Self::Link => "hcl_",
        }
    }
}

/// A secret, and what is kept of it.
pub(super) struct Secret {
    pub(super) raw: SecretString,
    pub(super) hash: Vec<u8>,
}

impl Secret {
    /// A new one, by chance.
    pub(super) fn new(ports: &Ports, kind: Kind) -> Self {
        Self::of(ports, kind, ports.randomness.secret_bytes(DIGITS / 2).expose_secret())
    }

    /// The refresh token that follows on this one. It is made of its parent and of a key of ours: so it can be made
    /// again for a client that lost the answer, but not by somebody who has only the parent.
    pub(super) fn successor(ports: &Ports, parent: &SecretString) -> Self {
        Self::of(ports, Kind::Refresh, &ports.vault.sign("refresh-successor", parent.expose_secret().as_bytes()))
    }

    fn of(ports: &Ports, kind: Kind, bytes: &[u8]) -> Self {
        let raw = SecretString::from(format!("{}{}", kind.mark(), hex(bytes)));
        let hash = ports.vault.digest(raw.expose_secret().as_bytes());
        Self { raw, hash }
    }
}

/// What is kept of a secret that somebody presents; `None` when it is none of that kind.
pub(super) fn hash_of(ports: &Ports, kind: Kind, presented: &SecretString) -> Option<Vec<u8>> {
    let text = presented.expose_secret();
    let digits = text.strip_prefix(kind.mark())?;
    let formed = digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    formed.then(|| ports.vault.digest(text.as_bytes()))
}

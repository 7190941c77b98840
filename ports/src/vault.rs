//! Secrets at rest, and the few cryptographic questions that use cases ask.

use secrecy::SecretString;

use hubchat_domain::{ChannelAccountId, TenantId};

/// What a sealed secret belongs to: it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealContext {
    /// Whose it is.
    pub tenant_id: TenantId,
    /// The account that it is for.
    pub account_id: ChannelAccountId,
}

/// Secrets as storage keeps them: text with a version, the id of the key that sealed them, and the ciphertext.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecrets(pub String);

impl std::fmt::Debug for SealedSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedSecrets(..)")
    }
}

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// No configured key has the id that the record names.
    #[error("no key with the id of the record is configured")]
    UnknownKey,
    /// The record was changed, or belongs to another tenant or account.
    #[error("the record does not open here")]
    Refused,
    /// The record is not one of ours.
    #[error("the record is malformed")]
    Malformed,
    /// The cryptographic library failed.
    #[error("sealing failed")]
    Failed,
}

/// Keeps the master key and uses it.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Vault: Send + Sync {
    /// Seals a secret to its place: authenticated encryption with the place bound in.
    fn seal(&self, context: SealContext, secret: &SecretString) -> Result<SealedSecrets, VaultError>;

    /// Opens a secret at its place; MUST refuse at any other.
    fn open(&self, context: SealContext, sealed: &SealedSecrets) -> Result<SecretString, VaultError>;

    /// The SHA-256 of some bytes.
    fn digest(&self, bytes: &[u8]) -> Vec<u8>;

    /// Whether two byte strings are equal, in time that tells nothing about where they differ.
    fn same(&self, left: &[u8], right: &[u8]) -> bool;

    /// A message authentication code under a key of its own, derived from the master key for `purpose`.
    fn sign(&self, purpose: &str, bytes: &[u8]) -> Vec<u8>;

    /// Whether that is such a code under any configured master key, the former ones too: for what is kept for
    /// longer than a key.
    fn is_signed(&self, purpose: &str, bytes: &[u8], code: &[u8]) -> bool;
}

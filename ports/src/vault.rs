//! Secrets at rest, and the few cryptographic questions that use cases ask.
//!
//! Two levels of keys: a secret is sealed by a data key of its tenant, and data keys are kept wrapped by the master
//! key. So a new master key touches data keys only, and a tenant's secrets can go over to a new data key on their own.

use hubchat_domain::TenantId;
use secrecy::SecretString;
use uuid::Uuid;

/// Which column a secret is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SealPlace {
    /// The provider's secrets of a channel account.
    ChannelAccountSecrets,
}

impl SealPlace {
    /// The table and column; part of what a seal is bound to, so it never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChannelAccountSecrets => "channel_accounts.sealed_secrets",
        }
    }
}

/// What a sealed secret belongs to: it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealContext {
    /// Whose it is.
    pub tenant_id: TenantId,
    /// The column that it is kept in.
    pub place: SealPlace,
    /// The row that it is kept in.
    pub record_id: Uuid,
}

/// Secrets as storage keeps them: text with its form, the version of the data key that sealed them, and the
/// ciphertext.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecrets(pub String);

impl std::fmt::Debug for SealedSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedSecrets(..)")
    }
}

/// A data key of a tenant as storage keeps it: it is of use to the vault only.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Counted from 1 for each tenant; the highest seals.
    pub version: i32,
    /// Text with its form, the id of the master key that wrapped it, and the ciphertext: `w1.<id>.<base64url>`.
    pub wrapped: String,
}

impl WrappedKey {
    /// The id of the master key that it is wrapped by, as the text claims.
    #[must_use]
    pub fn master_key_id(&self) -> Option<&str> {
        self.wrapped.strip_prefix("w1.")?.split_once('.').map(|(id, _)| id)
    }
}

impl std::fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (tenant, version) = (self.tenant_id, self.version);
        f.debug_struct("WrappedKey").field("tenant_id", &tenant).field("version", &version).finish_non_exhaustive()
    }
}

/// The ids of the configured master keys: digests, which tell nothing of the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterKeyIds {
    /// The one that wraps and signs.
    pub current: String,
    /// Those that only unwrap and verify.
    pub former: Vec<String>,
}

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// No configured master key has the id that the data key names.
    #[error("no master key with the id of the record is configured")]
    UnknownKey,
    /// The record was changed, or belongs to another place or key.
    #[error("the record does not open here")]
    Refused,
    /// The record is not one of ours.
    #[error("the record is malformed")]
    Malformed,
    /// The cryptographic library failed.
    #[error("sealing failed")]
    Failed,
}

/// Keeps the master keys and uses them. It keeps nothing else: whoever asks brings the data key, as storage has it.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Vault: Send + Sync {
    /// A new random data key, wrapped by the current master key and bound to tenant and version.
    fn new_data_key(&self, tenant: TenantId, version: i32) -> Result<WrappedKey, VaultError>;

    /// The same data key wrapped by the current master key; `None` when it is so already.
    fn rewrap(&self, key: &WrappedKey) -> Result<Option<WrappedKey>, VaultError>;

    /// Which master keys there are.
    fn master_key_ids(&self) -> MasterKeyIds;

    /// Seals a secret to its place: authenticated encryption with the place and the key's version bound in. MUST
    /// refuse a key of another tenant.
    fn seal(&self, key: &WrappedKey, context: SealContext, secret: &SecretString) -> Result<SealedSecrets, VaultError>;

    /// Opens a secret at its place; MUST refuse at any other, and with any other key.
    fn open(&self, key: &WrappedKey, context: SealContext, sealed: &SealedSecrets) -> Result<SecretString, VaultError>;

    /// The SHA-256 of some bytes.
    fn digest(&self, bytes: &[u8]) -> Vec<u8>;

    /// Whether two byte strings are equal, in time that tells nothing about where they differ.
    fn same(&self, left: &[u8], right: &[u8]) -> bool;

    /// A message authentication code under a key of its own, derived from the current master key for `purpose`.
    fn sign(&self, purpose: &str, bytes: &[u8]) -> Vec<u8>;

    /// Whether a signature is one that [`sign`](Self::sign) made under any of the configured master keys, in time that
    /// tells nothing about where it differs. So what was signed before a rotation stays good.
    fn verify(&self, purpose: &str, bytes: &[u8], signature: &[u8]) -> bool;
}

//! The chain of an audit log: how entries are tied, and how the end of a log is signed.

use std::sync::Arc;

use hubchat_domain::{AuditDraft, AuditHash, AuditHead, TenantId};
use hubchat_ports::{AuditSeal, Vault};

/// The purpose of the key that signs heads.
const HEAD: &str = "audit-head";

/// Chains with SHA-256 and signs with a key that the vault derives from the master key, so that write access
/// to the database alone forges nothing. `docs/audit.md` has the formulas.
#[derive(Clone)]
pub struct AuditChain {
    vault: Arc<dyn Vault>,
}

impl AuditChain {
    /// A chain under the keys of this vault.
    #[must_use]
    pub fn new(vault: Arc<dyn Vault>) -> Self {
        Self { vault }
    }

    /// Whether the head is as hubchat itself wrote it, under the current master key or a former one.
    pub(crate) fn verify(&self, tenant: TenantId, end: &AuditHead) -> bool {
        self.vault.verify(HEAD, head(tenant, end.seq, &end.hash).as_bytes(), &end.signature)
    }
}

impl AuditSeal for AuditChain {
    fn hash(&self, tenant: TenantId, seq: i64, before: &AuditHash, draft: &AuditDraft) -> AuditHash {
        let bytes = [before.as_bytes().as_slice(), &draft.canonical(tenant, seq)].concat();
        // A digest of another length would be none of SHA-256: no vault that keeps its promise gives one, and
        // an entry under the zero hash is found by every check.
        AuditHash::from_slice(&self.vault.digest(&bytes)).unwrap_or(AuditHash::ZERO)
    }

    fn sign(&self, tenant: TenantId, seq: i64, hash: &AuditHash) -> Vec<u8> {
        self.vault.sign(HEAD, head(tenant, seq, hash).as_bytes())
    }
}

/// What is signed of a head.
fn head(tenant: TenantId, seq: i64, hash: &AuditHash) -> String {
    format!("{tenant}|{seq}|{hash}")
}

//! A seal for storage under test: no cryptography, so that an embedder's storage needs none to be certified.

use hubchat_domain::{AuditDraft, AuditHash, TenantId};
use hubchat_ports::AuditSeal;

/// Chains by a plain sum over the entry's form, and signs with the head's own words. The storage that a
/// [`StorageHarness`](crate::StorageHarness) starts MUST be built with it.
#[derive(Debug, Clone, Copy)]
pub struct PlainSeal;

impl AuditSeal for PlainSeal {
    fn hash(&self, tenant: TenantId, seq: i64, before: &AuditHash, draft: &AuditDraft) -> AuditHash {
        let mut bytes = *before.as_bytes();
        for (place, byte) in draft.canonical(tenant, seq).into_iter().enumerate() {
            let at = place % bytes.len();
            bytes[at] = bytes[at].wrapping_mul(31).wrapping_add(byte).wrapping_add(1);
        }
        AuditHash::new(bytes)
    }

    fn sign(&self, tenant: TenantId, seq: i64, hash: &AuditHash) -> Vec<u8> {
        format!("{tenant}|{seq}|{hash}").into_bytes()
    }
}

//! An audit log for unit tests: entries under a chain that is easy to follow.

use std::sync::Arc;

use hubchat_domain::{AuditAction, AuditActor, AuditDraft, AuditEntry, AuditHash, AuditHead, LeadId, Origin};
use hubchat_ports::{AuditSeal, MockAuditQueries, MockVault, StorageError, Vault};
use serde_json::json;
use uuid::Uuid;

use super::AuditChain;
use crate::test_ports::{TestPorts, now, tenant};

/// A vault whose digest mixes all bytes into 32, and whose codes are the bytes under a word of its own.
pub(crate) fn vault(word: &'static str) -> MockVault {
    let mut vault = MockVault::new();
    vault.expect_digest().returning(|bytes| {
        let mut mixed = vec![0_u8; 32];
        for (place, byte) in bytes.iter().enumerate() {
            let at = place % 32;
            mixed[at] = mixed[at].wrapping_mul(31).wrapping_add(*byte).wrapping_add(1);
        }
        mixed
    });
    let code = move |purpose: &str, bytes: &[u8]| [word.as_bytes(), purpose.as_bytes(), bytes].concat();
    vault.expect_sign().returning(code);
    vault.expect_verify().returning(move |purpose, bytes, presented| code(purpose, bytes) == presented);
    vault
}

/// The chain under that vault.
pub(crate) fn chain() -> AuditChain {
    let vault: Arc<dyn Vault> = Arc::new(vault("key"));
    AuditChain::new(vault)
}

/// Something that was done to a lead.
pub(crate) fn draft(number: u128) -> AuditDraft {
    AuditDraft {
        actor: AuditActor::System,
        action: AuditAction::LeadUpdated,
        subject: LeadId::from_uuid(Uuid::from_u128(number)).into(),
        before: Some(json!({"status": "NEW"})),
        after: Some(json!({"status": "CONTACTED"})),
        origin: Origin { address: None, request_id: Some("=request".to_owned()) },
        at: now(),
    }
}

/// Those entries from the first place on, under the chain.
pub(crate) fn chained(drafts: &[AuditDraft]) -> Vec<AuditEntry> {
    let (chain, mut hash) = (chain(), AuditHash::ZERO);
    drafts
        .iter()
        .zip(1..)
        .map(|(draft, seq)| {
            hash = chain.hash(tenant(), seq, &hash, draft);
            AuditEntry { seq, draft: draft.clone(), hash }
        })
        .collect()
}

/// The head of a log that ends with this entry.
pub(crate) fn head_of(last: &AuditEntry) -> AuditHead {
    let signature = chain().sign(tenant(), last.seq, &last.hash);
    AuditHead { seq: last.seq, hash: last.hash, signature }
}

/// Ports over a log. Whoever asks for the entry of `unreadable` is told that it cannot be read.
pub(crate) fn ports(entries: Vec<AuditEntry>, head: Option<AuditHead>, unreadable: Option<i64>) -> TestPorts {
    let mut ports = TestPorts { vault: vault("key"), ..TestPorts::default() };
    ports.repository.expect_audit().returning(move |asked| {
        assert_eq!(asked, tenant());
        let mut audit = MockAuditQueries::new();
        let (entries, head) = (entries.clone(), head.clone());
        audit.expect_list_after().returning(move |_, seq, limit| {
            let after = entries.iter().filter(|entry| entry.seq > seq);
            let page: Vec<_> = after.take(limit as usize).cloned().collect();
            if page.iter().any(|entry| Some(entry.seq) == unreadable) {
                return Err(StorageError::Corrupt { what: "audit entry" });
            }
            Ok(page)
        });
        audit.expect_head().returning(move || Ok(head.clone()));
        Box::new(audit)
    });
    ports
}

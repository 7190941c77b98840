//! The audit log: kept by the session until its commit, and chained by the last statements of all.
//!
//! Who adds to a tenant's log holds its head until the commit, so that places are committed in their order
//! and every hash is made from the one before. The head comes after the tenant's row, which numbers events:
//! a session that changes the tenant takes them in the same order, so that no two wait for each other.

use async_trait::async_trait;
use hubchat_domain::{AuditDraft, AuditEntry, AuditHash};
use hubchat_ports::{AuditStore, StorageError};

use super::Session;
use crate::rows::{Fields, Row};

/// Takes the head, which is made with the first entry. The row is locked even though nothing changes.
const TAKE_HEAD: &str = "INSERT INTO audit_heads (tenant_id, seq, hash, signature) VALUES (?1, 0, ?2, ?3) \
    ON CONFLICT (tenant_id) DO UPDATE SET seq = audit_heads.seq RETURNING seq, hash";

const MOVE_HEAD: &str = "UPDATE audit_heads SET seq = ?2, hash = ?3, signature = ?4 WHERE tenant_id = ?1";

impl Session {
    /// Chains and writes entries.
    pub(super) async fn write_audit(&self, drafts: Vec<AuditDraft>) -> Result<(), StorageError> {
        let nothing = vec![AuditHash::ZERO.to_string().into(), Vec::<u8>::new().into()];
        let taken = self.query(TAKE_HEAD, nothing).await?;
        let head = taken.first().ok_or_else(|| self.spoil(StorageError::Corrupt { what: AuditEntry::WHAT }))?;
        let head = Fields::plain(head, "audit head");
        let (mut seq, mut hash): (i64, AuditHash) = (head.get("seq")?, head.named("hash", AuditHash::parse)?);
        let mut entries = Vec::with_capacity(drafts.len());
        for draft in drafts {
            seq += 1;
            hash = self.seal.hash(self.tenant, seq, &hash, &draft);
            entries.push(AuditEntry { seq, draft, hash });
        }
        self.insert_new::<AuditEntry>(entries.iter().map(Row::to_row).collect()).await?;
        let signature = self.seal.sign(self.tenant, seq, &hash);
        self.execute(MOVE_HEAD, vec![seq.into(), hash.to_string().into(), signature.into()]).await?;
        Ok(())
    }
}

#[async_trait]
impl AuditStore for Session {
    async fn append(&self, draft: AuditDraft) -> Result<(), StorageError> {
        self.with_pending(|pending| pending.audit.push(draft));
        Ok(())
    }
}

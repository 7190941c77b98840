//! Checking the chain of an audit log.

use hubchat_domain::{AuditEntry, AuditHash, AuditHead, Permission, TenantId};
use hubchat_ports::{AuditFilter, AuditQueries, AuditSeal, StorageError};

use super::AuditChain;
use crate::{Actor, Fault, Ports};

/// What is wrong with a log, and from which entry on it cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditFlaw {
    /// There is no end of the log, not even of an empty one: every tenant's begins with its own creation.
    #[error("the log has no head: it was removed as a whole")]
    NoHead,
    /// The end of the log was not written by hubchat under a master key that is configured here.
    #[error("the head was not signed with any configured master key: it was rewritten, or the key is missing here")]
    Unsigned,
    /// An entry is gone, or not at its place.
    #[error("entry {seq} is missing")]
    Missing {
        /// Its place.
        seq: i64,
    },
    /// An entry says other than what was written, or stands behind another than it did.
    #[error("entry {seq} was altered, or the one before it was")]
    Altered {
        /// Its place.
        seq: i64,
    },
    /// The last entries are gone.
    #[error("the log ends before entry {seq}, though the head tells of it: the last entries were removed")]
    Truncated {
        /// The first place that is missing.
        seq: i64,
    },
    /// The entries fit each other but not the signed end: they were written anew by someone without the key.
    #[error("the entries end with another hash than the head: the chain was written anew")]
    Rewritten,
    /// There are entries that the signed end knows nothing of.
    #[error("entry {seq} stands behind the signed head")]
    BehindHead {
        /// Its place.
        seq: i64,
    },
    /// The log is not the one whose end was noted earlier.
    #[error("entry {seq} is not the one that was noted earlier: an older state was put back")]
    RolledBack {
        /// The noted place.
        seq: i64,
    },
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditVerdict {
    /// Every entry is as it was written. To be noted somewhere else: with it a later check also finds that an
    /// older state of the whole database was put back.
    Intact {
        /// The place of the last entry.
        seq: i64,
        /// Its hash.
        hash: AuditHash,
    },
    /// It is not.
    Broken(AuditFlaw),
}

/// So many entries at a time.
const AT_ONCE: u32 = 1_000;

/// Checks audit logs.
#[derive(Clone)]
pub struct VerifyAudit {
    ports: Ports,
    chain: AuditChain,
}

/// How far a walk has come.
struct Walk<'a> {
    audit: &'a dyn AuditQueries,
    tenant: TenantId,
    seq: i64,
    hash: AuditHash,
    noted: Option<(i64, AuditHash)>,
}

/// What stops a walk.
enum Stop {
    Flaw(AuditFlaw),
    Storage(StorageError),
}

impl From<AuditFlaw> for Stop {
    fn from(flaw: AuditFlaw) -> Self {
        Self::Flaw(flaw)
    }
}

impl From<StorageError> for Stop {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl VerifyAudit {
    pub(crate) fn new(ports: Ports) -> Self {
        let chain = AuditChain::new(ports.vault.clone());
        Self { ports, chain }
    }

    /// Walks through the tenant's log, while others may go on adding to it. `noted` is the end that an earlier
    /// check found.
    pub async fn run(&self, actor: &Actor, noted: Option<(i64, AuditHash)>) -> Result<AuditVerdict, Fault> {
        actor.require(Permission::AuditRead)?;
        let tenant = actor.tenant_id();
        let audit = self.ports.repository.audit(tenant);
        let mut walk = Walk { audit: &*audit, tenant, seq: 0, hash: AuditHash::ZERO, noted };
        match self.walk(&mut walk).await {
            Ok(()) => Ok(AuditVerdict::Intact { seq: walk.seq, hash: walk.hash }),
            Err(Stop::Flaw(flaw)) => Ok(AuditVerdict::Broken(flaw)),
            Err(Stop::Storage(error)) => Err(error.into()),
        }
    }

    async fn walk(&self, walk: &mut Walk<'_>) -> Result<(), Stop> {
        let mut head = self.head(walk).await?;
        loop {
            while walk.seq < head.seq {
                self.step(walk, &head).await?;
            }
            if walk.hash != head.hash {
                return Err(AuditFlaw::Rewritten.into());
            }
            let behind = match walk.audit.list_after(&AuditFilter::default(), walk.seq, 1).await {
                Ok(entries) => entries.first().map(|entry| entry.seq),
                Err(StorageError::Corrupt { .. }) => Some(walk.seq + 1),
                Err(error) => return Err(error.into()),
            };
            let Some(behind) = behind else { break };
            // Others may add to the log: then its end has moved on with them.
            head = self.head(walk).await?;
            if head.seq < behind {
                return Err(AuditFlaw::BehindHead { seq: behind }.into());
            }
        }
        walk.noted.map_or(Ok(()), |(seq, _)| Err(AuditFlaw::RolledBack { seq }.into()))
    }

    async fn head(&self, walk: &Walk<'_>) -> Result<AuditHead, Stop> {
        let head = match walk.audit.head().await {
            Ok(head) => head.ok_or(AuditFlaw::NoHead)?,
            Err(StorageError::Corrupt { .. }) => return Err(AuditFlaw::Unsigned.into()),
            Err(error) => return Err(error.into()),
        };
        if self.chain.verify(walk.tenant, &head) { Ok(head) } else { Err(AuditFlaw::Unsigned.into()) }
    }

    /// Checks the next entries up to the head.
    async fn step(&self, walk: &mut Walk<'_>, head: &AuditHead) -> Result<(), Stop> {
        let entries = match walk.audit.list_after(&AuditFilter::default(), walk.seq, AT_ONCE).await {
            // One of them cannot be read: those before it are looked at singly.
            Err(StorageError::Corrupt { .. }) => self.single(walk).await?,
            result => result?,
        };
        let mut up_to_head = entries.iter().take_while(|entry| entry.seq <= head.seq).peekable();
        if up_to_head.peek().is_none() {
            return Err(AuditFlaw::Truncated { seq: walk.seq + 1 }.into());
        }
        up_to_head.try_for_each(|entry| self.check(walk, entry))
    }

    async fn single(&self, walk: &Walk<'_>) -> Result<Vec<AuditEntry>, Stop> {
        match walk.audit.list_after(&AuditFilter::default(), walk.seq, 1).await {
            Err(StorageError::Corrupt { .. }) => Err(AuditFlaw::Altered { seq: walk.seq + 1 }.into()),
            result => Ok(result?),
        }
    }

    fn check(&self, walk: &mut Walk<'_>, entry: &AuditEntry) -> Result<(), Stop> {
        let seq = walk.seq + 1;
        if entry.seq != seq {
            return Err(AuditFlaw::Missing { seq }.into());
        }
        if self.chain.hash(walk.tenant, seq, &walk.hash, &entry.draft) != entry.hash {
            return Err(AuditFlaw::Altered { seq }.into());
        }
        if let Some((noted, hash)) = walk.noted
            && noted == seq
        {
            if hash != entry.hash {
                return Err(AuditFlaw::RolledBack { seq }.into());
            }
            walk.noted = None;
        }
        (walk.seq, walk.hash) = (seq, entry.hash);
        Ok(())
    }
}

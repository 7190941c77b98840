//! Retention: conversations that are closed go once they are older than their tenant wants to keep them.

use std::time::Duration;

use hubchat_domain::{AuditAction, Permission, TenantId, Timestamp};
use hubchat_ports::PurgeCounts;
use serde_json::json;

use super::take_away::take_away;
use crate::{Actor, Fault, Ports};

/// Conversations looked up at a time.
const CONVERSATIONS_AT_ONCE: u32 = 100;

/// What retention did, or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionReport {
    /// Closed conversations whose newest message is older go.
    pub older_than: Timestamp,
    /// What went, or would go.
    pub count: PurgeCounts,
    /// Nothing was taken away.
    pub dry_run: bool,
}

/// Takes old closed conversations away.
#[derive(Clone)]
pub struct Retention {
    ports: Ports,
}

impl Retention {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Takes the tenant's closed conversations away that are older than `days`, or only counts them.
    pub async fn run(&self, actor: &Actor, days: u32, dry_run: bool) -> Result<RetentionReport, Fault> {
        actor.require(Permission::DataManage)?;
        let tenant = actor.tenant_id();
        let moment = self.ports.clock.now().minus(Duration::from_hours(24) * days);
        let count = if dry_run { self.count(tenant, moment).await? } else { self.purge(tenant, moment).await? };
        if !dry_run && count != PurgeCounts::default() {
            self.note(actor, days, count).await?;
            self.ports.repository.scrub().await?;
        }
        Ok(RetentionReport { older_than: moment, count, dry_run })
    }

    async fn note(&self, actor: &Actor, days: u32, count: PurgeCounts) -> Result<(), Fault> {
        let PurgeCounts { conversations, messages, files } = count;
        let what = json!({"days": days, "conversations": conversations, "messages": messages, "files": files});
        let (tenant, now) = (actor.tenant_id(), self.ports.clock.now());
        let session = self.ports.repository.begin(tenant).await?;
        session.audit().append(actor.audit(AuditAction::RetentionRun, tenant, None, Some(what), now)).await?;
        Ok(session.commit().await?)
    }

    async fn count(&self, tenant: TenantId, moment: Timestamp) -> Result<PurgeCounts, Fault> {
        let session = self.ports.repository.begin(tenant).await?;
        Ok(session.purge().count_closed_before(moment).await?)
    }

    async fn purge(&self, tenant: TenantId, moment: Timestamp) -> Result<PurgeCounts, Fault> {
        let mut count = PurgeCounts::default();
        loop {
            let session = self.ports.repository.begin(tenant).await?;
            let closed = session.purge().list_closed_before(moment, CONVERSATIONS_AT_ONCE).await?;
            drop(session);
            if closed.is_empty() {
                return Ok(count);
            }
            let taken = take_away(&self.ports, tenant, &closed).await?;
            count.conversations += taken.conversations;
            count.messages += taken.messages;
            count.files += taken.files;
            if taken.conversations == 0 && taken.messages == 0 {
                // Others are at the same ones, or each got a message just now: the next run sees to the rest.
                return Ok(count);
            }
        }
    }
}

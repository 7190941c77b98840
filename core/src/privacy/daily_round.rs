//! Once a day for each tenant: retention by its settings, and housekeeping.

use std::time::Duration;

use hubchat_domain::TenantId;
use hubchat_ports::IdempotencyRecord;

use super::{Housekeeping, Retention};
use crate::{Actor, Fault, Ports};

/// Tenants looked up at a time.
const TENANTS_AT_ONCE: u32 = 200;
/// Log-ins and links looked up at a time.
const ROWS_AT_ONCE: u32 = 1_000;
/// Log-ins and links that are over are kept for so long, to be shown and asked about.
const KEPT_SESSIONS: Duration = Duration::from_hours(30 * 24);
const DAY_MILLIS: i64 = 86_400_000;

/// What a round met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoundCount {
    /// Tenants whose turn it was.
    pub tenants: usize,
    /// Tenants with whom something went wrong; their turn comes again tomorrow.
    pub failed: usize,
}

/// Makes the daily round.
#[derive(Clone)]
pub struct DailyRound {
    ports: Ports,
    retention: Retention,
    housekeeping: Housekeeping,
}

impl DailyRound {
    pub(crate) fn new(ports: Ports, retention: Retention, housekeeping: Housekeeping) -> Self {
        Self { ports, retention, housekeeping }
    }

    /// Goes round the tenants whose turn has not come today. Of several processes one sees to a tenant.
    pub async fn run(&self) -> Result<RoundCount, Fault> {
        let over = self.ports.clock.now().minus(KEPT_SESSIONS);
        while self.ports.access.remove_over(over, ROWS_AT_ONCE).await? >= u64::from(ROWS_AT_ONCE) {}
        let now = self.ports.clock.now();
        while self.ports.socket_tickets.remove_expired(now, ROWS_AT_ONCE).await? >= u64::from(ROWS_AT_ONCE) {}
        let (mut count, mut after) = (RoundCount::default(), None);
        loop {
            let page = self.ports.directory.list_tenants(after, TENANTS_AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(count) };
            after = Some(last.id);
            for tenant in &page {
                match self.see_to(tenant.id).await {
                    Ok(seen) => count.tenants += usize::from(seen),
                    // One tenant's trouble is no reason to leave the others alone.
                    Err(fault) => {
                        count.failed += 1;
                        let error = &fault as &dyn std::error::Error;
                        tracing::warn!(tenant.id = %tenant.id, error, "a tenant's daily round failed");
                    }
                }
            }
        }
    }

    async fn see_to(&self, tenant: TenantId) -> Result<bool, Fault> {
        if !self.claim(tenant).await? {
            return Ok(false);
        }
        let session = self.ports.repository.begin(tenant).await?;
        let days = session.settings().find().await?.settings.retention_days;
        drop(session);
        if let Some(days) = days {
            let report = self.retention.run(&Actor::system(tenant), days, false).await?;
            tracing::info!(
                tenant.id = %tenant,
                conversations = report.count.conversations,
                messages = report.count.messages,
                files = report.count.files,
                "closed conversations past their days are gone"
            );
        }
        let kept = self.housekeeping.run(tenant).await?;
        tracing::debug!(tenant.id = %tenant, ?kept, "the house is kept");
        Ok(true)
    }

    async fn claim(&self, tenant: TenantId) -> Result<bool, Fault> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(tenant).await?;
        let record = IdempotencyRecord {
            scope: "daily.round".to_owned(),
            key: (now.as_millis() / DAY_MILLIS).to_string(),
            fingerprint: Vec::new(),
            resource_id: tenant.as_uuid(),
            expires_at: now.plus(Duration::from_hours(48)),
        };
        if session.idempotency().claim(&record, now).await?.is_some() {
            return Ok(false);
        }
        session.commit().await?;
        Ok(true)
    }
}

//! Housekeeping: what served its purpose goes, in small steps.

use std::time::Duration;

use hubchat_domain::TenantId;

use super::delete_files::delete_files_jobs;
use crate::{Fault, Ports};

/// Payloads of settled webhook events are kept for so long: providers repeat for at most seven days (WhatsApp:
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components>).
const KEPT_EVENTS: Duration = Duration::from_hours(30 * 24);
/// Uploads that nobody sent are kept for so long.
const KEPT_UPLOADS: Duration = Duration::from_hours(7 * 24);
/// Domain events are kept for so long: who follows along and was away for longer begins anew.
const KEPT_DOMAIN_EVENTS: Duration = Duration::from_hours(7 * 24);
/// Rows of one transaction.
const ROWS_AT_ONCE: u32 = 1_000;

/// What went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HousekeepingCount {
    /// Received webhook events.
    pub webhook_events: u64,
    /// Uploads that nobody sent.
    pub uploads: u64,
    /// Answers to repeated requests.
    pub idempotency_records: u64,
    /// Domain events.
    pub domain_events: u64,
    /// Drafts, read positions and mentions of disabled members.
    pub left_behind: u64,
}

/// Takes away what served its purpose.
#[derive(Clone)]
pub struct Housekeeping {
    ports: Ports,
}

/// One kind of rows.
#[derive(Clone, Copy)]
enum Kind {
    WebhookEvents,
    Uploads,
    IdempotencyRecords,
    DomainEvents,
    LeftBehind,
}

impl Housekeeping {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Keeps one tenant's house.
    pub async fn run(&self, tenant: TenantId) -> Result<HousekeepingCount, Fault> {
        Ok(HousekeepingCount {
            webhook_events: self.sweep(tenant, Kind::WebhookEvents).await?,
            uploads: self.sweep(tenant, Kind::Uploads).await?,
            idempotency_records: self.sweep(tenant, Kind::IdempotencyRecords).await?,
            domain_events: self.sweep(tenant, Kind::DomainEvents).await?,
            left_behind: self.forget_the_disabled(tenant).await?,
        })
    }

    /// Takes away what disabled members wrote and did not send, how far they read, and where they were mentioned.
    pub(crate) async fn forget_the_disabled(&self, tenant: TenantId) -> Result<u64, Fault> {
        self.sweep(tenant, Kind::LeftBehind).await
    }

    async fn sweep(&self, tenant: TenantId, kind: Kind) -> Result<u64, Fault> {
        let mut count = 0;
        loop {
            let gone = self.step(tenant, kind).await?;
            count += gone;
            if gone < u64::from(ROWS_AT_ONCE) {
                return Ok(count);
            }
        }
    }

    async fn step(&self, tenant: TenantId, kind: Kind) -> Result<u64, Fault> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(tenant).await?;
        let purge = session.purge();
        let gone = match kind {
            Kind::WebhookEvents => purge.delete_events_settled_before(now.minus(KEPT_EVENTS), ROWS_AT_ONCE).await?,
            Kind::Uploads => {
                let taken = purge.delete_uploads_before(now.minus(KEPT_UPLOADS), ROWS_AT_ONCE).await?;
                session.jobs().append(&delete_files_jobs(&taken.storage_keys)).await?;
                taken.files
            }
            Kind::IdempotencyRecords => purge.delete_idempotency_before(now, ROWS_AT_ONCE).await?,
            Kind::DomainEvents => {
                purge.delete_domain_events_before(now.minus(KEPT_DOMAIN_EVENTS), ROWS_AT_ONCE).await?
            }
            Kind::LeftBehind => purge.delete_left_behind(ROWS_AT_ONCE).await?,
        };
        session.commit().await?;
        Ok(gone)
    }
}

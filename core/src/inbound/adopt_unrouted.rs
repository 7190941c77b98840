//! Bringing in what came for an account before it was connected.

use hubchat_domain::{AuditAction, ChannelAccountRecord};
use hubchat_ports::{ReceivedEvent, StorageError};
use serde_json::json;

use crate::{Actor, Ports};

/// So many events at a time.
const AT_ONCE: u32 = 200;

/// Brings in the kept events of accounts.
#[derive(Clone)]
pub(crate) struct AdoptUnrouted {
    ports: Ports,
}

impl AdoptUnrouted {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Brings in what is kept for an account; answers how many events. May be repeated after a crash: what was
    /// brought in before is passed over.
    pub(crate) async fn run(&self, actor: &Actor, account: &ChannelAccountRecord) -> Result<usize, StorageError> {
        let adopted = self.adopt(account).await?;
        if adopted > 0 {
            // The intake has transactions of its own, so the entry comes after what it tells of.
            let session = self.ports.repository.begin(account.tenant_id).await?;
            let (after, now) = (json!({"events": adopted}), self.ports.clock.now());
            let draft = actor.audit(AuditAction::EventsAdopted, account.id, None, Some(after), now);
            session.audit().append(draft).await?;
            session.commit().await?;
        }
        Ok(adopted)
    }

    async fn adopt(&self, account: &ChannelAccountRecord) -> Result<usize, StorageError> {
        let Some(destination) = &account.external_id else { return Ok(0) };
        let mut adopted = 0;
        loop {
            let kept = self.ports.intake.list_unrouted(account.channel_type, destination, AT_ONCE).await?;
            if kept.is_empty() {
                return Ok(adopted);
            }
            let ids: Vec<_> = kept.iter().map(|event| event.id).collect();
            let events = kept.into_iter().map(|event| ReceivedEvent {
                id: event.id,
                tenant_id: account.tenant_id,
                account_id: account.id,
                channel_type: account.channel_type,
                event_key: event.event_key,
                order_key: format!("{}:{}", account.id, event.order_key),
                raw: event.raw,
                received_at: event.received_at,
            });
            adopted += self.ports.intake.record(events.collect()).await?.stored;
            self.ports.intake.drop_unrouted(&ids).await?;
        }
    }
}

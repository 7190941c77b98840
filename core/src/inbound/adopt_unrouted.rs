//! Bringing in what came for an account before it was connected.

use std::sync::Arc;

use hubchat_domain::ChannelAccountRecord;
use hubchat_ports::{ReceivedEvent, StorageError, WebhookIntake};

/// So many events at a time.
const AT_ONCE: u32 = 200;

/// Brings in the kept events of accounts.
#[derive(Clone)]
pub(crate) struct AdoptUnrouted {
    intake: Arc<dyn WebhookIntake>,
}

impl AdoptUnrouted {
    pub(crate) fn new(intake: Arc<dyn WebhookIntake>) -> Self {
        Self { intake }
    }

    /// Brings in what is kept for an account; answers how many events. May be repeated after a crash: what was
    /// brought in before is passed over.
    pub(crate) async fn run(&self, account: &ChannelAccountRecord) -> Result<usize, StorageError> {
        let Some(destination) = &account.external_id else { return Ok(0) };
        let mut adopted = 0;
        loop {
            let kept = self.intake.list_unrouted(account.channel_type, destination, AT_ONCE).await?;
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
            adopted += self.intake.record(events.collect()).await?.stored;
            self.intake.drop_unrouted(&ids).await?;
        }
    }
}

//! What a delivery has to know of its message: deliveries of a tenant that begin at the same time read it together.

use std::collections::HashMap;

use hubchat_domain::{MessageId, TenantId};
use hubchat_ports::OutgoingRow;

use crate::{Fault, Ports, combiner::Combiner};

/// Reads messages that are to go out.
#[derive(Clone)]
pub(super) struct OutgoingMessages {
    ports: Ports,
    combiner: Combiner<TenantId, MessageId, Result<Option<OutgoingRow>, Fault>>,
}

impl OutgoingMessages {
    /// At most so many in one query.
    const TOGETHER: usize = 64;

    pub(super) fn new(ports: Ports) -> Self {
        Self { ports, combiner: Combiner::new(Self::TOGETHER) }
    }

    /// The message with its conversation, as storage has it after this call; none when it is gone.
    pub(super) async fn find(&self, tenant: TenantId, id: MessageId) -> Result<Option<OutgoingRow>, Fault> {
        let together = |ids: Vec<MessageId>| async move {
            let found = self.ports.repository.inbox(tenant).find_outgoing(&ids).await?;
            let found: HashMap<MessageId, OutgoingRow> =
                found.into_iter().map(|outgoing| (outgoing.row.message.id, outgoing)).collect();
            Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
        };
        self.combiner.run_repeatable(tenant, id, together).await
    }
}

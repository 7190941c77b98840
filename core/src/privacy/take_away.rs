//! Taking conversations away in small steps, each a transaction of its own.

use hubchat_domain::{ConversationId, TenantId};
use hubchat_ports::PurgeCounts;

use super::delete_files::delete_files_jobs;
use crate::{Fault, Ports, fault::Retries};

/// Messages of one transaction: no other session waits long for it.
const MESSAGES_AT_ONCE: u32 = 500;

/// Takes conversations away with their messages and files. What was taken away stays so when a later step
/// fails; the same call goes on from there. A conversation that gets a message meanwhile stays, with that.
pub(super) async fn take_away(
    ports: &Ports,
    tenant: TenantId,
    conversations: &[ConversationId],
) -> Result<PurgeCounts, Fault> {
    let mut count = PurgeCounts::default();
    loop {
        let taken = step(ports, tenant, conversations).await?;
        count.messages += taken.messages;
        count.files += taken.files;
        count.conversations += taken.conversations;
        if taken.messages == 0 {
            return Ok(count);
        }
    }
}

async fn step(ports: &Ports, tenant: TenantId, conversations: &[ConversationId]) -> Result<PurgeCounts, Fault> {
    let mut retries = Retries::default();
    loop {
        let result: Result<PurgeCounts, Fault> = async {
            let session = ports.repository.begin(tenant).await?;
            let taken = session.purge().delete_messages(conversations, MESSAGES_AT_ONCE).await?;
            session.jobs().append(&delete_files_jobs(&taken.storage_keys)).await?;
            let gone = match taken.messages {
                0 => session.purge().delete_empty_conversations(conversations).await?,
                _ => 0,
            };
            session.commit().await?;
            Ok(PurgeCounts { conversations: gone, messages: taken.messages, files: taken.files })
        }
        .await;
        if !retries.again(&result, ports).await {
            return result;
        }
    }
}

//! What the customer notices and is no message: someone is writing, something was seen.

use hubchat_domain::{ConversationId, Direction, Message, Permission, TenantId};
use hubchat_ports::{ReservedJob, SignalRequest, ThreadSignal, Viewer};
use serde::{Deserialize, Serialize};

use crate::{
    AccountCache, Actor, ErrorCode, Fault, Ports, RetryPolicy, SettingsCache,
    fault::faults_become,
    jobs::{self, JobOutcome},
};

/// The customer's newest message is looked for among so many.
const NEWEST: u32 = 20;

/// The kind of the job that tells the customer's app that a thread was seen.
pub(crate) const SEEN_JOB: &str = "channel.seen.v1";

/// The payload of that job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SeenJob {
    conversation_id: ConversationId,
}

/// The job that tells the customer's app that a thread was seen.
pub(super) fn seen_job(id: ConversationId) -> hubchat_ports::NewJob {
    jobs::background(SEEN_JOB, &format!("seen:{id}"), &serde_json::json!(SeenJob { conversation_id: id }))
}

/// The kind of the job that tells the provider that a press was noticed.
pub(crate) const PRESSED_JOB: &str = "channel.pressed.v1";

/// The payload of that job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PressedJob {
    conversation_id: ConversationId,
    press_id: String,
}

/// The job that tells the provider that a press was noticed.
pub(crate) fn pressed_job(conversation_id: ConversationId, press_id: String) -> hubchat_ports::NewJob {
    let order_key = format!("pressed:{press_id}");
    jobs::background(PRESSED_JOB, &order_key, &serde_json::json!(PressedJob { conversation_id, press_id }))
}

/// Why a signal was not given.
#[derive(Debug, thiserror::Error)]
pub enum SignalError {
    /// There is no such conversation, or the actor does not see it.
    #[error("no such conversation")]
    UnknownConversation,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(SignalError);

impl ErrorCode for SignalError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownConversation => "conversation_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<std::time::Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Gives signals. They are best effort: nothing is kept of them, and nothing waits for them.
#[derive(Clone)]
pub struct Signals {
    ports: Ports,
    accounts: AccountCache,
    settings: SettingsCache,
    policy: RetryPolicy,
}

/// What a signal was worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signalled {
    /// The provider took it.
    Given,
    /// The channel has no such signal, or the provider did not take it.
    NotGiven,
}

impl Signals {
    pub(crate) fn new(ports: Ports, accounts: AccountCache, settings: SettingsCache, policy: RetryPolicy) -> Self {
        Self { ports, accounts, settings, policy }
    }

    /// Lets the customer see that someone is writing.
    pub async fn typing(&self, actor: &Actor, id: ConversationId) -> Result<Signalled, SignalError> {
        actor.require(Permission::MessagesSend)?;
        let row = self.ports.repository.inbox(actor.tenant_id()).find_conversation(&actor.viewer(), id).await?;
        row.ok_or(SignalError::UnknownConversation)?;
        Ok(self.give(actor.tenant_id(), id, ThreadSignal::Typing, None).await?)
    }

    /// Does one job that gives a signal.
    pub(crate) async fn run(&self, job: &ReservedJob) -> JobOutcome {
        let (seen, pressed) = (serde_json::from_str::<SeenJob>(&job.payload), serde_json::from_str(&job.payload));
        let given = match (job.kind.as_str(), seen, pressed) {
            (PRESSED_JOB, _, Ok(PressedJob { conversation_id, press_id })) => {
                self.give(job.tenant_id, conversation_id, ThreadSignal::Pressed, Some(press_id)).await
            }
            (SEEN_JOB, Ok(payload), _) => {
                self.give(job.tenant_id, payload.conversation_id, ThreadSignal::Seen, None).await
            }
            _ => return JobOutcome::dead("the payload cannot be read"),
        };
        match given {
            Ok(_) => JobOutcome::Done,
            Err(fault) => self.policy.after_fault(job.attempt, &fault, &*self.ports.randomness),
        }
    }

    async fn give(
        &self,
        tenant: TenantId,
        id: ConversationId,
        signal: ThreadSignal,
        about: Option<String>,
    ) -> Result<Signalled, Fault> {
        let Some(row) = self.ports.repository.inbox(tenant).find_conversation(&Viewer::SYSTEM, id).await? else {
            return Ok(Signalled::NotGiven);
        };
        let settings = self.settings.of(tenant).await?;
        let wanted = match signal {
            ThreadSignal::Typing => settings.show_typing,
            ThreadSignal::Seen => settings.show_seen,
            ThreadSignal::Pressed => true,
        };
        let thread = row.conversation;
        // Nobody sees in private what happens under a post.
        let in_private = thread.comment.is_none() || thread.address.is_some();
        let Some(access) = self.accounts.by_id(tenant, thread.thread.account_id).await? else {
            return Ok(Signalled::NotGiven);
        };
        let Ok(adapter) = self.ports.channels.get(access.account.channel_type) else {
            return Ok(Signalled::NotGiven);
        };
        if !wanted || !in_private || thread.standby || !access.account.status.is_usable() {
            return Ok(Signalled::NotGiven);
        }
        let newest_inbound_id = match about {
            Some(about) => Some(about),
            None => self.newest_inbound(tenant, id).await?,
        };
        let request = SignalRequest {
            newest_inbound_id,
            thread_kind: thread.thread_kind,
            external_thread_id: thread.send_address().to_owned(),
            signal,
        };
        Ok(match adapter.signal(&access, &request).await {
            Ok(()) => Signalled::Given,
            Err(_) => Signalled::NotGiven,
        })
    }

    async fn newest_inbound(&self, tenant: TenantId, id: ConversationId) -> Result<Option<String>, Fault> {
        let session = self.ports.repository.begin(tenant).await?;
        let newest = session.messages().find_newest(&[id], NEWEST).await?;
        let inbound = newest.iter().map(Message::record).filter(|message| message.direction == Direction::Inbound);
        Ok(inbound.max_by_key(|message| message.seq).and_then(|message| message.external_message_id.clone()))
    }
}

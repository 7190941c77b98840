//! Bringing a conversation back that was put aside.

use hubchat_domain::{ConversationId, TenantId, Timestamp};
use hubchat_ports::{NewJob, ReservedJob};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::update_conversation::changed_event;
use crate::{
    Fault, Ports, RetryPolicy,
    fault::Retries,
    jobs::{self, JobOutcome},
};

/// The kind of the job that brings a conversation back.
pub(crate) const WAKE_JOB: &str = "conversation.wake.v1";

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WakeJob {
    conversation_id: ConversationId,
    /// Until when it was put aside: another moment means that it was put aside anew.
    until: Timestamp,
}

/// The job that brings a conversation back at that moment.
pub(super) fn wake_job(id: ConversationId, until: Timestamp, now: Timestamp) -> NewJob {
    let payload = json!(WakeJob { conversation_id: id, until });
    NewJob { delay: until.since(now), ..jobs::background(WAKE_JOB, &format!("wake:{id}"), &payload) }
}

/// Brings conversations back.
#[derive(Clone)]
pub(crate) struct WakeConversation {
    ports: Ports,
    policy: RetryPolicy,
}

impl WakeConversation {
    pub(crate) fn new(ports: Ports, policy: RetryPolicy) -> Self {
        Self { ports, policy }
    }

    /// Does one job.
    pub(crate) async fn run(&self, job: &ReservedJob) -> JobOutcome {
        let Ok(payload) = serde_json::from_str::<WakeJob>(&job.payload) else {
            return JobOutcome::dead("the payload cannot be read");
        };
        let mut retries = Retries::default();
        loop {
            let result = self.wake(job.tenant_id, &payload).await;
            if !retries.again(&result, &self.ports).await {
                return match result {
                    Ok(()) => JobOutcome::Done,
                    Err(fault) => self.policy.after_fault(job.attempt, &fault, &*self.ports.randomness),
                };
            }
        }
    }

    async fn wake(&self, tenant: TenantId, job: &WakeJob) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(tenant).await?;
        let Some(mut conversation) = session.conversations().find(job.conversation_id).await? else { return Ok(()) };
        if conversation.record().snoozed_until != Some(job.until) || !conversation.snooze(None, now) {
            return Ok(());
        }
        session.conversations().update(&conversation).await?;
        let data = json!({"status": conversation.record().status, "snoozedUntil": null});
        session.events().append(vec![changed_event(&conversation, data, now)]).await?;
        Ok(session.commit().await?)
    }
}

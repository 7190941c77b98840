//! Dead letters: jobs that were given up, listed, replayed and discarded by an operator.

use hubchat_domain::{AuditAction, AuditDraft, AuditSubject, MessageId, SubjectKind, WebhookEventId};
use hubchat_ports::{DeadLetter, DeadLetterFilter, JobId, LaneStats, QueueError, StorageError};
use serde::Deserialize;
use serde_json::json;

use crate::{Actor, ErrorCode, Fault, PROCESS_EVENT_JOB, Ports, messages::DELIVER_JOB};

/// Why nothing was done with a dead letter.
#[derive(Debug, thiserror::Error)]
pub enum DeadLetterError {
    /// There is no such dead letter.
    #[error("no such dead letter")]
    Unknown,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StorageError> for DeadLetterError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<QueueError> for DeadLetterError {
    fn from(error: QueueError) -> Self {
        Self::Fault(error.into())
    }
}

impl ErrorCode for DeadLetterError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "dead_letter_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subject {
    webhook_event_id: Option<WebhookEventId>,
    message_id: Option<MessageId>,
}

/// Works on dead letters, over all tenants. For operators at the machine only: no actor is asked for.
#[derive(Clone)]
pub struct DeadLetters {
    ports: Ports,
}

impl DeadLetters {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Dead letters, by number.
    pub async fn list(&self, filter: &DeadLetterFilter) -> Result<Vec<DeadLetter>, DeadLetterError> {
        Ok(self.ports.queue.list_dead(filter).await?)
    }

    /// The lanes at a glance.
    pub async fn stats(&self) -> Result<Vec<LaneStats>, DeadLetterError> {
        Ok(self.ports.queue.stats().await?)
    }

    /// Has the job done again: a received event waits again, a message is queued again under the same
    /// idempotency key.
    pub async fn replay(&self, id: JobId) -> Result<(), DeadLetterError> {
        let letter = self.ports.queue.find_dead(id).await?.ok_or(DeadLetterError::Unknown)?;
        let subject = serde_json::from_str::<Subject>(&letter.payload).ok();
        let session = self.ports.repository.begin(letter.tenant_id).await?;
        match (letter.kind.as_str(), subject) {
            (PROCESS_EVENT_JOB, Some(Subject { webhook_event_id: Some(event), .. })) => {
                session.webhook_events().reopen(&[event]).await?;
            }
            (DELIVER_JOB, Some(Subject { message_id: Some(message), .. })) => {
                if let Some(mut message) = session.messages().find(message).await?
                    && message.requeue(self.ports.clock.now())
                {
                    session.messages().update(&message).await?;
                }
            }
            _ => {}
        }
        session.audit().append(self.audited(AuditAction::DeadLetterReplayed, &letter)).await?;
        session.commit().await?;
        // Were this lost, the letter would still be there to be replayed again.
        if self.ports.queue.replay(id).await? { Ok(()) } else { Err(DeadLetterError::Unknown) }
    }

    /// Lets the letter go for good. What it was about stays as it is: dead or failed.
    pub async fn discard(&self, id: JobId) -> Result<(), DeadLetterError> {
        let letter = self.ports.queue.find_dead(id).await?.ok_or(DeadLetterError::Unknown)?;
        let session = self.ports.repository.begin(letter.tenant_id).await?;
        session.audit().append(self.audited(AuditAction::DeadLetterDiscarded, &letter)).await?;
        // Written first: a letter must not go without a word. Were the next step lost, it would still be there.
        session.commit().await?;
        if self.ports.queue.discard(id).await? { Ok(()) } else { Err(DeadLetterError::Unknown) }
    }

    fn audited(&self, action: AuditAction, letter: &DeadLetter) -> AuditDraft {
        let operator = Actor::system(letter.tenant_id);
        let about = json!({"lane": letter.lane.as_str(), "kind": letter.kind, "attempts": letter.attempts});
        let subject = AuditSubject::new(SubjectKind::Job, letter.id.0);
        operator.audit(action, subject, Some(about), None, self.ports.clock.now())
    }
}

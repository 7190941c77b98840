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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use hubchat_domain::AuditActor;
    use hubchat_ports::{Lane, MockUnitOfWork};

    use super::*;
    use crate::test_ports::{TestPorts, audit_store, now, tenant};

    fn letter() -> DeadLetter {
        DeadLetter {
            id: JobId(7),
            lane: Lane::Background,
            order_key: "key".to_owned(),
            tenant_id: tenant(),
            kind: "profile.fetch.v1".to_owned(),
            payload: "{\"secret\":\"words\"}".to_owned(),
            attempts: 3,
            last_error: "gone".to_owned(),
            enqueued_at: now(),
            died_at: now(),
        }
    }

    /// Dead letters over a queue that knows the letter or not; what is written down is told.
    fn letters(there: bool) -> (DeadLetters, Arc<Mutex<Vec<AuditDraft>>>) {
        let written = Arc::new(Mutex::new(Vec::new()));
        let mut ports = TestPorts::default();
        ports.queue.expect_find_dead().returning(move |_| Ok(there.then(letter)));
        ports.queue.expect_replay().returning(|_| Ok(true));
        ports.queue.expect_discard().returning(|_| Ok(true));
        let log = Arc::clone(&written);
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            let log = Arc::clone(&log);
            let mut session = MockUnitOfWork::new();
            let audit = audit_store(move |draft| log.lock().expect("not poisoned").push(draft));
            session.expect_audit().return_const(audit);
            session.expect_commit().returning(|| Ok(()));
            Ok(Box::new(session))
        });
        (DeadLetters::new(ports.build()), written)
    }

    #[tokio::test]
    async fn what_an_operator_does_with_a_letter_is_written_down_without_its_payload() {
        let (letters, written) = letters(true);
        letters.replay(JobId(7)).await.expect("replayed");
        letters.discard(JobId(7)).await.expect("discarded");
        let written = written.lock().expect("not poisoned");
        let actions: Vec<AuditAction> = written.iter().map(|entry| entry.action).collect();
        assert_eq!(actions, [AuditAction::DeadLetterReplayed, AuditAction::DeadLetterDiscarded]);
        for entry in &*written {
            assert_eq!((entry.actor, entry.subject.to_string().as_str()), (AuditActor::System, "JOB:7"));
            let about = json!({"lane": "background", "kind": "profile.fetch.v1", "attempts": 3});
            assert_eq!(entry.before, Some(about));
        }
    }

    #[tokio::test]
    async fn a_letter_that_is_not_there_is_unknown_and_nothing_is_written() {
        let (letters, written) = letters(false);
        assert_eq!(letters.replay(JobId(7)).await.expect_err("unknown").code(), "dead_letter_not_found");
        assert_eq!(letters.discard(JobId(7)).await.expect_err("unknown").code(), "dead_letter_not_found");
        assert!(written.lock().expect("not poisoned").is_empty());
    }
}

//! Sending a message again that did not arrive, by an agent's decision.

use std::time::Duration;

use hubchat_domain::{AuditAction, DeliveryStatus, Direction, MessageId, Permission, Visibility};
use hubchat_ports::MessageRow;
use serde_json::json;

use super::{deliver_job, updated};
use crate::{
    Actor, ErrorCode, Fault, Ports,
    fault::{Retries, faults_become},
};

/// Why a message was not queued again.
#[derive(Debug, thiserror::Error)]
pub enum RetryMessageError {
    /// There is no such message, or the actor does not see it.
    #[error("no such message")]
    Unknown,
    /// It is on its way, or arrived, or was never to be sent.
    #[error("only a message that failed or is uncertain is sent again")]
    NotRetryable,
    /// Nobody knows whether it arrived: sending it again may make two of it.
    #[error("the message may have arrived: look first, then confirm")]
    Unconfirmed,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(RetryMessageError);

impl ErrorCode for RetryMessageError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "message_not_found",
            Self::NotRetryable => "message_not_retryable",
            Self::Unconfirmed => "retry_needs_confirmation",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Queues messages again. Where the channel takes idempotency keys the message keeps its own, so that what did
/// arrive is not sent twice.
#[derive(Clone)]
pub struct RetryMessage {
    ports: Ports,
}

impl RetryMessage {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Queues a message again that failed, or, once `confirmed`, one of which nobody knows whether it arrived.
    pub async fn run(&self, actor: &Actor, id: MessageId, confirmed: bool) -> Result<MessageRow, RetryMessageError> {
        actor.require(Permission::MessagesSend)?;
        let inbox = self.ports.repository.inbox(actor.tenant_id());
        // Whether the actor sees its conversation.
        inbox.find_message(actor.visibility(), id).await?.ok_or(RetryMessageError::Unknown)?;
        let mut retries = Retries::default();
        loop {
            let result = self.attempt(actor, id, confirmed).await;
            if !retries.again(&result, &self.ports).await {
                result?;
                break;
            }
        }
        inbox.find_message(&Visibility::All, id).await?.ok_or(RetryMessageError::Unknown)
    }

    async fn attempt(&self, actor: &Actor, id: MessageId, confirmed: bool) -> Result<(), RetryMessageError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let mut message = session.messages().find(id).await?.ok_or(RetryMessageError::Unknown)?;
        let was = message.record().delivery_status;
        if message.record().direction != Direction::Outbound || message.record().unsent_at.is_some() {
            return Err(RetryMessageError::NotRetryable);
        }
        if was == DeliveryStatus::Uncertain && !confirmed {
            return Err(RetryMessageError::Unconfirmed);
        }
        if !message.requeue(now) {
            return Err(RetryMessageError::NotRetryable);
        }
        session.messages().update(&message).await?;
        let record = message.record();
        if let Some(mut conversation) = session.conversations().find(record.conversation_id).await?
            && conversation.note_answer_queued(now)
        {
            session.conversations().update(&conversation).await?;
        }
        session.events().append(vec![updated(&message, now)]).await?;
        session.jobs().append(&[deliver_job(&message)]).await?;
        let (before, after) = (json!({"deliveryStatus": was}), json!({"deliveryStatus": record.delivery_status}));
        let draft = actor.audit(AuditAction::MessageRetried, id, Some(before), Some(after), now);
        session.audit().append(draft).await?;
        Ok(session.commit().await?)
    }
}

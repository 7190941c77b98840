//! Marking a conversation read, and changing its status.

use std::time::Duration;

use hubchat_domain::{AuditAction, ConversationId, ConversationStatus, DomainEvent, EventType, Permission};
use hubchat_ports::ConversationRow;
use serde_json::json;

use super::signals::seen_job;
use crate::{
    Actor, ErrorCode, Fault, Ports,
    fault::{Retries, faults_become},
};

/// What to change; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UpdateConversationCommand {
    /// Its status from now on.
    pub status: Option<ConversationStatus>,
    /// Everything up to now was seen.
    pub mark_read: bool,
}

/// Why a conversation was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateConversationError {
    /// There is no such conversation.
    #[error("no such conversation")]
    Unknown,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(UpdateConversationError);

impl ErrorCode for UpdateConversationError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "conversation_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Changes conversations.
#[derive(Clone)]
pub struct UpdateConversation {
    ports: Ports,
}

impl UpdateConversation {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Changes a conversation; a change that is no news writes nothing.
    pub async fn run(
        &self,
        actor: &Actor,
        id: ConversationId,
        command: UpdateConversationCommand,
    ) -> Result<ConversationRow, UpdateConversationError> {
        actor.require(Permission::LeadsWrite)?;
        let mut retries = Retries::default();
        loop {
            let result = self.attempt(actor, id, command).await;
            if !retries.again(&result, &self.ports).await {
                result?;
                break;
            }
        }
        let row = self.ports.repository.inbox(actor.tenant_id()).find_conversation(id).await?;
        row.ok_or(UpdateConversationError::Unknown)
    }

    async fn attempt(
        &self,
        actor: &Actor,
        id: ConversationId,
        command: UpdateConversationCommand,
    ) -> Result<(), UpdateConversationError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let mut conversation = session.conversations().find(id).await?.ok_or(UpdateConversationError::Unknown)?;
        let before = conversation.record().status;
        let read = command.mark_read && conversation.mark_read(now);
        let moved = command.status.is_some_and(|status| conversation.set_status(status, now));
        if !read && !moved {
            return Ok(());
        }
        let record = conversation.record();
        let event = DomainEvent {
            event_type: EventType::ConversationUpdated,
            lead_id: Some(record.lead_id),
            conversation_id: Some(record.id),
            message_id: None,
            data: json!({"status": record.status, "unreadCount": record.unread_count}),
            at: now,
        };
        session.conversations().update(&conversation).await?;
        session.events().append(vec![event]).await?;
        if moved {
            let (before, after) = (json!({"status": before}), json!({"status": record.status}));
            let draft = actor.audit(AuditAction::ConversationUpdated, id, Some(before), Some(after), now);
            session.audit().append(draft).await?;
        }
        if read {
            session.jobs().append(&[seen_job(id)]).await?;
        }
        Ok(session.commit().await?)
    }
}

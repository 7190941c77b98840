//! Accepting a message to be sent: the row and its job, in one transaction. The worker delivers it.

use std::time::Duration;

use hubchat_domain::{
    AccountStatus, AuditAction, Conversation, ConversationId, DeliveryStatus, Direction, DomainEvent, EventType,
    LeadId, Media, MediaLimit, MediaRecord, Message, MessageContent, MessageId, MessageRecord, Permission, SendFacts,
    SendRefusal, Sender, Timestamp, Visibility, send_options,
};
use hubchat_ports::{ContentRefused, Lane, MessageRow, NewJob, UnitOfWork};
use serde_json::json;

use super::{DELIVER_JOB, NewContent};
use crate::{
    Actor, CallerLimitError, ErrorCode, Fault, KeepLimits, Ports, RateLimited, UnknownChannel,
    fault::{Retries, faults_become},
    keyed_request::{KeyClaim, KeyedRequest},
};

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendTarget {
    /// Into this conversation.
    Conversation(ConversationId),
    /// Into the newest conversation of this lead.
    Lead(LeadId),
}

/// What to send.
#[derive(Debug, Clone, PartialEq)]
pub struct SendMessageCommand {
    /// To whom.
    pub target: SendTarget,
    /// What.
    pub content: NewContent,
    /// The message that it answers, to be quoted where the channel can.
    pub reply_to: Option<MessageId>,
    /// A person wrote it, as the caller states: what some channels ask of late answers.
    pub by_person: bool,
    /// The writer's own id of it, which comes back with the message; 1 to 64 characters.
    pub client_message_id: Option<String>,
    /// The caller's key: the same key with the same command makes one message, however often it comes.
    pub idempotency_key: Option<String>,
}

/// A message that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct QueuedMessage {
    /// The message as it is now.
    pub row: MessageRow,
    /// An earlier call with the same idempotency key had made it.
    pub replayed: bool,
}

/// Why a message was not accepted. Nothing was queued.
#[derive(Debug, thiserror::Error)]
pub enum SendMessageError {
    /// There is no such conversation, the lead has none, or the actor does not see it.
    #[error("no such conversation")]
    UnknownConversation,
    /// The message to be quoted is not in the conversation.
    #[error("the message to answer is not in this conversation")]
    UnknownReplyTo,
    /// The channel cannot carry it.
    #[error("{0}")]
    Content(#[from] ContentRefused),
    /// The channel's rules forbid it now; the reason is the one that the send options tell.
    #[error("{}", .0.words())]
    NotNow(SendRefusal),
    /// The key was used for something else.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The channel is not part of this process.
    #[error(transparent)]
    UnknownChannel(#[from] UnknownChannel),
    /// Too many messages went into this conversation.
    #[error(transparent)]
    Limited(#[from] RateLimited),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(SendMessageError);

impl From<CallerLimitError> for SendMessageError {
    fn from(error: CallerLimitError) -> Self {
        match error {
            CallerLimitError::Limited(limited) => Self::Limited(limited),
            CallerLimitError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl ErrorCode for SendMessageError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownConversation => "conversation_not_found",
            Self::UnknownReplyTo => "message_not_found",
            Self::Content(_) => "invalid_content",
            Self::NotNow(SendRefusal::Standby) => "conversation_standby",
            Self::NotNow(SendRefusal::Unreachable) => "recipient_unreachable",
            Self::NotNow(SendRefusal::WindowClosed) => "window_closed",
            Self::NotNow(SendRefusal::PersonsOnly) => "persons_only",
            Self::NotNow(SendRefusal::TemplateOnly) => "template_only",
            Self::NotNow(SendRefusal::TextOnly) => "text_only",
            Self::NotNow(SendRefusal::AwaitingAnswer) => "awaiting_answer",
            Self::NotNow(SendRefusal::CommentTooOld) => "comment_too_old",
            Self::NotNow(SendRefusal::KindUnsupported) => "kind_unsupported",
            Self::KeyReused => "idempotency_key_reused",
            Self::UnknownChannel(_) => "channel_unavailable",
            Self::Limited(limited) => limited.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Content(refused) => Some(refused.field),
            Self::UnknownReplyTo => Some("replyTo"),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Limited(limited) => limited.retry_after(),
            Self::Fault(fault) => fault.retry_after(),
            _ => None,
        }
    }
}

/// Accepts messages to be sent.
#[derive(Clone)]
pub struct SendMessage {
    ports: Ports,
    limits: KeepLimits,
}

impl SendMessage {
    /// For how long a repeated key is recognised.
    pub const KEY_LIFETIME: Duration = Duration::from_hours(48);

    pub(crate) fn new(ports: Ports, limits: KeepLimits) -> Self {
        Self { ports, limits }
    }

    /// Accepts one message.
    pub async fn run(&self, actor: &Actor, command: &SendMessageCommand) -> Result<QueuedMessage, SendMessageError> {
        actor.require(Permission::MessagesSend)?;
        if let Some(conversation) = self.conversation(actor, command.target).await? {
            self.limits.take_send(actor.tenant_id(), conversation).await?;
        }
        let mut retries = Retries::default();
        let (id, replayed) = loop {
            let result = self.attempt(actor, command).await;
            if !retries.again(&result, &self.ports).await {
                break result?;
            }
        };
        let row = self.ports.repository.inbox(actor.tenant_id()).find_message(&Visibility::All, id).await?;
        let row = row.ok_or(SendMessageError::UnknownConversation)?;
        Ok(QueuedMessage { row, replayed })
    }

    /// The conversation whose limit the message counts for. Whether it exists is found out later.
    async fn conversation(&self, actor: &Actor, target: SendTarget) -> Result<Option<ConversationId>, Fault> {
        match target {
            SendTarget::Conversation(id) => Ok(Some(id)),
            SendTarget::Lead(id) => {
                let lead = self.ports.repository.inbox(actor.tenant_id()).find_lead(actor.visibility(), id).await?;
                Ok(lead.and_then(|lead| lead.conversation_id))
            }
        }
    }

    async fn attempt(
        &self,
        actor: &Actor,
        command: &SendMessageCommand,
    ) -> Result<(MessageId, bool), SendMessageError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let conversation = match command.target {
            SendTarget::Conversation(id) => session.conversations().find(id).await?,
            SendTarget::Lead(lead) => session.conversations().find_latest_of_lead(lead).await?,
        };
        let conversation = conversation.filter(|conversation| actor.sees_conversation(conversation));
        let mut conversation = conversation.ok_or(SendMessageError::UnknownConversation)?;
        let id: MessageId = self.ports.next_id();
        if let Some(key) = &command.idempotency_key {
            let told =
                format!("{:?} {:?} {:?} {}", command.content, command.target, command.reply_to, command.by_person);
            let digest = self.ports.vault.digest(told.as_bytes());
            let request =
                KeyedRequest { operation: "message.send", key, fingerprint: digest.clone(), makes: id.as_uuid() };
            match request.claim(&*session, actor, now, |earlier| earlier == digest).await? {
                KeyClaim::Fresh => {}
                KeyClaim::Replayed(made) => return Ok((MessageId::from_uuid(made), true)),
                KeyClaim::Reused => return Err(SendMessageError::KeyReused),
            }
        }
        let message = self.compose(&*session, actor, command, &mut conversation, id).await?;
        conversation.note_message(&message, now);
        session.messages().insert_many(std::slice::from_ref(&message)).await?;
        session.conversations().update(&conversation).await?;
        session.events().append(vec![created(&message)]).await?;
        let record = message.record();
        session.jobs().append(&[deliver_job(&message)]).await?;
        // Never the words: whom they went to and what kind of message it was is enough to find them.
        let after = json!({
            "conversationId": record.conversation_id,
            "leadId": record.lead_id,
            "messageType": record.content.kind(),
            "channelType": conversation.record().channel_type,
        });
        session.audit().append(actor.audit(AuditAction::MessageSent, id, None, Some(after), now)).await?;
        session.commit().await?;
        Ok((id, false))
    }

    async fn compose(
        &self,
        session: &dyn UnitOfWork,
        actor: &Actor,
        command: &SendMessageCommand,
        conversation: &mut Conversation,
        id: MessageId,
    ) -> Result<Message, SendMessageError> {
        let thread = conversation.record();
        let quoted = match command.reply_to {
            None => None,
            Some(quoted) => {
                let quoted = session.messages().find(quoted).await?;
                let quoted = quoted.filter(|m| m.record().conversation_id == thread.id);
                Some(quoted.ok_or(SendMessageError::UnknownReplyTo)?)
            }
        };
        let media = match command.content.media_id() {
            Some(id) => actor.find_media(session, id).await?,
            None => None,
        };
        let content = command.content.clone().into_content(media.as_ref().map(Media::record))?;
        let adapter = self.ports.channels.get(thread.channel_type)?;
        let url = content.attachment().and_then(|file| file.url.clone());
        adapter.check_content(&content, url)?;
        let capabilities = adapter.capabilities();
        within_limits(&content, media.as_ref().map(Media::record), capabilities.media_limits)?;
        let mut sender = actor.sender();
        if let Sender::ApiKey { by_person, .. } = &mut sender {
            *by_person = command.by_person;
        }
        let person = session.contacts().find_identity(thread.identity_id).await?;
        let reachable = person.is_none_or(|person| person.identity.record().reachable);
        let facts = SendFacts { conversation: thread, reachable, kinds: capabilities.send_kinds };
        let now = self.ports.clock.now();
        send_options(&facts, now).choose(&content, sender.is_person()).map_err(SendMessageError::NotNow)?;

        let record = MessageRecord {
            id,
            tenant_id: thread.tenant_id,
            conversation_id: thread.id,
            account_id: thread.thread.account_id,
            lead_id: thread.lead_id,
            seq: 0,
            direction: Direction::Outbound,
            sender,
            content,
            client_message_id: command.client_message_id.clone(),
            external_message_id: None,
            further_external_ids: Vec::new(),
            quote_token: quoted.as_ref().and_then(|m| m.record().quote_token.clone()),
            quoted_external_id: quoted.as_ref().and_then(|m| m.record().external_message_id.clone()),
            delivery_status: DeliveryStatus::Queued,
            failure: None,
            attempt: None,
            occurred_at: now.max(thread.last_message_at),
            created_at: now,
            updated_at: now,
            sent_at: None,
            edited_at: None,
            unsent_at: None,
            former_texts: Vec::new(),
            version: 1,
        };
        Ok(Message::queued(MessageRecord { seq: conversation.next_seq(), ..record }))
    }
}

/// Whether a file of ours is one that the channel takes. Of a file at an address nothing is known beforehand.
fn within_limits(
    content: &MessageContent,
    media: Option<&MediaRecord>,
    limits: &[MediaLimit],
) -> Result<(), ContentRefused> {
    let Some(media) = media else { return Ok(()) };
    let Some(limit) = limits.iter().find(|limit| limit.kind == content.kind()) else { return Ok(()) };
    let refuse = |reason: String| Err(ContentRefused { field: "mediaId", reason });
    let size = media.size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
    if size > limit.max_bytes {
        return refuse(format!("the channel takes at most {} bytes of it", limit.max_bytes));
    }
    let known = media.content_type.as_deref().unwrap_or_default();
    if !limit.content_types.is_empty() && !limit.content_types.contains(&known) {
        return refuse(format!("the channel takes {}", limit.content_types.join(", ")));
    }
    Ok(())
}

/// The job that delivers a message, behind those of its conversation.
pub(super) fn deliver_job(message: &Message) -> NewJob {
    let record = message.record();
    NewJob {
        lane: Lane::Outbound,
        order_key: record.conversation_id.to_string(),
        kind: DELIVER_JOB.to_owned(),
        payload: json!({"messageId": record.id}).to_string(),
        delay: Duration::ZERO,
    }
}

/// What is told of a message that came to be.
pub(crate) fn created(message: &Message) -> DomainEvent {
    told(EventType::MessageCreated, message, message.record().created_at)
}

/// What is told of a message that changed.
pub(super) fn updated(message: &Message, now: Timestamp) -> DomainEvent {
    told(EventType::MessageUpdated, message, now)
}

fn told(event_type: EventType, message: &Message, at: Timestamp) -> DomainEvent {
    let record = message.record();
    DomainEvent {
        event_type,
        lead_id: Some(record.lead_id),
        conversation_id: Some(record.conversation_id),
        message_id: Some(record.id),
        data: json!({
            "direction": record.direction,
            "messageType": record.content.kind(),
            "deliveryStatus": record.delivery_status,
            "seq": record.seq,
        }),
        at,
    }
}

/// Sends through an account that is not active wait; this says why, for whoever shows them.
pub(crate) fn waiting_reason(status: AccountStatus) -> &'static str {
    match status {
        AccountStatus::Active | AccountStatus::Degraded => "the account is active",
        AccountStatus::Removed => "the account was removed",
        AccountStatus::Paused => "the account is paused",
        AccountStatus::Unauthorized => "the provider refuses the account's credentials",
    }
}

//! A word among colleagues, in the thread that it is about.

use std::{collections::BTreeSet, time::Duration};

use hubchat_domain::{
    Activity, ActivityKind, AuditAction, Conversation, ConversationId, DeliveryStatus, Direction, MemberId,
    MemberStatus, Message, MessageContent, MessageId, MessageRecord, Permission, Timestamp, Visibility,
};
use hubchat_ports::{Mention, UnitOfWork};
use serde_json::json;

use crate::{
    Actor, ErrorCode, Fault, Ports, QueuedMessage,
    fault::{Retries, faults_become},
    keyed_request::{KeyClaim, KeyedRequest},
    messages::created,
};

/// A note to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddNoteCommand {
    /// Its text, 1 to 4,000 characters.
    pub text: String,
    /// The colleagues who are to look at it, at most 20.
    pub mentions: Vec<MemberId>,
    /// The writer's own id of it.
    pub client_message_id: Option<String>,
    /// The caller's key: the same key with the same command makes one note, however often it comes.
    pub idempotency_key: Option<String>,
}

/// Why a note was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddNoteError {
    /// There is no such conversation, or the actor does not see it.
    #[error("no such conversation")]
    UnknownConversation,
    /// A colleague who is mentioned is none, or no longer works here.
    #[error("a member who is mentioned is not there")]
    UnknownMember,
    /// The text is empty or too long.
    #[error("a note has 1 to 4000 characters")]
    Text,
    /// Too many are mentioned.
    #[error("a note mentions at most 20 members")]
    TooManyMentions,
    /// The key was used for something else.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(AddNoteError);

impl ErrorCode for AddNoteError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownConversation => "conversation_not_found",
            Self::UnknownMember => "member_not_found",
            Self::Text | Self::TooManyMentions => "validation_failed",
            Self::KeyReused => "idempotency_key_reused",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::UnknownMember | Self::TooManyMentions => Some("mentions"),
            Self::Text => Some("text"),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Adds notes. They are messages that go nowhere: they stand in the thread, and change neither its preview nor its
/// order nor who waits for whom.
#[derive(Clone)]
pub struct AddNote {
    ports: Ports,
}

impl AddNote {
    /// The longest text, in characters.
    pub const MAX_CHARS: usize = 4_000;
    /// The most colleagues who are mentioned.
    pub const MAX_MENTIONS: usize = 20;

    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Adds a note.
    pub async fn run(
        &self,
        actor: &Actor,
        id: ConversationId,
        command: &AddNoteCommand,
    ) -> Result<QueuedMessage, AddNoteError> {
        actor.require(Permission::LeadsWrite)?;
        let length = command.text.trim().chars().count();
        if length == 0 || length > Self::MAX_CHARS {
            return Err(AddNoteError::Text);
        }
        if command.mentions.len() > Self::MAX_MENTIONS {
            return Err(AddNoteError::TooManyMentions);
        }
        let mut retries = Retries::default();
        let (note, replayed) = loop {
            let result = self.attempt(actor, id, command).await;
            if !retries.again(&result, &self.ports).await {
                break result?;
            }
        };
        let row = self.ports.repository.inbox(actor.tenant_id()).find_message(&Visibility::All, note).await?;
        let row = row.ok_or(AddNoteError::UnknownConversation)?;
        Ok(QueuedMessage { row, replayed })
    }

    async fn attempt(
        &self,
        actor: &Actor,
        id: ConversationId,
        command: &AddNoteCommand,
    ) -> Result<(MessageId, bool), AddNoteError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let found = session.conversations().find(id).await?.filter(|found| actor.sees_conversation(found));
        let mut conversation = found.ok_or(AddNoteError::UnknownConversation)?;
        let note: MessageId = self.ports.next_id();
        if let Some(key) = &command.idempotency_key {
            let told = format!("{id} {:?} {:?}", command.text, command.mentions);
            let digest = self.ports.vault.digest(told.as_bytes());
            let request =
                KeyedRequest { operation: "note.add", key, fingerprint: digest.clone(), makes: note.as_uuid() };
            match request.claim(&*session, actor, now, |earlier| earlier == digest).await? {
                KeyClaim::Fresh => {}
                KeyClaim::Replayed(made) => return Ok((MessageId::from_uuid(made), true)),
                KeyClaim::Reused => return Err(AddNoteError::KeyReused),
            }
        }
        let mentioned = mentioned(&*session, command).await?;
        let message = compose(actor, command, &mentioned, &mut conversation, note, now);
        conversation.note_message(&message, now);
        session.messages().insert_many(std::slice::from_ref(&message)).await?;
        session.conversations().update(&conversation).await?;
        let mentions: Vec<Mention> = mentioned
            .iter()
            // Nobody needs to be told of what they wrote themselves.
            .filter(|member| actor.as_member().is_none_or(|me| me.id != **member))
            .map(|&member_id| Mention { message_id: note, conversation_id: id, member_id, at: now })
            .collect();
        session.readings().add_mentions(&mentions).await?;
        let lead_id = conversation.record().lead_id;
        let activity = Activity {
            id: self.ports.next_id(),
            lead_id,
            kind: ActivityKind::NoteAdded,
            author: actor.author(),
            detail: json!({"messageId": note, "conversationId": id}),
            at: now,
        };
        session.activities().append(&[activity]).await?;
        session.events().append(vec![created(&message)]).await?;
        let after = json!({"conversationId": id, "leadId": lead_id, "mentions": mentioned});
        session.audit().append(actor.audit(AuditAction::NoteAdded, note, None, Some(after), now)).await?;
        session.commit().await?;
        Ok((note, false))
    }
}

/// The colleagues of the note, each once, all of them at work here.
async fn mentioned(session: &dyn UnitOfWork, command: &AddNoteCommand) -> Result<Vec<MemberId>, AddNoteError> {
    let wanted: BTreeSet<MemberId> = command.mentions.iter().copied().collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let members = session.members().list().await?;
    let there = |id: &MemberId| members.iter().any(|m| m.id == *id && m.status == MemberStatus::Active);
    if !wanted.iter().all(there) {
        return Err(AddNoteError::UnknownMember);
    }
    Ok(wanted.into_iter().collect())
}

fn compose(
    actor: &Actor,
    command: &AddNoteCommand,
    mentions: &[MemberId],
    conversation: &mut Conversation,
    id: MessageId,
    now: Timestamp,
) -> Message {
    let seq = conversation.next_seq();
    let thread = conversation.record();
    Message::noted(MessageRecord {
        id,
        tenant_id: thread.tenant_id,
        conversation_id: thread.id,
        account_id: thread.thread.account_id,
        lead_id: thread.lead_id,
        seq,
        direction: Direction::Internal,
        sender: actor.sender(),
        content: MessageContent::Note { text: command.text.trim().to_owned(), mentions: mentions.to_vec() },
        client_message_id: command.client_message_id.clone(),
        external_message_id: None,
        further_external_ids: Vec::new(),
        quote_token: None,
        quoted_external_id: None,
        delivery_status: DeliveryStatus::Delivered,
        failure: None,
        attempt: None,
        // Below what it is about, whatever the provider's clock said.
        occurred_at: now.max(thread.last_message_at),
        created_at: now,
        updated_at: now,
        sent_at: None,
        edited_at: None,
        unsent_at: None,
        former_texts: Vec::new(),
        version: 1,
    })
}

//! What a member writes and has not sent: kept for them alone, conversation by conversation, wherever they log in.

use std::time::Duration;

use hubchat_domain::{ConversationId, Media, MediaId, MemberId, Permission};
use hubchat_ports::{ContentRefused, Draft, DraftRow};

use crate::{Actor, ErrorCode, Fault, NotAMember, Ports, fault::faults_become, messages::sendable};

/// What is written so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftCommand {
    /// The words, at most 10,000 characters.
    pub text: String,
    /// It is to be a note.
    pub note: bool,
    /// The uploaded file that is to go with it.
    pub media_id: Option<MediaId>,
}

/// Why a draft was not read or kept.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// There is no such conversation, or the actor does not see it.
    #[error("no such conversation")]
    UnknownConversation,
    /// The file cannot go with a message.
    #[error("{0}")]
    File(#[from] ContentRefused),
    /// The text is too long.
    #[error("a draft has at most 10000 characters")]
    TooLong,
    /// A program has no drafts.
    #[error(transparent)]
    NotAMember(#[from] NotAMember),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(DraftError);

impl ErrorCode for DraftError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownConversation => "conversation_not_found",
            Self::File(_) => "invalid_content",
            Self::TooLong => "validation_failed",
            Self::NotAMember(error) => error.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::TooLong => Some("text"),
            Self::File(refused) => Some(refused.field),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Keeps drafts.
#[derive(Clone)]
pub struct Drafts {
    ports: Ports,
}

impl Drafts {
    /// The longest text, in characters: more than any channel carries.
    pub const MAX_CHARS: usize = 10_000;

    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// What the actor wrote in a conversation and has not sent, if anything; with its file while that can be sent.
    pub async fn find(&self, actor: &Actor, id: ConversationId) -> Result<Option<DraftRow>, DraftError> {
        let member = self.writer(actor, id).await?;
        let inbox = self.ports.repository.inbox(actor.tenant_id());
        let Some(mut row) = inbox.find_draft(id, member).await? else { return Ok(None) };
        // It may be gone since: what was not sent is not kept for ever.
        row.file.take_if(|file| sendable(Some(file)).is_err());
        // Or it went with a message, of a conversation that the actor does not see.
        if let Some(message) = row.file.as_ref().and_then(|file| file.message_id) {
            let seen = inbox.find_message(actor.visibility(), message).await?;
            row.file.take_if(|_| seen.is_none());
        }
        Ok(Some(row))
    }

    /// Keeps what the actor writes, in place of what was kept.
    pub async fn save(&self, actor: &Actor, id: ConversationId, command: DraftCommand) -> Result<DraftRow, DraftError> {
        if command.text.chars().count() > Self::MAX_CHARS {
            return Err(DraftError::TooLong);
        }
        let member_id = self.writer(actor, id).await?;
        let DraftCommand { text, note, media_id } = command;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let file = match media_id {
            Some(media) => {
                let media = actor.find_media(&*session, media).await?;
                Some(sendable(media.as_ref().map(Media::record))?.clone())
            }
            None => None,
        };
        let updated_at = self.ports.clock.now();
        let draft = Draft { conversation_id: id, member_id, text, note, media_id, updated_at };
        session.readings().save_draft(&draft).await?;
        session.commit().await?;
        Ok(DraftRow { draft, file })
    }

    /// Forgets what the actor wrote; that there was nothing is no error.
    pub async fn delete(&self, actor: &Actor, id: ConversationId) -> Result<(), DraftError> {
        let member = self.writer(actor, id).await?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        if session.readings().delete_draft(id, member).await? {
            session.commit().await?;
        }
        Ok(())
    }

    /// Who writes, if they may write there.
    async fn writer(&self, actor: &Actor, id: ConversationId) -> Result<MemberId, DraftError> {
        actor.require(Permission::LeadsWrite)?;
        let member = actor.as_member().ok_or(NotAMember)?.id;
        let row = self.ports.repository.inbox(actor.tenant_id()).find_conversation(&actor.viewer(), id).await?;
        row.ok_or(DraftError::UnknownConversation)?;
        Ok(member)
    }
}

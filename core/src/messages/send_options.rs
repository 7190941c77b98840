//! What may be sent in a conversation now: the answer that agents see before they write.

use hubchat_domain::{ConversationId, MediaLimit, Permission, SendFacts, SendOptions, Timestamp, send_options};

use super::send_message::waiting_reason;
use crate::{Actor, ErrorCode, Fault, Ports, UnknownChannel, fault::faults_become};

/// What may be sent, and what else a composer needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendOptionsView {
    /// The ways, and why there are no more.
    pub options: SendOptions,
    /// Why sends wait at present, when the account is not active.
    pub waits: Option<&'static str>,
    /// The most UTF-16 units of text in one message.
    pub max_text_utf16: usize,
    /// What files may be.
    pub media_limits: &'static [MediaLimit],
    /// The moment that the answer is for.
    pub at: Timestamp,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SendOptionsError {
    /// There is no such conversation, or the actor does not see it.
    #[error("no such conversation")]
    UnknownConversation,
    /// The channel is not part of this process.
    #[error(transparent)]
    UnknownChannel(#[from] UnknownChannel),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(SendOptionsError);

impl ErrorCode for SendOptionsError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownConversation => "conversation_not_found",
            Self::UnknownChannel(_) => "channel_unavailable",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<std::time::Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Tells what may be sent.
#[derive(Clone)]
pub struct GetSendOptions {
    ports: Ports,
}

impl GetSendOptions {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// What may be sent in a conversation now. A message that is sent regardless is refused with the same reason.
    pub async fn run(&self, actor: &Actor, id: ConversationId) -> Result<SendOptionsView, SendOptionsError> {
        actor.require(Permission::InboxRead)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let found = session.conversations().find(id).await?.filter(|found| actor.sees_conversation(found));
        let conversation = found.ok_or(SendOptionsError::UnknownConversation)?;
        let thread = conversation.record();
        let person = session.contacts().find_identity(thread.identity_id).await?;
        let account = session.accounts().find(thread.thread.account_id).await?;
        let capabilities = self.ports.channels.get(thread.channel_type)?.capabilities();
        let reachable = person.is_none_or(|person| person.identity.record().reachable);
        let at = self.ports.clock.now();
        let facts = SendFacts { conversation: thread, reachable, kinds: capabilities.send_kinds };
        let inactive = account.filter(|stored| !stored.account.may_send());
        Ok(SendOptionsView {
            options: send_options(&facts, at),
            waits: inactive.map(|stored| waiting_reason(stored.account.record().status)),
            max_text_utf16: capabilities.max_text_utf16,
            media_limits: capabilities.media_limits,
            at,
        })
    }
}

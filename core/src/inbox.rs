//! What screens read.

use std::time::Duration;

use hubchat_domain::{
    AccountStatus, Activity, ChannelAccount, ChannelAccountRecord, ConversationId, LeadId, MessageId, Permission,
};
use hubchat_ports::{
    AccountRow, ConversationFilter, ConversationOrder, ConversationRow, LaneCounts, LaneFilter, LeadFilter, LeadRow,
    MessageRow, Page, PageRequest, StorageError,
};

use crate::{Actor, ErrorCode, Fault, Ports};

/// Why something was not read.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// There is no such lead, or the actor does not see it.
    #[error("no such lead")]
    UnknownLead,
    /// There is no such conversation, or the actor does not see it.
    #[error("no such conversation")]
    UnknownConversation,
    /// There is no such message, or the actor does not see it.
    #[error("no such message")]
    UnknownMessage,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StorageError> for InboxError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

impl ErrorCode for InboxError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownLead => "lead_not_found",
            Self::UnknownConversation => "conversation_not_found",
            Self::UnknownMessage => "message_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Reads for screens, each one query. What the actor does not see is not there.
#[derive(Clone)]
pub struct Inbox {
    ports: Ports,
}

impl Inbox {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Leads, by last change.
    pub async fn leads(
        &self,
        actor: &Actor,
        filter: &LeadFilter,
        page: PageRequest,
    ) -> Result<Page<LeadRow>, InboxError> {
        actor.require(Permission::InboxRead)?;
        Ok(self.ports.repository.inbox(actor.tenant_id()).list_leads(actor.visibility(), filter, page).await?)
    }

    /// One lead.
    pub async fn lead(&self, actor: &Actor, id: LeadId) -> Result<LeadRow, InboxError> {
        actor.require(Permission::InboxRead)?;
        let row = self.ports.repository.inbox(actor.tenant_id()).find_lead(actor.visibility(), id).await?;
        row.ok_or(InboxError::UnknownLead)
    }

    /// A lead's activity log.
    pub async fn activity(&self, actor: &Actor, id: LeadId, page: PageRequest) -> Result<Page<Activity>, InboxError> {
        actor.require(Permission::InboxRead)?;
        let log = self.ports.repository.inbox(actor.tenant_id()).list_activity(actor.visibility(), id, page).await?;
        log.ok_or(InboxError::UnknownLead)
    }

    /// Conversations, in that order.
    pub async fn conversations(
        &self,
        actor: &Actor,
        filter: &ConversationFilter,
        order: ConversationOrder,
        page: PageRequest,
    ) -> Result<Page<ConversationRow>, InboxError> {
        actor.require(Permission::InboxRead)?;
        let inbox = self.ports.repository.inbox(actor.tenant_id());
        Ok(inbox.list_conversations(&actor.viewer(), filter, order, page).await?)
    }

    /// How much is in each lane.
    pub async fn lanes(&self, actor: &Actor, filter: &LaneFilter) -> Result<LaneCounts, InboxError> {
        actor.require(Permission::InboxRead)?;
        Ok(self.ports.repository.inbox(actor.tenant_id()).count_lanes(&actor.viewer(), filter).await?)
    }

    /// One conversation.
    pub async fn conversation(&self, actor: &Actor, id: ConversationId) -> Result<ConversationRow, InboxError> {
        actor.require(Permission::InboxRead)?;
        let row = self.ports.repository.inbox(actor.tenant_id()).find_conversation(&actor.viewer(), id).await?;
        row.ok_or(InboxError::UnknownConversation)
    }

    /// A conversation's messages, newest first.
    pub async fn messages(
        &self,
        actor: &Actor,
        id: ConversationId,
        page: PageRequest,
    ) -> Result<Page<MessageRow>, InboxError> {
        actor.require(Permission::InboxRead)?;
        let messages =
            self.ports.repository.inbox(actor.tenant_id()).list_messages(actor.visibility(), id, page).await?;
        messages.ok_or(InboxError::UnknownConversation)
    }

    /// One message.
    pub async fn message(&self, actor: &Actor, id: MessageId) -> Result<MessageRow, InboxError> {
        actor.require(Permission::InboxRead)?;
        let row = self.ports.repository.inbox(actor.tenant_id()).find_message(actor.visibility(), id).await?;
        row.ok_or(InboxError::UnknownMessage)
    }

    /// The names of the tenant's channel accounts, removed ones too, oldest first. Which leads one sees makes no
    /// difference: an account is nobody's.
    pub async fn accounts(&self, actor: &Actor, page: PageRequest) -> Result<Page<AccountRow>, InboxError> {
        actor.require(Permission::InboxRead)?;
        Ok(self.ports.repository.inbox(actor.tenant_id()).list_accounts(page).await?)
    }

    /// The tenant's channel accounts, oldest first.
    pub async fn channels(&self, actor: &Actor) -> Result<Vec<ChannelAccountRecord>, InboxError> {
        actor.require(Permission::ChannelsManage)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let accounts = session.accounts().list().await?;
        let present = accounts.iter().map(ChannelAccount::record);
        Ok(present.filter(|account| account.status != AccountStatus::Removed).cloned().collect())
    }

    /// Where the provider is to send an account's webhooks, below the public address.
    #[must_use]
    pub fn webhook_path(account: &ChannelAccountRecord) -> String {
        crate::channels::webhook_path(account)
    }
}

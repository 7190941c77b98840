//! The templates that the provider keeps for an account.

use hubchat_domain::{ChannelAccountId, Permission};
use hubchat_ports::{FetchError, MessageTemplate};

use crate::{Actor, ErrorCode, Fault, Ports, UnknownChannel, account_cache, fault::faults_become};

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListTemplatesError {
    /// There is no such account.
    #[error("no such channel account")]
    Unknown,
    /// The provider did not tell; the reason says what can be done.
    #[error("the provider did not tell the templates: {0}")]
    Provider(#[from] FetchError),
    /// The channel is not part of this process.
    #[error(transparent)]
    UnknownChannel(#[from] UnknownChannel),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(ListTemplatesError);

impl ErrorCode for ListTemplatesError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "channel_not_found",
            Self::Provider(FetchError::Unauthorized { .. }) => "channel_credentials_refused",
            Self::Provider(FetchError::NotAvailable { .. } | FetchError::Gone) => "channel_without_templates",
            Self::Provider(_) => "provider_unavailable",
            Self::UnknownChannel(_) => "channel_unavailable",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<std::time::Duration> {
        match self {
            Self::Provider(FetchError::Retry { after, .. }) => *after,
            Self::Fault(fault) => fault.retry_after(),
            _ => None,
        }
    }
}

/// Lists templates.
#[derive(Clone)]
pub struct ListTemplates {
    ports: Ports,
}

impl ListTemplates {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// The templates that the provider keeps for the account now, usable or not; at most 1,000.
    pub async fn run(&self, actor: &Actor, id: ChannelAccountId) -> Result<Vec<MessageTemplate>, ListTemplatesError> {
        actor.require(Permission::MessagesSend)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let stored = super::present(session.accounts().find(id).await?).ok_or(ListTemplatesError::Unknown)?;
        drop(session);
        let access = account_cache::open(&self.ports, &stored)?;
        let adapter = self.ports.channels.get(access.account.channel_type)?;
        Ok(adapter.templates(&access).await?)
    }
}

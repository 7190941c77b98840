//! Disconnecting an account for good.

use std::time::Duration;

use hubchat_domain::{AuditAction, ChannelAccountId, Permission};
use hubchat_ports::{ChannelSecrets, Lane};

use super::{account_changed, audited};
use crate::{
    AccountCache, Actor, ErrorCode, Fault, Ports,
    account_cache::{self, seal_context},
    fault::{Retries, faults_become},
    seals,
};

/// What became of a disconnection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedChannel {
    /// Why the provider may still send webhooks, which are refused from now on.
    pub still_subscribed: Option<String>,
}

/// Why an account was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveChannelError {
    /// There is no such account.
    #[error("no such channel account")]
    Unknown,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(RemoveChannelError);

impl ErrorCode for RemoveChannelError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "channel_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Removes accounts.
#[derive(Clone)]
pub struct RemoveChannel {
    ports: Ports,
    accounts: AccountCache,
}

impl RemoveChannel {
    pub(crate) fn new(ports: Ports, accounts: AccountCache) -> Self {
        Self { ports, accounts }
    }

    /// Removes an account: the provider is told to send no more, the secrets are overwritten, the provider's id
    /// becomes free, and what waits to be sent fails visibly. Conversations and messages stay.
    pub async fn run(&self, actor: &Actor, id: ChannelAccountId) -> Result<RemovedChannel, RemoveChannelError> {
        actor.require(Permission::ChannelsManage)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let stored = super::present(session.accounts().find(id).await?);
        let stored = stored.ok_or(RemoveChannelError::Unknown)?;
        drop(session);
        let still_subscribed = match account_cache::open(&self.ports, &stored) {
            Ok(access) => match self.ports.channels.get(access.account.channel_type) {
                Ok(adapter) => adapter.unset_webhook(&access).await.err().map(|error| error.to_string()),
                Err(unknown) => Some(unknown.to_string()),
            },
            // Secrets that do not open any more are no reason to keep the account.
            Err(fault) => Some(fault.to_string()),
        };
        let (context, nothing) = (seal_context(actor.tenant_id(), id), ChannelSecrets::default().to_sealable());
        let mut retries = Retries::default();
        loop {
            let result: Result<(), RemoveChannelError> = async {
                let now = self.ports.clock.now();
                let session = self.ports.repository.begin(actor.tenant_id()).await?;
                let stored = session.accounts().find(id).await?.ok_or(RemoveChannelError::Unknown)?;
                let mut account = stored.account;
                let before = audited(account.record());
                account.remove(now);
                let (sealed, key) = seals::seal(&self.ports, &*session, context, &nothing).await?;
                session.accounts().replace_secrets(id, &sealed, key.version).await?;
                session.accounts().update(&account).await?;
                session.events().append(vec![account_changed(&account, now)]).await?;
                let draft = actor.audit(AuditAction::ChannelRemoved, id, Some(before), None, now);
                session.audit().append(draft).await?;
                Ok(session.commit().await?)
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                result?;
                break;
            }
        }
        self.accounts.clear();
        // What waits learns at once that it waits for nothing.
        self.ports.queue.hasten(actor.tenant_id(), Lane::Outbound).await.map_err(Fault::from)?;
        Ok(RemovedChannel { still_subscribed })
    }
}

//! Changing a channel account: its name, whether it is switched on, and its credentials.

use std::time::Duration;

use hubchat_domain::{AuditAction, ChannelAccountId, ChannelAccountRecord, Permission};
use hubchat_ports::{AccountAccess, ChannelAdapter, ChannelSecrets, FetchError, Lane};
use secrecy::SecretString;
use serde_json::json;

use super::{account_changed, audited};
use crate::{
    AccountCache, Actor, ErrorCode, Fault, Ports, UnknownChannel,
    account_cache::{self, seal_context},
    audit::differing,
    fault::{Retries, faults_become},
    seals,
};

/// What to change; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct UpdateChannelCommand {
    /// The name that people read.
    pub name: Option<String>,
    /// Whether it is switched off.
    pub paused: Option<bool>,
    /// Secrets that replace those of the same names.
    pub secrets: Vec<(String, SecretString)>,
}

/// A changed account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdatedChannel {
    /// The account.
    pub account: ChannelAccountRecord,
    /// Why the provider could not be asked about new credentials, if it was asked and could not.
    pub unchecked: Option<String>,
}

/// Why an account was not changed. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum UpdateChannelError {
    /// There is no such account.
    #[error("no such channel account")]
    Unknown,
    /// A field cannot be right.
    #[error("{reason}")]
    Invalid {
        /// Which, as the adapter names secrets.
        field: String,
        /// What would be right.
        reason: String,
    },
    /// The provider refuses the new credentials.
    #[error("the provider refuses the credentials: {reason}")]
    CredentialsRefused {
        /// Its reason.
        reason: String,
    },
    /// The new credentials are good, but another account's.
    #[error("these credentials are of another account: {found}")]
    AnotherAccount {
        /// The provider's id of that account.
        found: String,
    },
    /// The channel is not part of this process.
    #[error(transparent)]
    UnknownChannel(#[from] UnknownChannel),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(UpdateChannelError);

impl ErrorCode for UpdateChannelError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "channel_not_found",
            Self::Invalid { .. } => "validation_failed",
            Self::CredentialsRefused { .. } | Self::AnotherAccount { .. } => "channel_credentials_refused",
            Self::UnknownChannel(_) => "channel_unavailable",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        if let Self::Invalid { field, .. } = self { Some(field) } else { None }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Changes accounts.
#[derive(Clone)]
pub struct UpdateChannel {
    ports: Ports,
    accounts: AccountCache,
}

impl UpdateChannel {
    pub(crate) fn new(ports: Ports, accounts: AccountCache) -> Self {
        Self { ports, accounts }
    }

    /// Changes an account. New credentials are tried at the provider first; one that cannot be reached does not
    /// stand in the way. What waited for them, or for the account to be switched on, goes out in order.
    pub async fn run(
        &self,
        actor: &Actor,
        id: ChannelAccountId,
        command: &UpdateChannelCommand,
    ) -> Result<UpdatedChannel, UpdateChannelError> {
        actor.require(Permission::ChannelsManage)?;
        let name = command.name.as_deref().map(str::trim);
        if name.is_some_and(|name| name.is_empty() || name.chars().count() > 200) {
            return Err(invalid("name", "a name has 1 to 200 characters"));
        }
        let (mut unchecked, mut secrets) = (None, None);
        if !command.secrets.is_empty() {
            let session = self.ports.repository.begin(actor.tenant_id()).await?;
            let stored = super::present(session.accounts().find(id).await?).ok_or(UpdateChannelError::Unknown)?;
            drop(session);
            let access = account_cache::open(&self.ports, &stored)?;
            let adapter = self.ports.channels.get(access.account.channel_type)?;
            let access = AccountAccess { secrets: merged(&**adapter, &access.secrets, &command.secrets)?, ..access };
            match adapter.check(&access).await {
                Ok(check) if access.account.external_id.as_ref().is_some_and(|known| *known != check.external_id) => {
                    return Err(UpdateChannelError::AnotherAccount { found: check.external_id });
                }
                Ok(_) => {}
                Err(FetchError::Unauthorized { reason }) => {
                    return Err(UpdateChannelError::CredentialsRefused { reason });
                }
                Err(other) => unchecked = Some(other.to_string()),
            }
            secrets = Some(access.secrets.to_sealable());
        }
        let mut retries = Retries::default();
        let account = loop {
            let result: Result<ChannelAccountRecord, UpdateChannelError> = async {
                let now = self.ports.clock.now();
                let session = self.ports.repository.begin(actor.tenant_id()).await?;
                let stored = super::present(session.accounts().find(id).await?).ok_or(UpdateChannelError::Unknown)?;
                let (before, mut account) = (stored.account.record().clone(), stored.account);
                if let Some(name) = name {
                    account.rename(name, now);
                }
                match command.paused {
                    Some(true) => account.pause(now),
                    Some(false) => account.resume(now),
                    None => {}
                }
                if let Some(secrets) = &secrets {
                    let context = seal_context(actor.tenant_id(), id);
                    let (sealed, key) = seals::seal(&self.ports, &*session, context, secrets).await?;
                    session.accounts().replace_secrets(id, &sealed, key.version).await?;
                    account.credentials_replaced(now);
                    if unchecked.is_none() {
                        account.note_checked(now);
                    }
                }
                if secrets.is_some() || *account.record() != before {
                    session.accounts().update(&account).await?;
                    session.events().append(vec![account_changed(&account, now)]).await?;
                    let mut after = audited(account.record());
                    if secrets.is_some() {
                        let names: Vec<&str> = command.secrets.iter().map(|(name, _)| name.as_str()).collect();
                        after["replacedSecrets"] = json!(names);
                    }
                    let (before, after) = differing(audited(&before), after);
                    let draft = actor.audit(AuditAction::ChannelUpdated, id, before, after, now);
                    session.audit().append(draft).await?;
                    session.commit().await?;
                }
                Ok(account.record().clone())
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                break result?;
            }
        };
        self.accounts.clear();
        if account.status.is_usable() {
            self.ports.queue.hasten(actor.tenant_id(), Lane::Outbound).await.map_err(Fault::from)?;
        }
        Ok(UpdatedChannel { account, unchecked })
    }
}

/// The secrets with the given ones in place of those of the same names.
fn merged(
    adapter: &dyn ChannelAdapter,
    kept: &ChannelSecrets,
    given: &[(String, SecretString)],
) -> Result<ChannelSecrets, UpdateChannelError> {
    let given = ChannelSecrets::new(given.iter().cloned());
    for name in given.names() {
        if !adapter.secret_names().contains(&name) && !adapter.optional_secret_names().contains(&name) {
            return Err(invalid(name, "the channel has no secret of this name"));
        }
        if given.get(name).is_none() {
            return Err(invalid(name, "this secret must not be empty"));
        }
    }
    Ok(kept.replaced_by(&given))
}

fn invalid(field: &str, reason: &str) -> UpdateChannelError {
    UpdateChannelError::Invalid { field: field.to_owned(), reason: reason.to_owned() }
}

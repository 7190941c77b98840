//! Connecting an account of a channel.

use std::time::Duration;

use hubchat_domain::{
    AccountStatus, AuditAction, ChannelAccount, ChannelAccountId, ChannelAccountRecord, ChannelType, Permission,
};
use hubchat_ports::{AccountAccess, ChannelAdapter, ChannelSecrets, FetchError, InsertOutcome, StoredAccount};
use secrecy::{ExposeSecret, SecretString};

use super::{account_changed, audited, webhook_path};
use crate::{
    AccountCache, Actor, ErrorCode, Fault, Ports, UnknownChannel,
    account_cache::seal_context,
    fault::{Retries, faults_become},
    hexadecimal::hex,
    inbound::AdoptUnrouted,
    keyed_request::{KeyClaim, KeyedRequest},
    seals,
};

/// What to connect.
#[derive(Debug, Clone)]
pub struct ConnectChannelCommand {
    /// The channel.
    pub channel_type: ChannelType,
    /// The name that people read.
    pub name: String,
    /// The secrets, by the adapter's names for them.
    pub secrets: Vec<(String, SecretString)>,
    /// The provider's id of the account, if known; asked for otherwise.
    pub external_id: Option<String>,
    /// The caller's key, against double connects.
    pub idempotency_key: Option<String>,
}

/// A connected account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedChannel {
    /// The account.
    pub account: ChannelAccountRecord,
    /// Where the provider is to send its webhooks, below the public address.
    pub webhook_path: String,
    /// Why the provider could not be asked about it, if it was asked and could not.
    pub unchecked: Option<String>,
    /// Whether an earlier request with the same idempotency key had connected it.
    pub replayed: bool,
}

/// Why an account was not connected.
#[derive(Debug, thiserror::Error)]
pub enum ConnectChannelError {
    /// A field is missing or cannot be right.
    #[error("{reason}")]
    Invalid {
        /// Which, in the API's words.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The provider refuses the credentials.
    #[error("the provider refuses the credentials: {reason}")]
    CredentialsRefused {
        /// Its reason.
        reason: String,
    },
    /// The provider could not be asked whether these credentials are the account's, and without that nobody's
    /// webhooks may be given out. Try again.
    #[error("the provider could not confirm the account: {reason}")]
    NotConfirmed {
        /// What happened.
        reason: String,
    },
    /// The account is connected already, here or elsewhere.
    #[error("this account is connected already")]
    AlreadyConnected,
    /// The key was used for something else.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The channel is not part of this process.
    #[error(transparent)]
    UnknownChannel(#[from] UnknownChannel),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(ConnectChannelError);

impl ErrorCode for ConnectChannelError {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "validation_failed",
            Self::CredentialsRefused { .. } => "channel_credentials_refused",
            Self::NotConfirmed { .. } => "channel_not_confirmed",
            Self::AlreadyConnected => "channel_already_connected",
            Self::KeyReused => "idempotency_key_reused",
            Self::UnknownChannel(_) => "channel_unavailable",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid { field, .. } => Some(field),
            Self::UnknownChannel(_) => Some("channelType"),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Connects accounts.
#[derive(Clone)]
pub struct ConnectChannel {
    ports: Ports,
    accounts: AccountCache,
}

impl ConnectChannel {
    pub(crate) fn new(ports: Ports, accounts: AccountCache) -> Self {
        Self { ports, accounts }
    }

    /// Connects an account. Without an external id the provider is asked for it, which also proves the
    /// credentials; a provider that cannot be reached does not stand in the way.
    pub async fn run(
        &self,
        actor: &Actor,
        command: &ConnectChannelCommand,
    ) -> Result<ConnectedChannel, ConnectChannelError> {
        actor.require(Permission::ChannelsManage)?;
        let adapter = self.ports.channels.get(command.channel_type)?;
        let name = command.name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(invalid("name", "a name has 1 to 200 characters"));
        }
        let secrets = ChannelSecrets::new(command.secrets.iter().cloned());
        for wanted in adapter.secret_names() {
            if secrets.get(wanted).is_none() {
                return Err(invalid(wanted, "this secret is needed and must not be empty"));
            }
        }
        let now = self.ports.clock.now();
        let key: Vec<u8> = self.ports.randomness.secret_bytes(16).expose_secret().to_vec();
        let mut record = ChannelAccountRecord {
            id: self.ports.next_id(),
            tenant_id: actor.tenant_id(),
            channel_type: command.channel_type,
            name: name.to_owned(),
            external_id: command.external_id.as_deref().map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned),
            webhook_key: hex(&key),
            status: AccountStatus::Active,
            status_reason: None,
            last_checked_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let access = AccountAccess { account: record.clone(), secrets: secrets.clone() };
        let mut unchecked = None;
        if adapter.capabilities().app_webhook {
            confirm(&**adapter, &access).await?;
            record.last_checked_at = Some(now);
        } else if record.external_id.is_none() {
            match adapter.check(&access).await {
                Ok(check) => {
                    record.external_id = Some(check.external_id);
                    record.last_checked_at = Some(now);
                }
                Err(FetchError::Unauthorized { reason }) => {
                    return Err(ConnectChannelError::CredentialsRefused { reason });
                }
                Err(other) => unchecked = Some(other.to_string()),
            }
        }
        let account_to_be = ChannelAccount::connect(record);
        let mut retries = Retries::default();
        let account = loop {
            let result = self.attempt(actor, command, (&account_to_be, &secrets)).await;
            if !retries.again(&result, &self.ports).await {
                break result?;
            }
        };
        self.accounts.clear();
        // Every attempt makes an id of its own; another's came with an earlier request.
        let replayed = account.id != account_to_be.record().id;
        if adapter.capabilities().app_webhook && !replayed {
            unchecked = self.begin_to_receive(actor, &**adapter, &access).await?;
        }
        Ok(ConnectedChannel { webhook_path: webhook_path(&account), account, unchecked, replayed })
    }

    /// Subscribes the account at the provider, and brings in what came for it before; answers what did not work
    /// and is repaired later.
    async fn begin_to_receive(
        &self,
        actor: &Actor,
        adapter: &dyn ChannelAdapter,
        access: &AccountAccess,
    ) -> Result<Option<String>, Fault> {
        let subscribed = adapter.set_webhook(access, "").await;
        AdoptUnrouted::new(self.ports.clone()).run(actor, &access.account).await?;
        Ok(subscribed.err().map(|error| format!("the account's webhooks are not subscribed yet: {error}")))
    }

    async fn attempt(
        &self,
        actor: &Actor,
        command: &ConnectChannelCommand,
        (account, secrets): (&ChannelAccount, &ChannelSecrets),
    ) -> Result<ChannelAccountRecord, ConnectChannelError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        if let Some(key) = &command.idempotency_key {
            // Secrets count too, so the fingerprint is one that only the holder of the master key can make.
            let told = format!(
                "{} {} {:?} {}",
                command.channel_type,
                command.name,
                command.external_id,
                secrets.to_sealable().expose_secret()
            );
            let request = KeyedRequest {
                operation: "channel.connect",
                key,
                fingerprint: self.ports.vault.sign("idempotency", told.as_bytes()),
                makes: account.record().id.as_uuid(),
            };
            // It may have been made under a master key that is not the current one any more.
            let is_same = |earlier: &[u8]| self.ports.vault.verify("idempotency", told.as_bytes(), earlier);
            match request.claim(&*session, actor, now, is_same).await? {
                KeyClaim::Fresh => {}
                KeyClaim::Replayed(made) => {
                    let made = session.accounts().find(ChannelAccountId::from_uuid(made)).await?;
                    return made.map(|made| made.account.record().clone()).ok_or(ConnectChannelError::KeyReused);
                }
                KeyClaim::Reused => return Err(ConnectChannelError::KeyReused),
            }
        }
        let context = seal_context(actor.tenant_id(), account.record().id);
        let (sealed, key) = seals::seal(&self.ports, &*session, context, &secrets.to_sealable()).await?;
        let stored = StoredAccount { account: account.clone(), sealed, key };
        if session.accounts().insert(&stored).await? == InsertOutcome::AlreadyPresent {
            return Err(ConnectChannelError::AlreadyConnected);
        }
        session.events().append(vec![account_changed(account, now)]).await?;
        let record = account.record();
        let after = audited(record);
        session.audit().append(actor.audit(AuditAction::ChannelConnected, record.id, None, Some(after), now)).await?;
        session.commit().await?;
        Ok(account.record().clone())
    }
}

/// Where webhooks of many accounts come together, they are given out by the id that the account claims: the
/// provider itself has to say that these credentials are that account's.
async fn confirm(adapter: &dyn ChannelAdapter, access: &AccountAccess) -> Result<(), ConnectChannelError> {
    let Some(claimed) = &access.account.external_id else {
        return Err(invalid("destination", "the provider's id of the account is needed"));
    };
    match adapter.check(access).await {
        Ok(check) if check.external_id == *claimed => Ok(()),
        Ok(_) => Err(ConnectChannelError::CredentialsRefused {
            reason: "these credentials are those of another account".to_owned(),
        }),
        Err(FetchError::Unauthorized { reason } | FetchError::NotAvailable { reason }) => {
            Err(ConnectChannelError::CredentialsRefused { reason })
        }
        Err(other) => Err(ConnectChannelError::NotConfirmed { reason: other.to_string() }),
    }
}

fn invalid(field: &str, reason: &str) -> ConnectChannelError {
    ConnectChannelError::Invalid { field: field.to_owned(), reason: reason.to_owned() }
}

//! Accepting a webhook: verified over its raw bytes, stored with its jobs, and only then acknowledged.
//!
//! The hot path. Nothing remote is called, nothing is parsed beyond routing and keys.

use std::sync::Arc;

use bytes::Bytes;
use hubchat_domain::{AccountStatus, ChannelType, Timestamp};
use hubchat_ports::{
    AccountAccess, ChannelAdapter, ChannelSecrets, IntakeReceipt, MalformedBody, RawEvent, ReceivedEvent, StorageError,
    UnroutedEvent, VerifyError, WebhookHeaders,
};

use crate::{AccountCache, ErrorCode, Fault, Ports, UnknownChannel};

/// Which account a webhook claims to be for.
#[derive(Debug, Clone, Copy)]
pub enum WebhookAddress<'a> {
    /// The account with this key in its webhook path.
    Key(&'a str),
    /// The account, or with a webhook of the provider's app the accounts, that the body names; the signature
    /// proves it.
    Destination,
}

/// What was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// Events that are new, and durable now.
    pub stored: usize,
    /// Events that had come before.
    pub duplicates: usize,
    /// Events of accounts that nobody has connected; durable, and brought in once someone does.
    pub unrouted: usize,
}

/// Why a webhook was not accepted. The provider will send it again unless the answer is final.
#[derive(Debug, thiserror::Error)]
pub enum AcceptWebhookError {
    /// No account has that key or external id on the channel.
    #[error("no such webhook")]
    UnknownAccount,
    /// The signature is missing or wrong.
    #[error("the webhook is not the provider's")]
    NotVerified(#[source] VerifyError),
    /// The body is not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// The channel is not part of this process.
    #[error(transparent)]
    UnknownChannel(#[from] UnknownChannel),
    /// See [`Fault`]; nothing was acknowledged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorCode for AcceptWebhookError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownAccount | Self::UnknownChannel(_) => "webhook_unknown",
            Self::NotVerified(_) => "webhook_not_verified",
            Self::NotJson => "not_json",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<std::time::Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

impl From<MalformedBody> for AcceptWebhookError {
    fn from(_: MalformedBody) -> Self {
        Self::NotJson
    }
}

impl From<StorageError> for AcceptWebhookError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

/// Accepts webhooks.
#[derive(Clone)]
pub struct AcceptWebhook {
    ports: Ports,
    accounts: AccountCache,
}

impl AcceptWebhook {
    pub(crate) fn new(ports: Ports, accounts: AccountCache) -> Self {
        Self { ports, accounts }
    }

    /// Accepts one webhook. Answers only once every event of it is durable.
    ///
    /// A body whose destination is not the account of the path is kept too, and ends ignored as
    /// `misrouted`: refusing it would only make the provider repeat it.
    pub async fn run(
        &self,
        channel: ChannelType,
        address: WebhookAddress<'_>,
        headers: &WebhookHeaders,
        body: &Bytes,
    ) -> Result<Accepted, AcceptWebhookError> {
        let adapter = self.ports.channels.get(channel)?;
        let (access, batch) = match address {
            WebhookAddress::Key(key) => {
                let access = self.accounts.by_webhook_key(key).await?;
                let access = access.filter(|access| receives(access, channel));
                let access = access.ok_or(AcceptWebhookError::UnknownAccount)?;
                adapter.verify(headers, body, &access.secrets).map_err(AcceptWebhookError::NotVerified)?;
                (access, adapter.split(body)?)
            }
            WebhookAddress::Destination if adapter.capabilities().app_webhook => {
                return self.accept_of_app(&**adapter, headers, body).await;
            }
            WebhookAddress::Destination => {
                // The destination is read from bytes that are not verified yet; it only chooses the
                // secret that then has to prove them.
                let batch = adapter.split(body)?;
                let destination = batch.destination.as_deref().ok_or(AcceptWebhookError::UnknownAccount)?;
                let access = self.accounts.by_external_id(channel, destination).await?;
                let access = access.ok_or(AcceptWebhookError::UnknownAccount)?;
                adapter.verify(headers, body, &access.secrets).map_err(AcceptWebhookError::NotVerified)?;
                (access, batch)
            }
        };
        if batch.events.is_empty() {
            return Ok(Accepted { stored: 0, duplicates: 0, unrouted: 0 });
        }
        let whole = batch.destination;
        let received_at = self.ports.clock.now();
        let events = batch
            .events
            .into_iter()
            .map(|event| {
                let told = event.destination.as_deref().or(whole.as_deref());
                let misrouted = is_misrouted(&access, told);
                let event_key =
                    if misrouted { format!("{MISROUTED}{}", event.event_key) } else { event.event_key.clone() };
                self.received(&access, RawEvent { event_key, ..event }, received_at)
            })
            .collect();
        let IntakeReceipt { stored, duplicates } = self.ports.intake.record(events).await?;
        Ok(Accepted { stored, duplicates, unrouted: 0 })
    }

    /// A webhook of the app at the provider: each event goes to the account that it names, whoever's that is.
    async fn accept_of_app(
        &self,
        adapter: &dyn ChannelAdapter,
        headers: &WebhookHeaders,
        body: &Bytes,
    ) -> Result<Accepted, AcceptWebhookError> {
        adapter.verify_app(headers, body).map_err(AcceptWebhookError::NotVerified)?;
        let batch = adapter.split(body)?;
        let channel = adapter.channel_type();
        let received_at = self.ports.clock.now();
        let (mut events, mut unrouted) = (Vec::with_capacity(batch.events.len()), Vec::new());
        for event in batch.events {
            let destination = event.destination.clone().or_else(|| batch.destination.clone()).unwrap_or_default();
            match self.accounts.by_external_id(channel, &destination).await? {
                Some(access) => events.push(self.received(&access, event, received_at)),
                None => unrouted.push(UnroutedEvent {
                    id: self.ports.next_id(),
                    channel_type: channel,
                    destination,
                    event_key: event.event_key,
                    order_key: event.order_key,
                    raw: event.raw,
                    received_at,
                }),
            }
        }
        let kept = unrouted.len();
        if kept > 0 {
            self.ports.intake.keep_unrouted(unrouted).await?;
        }
        let IntakeReceipt { stored, duplicates } =
            if events.is_empty() { IntakeReceipt::default() } else { self.ports.intake.record(events).await? };
        Ok(Accepted { stored, duplicates, unrouted: kept })
    }

    fn received(&self, access: &AccountAccess, event: RawEvent, received_at: Timestamp) -> ReceivedEvent {
        ReceivedEvent {
            id: self.ports.next_id(),
            tenant_id: access.account.tenant_id,
            account_id: access.account.id,
            channel_type: access.account.channel_type,
            event_key: event.event_key,
            order_key: format!("{}:{}", access.account.id, event.order_key),
            raw: event.raw,
            received_at,
        }
    }

    /// Answers a webhook's subscription hand-shake: whether its words prove who asks.
    pub async fn handshake(
        &self,
        channel: ChannelType,
        address: WebhookAddress<'_>,
        verify_token: &str,
    ) -> Result<bool, AcceptWebhookError> {
        let adapter = self.ports.channels.get(channel)?;
        let secrets = match address {
            WebhookAddress::Destination => ChannelSecrets::default(),
            WebhookAddress::Key(key) => {
                let access = self.accounts.by_webhook_key(key).await?;
                let access = access.filter(|access| receives(access, channel));
                access.ok_or(AcceptWebhookError::UnknownAccount)?.secrets.clone()
            }
        };
        Ok(adapter.accepts_handshake(verify_token, &secrets))
    }
}

/// Marks the event key of an event that came to another account's path.
pub(super) const MISROUTED: &str = "misrouted:";

/// A removed account receives nothing, even where its webhooks could still be verified.
fn receives(access: &AccountAccess, channel: ChannelType) -> bool {
    access.account.channel_type == channel && access.account.status != AccountStatus::Removed
}

fn is_misrouted(access: &Arc<AccountAccess>, destination: Option<&str>) -> bool {
    matches!((access.account.external_id.as_deref(), destination), (Some(known), Some(told)) if known != told)
}

#[cfg(test)]
mod tests {
    use hubchat_ports::WebhookBatch;

    use super::*;
    use crate::test_ports::{TestPorts, line_adapter, stored_account};

    fn accept(ports: TestPorts) -> AcceptWebhook {
        let ports = ports.build();
        AcceptWebhook::new(ports.clone(), AccountCache::new(ports))
    }

    fn known_account() -> TestPorts {
        let mut ports = TestPorts::default().with_open_vault();
        ports
            .directory
            .expect_find_account_by_webhook_key()
            .times(1)
            .returning(|key| Ok((key == "key").then(|| stored_account(AccountStatus::Active))));
        ports
    }

    async fn run(accept: &AcceptWebhook, key: &str) -> Result<Accepted, AcceptWebhookError> {
        let headers = WebhookHeaders::default();
        accept.run(ChannelType::Line, WebhookAddress::Key(key), &headers, &Bytes::from_static(b"{}")).await
    }

    #[tokio::test]
    async fn a_wrong_signature_stores_nothing_and_reads_nothing_of_the_body() {
        let mut ports = known_account();
        let mut adapter = line_adapter(None);
        adapter.expect_verify().returning(|_, _, _| Err(VerifyError::Mismatch));
        adapter.expect_split().never();
        ports.adapter = Some(adapter);
        let error = run(&accept(ports), "key").await.expect_err("not the provider's");
        assert_eq!(error.code(), "webhook_not_verified");
    }

    #[tokio::test]
    async fn an_unknown_key_is_refused_and_remembered_for_a_while() {
        let mut ports = known_account();
        ports.adapter = Some(line_adapter(None));
        let accept = accept(ports);
        for _ in 0..3 {
            assert_eq!(run(&accept, "another").await.expect_err("no account").code(), "webhook_unknown");
        }
    }

    #[tokio::test]
    async fn every_event_is_stored_with_its_keys_and_a_foreign_destination_is_marked() {
        for (destination, prefix) in [("Ubot", ""), ("Uother", "misrouted:")] {
            let mut ports = known_account();
            let mut adapter = line_adapter(None);
            adapter.expect_verify().returning(|_, _, _| Ok(()));
            adapter.expect_split().returning(move |_| {
                let event = |key: &str| RawEvent {
                    event_key: key.to_owned(),
                    order_key: "Uperson".to_owned(),
                    destination: None,
                    raw: Bytes::from_static(b"{}"),
                };
                Ok(WebhookBatch { destination: Some(destination.to_owned()), events: vec![event("1"), event("2")] })
            });
            ports.adapter = Some(adapter);
            ports.intake.expect_record().times(1).returning(move |events| {
                let keys: Vec<&str> = events.iter().map(|event| event.event_key.as_str()).collect();
                assert_eq!(keys, [format!("{prefix}1"), format!("{prefix}2")]);
                assert!(events.iter().all(|event| event.order_key.ends_with(":Uperson")));
                Ok(IntakeReceipt { stored: 1, duplicates: 1 })
            });
            let accepted = run(&accept(ports), "key").await.expect("the provider's");
            assert_eq!(accepted, Accepted { stored: 1, duplicates: 1, unrouted: 0 });
        }
    }

    #[tokio::test]
    async fn storage_that_is_away_is_told_and_nothing_acknowledged() {
        let mut ports = TestPorts { adapter: Some(line_adapter(None)), ..TestPorts::default() };
        ports
            .directory
            .expect_find_account_by_webhook_key()
            .returning(|_| Err(StorageError::Unavailable("gone".into())));
        let error = run(&accept(ports), "key").await.expect_err("storage is away");
        assert_eq!(error.code(), "storage_unavailable");
        assert!(error.retry_after().is_some());
    }
}

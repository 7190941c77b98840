//! Asking the provider about an account, and acting on the answer.

use std::time::Duration;

use hubchat_domain::{AuditAction, ChannelAccountId, ChannelAccountRecord, Permission};
use hubchat_ports::{AccountAccess, AccountCheck, FetchError, Lane, WebhookTest};

use super::{account_changed, audited, status_changed, webhook_path};
use crate::{
    AccountCache, Actor, ErrorCode, Fault, Ports, UnknownChannel, account_cache,
    audit::differing,
    fault::{Retries, faults_become},
};

/// What a test of an account gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTestReport {
    /// The account after the test.
    pub account: ChannelAccountRecord,
    /// What the provider told, or why it told nothing.
    pub check: Result<AccountCheck, FetchError>,
    /// The webhook address that the provider should have, when the public address is configured.
    pub expected_webhook_url: Option<String>,
    /// What the provider's own test of that address gave, when it could be asked.
    pub webhook_test: Option<Result<WebhookTest, FetchError>>,
}

impl ChannelTestReport {
    /// Whether messages can come in and go out.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        let webhook_works = self.webhook_test.as_ref().is_none_or(|test| test.as_ref().is_ok_and(|test| test.success));
        self.check.is_ok() && webhook_works
    }
}

/// Why an account was not tested.
#[derive(Debug, thiserror::Error)]
pub enum TestChannelError {
    /// There is no such account.
    #[error("no such channel account")]
    Unknown,
    /// The provider knows it as an account that is connected already, here or elsewhere.
    #[error("the provider knows this account as {external_id}, which is connected already")]
    AlreadyConnected {
        /// The provider's id.
        external_id: String,
    },
    /// The channel is not part of this process.
    #[error(transparent)]
    UnknownChannel(#[from] UnknownChannel),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(TestChannelError);

impl ErrorCode for TestChannelError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "channel_not_found",
            Self::AlreadyConnected { .. } => "channel_already_connected",
            Self::UnknownChannel(_) => "channel_unavailable",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Tests accounts.
#[derive(Clone)]
pub struct TestChannel {
    ports: Ports,
    accounts: AccountCache,
    public_url: Option<String>,
}

impl TestChannel {
    pub(crate) fn new(ports: Ports, accounts: AccountCache, public_url: Option<String>) -> Self {
        Self { ports, accounts, public_url }
    }

    /// Tests an account: credentials, allowance and webhook. With `set_webhook` the provider is told our
    /// address first. What it learns is kept: an account whose credentials are accepted again sends what
    /// waited; one whose credentials are refused waits.
    pub async fn run(
        &self,
        actor: &Actor,
        id: ChannelAccountId,
        set_webhook: bool,
    ) -> Result<ChannelTestReport, TestChannelError> {
        actor.require(Permission::ChannelsManage)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let stored = super::present(session.accounts().find(id).await?).ok_or(TestChannelError::Unknown)?;
        drop(session);
        let access = account_cache::open(&self.ports, &stored)?;
        let adapter = self.ports.channels.get(access.account.channel_type)?;
        let check = adapter.check(&access).await;
        let expected = self
            .public_url
            .as_ref()
            .map(|base| format!("{}{}", base.trim_end_matches('/'), webhook_path(&access.account)));
        let webhook_test = match (&check, &expected) {
            (Ok(_), Some(url)) => Some(
                async {
                    if set_webhook {
                        adapter.set_webhook(&access, url).await?;
                    }
                    adapter.test_webhook(&access, url).await
                }
                .await,
            ),
            _ => None,
        };
        let account = self.note(actor, &access, &check).await?;
        Ok(ChannelTestReport { account, check, expected_webhook_url: expected, webhook_test })
    }

    async fn note(
        &self,
        actor: &Actor,
        access: &AccountAccess,
        check: &Result<AccountCheck, FetchError>,
    ) -> Result<ChannelAccountRecord, TestChannelError> {
        if let (None, Ok(told)) = (&access.account.external_id, check) {
            let (channel, external_id) = (access.account.channel_type, told.external_id.as_str());
            let holder = self.ports.directory.find_account_by_external_id(channel, external_id).await?;
            if holder.is_some_and(|holder| holder.account.record().id != access.account.id) {
                return Err(TestChannelError::AlreadyConnected { external_id: external_id.to_owned() });
            }
        }
        let mut retries = Retries::default();
        let account = loop {
            let result: Result<ChannelAccountRecord, TestChannelError> = async {
                let now = self.ports.clock.now();
                let session = self.ports.repository.begin(actor.tenant_id()).await?;
                let stored = session.accounts().find(access.account.id).await?.ok_or(TestChannelError::Unknown)?;
                let mut account = stored.account;
                let before = account.record().clone();
                match check {
                    Ok(check) => {
                        account.mark_authorized(now);
                        if before.external_id.is_none() {
                            account.learn_external_id(&check.external_id, now);
                        }
                    }
                    Err(FetchError::Unauthorized { reason }) => account.mark_unauthorized(reason, now),
                    Err(_) => {}
                }
                let news = *account.record() != before;
                if matches!(check, Ok(_) | Err(FetchError::Unauthorized { .. })) {
                    account.note_checked(now);
                    session.accounts().update(&account).await?;
                }
                if news {
                    session.events().append(vec![account_changed(&account, now)]).await?;
                    if let Some(draft) = status_changed(actor, before.status, &account, now) {
                        session.audit().append(draft).await?;
                    }
                    if account.record().external_id != before.external_id {
                        let (before, after) = differing(audited(&before), audited(account.record()));
                        let draft = actor.audit(AuditAction::ChannelUpdated, access.account.id, before, after, now);
                        session.audit().append(draft).await?;
                    }
                }
                if *account.record() != before {
                    session.commit().await?;
                }
                Ok(account.record().clone())
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                break result?;
            }
        };
        if account != access.account {
            self.accounts.clear();
        }
        if check.is_ok() && account.status.is_usable() {
            // What waited for this account need wait no longer. After every good test, not only after a change: an
            // earlier hastening may have failed behind its commit.
            self.ports.queue.hasten(actor.tenant_id(), Lane::Outbound).await.map_err(Fault::from)?;
        }
        Ok(account)
    }
}

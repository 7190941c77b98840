//! Looking after an account: whether the provider still takes its credentials and still sends its webhooks.

use std::time::Duration;

use hubchat_domain::{AccountStatus, ChannelAccountId, ChannelAccountRecord, TenantId, Timestamp};
use hubchat_ports::{AccountCheck, ChannelAdapter, FetchError, IdempotencyRecord, Lane};

use super::{account_changed, status_changed, webhook_path};
use crate::{AccountCache, Actor, Fault, Ports, account_cache, fault::Retries, inbound::AdoptUnrouted};

/// Credentials that end sooner are told of.
const ENDS_SOON: Duration = Duration::from_hours(7 * 24);

/// So many accounts at a time.
const AT_ONCE: u32 = 200;
/// For how long events of accounts that nobody connects are kept.
const KEPT_UNROUTED: Duration = Duration::from_hours(30 * 24);
const HOUR_MILLIS: i64 = 3_600_000;

/// What a look at an account found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelHealth {
    /// The account, with what was learnt.
    pub account: ChannelAccountRecord,
    /// What is wrong, in words for an operator.
    pub trouble: Option<String>,
    /// A lost subscription was made anew.
    pub resubscribed: bool,
}

/// How the accounts are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HealthCount {
    /// Accounts with nothing wrong.
    pub well: usize,
    /// Accounts with something wrong, and those that could not be looked at.
    pub ill: usize,
}

/// Looks after accounts.
#[derive(Clone)]
pub struct CheckChannel {
    ports: Ports,
    accounts: AccountCache,
    adopt: AdoptUnrouted,
    public_url: Option<String>,
}

impl CheckChannel {
    pub(crate) fn new(ports: Ports, accounts: AccountCache, public_url: Option<String>) -> Self {
        let adopt = AdoptUnrouted::new(ports.clone());
        Self { ports, accounts, adopt, public_url }
    }

    /// Looks at one account. A subscription that lacks something is made anew, or always with `resubscribe`; what
    /// remains wrong marks the account, and an account that is right again is marked so. `None` when there is
    /// no such account, or it is removed.
    pub async fn run(
        &self,
        tenant: TenantId,
        id: ChannelAccountId,
        resubscribe: bool,
    ) -> Result<Option<ChannelHealth>, Fault> {
        let session = self.ports.repository.begin(tenant).await?;
        let Some(stored) = session.accounts().find(id).await? else { return Ok(None) };
        drop(session);
        if stored.account.record().status == AccountStatus::Removed {
            return Ok(None);
        }
        let access = account_cache::open(&self.ports, &stored)?;
        let Ok(adapter) = self.ports.channels.get(access.account.channel_type) else { return Ok(None) };
        // Where the provider is to send an account's own webhooks; those of an app are set at the app.
        let base = self.public_url.as_deref().filter(|_| !adapter.capabilities().app_webhook);
        let base = base.map(|base| base.trim_end_matches('/'));
        let own = base.map(|base| format!("{base}{}", webhook_path(&access.account)));
        let (check, resubscribed) = look(&**adapter, &access, own.as_deref(), resubscribe).await;
        let now = self.ports.clock.now();
        let trouble = trouble(&check, base, now);
        if adapter.capabilities().app_webhook {
            self.adopt.run(&Actor::system(tenant), &access.account).await?;
        }
        let account = self.note(tenant, id, &check, trouble.as_deref()).await?;
        Ok(account.map(|account| ChannelHealth { account, trouble, resubscribed }))
    }

    /// Looks at every account of every tenant that nobody has looked at within the hour; answers how many are
    /// well and how many are not.
    pub async fn run_all(&self) -> Result<HealthCount, Fault> {
        self.ports.intake.drop_unrouted_before(self.ports.clock.now().minus(KEPT_UNROUTED)).await?;
        let (mut count, mut after) = (HealthCount::default(), None);
        loop {
            let page = self.ports.directory.list_accounts(after, AT_ONCE).await?;
            let Some((_, last)) = page.last() else { return Ok(count) };
            after = Some(*last);
            for (tenant, id) in page {
                match self.run_claimed(tenant, id).await {
                    Ok(Some(health)) if health.trouble.is_none() && health.account.status.is_usable() => {
                        count.well += 1;
                    }
                    Ok(Some(_)) => count.ill += 1,
                    Ok(None) => {}
                    // One account that cannot be looked at is no reason to leave the others alone.
                    Err(fault) => {
                        count.ill += 1;
                        tracing::warn!(
                            tenant.id = %tenant,
                            channel_account.id = %id,
                            error = &fault as &dyn std::error::Error,
                            "an account could not be looked at"
                        );
                    }
                }
            }
        }
    }

    /// Looks at one account, unless it was looked at within the hour.
    async fn run_claimed(&self, tenant: TenantId, id: ChannelAccountId) -> Result<Option<ChannelHealth>, Fault> {
        if self.claim(tenant, id).await? { self.run(tenant, id, false).await } else { Ok(None) }
    }

    /// Of several processes one looks at an account within an hour.
    async fn claim(&self, tenant: TenantId, id: ChannelAccountId) -> Result<bool, Fault> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(tenant).await?;
        let record = IdempotencyRecord {
            scope: "channel.check".to_owned(),
            key: format!("{id}:{}", now.as_millis() / HOUR_MILLIS),
            fingerprint: Vec::new(),
            resource_id: id.as_uuid(),
            expires_at: now.plus(Duration::from_hours(2)),
        };
        let earlier = session.idempotency().claim(&record, now).await?;
        if earlier.is_some() {
            return Ok(false);
        }
        session.commit().await?;
        Ok(true)
    }

    async fn note(
        &self,
        tenant: TenantId,
        id: ChannelAccountId,
        check: &Result<AccountCheck, FetchError>,
        trouble: Option<&str>,
    ) -> Result<Option<ChannelAccountRecord>, Fault> {
        let mut retries = Retries::default();
        let result = loop {
            let result: Result<Option<(ChannelAccountRecord, bool)>, Fault> = async {
                let now = self.ports.clock.now();
                let session = self.ports.repository.begin(tenant).await?;
                let Some(stored) = session.accounts().find(id).await? else { return Ok(None) };
                let (before, mut account) = (stored.account.record().clone(), stored.account);
                match check {
                    Ok(_) => {
                        account.mark_authorized(now);
                        account.note_health(trouble, now);
                    }
                    Err(FetchError::Unauthorized { reason }) => account.mark_unauthorized(reason, now),
                    // A provider that cannot be asked says nothing about the account.
                    Err(_) => {}
                }
                let news =
                    account.record().status != before.status || account.record().status_reason != before.status_reason;
                if matches!(check, Ok(_) | Err(FetchError::Unauthorized { .. })) {
                    account.note_checked(now);
                    session.accounts().update(&account).await?;
                }
                if news {
                    session.events().append(vec![account_changed(&account, now)]).await?;
                    if let Some(draft) = status_changed(&Actor::system(tenant), before.status, &account, now) {
                        session.audit().append(draft).await?;
                    }
                }
                if *account.record() != before {
                    session.commit().await?;
                }
                Ok(Some((account.record().clone(), news)))
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                break result?;
            }
        };
        let Some((account, news)) = result else { return Ok(None) };
        if news {
            self.accounts.clear();
            if account.status.is_usable() {
                self.ports.queue.hasten(tenant, Lane::Outbound).await?;
            }
        }
        Ok(Some(account))
    }
}

/// Asks, repairs a subscription that lacks something, and asks again.
async fn look(
    adapter: &dyn ChannelAdapter,
    access: &hubchat_ports::AccountAccess,
    own: Option<&str>,
    resubscribe: bool,
) -> (Result<AccountCheck, FetchError>, bool) {
    let check = adapter.check(access).await;
    let Ok(told) = &check else { return (check, false) };
    let lacks = told.subscription.as_ref().is_some_and(|subscription| !subscription.missing.is_empty());
    let lost = own.is_some() && told.webhook.is_none();
    let wanted = lacks || lost || (resubscribe && (told.subscription.is_some() || own.is_some()));
    if !wanted || adapter.set_webhook(access, own.unwrap_or_default()).await.is_err() {
        return (check, false);
    }
    (adapter.check(access).await, true)
}

fn trouble(check: &Result<AccountCheck, FetchError>, base: Option<&str>, now: Timestamp) -> Option<String> {
    let check = check.as_ref().ok()?;
    match (base, &check.webhook) {
        (Some(_), None) => return Some("the provider has no webhook address of ours".to_owned()),
        (Some(base), Some((url, _))) if !url.starts_with(base) => {
            return Some("the provider sends the account's webhooks to another address".to_owned());
        }
        (Some(_), Some((_, false))) => {
            return Some("the account's webhooks are switched off at the provider".to_owned());
        }
        _ => {}
    }
    if let Some(missing) = check.subscription.as_ref().map(|told| &told.missing).filter(|missing| !missing.is_empty()) {
        return Some(format!("the provider does not send: {}", missing.join(", ")));
    }
    let ends = check.expires_at.filter(|ends| ends.since(now) < ENDS_SOON)?;
    Some(format!("the credentials end at {ends}: replace them before"))
}

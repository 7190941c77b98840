//! How often callers may ask, and how often a conversation may be written to.

use std::time::Duration;

use hubchat_domain::{ConversationId, TenantId};
use hubchat_ports::{Allowance, LimitReached, Quota};

use crate::{Actor, ErrorCode, Fault, Ports, SettingsCache};

/// The limits of an installation. A tenant's settings can be stricter, never laxer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests a minute of all callers of a tenant together.
    pub tenant_requests_per_minute: u32,
    /// Requests a minute of one API key, or of one log-in of a member.
    pub caller_requests_per_minute: u32,
    /// Messages a minute into one conversation.
    pub conversation_sends_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tenant_requests_per_minute: 30_000,
            caller_requests_per_minute: 12_000,
            conversation_sends_per_minute: 600,
        }
    }
}

/// A page opens a socket now and then, and again when it broke; a caller has a bounded number of them.
const TICKETS_PER_MINUTE: u32 = 120;

/// A limit that was kept, and what is left of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppliedLimit {
    /// Its name.
    pub policy: &'static str,
    /// What it allows.
    pub quota: Quota,
    /// What is left.
    pub allowance: Allowance,
}

/// A limit is reached. Nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests: the limit `{policy}` is reached")]
pub struct RateLimited {
    /// The limit's name.
    pub policy: &'static str,
    /// What it allows.
    pub quota: Quota,
    /// When it may be done.
    pub reached: LimitReached,
}

impl ErrorCode for RateLimited {
    fn code(&self) -> &'static str {
        "rate_limited"
    }

    fn retry_after(&self) -> Option<Duration> {
        Some(self.reached.retry_after)
    }
}

/// Why a caller may not go on.
#[derive(Debug, thiserror::Error)]
pub enum CallerLimitError {
    /// The caller, or their tenant, asked too often.
    #[error(transparent)]
    Limited(#[from] RateLimited),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorCode for CallerLimitError {
    fn code(&self) -> &'static str {
        match self {
            Self::Limited(limited) => limited.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Limited(limited) => limited.retry_after(),
            Self::Fault(fault) => fault.retry_after(),
        }
    }
}

/// Keeps the limits of callers and conversations. Cheap to clone.
#[derive(Clone)]
pub struct KeepLimits {
    ports: Ports,
    settings: SettingsCache,
    limits: Limits,
}

impl KeepLimits {
    pub(crate) fn new(ports: Ports, settings: SettingsCache, limits: Limits) -> Self {
        Self { ports, settings, limits }
    }

    /// Takes a place for one request of the caller, and one of their tenant. The system has no limit.
    pub async fn take_request(&self, actor: &Actor) -> Result<Vec<AppliedLimit>, CallerLimitError> {
        let Some(caller) = actor.caller_key() else { return Ok(Vec::new()) };
        let settings = self.settings.of(actor.tenant_id()).await?;
        let Limits { tenant_requests_per_minute, caller_requests_per_minute, .. } = self.limits;
        let of_caller = stricter(caller_requests_per_minute, settings.caller_requests_per_minute);
        let of_tenant = stricter(tenant_requests_per_minute, settings.requests_per_minute);
        // The caller's first: one that asks too often takes nothing from the others of its tenant.
        let caller = self.take("caller", &format!("caller:{caller}"), of_caller).await?;
        let tenant = self.take("tenant", &format!("tenant:{}", actor.tenant_id()), of_tenant).await?;
        Ok(vec![caller, tenant])
    }

    /// Takes a place for one ticket of the caller.
    pub(crate) async fn take_ticket(&self, actor: &Actor) -> Result<(), CallerLimitError> {
        let Some(caller) = actor.caller_key() else { return Ok(()) };
        self.take("tickets", &format!("tickets:{caller}"), TICKETS_PER_MINUTE).await?;
        Ok(())
    }

    /// Takes a place for one message into a conversation. To be asked before a session is opened.
    pub(crate) async fn take_send(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
    ) -> Result<(), CallerLimitError> {
        let settings = self.settings.of(tenant).await?;
        let most = stricter(self.limits.conversation_sends_per_minute, settings.conversation_sends_per_minute);
        self.take("conversation", &format!("conversation:{tenant}:{conversation}"), most).await?;
        Ok(())
    }

    /// The most bytes of an upload, where the installation allows `most`.
    pub(crate) async fn upload_bytes(&self, tenant: TenantId, most: u64) -> Result<u64, Fault> {
        Ok(self.settings.of(tenant).await?.upload_max_bytes.map_or(most, |own| own.min(most)))
    }

    async fn take(&self, policy: &'static str, key: &str, most: u32) -> Result<AppliedLimit, RateLimited> {
        let quota = a_minute(most);
        match self.ports.rate_limiter.take(key, quota).await {
            Ok(allowance) => Ok(AppliedLimit { policy, quota, allowance }),
            Err(reached) => Err(RateLimited { policy, quota, reached }),
        }
    }
}

/// So many a minute; at least one.
fn a_minute(times: u32) -> Quota {
    let burst = std::num::NonZeroU32::new(times).unwrap_or(std::num::NonZeroU32::MIN);
    Quota { burst, interval: (Duration::from_mins(1) / burst.get()).max(Duration::from_nanos(1)) }
}

/// The installation's limit, or the tenant's own where that is stricter.
fn stricter(of_installation: u32, own: Option<u32>) -> u32 {
    own.map_or(of_installation, |own| own.min(of_installation))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use hubchat_domain::{Scope, TenantSettings};
    use hubchat_ports::{MockInboxQueries, StoredSettings};

    use super::*;
    use crate::test_ports::{TestPorts, actor, allowance, conversation, tenant};

    type Asked = Arc<Mutex<Vec<(String, u32)>>>;

    /// Limits over a limiter that refuses keys which begin so.
    fn over(settings: TenantSettings, refused: &'static str) -> (KeepLimits, Asked) {
        let asked = Asked::default();
        let mut ports = TestPorts::default();
        let log = Arc::clone(&asked);
        ports.rate_limiter.expect_take().returning(move |key, quota| {
            log.lock().expect("not poisoned").push((key.to_owned(), quota.burst.get()));
            let reached = LimitReached { limit: quota.burst.get(), retry_after: Duration::from_secs(3) };
            if !refused.is_empty() && key.starts_with(refused) { Err(reached) } else { Ok(allowance()) }
        });
        ports.repository.expect_inbox().returning(move |_| {
            let stored = StoredSettings { settings: settings.clone(), version: 1 };
            let mut inbox = MockInboxQueries::new();
            inbox.expect_settings().return_once(|| Ok(stored));
            Box::new(inbox)
        });
        let ports = ports.build();
        (KeepLimits::new(ports.clone(), SettingsCache::new(ports), Limits::default()), asked)
    }

    fn asked(log: &Asked) -> Vec<(String, u32)> {
        log.lock().expect("not poisoned").clone()
    }

    #[tokio::test]
    async fn a_tenants_own_limit_counts_only_where_it_is_stricter() {
        let own = |most| TenantSettings {
            requests_per_minute: Some(most),
            caller_requests_per_minute: Some(most),
            conversation_sends_per_minute: Some(most),
            upload_max_bytes: Some(u64::from(most)),
            ..TenantSettings::default()
        };
        for (settings, expected) in
            [(TenantSettings::default(), [12_000, 30_000, 600]), (own(7), [7; 3]), (own(50_000), [12_000, 30_000, 600])]
        {
            let (limits, log) = over(settings, "");
            let applied = limits.take_request(&actor(&[Scope::Admin])).await.expect("within");
            assert_eq!(applied.iter().map(|one| one.policy).collect::<Vec<_>>(), ["caller", "tenant"]);
            limits.take_send(tenant(), conversation(|_| ()).record().id).await.expect("within");
            assert_eq!(asked(&log).into_iter().map(|(_, burst)| burst).collect::<Vec<_>>(), expected);
        }
        assert_eq!(over(own(2_000), "").0.upload_bytes(tenant(), 1_000).await.expect("settings"), 1_000);
        assert_eq!(over(own(500), "").0.upload_bytes(tenant(), 1_000).await.expect("settings"), 500);
    }

    #[tokio::test]
    async fn a_caller_at_its_limit_takes_nothing_from_its_tenant() {
        let (limits, log) = over(TenantSettings::default(), "caller:key:");
        let refused = limits.take_request(&actor(&[Scope::Admin])).await.expect_err("at its limit");
        assert_eq!((refused.code(), refused.retry_after()), ("rate_limited", Some(Duration::from_secs(3))));
        assert_eq!(asked(&log).len(), 1);
        let (limits, _) = over(TenantSettings::default(), "tenant:");
        let refused = limits.take_request(&actor(&[Scope::Admin])).await.expect_err("at its limit");
        assert!(matches!(refused, CallerLimitError::Limited(RateLimited { policy: "tenant", .. })));
    }

    #[tokio::test]
    async fn the_system_is_not_limited() {
        let (limits, log) = over(TenantSettings::default(), "caller");
        assert_eq!(limits.take_request(&Actor::system(tenant())).await.expect("no limit"), []);
        assert!(asked(&log).is_empty());
    }

    #[test]
    fn no_limit_is_none_at_all_and_none_is_too_large_to_count() {
        assert_eq!(a_minute(0).burst.get(), 1);
        assert_eq!(a_minute(60).interval, Duration::from_secs(1));
        assert!(a_minute(u32::MAX).interval > Duration::ZERO);
    }
}

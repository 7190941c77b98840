//! Send limits within this process.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter as Governor,
    clock::{Clock as _, DefaultClock},
};
use hubchat_domain::ChannelAccountId;
use hubchat_ports::RateLimiter;

type Limiter = DefaultKeyedRateLimiter<ChannelAccountId>;

/// Limits sends per account by GCRA, in this process.
#[derive(Default)]
pub struct GovernorRateLimiter {
    /// One limiter for each rate that channels declare: a handful.
    by_rate: Mutex<HashMap<u32, Arc<Limiter>>>,
}

impl GovernorRateLimiter {
    /// Accounts kept before those at rest are forgotten.
    const KEPT: usize = 10_000;

    /// A limiter that knows no account yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn limiter(&self, per_second: u32) -> Arc<Limiter> {
        let rate = NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
        let mut limiters = self.by_rate.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(limiters.entry(rate.get()).or_insert_with(|| Arc::new(Governor::keyed(Quota::per_second(rate)))))
    }
}

impl RateLimiter for GovernorRateLimiter {
    fn take(&self, account: ChannelAccountId, per_second: u32) -> Result<(), Duration> {
        let limiter = self.limiter(per_second);
        if limiter.len() > Self::KEPT {
            limiter.retain_recent();
        }
        limiter.check_key(&account).map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_at_its_limit_is_told_how_long_to_wait_and_others_are_not_touched() {
        let limiter = GovernorRateLimiter::new();
        let account = |n: u128| ChannelAccountId::from_uuid(uuid::Uuid::from_u128(n));
        for _ in 0..2 {
            assert_eq!(limiter.take(account(1), 2), Ok(()));
        }
        let wait = limiter.take(account(1), 2).expect_err("at its limit");
        assert!(wait > Duration::ZERO && wait <= Duration::from_millis(500), "{wait:?}");
        assert_eq!(limiter.take(account(2), 2), Ok(()));
    }
}

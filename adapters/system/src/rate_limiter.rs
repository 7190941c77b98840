//! Limits within this process. Processes do not know of each other's.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use governor::{
    Quota as Rate, RateLimiter as Governor,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use hubchat_ports::{Allowance, LimitReached, Quota, RateLimiter};

type Limiter<C> = Governor<String, DefaultKeyedStateStore<String>, C, StateInformationMiddleware>;

/// Limits how often things are done by the generic cell rate algorithm.
///
/// A key at rest may be taken a whole burst at once; from then on its places come evenly. A key that is
/// at rest again costs no memory for long.
pub struct GovernorRateLimiter<C: Clock = DefaultClock> {
    clock: C,
    /// One limiter for each quota that is used: a handful.
    by_quota: RwLock<HashMap<Quota, Limiter<C>>>,
    takes: AtomicU32,
}

impl GovernorRateLimiter {
    /// A limiter that knows no key yet.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(DefaultClock::default())
    }
}

impl Default for GovernorRateLimiter {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Clock + Clone> GovernorRateLimiter<C> {
    /// Takes between two looks for keys at rest. A key exists only by a take, so no more than this many
    /// are kept needlessly.
    const TAKES_BETWEEN_EVICTIONS: u32 = 1_024;

    /// A limiter by another clock.
    #[must_use]
    pub fn with_clock(clock: C) -> Self {
        Self { clock, by_quota: RwLock::default(), takes: AtomicU32::new(0) }
    }

    /// Forgets the keys whose state is that of one never seen.
    fn evict(&self) {
        let mut limiters = self.by_quota.write().unwrap_or_else(PoisonError::into_inner);
        limiters.retain(|_, limiter| {
            limiter.retain_recent();
            limiter.shrink_to_fit();
            !limiter.is_empty()
        });
    }

    fn check(&self, limiter: &Limiter<C>, key: &str, quota: Quota) -> Result<Allowance, LimitReached> {
        let limit = quota.burst.get();
        match limiter.check_key(&key.to_owned()) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let reset_after = quota.interval.saturating_mul(limit.saturating_sub(remaining));
                Ok(Allowance { limit, remaining, reset_after })
            }
            Err(not_until) => Err(LimitReached { limit, retry_after: not_until.wait_time_from(self.clock.now()) }),
        }
    }

    fn take_now(&self, key: &str, quota: Quota) -> Result<Allowance, LimitReached> {
        if self.takes.fetch_add(1, Ordering::Relaxed) % Self::TAKES_BETWEEN_EVICTIONS
            == Self::TAKES_BETWEEN_EVICTIONS - 1
        {
            self.evict();
        }
        // The lock is held over the check, so that no limiter is dropped while a take is counted in it.
        if let Some(limiter) = self.by_quota.read().unwrap_or_else(PoisonError::into_inner).get(&quota) {
            return self.check(limiter, key, quota);
        }
        let Some(rate) = Rate::with_period(quota.interval) else {
            return Err(LimitReached { limit: quota.burst.get(), retry_after: Duration::from_secs(1) });
        };
        let mut limiters = self.by_quota.write().unwrap_or_else(PoisonError::into_inner);
        let limiter = limiters.entry(quota).or_insert_with(|| {
            Limiter::<C>::new(rate.allow_burst(quota.burst), DefaultKeyedStateStore::default(), self.clock.clone())
        });
        self.check(limiter, key, quota)
    }

    #[cfg(test)]
    fn keys(&self) -> usize {
        self.by_quota.read().unwrap().values().map(Limiter::<C>::len).sum()
    }
}

#[async_trait]
impl<C: Clock + Clone + Send + Sync> RateLimiter for GovernorRateLimiter<C>
where
    C::Instant: Send + Sync,
{
    async fn take(&self, key: &str, quota: Quota) -> Result<Allowance, LimitReached> {
        self.take_now(key, quota)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn a_second(times: u32) -> Quota {
        Quota::new(times, Duration::from_secs(1)).unwrap()
    }

    #[test]
    fn a_key_at_its_limit_is_told_how_long_to_wait_and_others_are_not_touched() {
        let clock = FakeRelativeClock::default();
        let limiter = GovernorRateLimiter::with_clock(clock.clone());
        for taken in 1..=4 {
            let allowance = limiter.take_now("one", a_second(4)).unwrap();
            assert_eq!((allowance.limit, allowance.remaining), (4, 4 - taken));
            assert_eq!(allowance.reset_after, Duration::from_millis(250) * taken);
        }
        let refused = limiter.take_now("one", a_second(4)).unwrap_err();
        assert_eq!(refused, LimitReached { limit: 4, retry_after: Duration::from_millis(250) });
        assert!(limiter.take_now("two", a_second(4)).is_ok());
        clock.advance(Duration::from_millis(100));
        let wait = limiter.take_now("one", a_second(4)).expect_err("it is still at its limit").retry_after;
        assert_eq!(wait, Duration::from_millis(150));
        clock.advance(wait);
        assert!(limiter.take_now("one", a_second(4)).is_ok(), "the told wait is enough");
        assert!(limiter.take_now("one", a_second(4)).is_err(), "and buys one place");
    }

    #[test]
    fn the_real_clock_tells_a_wait_within_the_second() {
        let limiter = GovernorRateLimiter::new();
        limiter.take_now("one", a_second(1)).unwrap();
        let wait = limiter.take_now("one", a_second(1)).expect_err("it is at its limit").retry_after;
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "{wait:?}");
    }

    #[test]
    fn a_slow_quota_gives_its_burst_at_once_and_then_a_place_each_interval() {
        let clock = FakeRelativeClock::default();
        let limiter = GovernorRateLimiter::with_clock(clock.clone());
        let quota = Quota::new(5, Duration::from_mins(1)).unwrap();
        assert!((0..5).all(|_| limiter.take_now("log-in", quota).is_ok()));
        let wait = limiter.take_now("log-in", quota).unwrap_err().retry_after;
        assert_eq!(wait, Duration::from_secs(12));
        clock.advance(wait);
        assert!(limiter.take_now("log-in", quota).is_ok());
        assert!(limiter.take_now("log-in", quota).is_err());
    }

    #[test]
    fn keys_at_rest_are_forgotten_and_busy_ones_are_not() {
        let clock = FakeRelativeClock::default();
        let limiter = GovernorRateLimiter::with_clock(clock.clone());
        for n in 0..1_000 {
            limiter.take_now(&n.to_string(), a_second(5)).unwrap();
        }
        assert_eq!(limiter.keys(), 1_000);
        clock.advance(Duration::from_secs(10));
        for _ in 0..5 {
            limiter.take_now("0", a_second(5)).unwrap();
        }
        for n in 0..100 {
            limiter.take_now(&n.to_string(), a_second(7)).unwrap();
        }
        assert!(limiter.keys() <= 101, "{}", limiter.keys());
        assert!(limiter.take_now("0", a_second(5)).is_err(), "what a busy key has spent is not forgiven");
    }
}

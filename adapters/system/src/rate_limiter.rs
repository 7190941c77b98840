//! Send limits within this process. Processes do not know of each other's sends.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use governor::{
    Quota, RateLimiter as Governor,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use hubchat_domain::ChannelAccountId;
use hubchat_ports::RateLimiter;

type Limiter<C> =
    Governor<ChannelAccountId, DefaultKeyedStateStore<ChannelAccountId>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Limits sends per account by the generic cell rate algorithm.
///
/// An account at rest may send a full second's worth at once; from then on its sends are spaced evenly.
/// A rate of zero never lets a send through. An account that is at rest again costs no memory for long.
pub struct GovernorRateLimiter<C: Clock = DefaultClock> {
    clock: C,
    /// One limiter for each rate that channels declare: a handful.
    by_rate: RwLock<HashMap<NonZeroU32, Limiter<C>>>,
    takes: AtomicU32,
}

impl GovernorRateLimiter {
    /// A limiter that knows no account yet.
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

impl<C: Clock> GovernorRateLimiter<C> {
    /// Takes between two looks for accounts at rest. An account exists only by a take, so no more than
    /// this many are kept needlessly.
    const TAKES_BETWEEN_EVICTIONS: u32 = 1_024;
    /// The wait of an account that may not send at all.
    const NEVER: Duration = Duration::from_mins(1);

    fn with_clock(clock: C) -> Self {
        Self { clock, by_rate: RwLock::default(), takes: AtomicU32::new(0) }
    }

    /// Forgets the accounts whose state is that of one never seen.
    fn evict(&self) {
        let mut limiters = self.by_rate.write().unwrap_or_else(PoisonError::into_inner);
        limiters.retain(|_, limiter| {
            limiter.retain_recent();
            limiter.shrink_to_fit();
            !limiter.is_empty()
        });
    }

    #[cfg(test)]
    fn accounts(&self) -> usize {
        self.by_rate.read().unwrap().values().map(Limiter::<C>::len).sum()
    }
}

impl<C: Clock + Clone + Send + Sync> RateLimiter for GovernorRateLimiter<C>
where
    C::Instant: Send + Sync,
{
    fn take(&self, account: ChannelAccountId, per_second: u32) -> Result<(), Duration> {
        let Some(rate) = NonZeroU32::new(per_second) else { return Err(Self::NEVER) };
        if self.takes.fetch_add(1, Ordering::Relaxed) % Self::TAKES_BETWEEN_EVICTIONS
            == Self::TAKES_BETWEEN_EVICTIONS - 1
        {
            self.evict();
        }
        let check = |limiter: &Limiter<C>| {
            limiter.check_key(&account).map_err(|not_until| not_until.wait_time_from(self.clock.now()))
        };
        // The lock is held over the check, so that no limiter is dropped while a take is counted in it.
        if let Some(limiter) = self.by_rate.read().unwrap_or_else(PoisonError::into_inner).get(&rate) {
            return check(limiter);
        }
        let mut limiters = self.by_rate.write().unwrap_or_else(PoisonError::into_inner);
        check(limiters.entry(rate).or_insert_with(|| {
            Governor::new(Quota::per_second(rate), DefaultKeyedStateStore::default(), self.clock.clone())
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn account(n: u128) -> ChannelAccountId {
        ChannelAccountId::from_uuid(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn an_account_at_its_limit_is_told_how_long_to_wait_and_others_are_not_touched() {
        let clock = FakeRelativeClock::default();
        let limiter = GovernorRateLimiter::with_clock(clock.clone());
        for _ in 0..4 {
            assert_eq!(limiter.take(account(1), 4), Ok(()));
        }
        assert_eq!(limiter.take(account(1), 4), Err(Duration::from_millis(250)));
        assert_eq!(limiter.take(account(2), 4), Ok(()));
        clock.advance(Duration::from_millis(100));
        let wait = limiter.take(account(1), 4).expect_err("it is still at its limit");
        assert_eq!(wait, Duration::from_millis(150));
        clock.advance(wait);
        assert_eq!(limiter.take(account(1), 4), Ok(()), "the told wait is enough");
        assert!(limiter.take(account(1), 4).is_err(), "and buys one send");
    }

    #[test]
    fn a_rate_of_zero_lets_nothing_through() {
        assert!(GovernorRateLimiter::new().take(account(1), 0).is_err());
    }

    #[test]
    fn the_real_clock_tells_a_wait_within_the_second() {
        let limiter = GovernorRateLimiter::new();
        limiter.take(account(1), 1).unwrap();
        let wait = limiter.take(account(1), 1).expect_err("it is at its limit");
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "{wait:?}");
    }

    #[test]
    fn accounts_at_rest_are_forgotten_and_busy_ones_are_not() {
        let clock = FakeRelativeClock::default();
        let limiter = GovernorRateLimiter::with_clock(clock.clone());
        for n in 0..1_000 {
            limiter.take(account(n), 5).unwrap();
        }
        assert_eq!(limiter.accounts(), 1_000);
        clock.advance(Duration::from_secs(10));
        for _ in 0..5 {
            limiter.take(account(0), 5).unwrap();
        }
        for n in 0..100 {
            limiter.take(account(n), 7).unwrap();
        }
        assert!(limiter.accounts() <= 101, "{}", limiter.accounts());
        assert!(limiter.take(account(0), 5).is_err(), "what a busy account has spent is not forgiven");
    }
}

//! How fast an account may send.

use std::time::{Duration, Instant};

use hubchat_domain::ChannelAccountId;
use uuid::Uuid;

use crate::RateLimiterHarness;
use crate::deadline::eventually;

fn account(number: u128) -> ChannelAccountId {
    Uuid::from_u128(number).into()
}

pub async fn an_account_waits_once_its_allowance_is_used(harness: &dyn RateLimiterHarness) {
    let limiter = harness.limiter();
    let start = Instant::now();
    let mut taken = 0_u32;
    let wait = loop {
        match limiter.take(account(1), 5) {
            Ok(()) => taken += 1,
            Err(wait) => break wait,
        }
        assert!(taken < 10_000, "the limiter limits nothing");
    };
    let most = 5 * (1 + u32::try_from(start.elapsed().as_secs()).unwrap() + 1);
    assert!((1..=most).contains(&taken), "{taken} sends at once of 5 a second");
    assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "a wait of {wait:?} for 5 a second");
    eventually("the allowance comes back", async || limiter.take(account(1), 5).ok()).await;
}

pub async fn accounts_do_not_share_their_allowance(harness: &dyn RateLimiterHarness) {
    let limiter = harness.limiter();
    while limiter.take(account(1), 2).is_ok() {}
    assert_eq!(limiter.take(account(2), 2), Ok(()));
    assert_eq!(limiter.take(account(3), 1), Ok(()));
    assert!(limiter.take(account(1), 2).is_err());
}

pub async fn an_account_sends_no_faster_than_it_may(harness: &dyn RateLimiterHarness) {
    let limiter = harness.limiter();
    let (per_second, start) = (50, Instant::now());
    let mut taken = 0_u32;
    while taken < 120 {
        match limiter.take(account(1), per_second) {
            Ok(()) => taken += 1,
            Err(wait) => tokio::time::sleep(wait).await,
        }
    }
    // A second's allowance may be taken at once; the rest comes as time goes by.
    assert!(start.elapsed() >= Duration::from_millis(1_300), "120 sends in {:?}", start.elapsed());
}

pub async fn callers_at_the_same_time_share_one_allowance(harness: &dyn RateLimiterHarness) {
    let limiter = harness.limiter();
    let start = Instant::now();
    let taken: usize = std::thread::scope(|scope| {
        let running: Vec<_> =
            (0..4).map(|_| scope.spawn(|| (0..500).filter(|_| limiter.take(account(1), 20).is_ok()).count())).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    let most = 20 * (2 + usize::try_from(start.elapsed().as_secs()).unwrap());
    assert!((1..=most).contains(&taken), "{taken} sends of 20 a second");
}

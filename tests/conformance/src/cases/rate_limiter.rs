//! How often something may be done.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hubchat_ports::Quota;

use crate::RateLimiterHarness;
use crate::deadline::eventually;

fn a_second(times: u32) -> Quota {
    Quota::new(times, Duration::from_secs(1)).unwrap()
}

pub async fn a_key_waits_once_its_allowance_is_used(harness: &dyn RateLimiterHarness) {
    let limiter = harness.limiter();
    let start = Instant::now();
    let mut taken = 0_u32;
    let refused = loop {
        match limiter.take("one", a_second(5)).await {
            Ok(allowance) => {
                assert_eq!(allowance.limit, 5);
                assert!(allowance.remaining < 5 && allowance.reset_after <= Duration::from_secs(1), "{allowance:?}");
                taken += 1;
            }
            Err(refused) => break refused,
        }
        assert!(taken < 10_000, "the limiter limits nothing");
    };
    let most = 5 * (1 + u32::try_from(start.elapsed().as_secs()).unwrap() + 1);
    assert!((1..=most).contains(&taken), "{taken} places at once of 5 a second");
    let wait = refused.retry_after;
    assert_eq!(refused.limit, 5);
    assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "a wait of {wait:?} for 5 a second");
    eventually("the allowance comes back", async || limiter.take("one", a_second(5)).await.ok()).await;
}

pub async fn keys_do_not_share_their_allowance(harness: &dyn RateLimiterHarness) {
    let limiter = harness.limiter();
    let slow = Quota::new(2, Duration::from_mins(1)).unwrap();
    assert!(limiter.take("one", slow).await.is_ok() && limiter.take("one", slow).await.is_ok());
    assert!(limiter.take("one", slow).await.is_err());
    assert!(limiter.take("two", slow).await.is_ok());
    assert!(limiter.take("one", Quota::new(3, Duration::from_mins(1)).unwrap()).await.is_ok(), "another quota");
    assert!(limiter.take("one", slow).await.is_err());
}

pub async fn a_key_is_taken_no_faster_than_it_may(harness: &dyn RateLimiterHarness) {
    let limiter = harness.limiter();
    let (quota, start) = (a_second(50), Instant::now());
    let mut taken = 0_u32;
    while taken < 120 {
        match limiter.take("one", quota).await {
            Ok(_) => taken += 1,
            Err(refused) => tokio::time::sleep(refused.retry_after).await,
        }
    }
    // A second's allowance may be taken at once; the rest comes as time goes by.
    assert!(start.elapsed() >= Duration::from_millis(1_300), "120 places in {:?}", start.elapsed());
}

pub async fn callers_at_the_same_time_share_one_allowance(harness: &dyn RateLimiterHarness) {
    let limiter = harness.limiter();
    let quota = Quota::new(20, Duration::from_mins(10)).unwrap();
    let callers = (0..400).map(|_| async { limiter.take("one", quota).await.is_ok() });
    let taken = join_all(callers).await.into_iter().filter(|taken| *taken).count();
    assert_eq!(taken, 20, "of 20 in ten minutes");
}

pub async fn a_refused_take_costs_nothing(harness: &dyn RateLimiterHarness) {
    let limiter = harness.limiter();
    let quota = Quota::new(2, Duration::from_secs(1)).unwrap();
    let _ = limiter.take("one", quota).await;
    let _ = limiter.take("one", quota).await;
    for _ in 0..50 {
        if let Err(refused) = limiter.take("one", quota).await {
            assert!(refused.retry_after <= Duration::from_millis(501), "{refused:?}");
        }
    }
}

//! Time, ids and chance.

use std::collections::BTreeSet;
use std::time::Duration;

use hubchat_domain::Timestamp;
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use crate::ClockHarness;
use crate::deadline::in_time;

pub async fn it_is_later_than_when_this_was_written(harness: &dyn ClockHarness) {
    let written = Timestamp::parse_rfc3339("2025-01-01T00:00:00Z").unwrap();
    let far = Timestamp::parse_rfc3339("2200-01-01T00:00:00Z").unwrap();
    let now = harness.clock().now();
    assert!(written < now && now < far, "{now}");
}

pub async fn a_sleep_lasts_as_long_as_it_was_told(harness: &dyn ClockHarness) {
    let clock = harness.clock();
    for millis in [0, 1, 30] {
        let (duration, before) = (Duration::from_millis(millis), clock.now());
        in_time("a short sleep ends", clock.sleep(duration)).await;
        // The time of day may be set meanwhile, by a little.
        assert!(clock.now().plus(Duration::from_millis(5)) >= before.plus(duration));
    }
}

pub async fn ids_are_never_given_twice_and_later_ones_sort_after_earlier_ones(harness: &dyn ClockHarness) {
    let ids = harness.ids();
    let mine: Vec<Uuid> = (0..20_000).map(|_| ids.next_uuid()).collect();
    assert!(mine.windows(2).all(|pair| pair[0] < pair[1]), "a later id sorts before an earlier one");

    let threads = std::thread::scope(|scope| {
        let running: Vec<_> =
            (0..8).map(|_| scope.spawn(|| (0..5_000).map(|_| ids.next_uuid()).collect::<Vec<Uuid>>())).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(threads.iter().all(|given| given.windows(2).all(|pair| pair[0] < pair[1])));
    assert!(threads.iter().flatten().all(|id| *id > mine[mine.len() - 1]));
    let all: BTreeSet<Uuid> = mine.into_iter().chain(threads.into_iter().flatten()).collect();
    assert_eq!(all.len(), 20_000 + 8 * 5_000);
}

pub async fn chance_is_spread_from_nought_to_below_one(harness: &dyn ClockHarness) {
    let drawn: Vec<f64> = (0..4_000).map(|_| harness.randomness().fraction()).collect();
    assert!(drawn.iter().all(|fraction| (0.0..1.0).contains(fraction)));
    for tenth in 0..10 {
        let (from, to) = (f64::from(tenth) / 10.0, f64::from(tenth + 1) / 10.0);
        let count = drawn.iter().filter(|fraction| (from..to).contains(*fraction)).count();
        // 400 are expected, with a deviation of 19; a fair source fails once in ever so many lives.
        assert!((200..600).contains(&count), "{count} of 4,000 in the tenth {tenth}");
    }
}

pub async fn secret_bytes_are_as_many_as_asked_and_never_the_same(harness: &dyn ClockHarness) {
    for count in [0, 1, 16, 32, 1_000] {
        assert_eq!(harness.randomness().secret_bytes(count).expose_secret().len(), count);
    }
    let drawn: BTreeSet<Vec<u8>> =
        (0..1_000).map(|_| harness.randomness().secret_bytes(16).expose_secret().to_vec()).collect();
    assert_eq!(drawn.len(), 1_000);
    let bytes: BTreeSet<u8> = drawn.into_iter().flatten().collect();
    assert_eq!(bytes.len(), 256, "some bytes never come");
    let shown = format!("{:?}", harness.randomness().secret_bytes(4));
    assert!(shown.contains("REDACTED"), "secret bytes are shown: {shown}");
}

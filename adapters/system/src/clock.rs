//! The system's clock: the one place that reads it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use hubchat_domain::Timestamp;
use hubchat_ports::Clock;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
        let now = SystemTime::now();
        // A clock before 1970 is a broken clock; everything then happens at the epoch.
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_later_than_when_this_was_written() {
        assert!(SystemClock.now() > Timestamp::from_millis(1_767_225_600_000));
    }
}

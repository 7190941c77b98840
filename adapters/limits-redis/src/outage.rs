//! Whether Redis is away, so that callers do not each wait for it, and the log says it once.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// While Redis is away it is asked no more often than this.
const BETWEEN_PROBES: Duration = Duration::from_millis(500);

/// What is known of an outage.
#[derive(Debug, Default)]
pub(crate) struct Outage {
    away: AtomicBool,
    next_probe: Mutex<Option<Instant>>,
}

impl Outage {
    /// Whether Redis is to be asked now: it is there, or it is this caller's turn to see whether it is back.
    pub(crate) fn may_ask(&self) -> bool {
        if !self.away.load(Ordering::Relaxed) {
            return true;
        }
        let now = Instant::now();
        let mut next = self.next_probe.lock().unwrap_or_else(PoisonError::into_inner);
        if next.is_some_and(|at| now < at) {
            return false;
        }
        *next = Some(now + BETWEEN_PROBES);
        true
    }

    /// Redis did not answer.
    pub(crate) fn failed(&self, error: &redis::RedisError) {
        *self.next_probe.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + BETWEEN_PROBES);
        if !self.away.swap(true, Ordering::Relaxed) {
            // The error's own words may hold the address and with it a password.
            tracing::warn!(
                kind = ?error.kind(),
                "redis does not answer: limits are kept by each process for itself until it does"
            );
        }
    }

    /// Redis answered.
    pub(crate) fn answered(&self) {
        if self.away.load(Ordering::Relaxed) && self.away.swap(false, Ordering::Relaxed) {
            tracing::info!("redis answers again: limits are shared");
        }
    }
}

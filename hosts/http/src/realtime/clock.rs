//! How much a client may say.

use std::time::Duration;

use tokio::time::Instant;

/// So many frames a second, as many at once.
pub(super) const FRAMES_A_SECOND: u32 = 20;

/// Counts a client's frames (GCRA, as limits elsewhere).
pub(super) struct FrameClock {
    paid_back: Instant,
}

impl FrameClock {
    pub(super) fn new(now: Instant) -> Self {
        Self { paid_back: now }
    }

    /// Counts one; tells whether it was within the limit.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let interval = Duration::from_secs(1) / FRAMES_A_SECOND;
        let next = self.paid_back.max(now) + interval;
        if next > now + Duration::from_secs(1) {
            return false;
        }
        self.paid_back = next;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_says_twenty_things_at_once_and_then_twenty_a_second() {
        let begin = Instant::now();
        let mut clock = FrameClock::new(begin);
        assert!((0..FRAMES_A_SECOND).all(|_| clock.take(begin)));
        assert!(!clock.take(begin));
        let later = begin + Duration::from_millis(110);
        assert!(clock.take(later) && clock.take(later) && !clock.take(later));
        let rested = begin + Duration::from_secs(10);
        assert_eq!((0..100).filter(|_| clock.take(rested)).count(), FRAMES_A_SECOND as usize);
    }
}

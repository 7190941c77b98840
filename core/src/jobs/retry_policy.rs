//! How long to wait before trying again, and when to give up.

use std::time::Duration;

use hubchat_ports::{AttemptCount, Randomness};

use super::JobOutcome;
use crate::Fault;

/// Exponential back-off with full jitter: after attempt n, a random part of `base * 2^(n-1)`, at most `cap`.
///
/// Full jitter spreads what failed together, which an even back-off would keep together
/// (<https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The first ceiling.
    pub base: Duration,
    /// The highest ceiling.
    pub cap: Duration,
    /// Attempts before giving up.
    pub max_attempts: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { base: Duration::from_secs(1), cap: Duration::from_mins(5), max_attempts: 8 }
    }
}

impl RetryPolicy {
    /// A provider's wish to wait is obeyed up to this.
    const LONGEST_WISH: Duration = Duration::from_hours(1);

    /// The wait after the given attempt (from 1); `None` when it was the last.
    #[must_use]
    pub fn delay_after(&self, attempt: u32, randomness: &dyn Randomness) -> Option<Duration> {
        (attempt < self.max_attempts).then(|| self.ceiling(attempt).mul_f64(randomness.fraction()))
    }

    /// The same, but no shorter than the provider wished.
    #[must_use]
    pub fn delay_no_shorter(
        &self,
        attempt: u32,
        wish: Option<Duration>,
        randomness: &dyn Randomness,
    ) -> Option<Duration> {
        let wish = wish.unwrap_or_default().min(Self::LONGEST_WISH);
        self.delay_after(attempt, randomness).map(|delay| delay.max(wish))
    }

    /// What becomes of a job that met a fault of ours: while storage is away nothing is counted against it; any
    /// other fault counts, so that a job that can never succeed ends among the dead letters.
    #[must_use]
    pub(crate) fn after_fault(&self, attempt: u32, fault: &Fault, randomness: &dyn Randomness) -> JobOutcome {
        let error = fault.to_string();
        if matches!(fault, Fault::Unavailable(_) | Fault::Contended) {
            return JobOutcome::wait(Duration::from_secs(1).mul_f64(0.5 + randomness.fraction()), error);
        }
        match self.delay_after(attempt, randomness) {
            Some(delay) => JobOutcome::Retry { delay, error, count: AttemptCount::Counted },
            None => JobOutcome::Dead { error },
        }
    }

    fn ceiling(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(20);
        self.base.saturating_mul(1 << doublings).min(self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_faults_that_pass_by_themselves_are_waited_out_for_ever() {
        let policy = RetryPolicy::default();
        let after = |attempt, fault: &Fault| policy.after_fault(attempt, fault, &Fixed(0.5));
        for passing in [Fault::Contended, Fault::Unavailable("away".into())] {
            let outcome = after(policy.max_attempts, &passing);
            assert!(matches!(outcome, JobOutcome::Retry { count: AttemptCount::NotCounted, .. }), "{outcome:?}");
        }
        let lasting = Fault::Internal("corrupt".into());
        assert!(matches!(after(1, &lasting), JobOutcome::Retry { count: AttemptCount::Counted, .. }));
        assert!(matches!(after(policy.max_attempts, &lasting), JobOutcome::Dead { .. }));
    }

    struct Fixed(f64);

    impl Randomness for Fixed {
        fn fraction(&self) -> f64 {
            self.0
        }

        fn secret_bytes(&self, count: usize) -> secrecy::SecretSlice<u8> {
            vec![0; count].into()
        }
    }

    #[test]
    fn ceilings_double_up_to_the_cap_and_the_last_attempt_has_no_delay() {
        let policy = RetryPolicy { base: Duration::from_secs(1), cap: Duration::from_secs(10), max_attempts: 6 };
        let delays: Vec<_> = (1..=6).map(|n| policy.delay_after(n, &Fixed(1.0)).map(|d| d.as_secs())).collect();
        assert_eq!(delays, [Some(1), Some(2), Some(4), Some(8), Some(10), None]);
    }

    #[test]
    fn a_wish_is_obeyed_but_not_for_ever() {
        let policy = RetryPolicy::default();
        let wish = |secs| policy.delay_no_shorter(1, Some(Duration::from_secs(secs)), &Fixed(0.0));
        assert_eq!(wish(3), Some(Duration::from_secs(3)));
        assert_eq!(wish(99_999), Some(Duration::from_hours(1)));
    }
}

//! What becomes of a job that was tried.

use std::time::Duration;

use hubchat_ports::AttemptCount;

/// What the queue is to be told of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobOutcome {
    /// It is done and goes.
    Done,
    /// It goes back, to be tried again.
    Retry {
        /// Not before this has passed.
        delay: Duration,
        /// What happened, without content.
        error: String,
        /// Whether this attempt counts.
        count: AttemptCount,
    },
    /// It goes back untried.
    Release,
    /// It is given up and becomes a dead letter.
    Dead {
        /// What happened, without content.
        error: String,
    },
}

impl JobOutcome {
    pub(crate) fn dead(error: &str) -> Self {
        Self::Dead { error: error.to_owned() }
    }

    /// Goes back for `delay`, without an attempt being counted.
    pub(crate) fn wait(delay: Duration, reason: impl Into<String>) -> Self {
        Self::Retry { delay, error: reason.into(), count: AttemptCount::NotCounted }
    }

    /// Whether successors of the same order key may go on.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Done | Self::Dead { .. })
    }
}

//! Doing jobs: which use case a job belongs to, and what becomes of it.

mod job_outcome;
mod job_runner;
mod retry_policy;

pub use job_outcome::JobOutcome;
pub use job_runner::JobRunner;
pub use retry_policy::RetryPolicy;

use std::time::Duration;

use hubchat_ports::{Lane, NewJob};

/// A job of the background lane, due at once.
pub(crate) fn background(kind: &str, order_key: &str, payload: &serde_json::Value) -> NewJob {
    NewJob {
        lane: Lane::Background,
        order_key: order_key.to_owned(),
        kind: kind.to_owned(),
        payload: payload.to_string(),
        delay: Duration::ZERO,
    }
}

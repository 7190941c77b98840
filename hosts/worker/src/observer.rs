//! Counting what becomes of jobs.

use hubchat_core::{
    JobOutcome,
    port::{AttemptCount, Lane},
};

/// Counts an outcome.
pub(crate) fn count_outcome(lane: Lane, outcome: &JobOutcome) {
    let name = match outcome {
        JobOutcome::Done => "processed",
        JobOutcome::Retry { count: AttemptCount::Counted, .. } => "retried",
        JobOutcome::Retry { count: AttemptCount::NotCounted, .. } => "postponed",
        JobOutcome::Release => "released",
        JobOutcome::Dead { .. } => "dead",
    };
    metrics::counter!("hubchat_jobs_total", "lane" => lane.as_str(), "outcome" => name).increment(1);
}

/// Counts jobs that another worker has by now.
pub(crate) fn count_fenced(lane: Lane, jobs: usize) {
    if jobs > 0 {
        metrics::counter!("hubchat_jobs_total", "lane" => lane.as_str(), "outcome" => "fenced").increment(jobs as u64);
    }
}

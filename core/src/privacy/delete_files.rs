//! Deleting the bytes of files whose rows are gone.
//!
//! The job is written in the transaction that takes the rows away: bytes never stay behind unnoticed, and
//! a store that cannot be reached holds nothing else up.

use hubchat_ports::{AttemptCount, Lane, NewJob, ReservedJob};
use serde::{Deserialize, Serialize};

use crate::{Ports, RetryPolicy, jobs::JobOutcome};

/// The kind of the job.
pub(crate) const DELETE_FILES_JOB: &str = "media.delete.v1";

/// The most files of one job.
const FILES_A_JOB: usize = 200;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeleteFilesJob {
    storage_keys: Vec<String>,
}

/// The jobs that delete files.
pub(crate) fn delete_files_jobs(storage_keys: &[String]) -> Vec<NewJob> {
    let job = |keys: &[String]| NewJob {
        lane: Lane::Background,
        order_key: format!("delete:{}", keys.first().map_or("", String::as_str)),
        kind: DELETE_FILES_JOB.to_owned(),
        payload: serde_json::json!(DeleteFilesJob { storage_keys: keys.to_vec() }).to_string(),
        delay: std::time::Duration::ZERO,
    };
    storage_keys.chunks(FILES_A_JOB).map(job).collect()
}

/// Deletes files.
#[derive(Clone)]
pub struct DeleteFiles {
    ports: Ports,
    policy: RetryPolicy,
}

impl DeleteFiles {
    pub(crate) fn new(ports: Ports, policy: RetryPolicy) -> Self {
        Self { ports, policy }
    }

    /// Does one job. A file that is gone already is no error, so the job may be done again.
    pub async fn run(&self, job: &ReservedJob) -> JobOutcome {
        let Ok(payload) = serde_json::from_str::<DeleteFilesJob>(&job.payload) else {
            return JobOutcome::dead("the payload cannot be read");
        };
        for key in &payload.storage_keys {
            if let Err(error) = self.ports.media_files.delete(key).await {
                let error = error.to_string();
                return match self.policy.delay_after(job.attempt, &*self.ports.randomness) {
                    Some(delay) => JobOutcome::Retry { delay, error, count: AttemptCount::Counted },
                    None => JobOutcome::Dead { error },
                };
            }
        }
        JobOutcome::Done
    }
}

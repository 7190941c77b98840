//! The pool that takes hubchat's jobs: one runner a lane, so that no lane ever starves another.
//!
//! A job is ours while its lease lasts; the lease is extended while the job is being done. On shutdown
//! the pool stops reserving, finishes what it does within a limit, and gives back what it did not begin.

mod lane_runner;
mod leases;
mod observer;
mod settlement;
mod status_page;

pub use lane_runner::{LaneOptions, run_lane};
pub use status_page::serve_status;

use hubchat_core::{Hubchat, port::Lane};
use hubchat_wiring::WorkerSettings;
use tokio_util::sync::CancellationToken;

/// Works on all lanes until `shutdown`, then finishes or gives back what it holds.
pub async fn run(hubchat: Hubchat, settings: &WorkerSettings, shutdown: CancellationToken) {
    let runners = Lane::ALL.map(|lane| {
        let options = LaneOptions {
            lane,
            settings: settings.lane(lane),
            lease: settings.lease(),
            poll: settings.poll(),
            shutdown_limit: settings.shutdown(),
        };
        tokio::spawn(run_lane(hubchat.clone(), options, shutdown.clone()))
    });
    for runner in runners {
        if let Err(error) = runner.await {
            tracing::error!(error = &error as &dyn std::error::Error, "a lane ended abnormally");
        }
    }
}

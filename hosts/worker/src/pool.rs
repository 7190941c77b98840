//! The pool: one runner a lane.

use hubchat_core::{Hubchat, port::Lane};
use hubchat_wiring::WorkerSettings;
use tokio_util::sync::CancellationToken;

use crate::{LaneOptions, run_lane};

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

//! The pool: one runner a lane.

use std::time::Duration;

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
    let checks = tokio::spawn(look_after_accounts(hubchat.clone(), settings.account_checks(), shutdown.clone()));
    let rounds = tokio::spawn(make_daily_rounds(hubchat, shutdown));
    for runner in runners.into_iter().chain([checks, rounds]) {
        if let Err(error) = runner.await {
            tracing::error!(error = &error as &dyn std::error::Error, "a lane ended abnormally");
        }
    }
}

/// Looks after the channel accounts every so often. Of several workers one looks at an account within an hour.
async fn look_after_accounts(hubchat: Hubchat, every: Duration, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
        let checked = tokio::select! {
            () = shutdown.cancelled() => return,
            checked = hubchat.check_channel.run_all() => checked,
        };
        match checked {
            Ok(count) if count.ill > 0 => {
                tracing::warn!(well = count.well, ill = count.ill, "some channel accounts need an operator");
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the channel accounts could not be looked at");
            }
        }
    }
}

/// How often it is looked whether a tenant's daily round is due.
const BETWEEN_ROUNDS: Duration = Duration::from_hours(1);

/// Sees to every tenant once a day: retention and housekeeping. Of several workers one sees to a tenant.
async fn make_daily_rounds(hubchat: Hubchat, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(BETWEEN_ROUNDS) => {}
        }
        let made = tokio::select! {
            () = shutdown.cancelled() => return,
            made = hubchat.daily_round.run() => made,
        };
        if let Err(error) = made {
            tracing::warn!(error = &error as &dyn std::error::Error, "the daily round could not be made");
        }
    }
}

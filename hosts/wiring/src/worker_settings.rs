//! How the worker works.

use std::time::Duration;

use hubchat_core::port::Lane;
use serde::Deserialize;

/// How one lane is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaneSettings {
    /// How many pieces of work go on at once: reservations for the inbound lane, order keys for the others.
    pub concurrency: u32,
    /// At most so many jobs a reservation.
    pub batch: u32,
    /// At most so many jobs of one order key a reservation.
    pub per_key: u32,
}

/// How the worker works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerSettings {
    /// Events of providers.
    pub inbound: LaneSettings,
    /// Messages to customers.
    pub outbound: LaneSettings,
    /// Profiles and files.
    pub background: LaneSettings,
    /// For how many seconds a job is ours; it is extended while it is being done.
    pub lease_seconds: u64,
    /// How often a quiet queue is looked at, in milliseconds, should a wake-up be lost.
    pub poll_milliseconds: u64,
    /// For how many seconds work may go on after the signal to stop.
    pub shutdown_seconds: u64,
    /// How often the channel accounts are looked at: their credentials and subscriptions.
    pub account_checks_minutes: u64,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            inbound: LaneSettings { concurrency: 2, batch: 128, per_key: 64 },
            outbound: LaneSettings { concurrency: 32, batch: 64, per_key: 8 },
            background: LaneSettings { concurrency: 8, batch: 16, per_key: 4 },
            lease_seconds: 30,
            poll_milliseconds: 1_000,
            shutdown_seconds: 25,
            account_checks_minutes: 60,
        }
    }
}

impl WorkerSettings {
    /// The settings of a lane.
    #[must_use]
    pub const fn lane(&self, lane: Lane) -> LaneSettings {
        match lane {
            Lane::Inbound => self.inbound,
            Lane::Outbound => self.outbound,
            Lane::Background => self.background,
        }
    }

    /// For how long a job is ours.
    #[must_use]
    pub const fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_seconds)
    }

    /// How often a quiet queue is looked at.
    #[must_use]
    pub const fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_milliseconds)
    }

    /// How often the channel accounts are looked at.
    #[must_use]
    pub const fn account_checks(&self) -> Duration {
        Duration::from_secs(self.account_checks_minutes.saturating_mul(60))
    }

    /// For how long work may go on after the signal to stop.
    #[must_use]
    pub const fn shutdown(&self) -> Duration {
        Duration::from_secs(self.shutdown_seconds)
    }
}

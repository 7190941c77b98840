//! The storage against the promises of its ports, on both databases.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod audit;
mod conformance;
mod database;
mod intake;
mod live;
mod migrations;
mod queue;
mod rig;
mod sessions;
mod webhook_events;

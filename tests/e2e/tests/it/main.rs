//! End-to-end tests: the real server over real HTTP against the fake providers, on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking; these modules hold nothing but tests and what they share"
)]
#![expect(unreachable_pub, reason = "nothing here is an API")]

mod access;
mod access_matrix;
mod audit;
mod audit_tampering;
mod bad_input;
mod browser;
mod commands;
mod database;
mod database_outage;
mod deadline;
mod deliveries;
mod door_deeds;
mod drafts;
mod erasure;
mod following;
mod hub;
mod keys;
mod kill_nine;
mod kill_nine_unkeyed;
mod main_job;
mod many_attempts;
mod message_kinds;
mod meta;
mod meta_bad_days;
mod meta_comments;
mod meta_life;
mod meta_whatsapp;
mod no_secret_told;
mod refresh;
mod repetition;
mod rolling_restart;
mod sight;
mod socket;
mod socket_door;
mod socket_hosts;
mod socket_revocation;
mod socket_sight;
mod socket_storm;
mod strangers;
mod telegram;
mod tenants_apart;
mod webhook;

//! What a caller of the HTTP host sees, over mocks of every port.

#![expect(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

mod api_bodies;
mod api_keys;
mod api_lists;
mod authentication;
mod console;
mod cors;
mod documents;
mod harness;
mod hygiene;
mod limits;
mod links;
mod problems;
mod sending;
mod serving;
mod settings;
mod shops;
mod uploads;
mod webhooks;

//! The sandbox as its callers meet it: over real sockets.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod control;
mod faults;
mod harness;
mod lookups;
mod meta;
mod meta_sends;
mod meta_whatsapp;
mod phone;
mod sends;
mod telegram;
mod validation;
mod webhooks;

//! Messages on their way in: accepting webhooks, and processing what they hold.

mod accept_webhook;
mod batch;
mod held;
mod process_inbound;
mod spoken;

#[cfg(test)]
mod process_inbound_tests;

pub use accept_webhook::{AcceptWebhook, AcceptWebhookError, Accepted, WebhookAddress};
pub use process_inbound::{PROCESS_EVENT_JOB, ProcessInbound};

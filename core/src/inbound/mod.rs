//! Messages on their way in: accepting webhooks, and processing what they hold.

mod accept_webhook;
mod batch;
mod process_inbound;

pub use accept_webhook::{AcceptWebhook, AcceptWebhookError, Accepted, WebhookAddress};
pub use process_inbound::{PROCESS_EVENT_JOB, ProcessInbound};

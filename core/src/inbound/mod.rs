//! Messages on their way in: accepting webhooks, and processing what they hold.

mod accept_webhook;
mod add_message;
mod adopt_unrouted;
mod aliased;
mod apply;
mod batch;
mod held;
mod people;
mod process_inbound;
mod spoken;

#[cfg(test)]
mod accept_app_tests;
#[cfg(test)]
mod adopt_unrouted_tests;
#[cfg(test)]
mod batch_echo_tests;
#[cfg(test)]
mod batch_tests;
#[cfg(test)]
mod batch_thread_tests;
#[cfg(test)]
mod batch_world;
#[cfg(test)]
mod process_inbound_tests;

pub use accept_webhook::{AcceptWebhook, AcceptWebhookError, Accepted, WebhookAddress};
pub(crate) use adopt_unrouted::AdoptUnrouted;
pub use process_inbound::{PROCESS_EVENT_JOB, ProcessInbound};

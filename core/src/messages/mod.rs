//! Messages on their way out: accepting sends, and delivering them.

mod circuits;
mod deliver;
mod delivery_result;
mod new_content;
mod outgoing;
mod private_reply;
mod retry_message;
mod send_message;
mod send_options;

#[cfg(test)]
mod deliver_policy_tests;
#[cfg(test)]
mod deliver_tests;
#[cfg(test)]
mod private_reply_tests;
#[cfg(test)]
mod retry_message_tests;
#[cfg(test)]
mod send_message_tests;
#[cfg(test)]
mod send_options_tests;

pub(crate) use deliver::DELIVER_JOB;
pub use deliver::Deliver;
pub use new_content::NewContent;
pub(crate) use new_content::sendable;
pub use retry_message::{RetryMessage, RetryMessageError};
pub(crate) use send_message::created;
pub use send_message::{QueuedMessage, SendMessage, SendMessageCommand, SendMessageError, SendTarget};
use send_message::{deliver_job, updated};
pub use send_options::{GetSendOptions, SendOptionsError, SendOptionsView};

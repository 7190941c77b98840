//! Working on conversations.

mod signals;
mod update_conversation;

#[cfg(test)]
mod signals_tests;
#[cfg(test)]
mod update_conversation_tests;

pub(crate) use signals::{PRESSED_JOB, SEEN_JOB, pressed_job};
pub use signals::{SignalError, Signalled, Signals};
pub use update_conversation::{UpdateConversation, UpdateConversationCommand, UpdateConversationError};

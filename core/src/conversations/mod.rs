//! Working on conversations.

mod update_conversation;

#[cfg(test)]
mod update_conversation_tests;

pub use update_conversation::{UpdateConversation, UpdateConversationCommand, UpdateConversationError};

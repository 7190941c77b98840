//! Working on conversations.

mod update_conversation;

pub use update_conversation::{UpdateConversation, UpdateConversationCommand, UpdateConversationError};

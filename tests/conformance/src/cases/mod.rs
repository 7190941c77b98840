//! The cases, by what they look at.

pub mod accounts;
pub mod activities;
pub mod contacts;
pub mod conversations;
pub mod directory;
pub mod events;
pub mod idempotency;
pub mod inbox_conversations;
pub mod inbox_leads;
pub mod inbox_messages;
pub mod isolation;
pub mod leads;
pub mod media_rows;
pub mod members;
pub mod messages;
pub mod sessions;
pub mod webhook_events;

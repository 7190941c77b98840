//! The Telegram Bot API behind hubchat's channel adapter.
//!
//! Sources: <https://core.telegram.org/bots/api>, <https://core.telegram.org/bots/faq> and the pages linked where
//! a rule is kept. Nothing here knows the database or another channel.

mod adapter;
mod bot;
mod content;
mod errors;
mod fetch;
mod parse;
mod send;
mod split;
mod verify;
mod wire;

#[cfg(test)]
mod fixtures;

pub use adapter::{TelegramAdapter, TelegramConfig};
pub use verify::webhook_secret;

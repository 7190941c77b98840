//! The LINE Messaging API behind hubchat's channel adapter.
//!
//! Sources: <https://developers.line.biz/en/reference/messaging-api/> and the pages linked where a rule is
//! kept. Nothing here knows the database or another channel.

mod adapter;
mod content;
mod errors;
mod fetch;
mod outgoing;
mod parse;
mod send;
mod signature;
mod split;
mod wire;

#[cfg(test)]
mod fixtures;

pub use adapter::{LineAdapter, LineConfig};

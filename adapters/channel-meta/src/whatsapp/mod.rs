//! The WhatsApp Business Cloud API.

mod adapter;
mod content;
mod fetch;
mod parse;
mod send;
mod split;
mod templates;

pub use adapter::WhatsappAdapter;

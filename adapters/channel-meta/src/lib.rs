//! Meta's channels behind hubchat's channel adapters: Messenger and page comments ([`FacebookAdapter`]), Instagram
//! ([`InstagramAdapter`]) and the WhatsApp Business Cloud API ([`WhatsappAdapter`]), over one Graph client.
//!
//! Sources: <https://developers.facebook.com/docs/messenger-platform>,
//! <https://developers.facebook.com/docs/instagram-platform>, <https://developers.facebook.com/docs/whatsapp/cloud-api>,
//! <https://developers.facebook.com/docs/graph-api/webhooks> and the pages linked where a rule is kept. Nothing here
//! knows the database or another channel.

mod account;
mod config;
mod direct;
mod errors;
mod facebook;
mod graph;
mod instagram;
mod keys;
mod subscription;
mod verify;
mod whatsapp;

#[cfg(test)]
mod fixtures;

pub use config::{MetaApp, MetaConfig};
pub use facebook::FacebookAdapter;
pub use instagram::InstagramAdapter;
pub use whatsapp::WhatsappAdapter;

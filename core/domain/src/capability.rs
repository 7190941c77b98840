//! What a channel can do, as its adapter declares it.

use std::time::Duration;

use crate::MessageKind;

/// How large a file of a kind may be, and of which types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaLimit {
    /// The kind of message.
    pub kind: MessageKind,
    /// The most bytes.
    pub max_bytes: u64,
    /// The types; empty when the provider names none.
    pub content_types: &'static [&'static str],
}

/// What a channel can carry and how it behaves; the adapter's own statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelCapabilities {
    /// The kinds of message that may be sent.
    pub send_kinds: &'static [MessageKind],
    /// The most UTF-16 units of text that one message may carry, split parts together.
    pub max_text_utf16: usize,
    /// How long the provider recognises a repeated send by our key; `None` where it never does.
    /// With a key an unknown outcome is retried, without one it is shown as uncertain.
    pub idempotent_send: Option<Duration>,
    /// How long a reply handle of an event may be used, counted from its receipt.
    pub reply_handle_ttl: Option<Duration>,
    /// The latest moment after the event itself at which a redelivered reply handle may be used.
    pub reply_handle_max_age: Option<Duration>,
    /// What files may be.
    pub media_limits: &'static [MediaLimit],
    /// One webhook of the app at the provider serves many accounts of many tenants.
    pub app_webhook: bool,
    /// Sends a second that one account may make before it waits.
    pub sends_per_second: u32,
}

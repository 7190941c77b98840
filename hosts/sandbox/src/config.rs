//! What a caller may choose about the sandbox.

use std::time::Duration;

use crate::clock::SandboxClock;

/// Settings of a [`Sandbox`](crate::Sandbox). The default behaves as the providers document.
#[derive(Debug, Clone)]
pub struct SandboxConfig {
    /// How long a webhook post may take before it counts as unanswered. LINE waits 2 s.
    pub webhook_timeout: Duration,
    /// How long a reply token can be used after its event was delivered. LINE says within 1 minute.
    pub reply_token_life: Duration,
    /// How long a retry key is remembered. LINE remembers it for 24 hours.
    pub retry_key_life: Duration,
    /// Pushes a channel may send in all; `None` is without limit. Months do not pass in a sandbox.
    pub monthly_quota: Option<u64>,
    /// Effects kept; the oldest leave first. Retry keys and tokens are kept up to the same number.
    pub kept_effects: usize,
    /// Events said that are kept for redelivery and for the chat view, and media with them.
    pub kept_events: usize,
    /// Accepts `http://` media URLs on this machine's loopback, which LINE itself refuses.
    /// For trying things without certificates; off by default.
    pub allow_loopback_http_media: bool,
    /// The time.
    pub clock: SandboxClock,
    /// Makes the ids of a run repeatable.
    pub seed: Option<u64>,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            webhook_timeout: Duration::from_secs(2),
            reply_token_life: Duration::from_mins(1),
            retry_key_life: Duration::from_hours(24),
            monthly_quota: None,
            kept_effects: 1_000_000,
            kept_events: 100_000,
            allow_loopback_http_media: false,
            clock: SandboxClock::System,
            seed: None,
        }
    }
}

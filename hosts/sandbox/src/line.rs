//! The fake LINE: state, and the modules that play its parts.
//!
//! Sources: LINE's public Messaging API reference. No lock is held over I/O anywhere below.

mod answering;
mod channel;
mod compose;
mod content;
mod control;
mod deliver;
mod ledger;
mod lookup;
mod messaging;
mod people;
mod refusals;
mod route;
mod said;
mod say;
mod tally;
mod tokens;
mod validate;
mod webhook_settings;

use std::sync::Arc;
use std::time::Duration;

pub use channel::LineChannel;
pub use compose::Webhook;
pub use deliver::{Signature, line_signature};
pub use ledger::{Effect, SentMessage, Via};
pub use said::{ChatEntry, SaidEvent};
pub use say::{ImageSet, Media, MediaState, Say, SayKind};
pub use tally::RequestCount;

pub(crate) use people::PICTURE;
pub(crate) use said::KeptEvent;

use crate::client::WebhookClient;
use crate::config::SandboxConfig;
use crate::fault::{Fault, Faults};
use crate::ids::Ids;
use crate::sandbox::Shared;
use crate::timeline::Timeline;
use channel::Channels;
use content::Contents;
use ledger::Ledger;
use people::People;
use said::SaidLog;
use tally::Tally;
use tokens::Tokens;

/// The fake LINE. Clones share all state.
#[derive(Debug, Clone)]
pub struct FakeLine {
    state: Arc<LineState>,
}

#[derive(Debug)]
struct LineState {
    config: SandboxConfig,
    ids: Ids,
    client: WebhookClient,
    channels: Channels,
    ledger: Ledger,
    tokens: Tokens,
    contents: Contents,
    people: People,
    said: SaidLog,
    faults: Faults,
    tally: Tally,
    timeline: Timeline,
}

impl LineState {
    fn now_ms(&self) -> i64 {
        self.config.clock.now_ms()
    }
}

impl FakeLine {
    pub(crate) fn new(config: SandboxConfig, shared: &Shared) -> Self {
        let state = LineState {
            ids: Ids::new(config.seed, config.clock.now_ms()),
            client: WebhookClient::new(config.webhook_timeout, shared.deliveries.clone()),
            channels: Channels::default(),
            ledger: Ledger::new(&config),
            tokens: Tokens::new(&config),
            contents: Contents::new(config.kept_events),
            people: People::new(shared.names.clone()),
            timeline: shared.timeline.clone(),
            said: SaidLog::new(config.kept_events),
            faults: Faults::default(),
            tally: Tally::default(),
            config,
        };
        Self { state: Arc::new(state) }
    }

    /// Adds a channel, or replaces the one with the same destination.
    pub fn add_channel(&self, channel: LineChannel) {
        self.state.channels.insert(channel);
    }

    /// The channels, in the order they were added.
    pub fn channels(&self) -> Vec<Arc<LineChannel>> {
        self.state.channels.list()
    }

    /// Sets where the channel's webhooks go. Does nothing for a destination that was never added.
    pub fn set_webhook_url(&self, destination: &str, url: &str) {
        self.state.channels.set_webhook_url(destination, url);
    }

    /// What customers received, in order, up to the kept number. Append-only: this is the truth that
    /// tests compare with what the sender believes. Sends to a user who blocked the channel are here
    /// too, marked [`Effect::blocked`].
    pub fn effects(&self) -> Vec<Arc<Effect>> {
        self.state.ledger.after(0, usize::MAX)
    }

    /// The effects after the sequence number `seq`, at most `limit`.
    pub fn effects_after(&self, seq: u64, limit: usize) -> Vec<Arc<Effect>> {
        self.state.ledger.after(seq, limit)
    }

    /// How many effects there were in all, those no longer kept included. Cheap.
    pub fn effect_count(&self) -> u64 {
        self.state.ledger.count()
    }

    /// Waits until there were at least `count` effects in all, or until `timeout`; answers what is there then.
    pub async fn wait_for_effects(&self, count: u64, timeout: Duration) -> Vec<Arc<Effect>> {
        self.state.ledger.wait_for(count, timeout).await;
        self.effects()
    }

    /// The chat with a user, group or room, both directions, by time.
    pub fn chat(&self, chat_id: &str) -> Vec<ChatEntry> {
        said::chat(&self.state, chat_id)
    }

    /// How often each path was asked and with which status it was answered. Status 0: the answer was lost.
    pub fn requests(&self) -> Vec<RequestCount> {
        self.state.tally.counts()
    }

    /// Adds a fault. Faults are tried in the order they were set; the first that fires decides.
    pub fn set_fault(&self, fault: Fault) {
        self.state.faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.state.faults.clear();
    }

    /// Whether the user lets channels see their profile. True unless set.
    pub fn set_profile_consent(&self, user_id: &str, consents: bool) {
        self.state.people.set_consent(user_id, consents);
    }

    /// Makes a user block the channel, or unblock it, without a webhook.
    pub fn set_blocked(&self, destination: &str, user_id: &str, blocked: bool) {
        self.state.people.set_blocked(destination, user_id, blocked);
    }

    /// Replaces what the content paths answer for a message that was said.
    pub fn set_content(&self, message_id: &str, media: &Media) {
        self.state.contents.replace(message_id, media);
    }
}

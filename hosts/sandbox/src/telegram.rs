//! The fake Telegram: state, and the modules that play its parts.
//!
//! Sources: <https://core.telegram.org/bots/api>. No lock is held over I/O anywhere below.

mod bot;
mod control;
mod methods;
mod say;

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

pub use bot::TelegramBot;
pub use methods::{TelegramEffect, TelegramSignal};
pub use say::{TelegramFile, TelegramSay, TelegramUpdate};

use crate::bounded::{BoundedMap, lock};
use crate::client::WebhookClient;
use crate::clock::SandboxClock;
use crate::config::SandboxConfig;
use crate::exchange::{Answer, Call, Ending};
use crate::fault::{Fault, Faults, Met};
use crate::names::Names;
use crate::sandbox::Shared;
use crate::timeline::Timeline;
use bot::Bots;

/// The fake Telegram. Clones share all state.
#[derive(Debug, Clone)]
pub struct FakeTelegram {
    state: Arc<TelegramState>,
}

#[derive(Debug)]
struct TelegramState {
    clock: SandboxClock,
    client: WebhookClient,
    bots: Bots,
    faults: Faults,
    allow_loopback_http_media: bool,
    kept_effects: usize,
    names: Names,
    timeline: Timeline,
    world: Mutex<World>,
}

/// What happened so far.
#[derive(Debug)]
struct World {
    next_number: i64,
    effects: Vec<Arc<TelegramEffect>>,
    signals: Vec<Arc<TelegramSignal>>,
    /// By bot and file id.
    files: BoundedMap<(i64, String), TelegramFile>,
    updates: BoundedMap<i64, TelegramUpdate>,
}

impl World {
    fn next_number(&mut self) -> i64 {
        self.next_number += 1;
        self.next_number
    }
}

impl TelegramState {
    fn now_seconds(&self) -> i64 {
        self.clock.now_ms() / 1_000
    }
}

impl FakeTelegram {
    pub(crate) fn new(config: &SandboxConfig, shared: &Shared) -> Self {
        let world = World {
            // A restarted sandbox does not repeat the numbers of the run before.
            next_number: config.clock.now_ms() / 1_000,
            effects: Vec::new(),
            signals: Vec::new(),
            files: BoundedMap::new(config.kept_events),
            updates: BoundedMap::new(config.kept_events),
        };
        let state = TelegramState {
            clock: config.clock.clone(),
            client: WebhookClient::new(Duration::from_mins(1), shared.deliveries.clone()),
            bots: Bots::default(),
            faults: Faults::default(),
            allow_loopback_http_media: config.allow_loopback_http_media,
            kept_effects: config.kept_effects,
            names: shared.names.clone(),
            timeline: shared.timeline.clone(),
            world: Mutex::new(world),
        };
        Self { state: Arc::new(state) }
    }

    /// Whether a path is one of Telegram's.
    pub(crate) fn owns(path: &str) -> bool {
        path.starts_with("/bot") || path.starts_with("/file/bot")
    }

    /// Answers one request and says how the answer is to leave.
    pub(crate) async fn answer(&self, call: Call) -> (Answer, Ending) {
        let fault = if self.state.faults.any() {
            let to = serde_json::from_slice::<Value>(&call.body).ok().map(|body| body["chat_id"].to_string());
            let path = methods::path_without_token(&call.path);
            let sends = path.starts_with("/send") && path != "/sendChatAction";
            self.state.faults.fire(&Met { path, to, account: None, sends })
        } else {
            None
        };
        let state = Arc::clone(&self.state);
        let handle = async move { state.handle(&call) };
        match fault {
            None => (handle.await, Ending::Whole),
            Some(action) => action.apply(handle, usual_body).await,
        }
    }

    /// Adds a bot, or replaces the one with the same token.
    pub fn add_bot(&self, bot: TelegramBot) {
        self.state.bots.insert(bot);
    }

    /// The bots, in the order they were added.
    pub fn bots(&self) -> Vec<Arc<TelegramBot>> {
        self.state.bots.list()
    }

    /// What customers received, in order, up to the kept number.
    pub fn effects(&self) -> Vec<Arc<TelegramEffect>> {
        lock(&self.state.world).effects.clone()
    }

    /// What customers noticed and was no message, in order, up to the kept number.
    pub fn signals(&self) -> Vec<Arc<TelegramSignal>> {
        lock(&self.state.world).signals.clone()
    }

    /// Makes a user block the bot, or unblock it, without an update.
    pub fn set_blocked(&self, bot_id: i64, user_id: i64, blocked: bool) {
        self.state.bots.set_blocked(bot_id, user_id, blocked);
    }

    /// Adds a fault. Its path is the method's, such as `/sendMessage`; `to` is the chat.
    pub fn set_fault(&self, fault: Fault) {
        self.state.faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.state.faults.clear();
    }
}

/// The body for a status that a fault gives without one.
fn usual_body(code: u16) -> Value {
    let description = match code {
        401 => "Unauthorized",
        403 => "Forbidden: bot was blocked by the user",
        404 => "Not Found",
        429 => {
            return json!({
                "ok": false,
                "error_code": 429,
                "description": "Too Many Requests: retry after 1",
                "parameters": {"retry_after": 1},
            });
        }
        500..=599 => "Internal Server Error",
        _ => "Bad Request",
    };
    json!({"ok": false, "error_code": code, "description": description})
}

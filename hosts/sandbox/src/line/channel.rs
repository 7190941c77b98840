//! LINE channels: who may call, and where webhooks go.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};

/// One Messaging API channel of the fake LINE.
#[derive(Debug, Clone)]
pub struct LineChannel {
    /// The bot's user id, `U` and 32 hex digits: `destination` in webhooks, `userId` in the bot's info.
    pub destination: String,
    /// Signs webhooks.
    pub channel_secret: SecretString,
    /// What callers send as Bearer token. Must differ between channels.
    pub access_token: SecretString,
    /// Shown in the bot's info.
    pub display_name: String,
    /// Shown in the bot's info, such as `@abc1234d`.
    pub basic_id: String,
    /// Where webhooks are posted; `None` until it is set.
    pub webhook_url: Option<String>,
}

impl LineChannel {
    /// A channel with an invented name and no webhook URL.
    pub fn new(destination: &str, channel_secret: &str, access_token: &str) -> Self {
        let tail: String = destination.chars().skip(1).take(8).collect();
        Self {
            destination: destination.to_owned(),
            channel_secret: channel_secret.into(),
            access_token: access_token.into(),
            display_name: "Sandbox shop".to_owned(),
            basic_id: format!("@{tail}"),
            webhook_url: None,
        }
    }
}

/// The channels, by destination and by token.
#[derive(Default)]
pub(super) struct Channels {
    table: RwLock<Table>,
}

#[derive(Default)]
struct Table {
    order: Vec<Arc<LineChannel>>,
    by_token: HashMap<String, Arc<LineChannel>>,
}

impl Table {
    fn insert(&mut self, channel: LineChannel) {
        let channel = Arc::new(channel);
        self.by_token.retain(|_, known| known.destination != channel.destination);
        self.by_token.insert(channel.access_token.expose_secret().to_owned(), Arc::clone(&channel));
        match self.order.iter_mut().find(|known| known.destination == channel.destination) {
            Some(known) => *known = channel,
            None => self.order.push(channel),
        }
    }
}

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channels").field("list", &self.list()).finish()
    }
}

impl Channels {
    pub(super) fn insert(&self, channel: LineChannel) {
        self.table.write().unwrap_or_else(PoisonError::into_inner).insert(channel);
    }

    pub(super) fn list(&self) -> Vec<Arc<LineChannel>> {
        self.read(|table| table.order.clone())
    }

    pub(super) fn first(&self) -> Option<Arc<LineChannel>> {
        self.read(|table| table.order.first().cloned())
    }

    pub(super) fn find(&self, destination: &str) -> Option<Arc<LineChannel>> {
        self.read(|table| table.order.iter().find(|known| known.destination == destination).cloned())
    }

    pub(super) fn by_token(&self, token: &str) -> Option<Arc<LineChannel>> {
        self.read(|table| table.by_token.get(token).cloned())
    }

    pub(super) fn set_webhook_url(&self, destination: &str, url: &str) {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        let known = table.order.iter().find(|known| known.destination == destination).cloned();
        if let Some(known) = known {
            table.insert(LineChannel { webhook_url: Some(url.to_owned()), ..(*known).clone() });
        }
    }

    fn read<T>(&self, get: impl FnOnce(&Table) -> T) -> T {
        get(&self.table.read().unwrap_or_else(PoisonError::into_inner))
    }
}

//! Bots of the fake Telegram.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use secrecy::{ExposeSecret, SecretString};

use crate::bounded::lock;

/// A bot.
#[derive(Debug, Clone)]
pub struct TelegramBot {
    /// Its id, the digits before the token's colon.
    pub id: i64,
    /// Its token.
    pub token: SecretString,
    /// Its name.
    pub first_name: String,
    /// Its user name.
    pub username: String,
    /// Where updates go, as setWebhook told.
    pub webhook_url: Option<String>,
    /// What setWebhook told to repeat in the header.
    pub webhook_secret: Option<SecretString>,
}

impl TelegramBot {
    /// A bot with this token and no webhook. A token without an id makes a bot with the id 0.
    pub fn new(token: &str) -> Self {
        Self {
            id: token.split_once(':').and_then(|(id, _)| id.parse().ok()).unwrap_or_default(),
            token: SecretString::from(token),
            first_name: "Sandbox".to_owned(),
            username: "hubchat_sandbox_bot".to_owned(),
            webhook_url: None,
            webhook_secret: None,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Bots(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    bots: Vec<Arc<TelegramBot>>,
    /// Who wrote to a bot, by the bot's id: nobody else can be written to.
    chats: HashMap<i64, BTreeSet<i64>>,
    blocked: HashMap<i64, BTreeSet<i64>>,
}

impl Bots {
    pub(super) fn insert(&self, bot: TelegramBot) {
        let mut known = lock(&self.0);
        let bot = Arc::new(bot);
        match known.bots.iter_mut().find(|other| other.token.expose_secret() == bot.token.expose_secret()) {
            Some(other) => *other = bot,
            None => known.bots.push(bot),
        }
    }

    pub(super) fn list(&self) -> Vec<Arc<TelegramBot>> {
        lock(&self.0).bots.clone()
    }

    pub(super) fn by_token(&self, token: &str) -> Option<Arc<TelegramBot>> {
        lock(&self.0).bots.iter().find(|bot| bot.token.expose_secret() == token).cloned()
    }

    pub(super) fn by_id(&self, id: Option<i64>) -> Option<Arc<TelegramBot>> {
        let known = lock(&self.0);
        known.bots.iter().find(|bot| id.is_none_or(|id| bot.id == id)).cloned()
    }

    pub(super) fn note_chat(&self, bot: i64, chat: i64) {
        lock(&self.0).chats.entry(bot).or_default().insert(chat);
    }

    pub(super) fn knows_chat(&self, bot: i64, chat: i64) -> bool {
        lock(&self.0).chats.get(&bot).is_some_and(|chats| chats.contains(&chat))
    }

    pub(super) fn set_blocked(&self, bot: i64, user: i64, blocked: bool) {
        let mut known = lock(&self.0);
        let users = known.blocked.entry(bot).or_default();
        if blocked {
            users.insert(user);
        } else {
            users.remove(&user);
        }
    }

    pub(super) fn is_blocked(&self, bot: i64, user: i64) -> bool {
        lock(&self.0).blocked.get(&bot).is_some_and(|users| users.contains(&user))
    }
}

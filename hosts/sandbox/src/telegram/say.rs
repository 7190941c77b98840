//! Being a customer of the fake Telegram.

use bytes::Bytes;
use poem::http::StatusCode;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{FakeTelegram, TelegramBot, TelegramState};
use crate::bounded::lock;
use crate::error::SandboxError;
use crate::exchange::Answer;
use crate::names::Name;
use crate::timeline::{By, Content, Note};

/// A file that a customer sends.
#[derive(Debug, Clone)]
pub struct TelegramFile {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its type.
    pub content_type: String,
}

impl TelegramFile {
    /// A small picture.
    pub fn picture() -> Self {
        Self { bytes: Bytes::from_static(crate::line::PICTURE), content_type: "image/png".to_owned() }
    }
}

/// What a customer does.
#[derive(Debug, Clone)]
pub enum TelegramSay {
    /// Writes.
    Text(String),
    /// Sends a picture, with words under it or without.
    Photo {
        /// The picture.
        file: TelegramFile,
        /// The words.
        caption: Option<String>,
    },
    /// Sends a file.
    Document {
        /// The file.
        file: TelegramFile,
        /// Its name.
        file_name: String,
    },
    /// Changes the text of a message.
    Edit {
        /// Which.
        message_id: i64,
        /// The new text.
        text: String,
    },
    /// Presses a button under a message of the bot's.
    Press {
        /// Under which.
        message_id: i64,
        /// What the button says to the bot.
        data: String,
    },
    /// Blocks the bot.
    Block,
    /// Unblocks the bot.
    Unblock,
    /// Any update: the fields beside `update_id`.
    Update(Value),
}

/// An update that was posted.
#[derive(Debug, Clone)]
pub struct TelegramUpdate {
    /// The number of the update.
    pub update_id: i64,
    /// The number of the message, 0 where there is none.
    pub message_id: i64,
    /// What the webhook answered.
    pub status: u16,
    bot_id: i64,
    body: Bytes,
}

impl TelegramUpdate {
    /// The update as it was posted.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl TelegramState {
    /// The user's name: the one told, else the usual one.
    pub(super) fn name_of(&self, user: i64) -> Name {
        let usual = || Name { first: "Somchai".to_owned(), last: "K.".to_owned(), language: "th".to_owned() };
        self.names.of(&user.to_string()).unwrap_or_else(usual)
    }
}

impl FakeTelegram {
    /// What a customer sent, whichever bot it was for; for the phone.
    pub(super) fn sent_file(&self, id: &str) -> Answer {
        let world = lock(&self.state.world);
        let bots = self.bots();
        match bots.iter().find_map(|bot| world.files.get(&(bot.id, id.to_owned()))) {
            Some(file) => Answer::bytes(StatusCode::OK, file.content_type.clone(), file.bytes.clone()),
            None => Answer::not_found(),
        }
    }

    /// Does something as the user `user_id` with the bot of that id, or with the first bot, and posts the update.
    /// Any status is an answer, an error status too.
    ///
    /// # Errors
    /// When there is no such bot, when it has no webhook, or when the webhook did not answer at all.
    pub async fn say(
        &self,
        bot_id: Option<i64>,
        user_id: i64,
        say: TelegramSay,
    ) -> Result<TelegramUpdate, SandboxError> {
        let bot = self.state.bots.by_id(bot_id).ok_or(SandboxError::NoChannel)?;
        let update = self.compose(&bot, user_id, say);
        let status = self.post(&bot, update.body.clone()).await?;
        let update = TelegramUpdate { status, ..update };
        lock(&self.state.world).updates.insert(update.update_id, update.clone());
        Ok(update)
    }

    /// Posts an update again, as Telegram does until it is answered with success; answers the status.
    ///
    /// # Errors
    /// When the update is no longer kept; else as [`say`](Self::say).
    pub async fn redeliver(&self, update_id: i64) -> Result<u16, SandboxError> {
        let known = lock(&self.state.world).updates.get(&update_id).cloned();
        let update = known.ok_or_else(|| SandboxError::UnknownEvent(update_id.to_string()))?;
        let bot = self.state.bots.by_id(Some(update.bot_id)).ok_or(SandboxError::NoChannel)?;
        self.post(&bot, update.body).await
    }

    async fn post(&self, bot: &TelegramBot, body: Bytes) -> Result<u16, SandboxError> {
        let url = bot.webhook_url.as_deref().ok_or_else(|| SandboxError::NoWebhookUrl(bot.id.to_string()))?;
        let secret =
            bot.webhook_secret.as_ref().map(|secret| ("x-telegram-bot-api-secret-token", secret.expose_secret()));
        self.state.client.post(url, body, secret.as_slice()).await
    }

    fn compose(&self, bot: &TelegramBot, user: i64, say: TelegramSay) -> TelegramUpdate {
        let name = self.state.name_of(user);
        let from = json!({
            "id": user, "is_bot": false, "first_name": name.first, "last_name": name.last,
            "language_code": name.language,
        });
        let chat = json!({"id": user, "type": "private", "first_name": name.first, "last_name": name.last});
        let date = self.state.now_seconds();
        let mut world = lock(&self.state.world);
        let (update_id, message_id) = (world.next_number(), world.next_number());
        let keep = |world: &mut super::World, file: TelegramFile| {
            let (id, size) = (format!("file{update_id}"), file.bytes.len());
            world.files.insert((bot.id, id.clone()), file);
            json!({"file_id": id, "file_unique_id": id, "file_size": size})
        };
        let message = |fields: Value| {
            let mut message = json!({"message_id": message_id, "from": from, "chat": chat, "date": date});
            for (name, value) in fields.as_object().into_iter().flatten() {
                message[name] = value.clone();
            }
            message
        };
        let membership = |before: &str, after: &str| {
            let me = json!({"id": bot.id, "is_bot": true, "first_name": bot.first_name});
            json!({"my_chat_member": {
                "chat": chat, "from": from, "date": date,
                "old_chat_member": {"user": me, "status": before},
                "new_chat_member": {"user": me, "status": after},
            }})
        };
        let mut update = match say {
            TelegramSay::Text(text) => json!({"message": message(json!({"text": text}))}),
            TelegramSay::Photo { file, caption } => {
                let mut fields = json!({"photo": [keep(&mut world, file)]});
                if let Some(caption) = caption {
                    fields["caption"] = json!(caption);
                }
                json!({"message": message(fields)})
            }
            TelegramSay::Document { file, file_name } => {
                let mut document = keep(&mut world, file);
                document["file_name"] = json!(file_name);
                json!({"message": message(json!({"document": document}))})
            }
            TelegramSay::Edit { message_id, text } => {
                json!({"edited_message": message(json!({"message_id": message_id, "edit_date": date, "text": text}))})
            }
            TelegramSay::Press { message_id, data } => json!({"callback_query": {
                "id": update_id.to_string(), "from": from, "data": data, "chat_instance": "1",
                "message": {"message_id": message_id, "chat": chat, "date": date},
            }}),
            TelegramSay::Block => membership("member", "kicked"),
            TelegramSay::Unblock => membership("kicked", "member"),
            TelegramSay::Update(fields) => fields,
        };
        drop(world);
        if update.get("my_chat_member").is_some() {
            let after = update["my_chat_member"]["new_chat_member"]["status"].as_str();
            self.state.bots.set_blocked(bot.id, user, after == Some("kicked"));
        }
        self.state.bots.note_chat(bot.id, user);
        self.state.timeline.note(Note {
            channel: "telegram",
            account: bot.id.to_string(),
            person: user.to_string(),
            by: By::Customer,
            operation: "said",
            id: message_id.to_string(),
            content: Content::Told(update.clone()),
        });
        update["update_id"] = json!(update_id);
        TelegramUpdate { update_id, message_id, status: 0, bot_id: bot.id, body: update.to_string().into() }
    }
}

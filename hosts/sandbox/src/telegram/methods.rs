//! The Bot API's methods, with its checks and its words (<https://core.telegram.org/bots/api>,
//! <https://github.com/tdlib/telegram-bot-api>).

use std::sync::Arc;

use poem::http::StatusCode;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Value, json};

use super::{TelegramBot, TelegramState};
use crate::bounded::lock;
use crate::exchange::{Answer, Call};
use crate::timeline::{By, Content, Note};

/// What a customer received.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TelegramEffect {
    /// By which bot.
    pub bot_id: i64,
    /// By which method.
    pub method: String,
    /// In which chat.
    pub chat_id: i64,
    /// The number of the message.
    pub message_id: i64,
    /// The request's body.
    pub body: Value,
}

/// What a customer noticed and was no message.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TelegramSignal {
    /// By which bot.
    pub bot_id: i64,
    /// By which method.
    pub method: String,
    /// The request's body.
    pub body: Value,
}

/// A path with the method only, as faults name it: `/sendMessage`, `/file/...`.
pub(super) fn path_without_token(path: &str) -> String {
    let (file, rest) = match path.strip_prefix("/file/bot") {
        Some(rest) => ("/file", rest),
        None => ("", path.strip_prefix("/bot").unwrap_or(path)),
    };
    format!("{file}/{}", rest.split_once('/').map(|(_, method)| method).unwrap_or_default())
}

fn refused(code: u16, description: &str) -> Answer {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST);
    Answer::json(status, &json!({"ok": false, "error_code": code, "description": description}))
}

fn bad_request(description: &str) -> Answer {
    refused(400, &format!("Bad Request: {description}"))
}

fn result(value: &Value) -> Answer {
    Answer::ok(&json!({"ok": true, "result": value}))
}

impl TelegramState {
    pub(super) fn handle(&self, call: &Call) -> Answer {
        if let Some(rest) = call.path.strip_prefix("/file/bot") {
            let Some((token, path)) = rest.split_once('/') else { return refused(404, "Not Found") };
            let Some(bot) = self.bots.by_token(token) else { return refused(401, "Unauthorized") };
            return self.file(&bot, path);
        }
        let Some((token, method)) = call.path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) else {
            return refused(404, "Not Found");
        };
        let Some(bot) = self.bots.by_token(token) else { return refused(401, "Unauthorized") };
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        match method {
            "getMe" => result(&json!({
                "id": bot.id, "is_bot": true, "first_name": bot.first_name, "username": bot.username,
            })),
            "setWebhook" => self.set_webhook(&bot, &body),
            "getWebhookInfo" => result(&json!({
                "url": bot.webhook_url.as_deref().unwrap_or_default(),
                "has_custom_certificate": false,
                "pending_update_count": 0,
            })),
            "getChat" => self.chat(&bot, &body),
            "sendChatAction" | "answerCallbackQuery" => self.signal(&bot, method, body),
            "getFile" => self.find_file(&bot, &body),
            "sendMessage" => self.send(&bot, method, body, check_text),
            "sendPhoto" => self.send_file(&bot, method, body, "photo"),
            "sendVideo" => self.send_file(&bot, method, body, "video"),
            "sendAudio" => self.send_file(&bot, method, body, "audio"),
            "sendDocument" => self.send_file(&bot, method, body, "document"),
            "sendLocation" | "sendVenue" => self.send(&bot, method, body, check_place),
            _ => refused(404, "Not Found"),
        }
    }

    /// What a customer notices and is no message.
    fn signal(&self, bot: &TelegramBot, method: &str, body: Value) -> Answer {
        let chat = body["chat_id"].as_i64();
        let wrong = match method {
            "sendChatAction" if chat.is_none_or(|chat| !self.bots.knows_chat(bot.id, chat)) => Some("chat not found"),
            "sendChatAction" if body["action"].as_str() != Some("typing") => Some("wrong parameter action in request"),
            "answerCallbackQuery" if body["callback_query_id"].as_str().is_none_or(str::is_empty) => {
                Some("query is too old and response timeout expired or query ID is invalid")
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            return bad_request(wrong);
        }
        if let Some(chat) = chat {
            self.note(bot.id, chat, "typing", String::new(), Content::Told(json!({})));
        }
        let mut world = lock(&self.world);
        if world.signals.len() >= self.kept_effects {
            world.signals.remove(0);
        }
        world.signals.push(Arc::new(TelegramSignal { bot_id: bot.id, method: method.to_owned(), body }));
        result(&json!(true))
    }

    fn set_webhook(&self, bot: &TelegramBot, body: &Value) -> Answer {
        let url = body["url"].as_str().unwrap_or_default();
        let loopback = url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:");
        if !url.is_empty() && !url.starts_with("https://") && !loopback {
            return bad_request("bad webhook: An HTTPS URL must be provided for webhook");
        }
        let secret = body["secret_token"].as_str();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if secret.is_some_and(|secret| secret.is_empty() || secret.len() > 256 || !secret.bytes().all(plain)) {
            return bad_request("secret token contains unallowed characters");
        }
        self.bots.insert(TelegramBot {
            webhook_url: (!url.is_empty()).then(|| url.to_owned()),
            webhook_secret: secret.map(SecretString::from),
            ..bot.clone()
        });
        result(&json!(true))
    }

    fn chat(&self, bot: &TelegramBot, body: &Value) -> Answer {
        match body["chat_id"].as_i64().filter(|chat| self.bots.knows_chat(bot.id, *chat)) {
            Some(chat) if chat > 0 => {
                let name = self.name_of(chat);
                result(&json!({"id": chat, "type": "private", "first_name": name.first, "last_name": name.last}))
            }
            Some(chat) => result(&json!({"id": chat, "type": "supergroup", "title": "Sandbox group"})),
            None => bad_request("chat not found"),
        }
    }

    fn find_file(&self, bot: &TelegramBot, body: &Value) -> Answer {
        let id = body["file_id"].as_str().unwrap_or_default();
        let world = lock(&self.world);
        match world.files.get(&(bot.id, id.to_owned())) {
            Some(file) if file.bytes.len() > 20 << 20 => bad_request("file is too big"),
            Some(file) => result(&json!({
                "file_id": id, "file_unique_id": id, "file_size": file.bytes.len(), "file_path": format!("documents/{id}"),
            })),
            None => bad_request("wrong file_id or the file is temporarily unavailable"),
        }
    }

    fn file(&self, bot: &TelegramBot, path: &str) -> Answer {
        let id = path.strip_prefix("documents/").unwrap_or_default();
        match lock(&self.world).files.get(&(bot.id, id.to_owned())) {
            Some(file) => Answer::bytes(StatusCode::OK, file.content_type.clone(), file.bytes.clone()),
            None => refused(404, "Not Found"),
        }
    }

    fn note(&self, bot: i64, chat: i64, operation: &'static str, id: String, content: Content) {
        self.timeline.note(Note {
            channel: "telegram",
            account: bot.to_string(),
            person: chat.to_string(),
            by: By::Business,
            operation,
            id,
            content,
        });
    }

    fn send_file(&self, bot: &TelegramBot, method: &str, body: Value, field: &str) -> Answer {
        let url = body[field].as_str().unwrap_or_default();
        let loopback = self.allow_loopback_http_media && url.starts_with("http://127.0.0.1:");
        if !url.starts_with("https://") && !loopback {
            return bad_request("wrong HTTP URL specified");
        }
        self.send(bot, method, body, |_| None)
    }

    fn send(&self, bot: &TelegramBot, method: &str, body: Value, check: fn(&Value) -> Option<Answer>) -> Answer {
        let Some(chat) = body["chat_id"].as_i64() else { return bad_request("chat_id is empty") };
        if !self.bots.knows_chat(bot.id, chat) {
            return bad_request("chat not found");
        }
        if self.bots.is_blocked(bot.id, chat) {
            return refused(403, "Forbidden: bot was blocked by the user");
        }
        if let Some(refusal) = check(&body) {
            return refusal;
        }
        let date = self.now_seconds();
        let mut world = lock(&self.world);
        let message_id = world.next_number();
        if world.effects.len() >= self.kept_effects {
            world.effects.remove(0);
        }
        let effect = TelegramEffect { bot_id: bot.id, method: method.to_owned(), chat_id: chat, message_id, body };
        let effect = Arc::new(effect);
        world.effects.push(Arc::clone(&effect));
        self.note(bot.id, chat, "message", message_id.to_string(), Content::Telegram(effect));
        result(&json!({"message_id": message_id, "date": date, "chat": {"id": chat, "type": "private"}}))
    }
}

fn check_text(body: &Value) -> Option<Answer> {
    let text = body["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        Some(bad_request("message text is empty"))
    } else if text.encode_utf16().count() > 4_096 {
        Some(bad_request("message is too long"))
    } else {
        None
    }
}

fn check_place(body: &Value) -> Option<Answer> {
    let is_place = body["latitude"].is_number() && body["longitude"].is_number();
    (!is_place).then(|| bad_request("location is not specified"))
}

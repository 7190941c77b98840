//! The control endpoints: the handle's functions for other processes, as JSON without authorization.

use poem::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{FakeTelegram, TelegramBot, TelegramEffect, TelegramSay};
use crate::exchange::{Answer, Call};
use crate::fault::Fault;

const USUAL_USER: i64 = 900_100_200;
const MOST_EFFECTS: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AddRequest {
    token: String,
    #[serde(default)]
    webhook_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SayRequest {
    #[serde(default)]
    bot_id: Option<i64>,
    #[serde(default)]
    user_id: Option<i64>,
    #[serde(default)]
    text: Option<String>,
    /// Any update instead of a text: the fields beside `update_id`.
    #[serde(default)]
    update: Option<serde_json::Value>,
}

fn failed(status: StatusCode, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": message }))
}

fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Answer> {
    serde_json::from_slice(&call.body).map_err(|error| failed(StatusCode::BAD_REQUEST, &error.to_string()))
}

impl FakeTelegram {
    /// Answers one request under `/_sandbox/telegram/`.
    pub(crate) async fn control(&self, call: &Call) -> Answer {
        let part = call.path.strip_prefix("/_sandbox/telegram/").unwrap_or_default();
        match (call.method.as_str(), part) {
            ("GET", "bots") => {
                let bots: Vec<_> =
                    self.bots().iter().map(|bot| json!({"id": bot.id, "webhookUrl": bot.webhook_url})).collect();
                Answer::ok(&json!({ "bots": bots }))
            }
            ("POST", "bots") => match read::<AddRequest>(call) {
                Ok(request) => {
                    let bot = TelegramBot { webhook_url: request.webhook_url, ..TelegramBot::new(&request.token) };
                    let id = bot.id;
                    self.add_bot(bot);
                    Answer::json(StatusCode::CREATED, &json!({ "id": id }))
                }
                Err(refusal) => refusal,
            },
            ("POST", "say") => match read::<SayRequest>(call) {
                Ok(request) => self.control_say(request).await,
                Err(refusal) => refusal,
            },
            ("GET", "effects") => {
                let effects = self.effects();
                let newest = effects.iter().skip(effects.len().saturating_sub(MOST_EFFECTS));
                let newest: Vec<&TelegramEffect> = newest.map(AsRef::as_ref).collect();
                Answer::ok(&json!({ "effects": newest }))
            }
            ("GET", "faults") => Answer::ok(&json!({ "faults": self.state.faults.list() })),
            ("POST", "faults") => match read::<Fault>(call) {
                Ok(fault) => {
                    self.set_fault(fault);
                    Answer::json(StatusCode::CREATED, &json!({ "faults": self.state.faults.list() }))
                }
                Err(refusal) => refusal,
            },
            ("DELETE", "faults") => self.state.faults.delete(call),
            ("GET", other) if other.starts_with("files/") => self.sent_file(&other["files/".len()..]),
            _ => failed(StatusCode::NOT_FOUND, "no such path in the sandbox"),
        }
    }

    async fn control_say(&self, request: SayRequest) -> Answer {
        let say = match (request.text, request.update) {
            (Some(text), None) => TelegramSay::Text(text),
            (None, Some(update)) => TelegramSay::Update(update),
            _ => return failed(StatusCode::BAD_REQUEST, "either text or update is needed"),
        };
        match self.say(request.bot_id, request.user_id.unwrap_or(USUAL_USER), say).await {
            Ok(said) => Answer::ok(&json!({
                "updateId": said.update_id, "messageId": said.message_id, "status": said.status,
            })),
            Err(error) => failed(StatusCode::CONFLICT, &error.to_string()),
        }
    }
}

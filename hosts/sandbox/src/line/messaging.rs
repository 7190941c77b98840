//! Push, reply, loading animation and mark-as-read.

use std::sync::Arc;

use poem::http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use uuid::Uuid;

use super::ledger::{Effect, Recorded, Send, Via};
use super::refusals::MONTHLY_LIMIT;
use super::validate::{Problem, validate_messages};
use super::{LineChannel, LineState};
use crate::exchange::{Answer, Call};
use crate::timeline::{By, Content, Note};

#[derive(Deserialize)]
struct PushRequest<'a> {
    to: Option<String>,
    #[serde(borrow)]
    messages: Option<&'a RawValue>,
    #[serde(default, rename = "notificationDisabled")]
    _notification_disabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReplyRequest<'a> {
    reply_token: Option<String>,
    #[serde(borrow)]
    messages: Option<&'a RawValue>,
}

impl LineState {
    pub(super) fn push(&self, channel: &LineChannel, call: &Call) -> Answer {
        let retry_key = match call.header("x-line-retry-key").map(parse_retry_key) {
            None => None,
            Some(Some(key)) => Some(key),
            Some(None) => return bad_request("The retry key is invalid"),
        };
        let request: PushRequest<'_> = match parse(call) {
            Ok(request) => request,
            Err(refusal) => return refusal,
        };
        let Some(to) = request.to.filter(|to| is_chat_id(to)) else {
            return bad_request("The property, 'to', in the request body is invalid (line: -, column: -)");
        };
        let message_count = match self.check(request.messages) {
            Ok(count) => count,
            Err(refusal) => return refusal,
        };
        if self.people.left(&channel.destination, &to) {
            return bad_request("Failed to send messages");
        }
        let blocked = self.people.blocked(&channel.destination, &to);
        self.send(Send {
            destination: channel.destination.clone(),
            to,
            via: Via::Push,
            retry_key,
            messages: owned(request.messages),
            message_count,
            blocked,
        })
    }

    pub(super) fn reply(&self, channel: &LineChannel, call: &Call) -> Answer {
        if call.headers.contains_key("x-line-retry-key") {
            return bad_request("The retry key is not supported by this endpoint");
        }
        let request: ReplyRequest<'_> = match parse(call) {
            Ok(request) => request,
            Err(refusal) => return refusal,
        };
        // The messages are checked first: a refused body does not use the token up.
        let message_count = match self.check(request.messages) {
            Ok(count) => count,
            Err(refusal) => return refusal,
        };
        let token = request.reply_token.unwrap_or_default();
        let Some(to) = self.tokens.use_reply(&token, &channel.destination, self.now_ms()) else {
            return bad_request("Invalid reply token");
        };
        let blocked = self.people.blocked(&channel.destination, &to);
        self.send(Send {
            destination: channel.destination.clone(),
            to,
            via: Via::Reply,
            retry_key: None,
            messages: owned(request.messages),
            message_count,
            blocked,
        })
    }

    fn check(&self, messages: Option<&RawValue>) -> Result<usize, Answer> {
        let parsed: Option<Vec<Value>> = messages.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let problems = match &parsed {
            None => vec![Problem::new("May not be empty", "messages")],
            Some(messages) => validate_messages(messages, self.config.allow_loopback_http_media),
        };
        if problems.is_empty() {
            return Ok(parsed.map_or(0, |messages| messages.len()));
        }
        let message = format!("The request body has {} error(s)", problems.len());
        Err(Answer::json(StatusCode::BAD_REQUEST, &json!({ "message": message, "details": problems })))
    }

    fn send(&self, send: Send) -> Answer {
        match self.ledger.record(send, self.now_ms(), &self.ids) {
            Recorded::Accepted(effect) => {
                if !effect.blocked {
                    self.timeline.note(Note {
                        channel: "line",
                        account: effect.destination.clone(),
                        person: effect.to.clone(),
                        by: By::Business,
                        operation: "message",
                        id: effect.message_ids().next().unwrap_or_default().to_owned(),
                        content: Content::LineSent(Arc::clone(&effect)),
                    });
                }
                let mut answer = Answer::ok(&Sent { sent_messages: &effect.sent_messages, message: None });
                answer.request_id = Some(effect.request_id);
                answer
            }
            Recorded::Repeated(effect) => repeated(&effect),
            Recorded::OverQuota => Answer::message(StatusCode::TOO_MANY_REQUESTS, MONTHLY_LIMIT),
        }
    }

    pub(super) fn mark_as_read(&self, channel: &LineChannel, call: &Call) -> Answer {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct MarkRequest {
            mark_as_read_token: Option<String>,
        }
        match parse::<MarkRequest>(call) {
            Err(refusal) => refusal,
            Ok(request) => {
                let token = request.mark_as_read_token.unwrap_or_default();
                let Some(chat) = self.tokens.chat_read(&token, &channel.destination) else {
                    return bad_request("The markAsReadToken is invalid");
                };
                self.note_signal(channel, chat, "read");
                Answer::ok(&json!({}))
            }
        }
    }

    /// What the customer notices and is no message.
    fn note_signal(&self, channel: &LineChannel, person: String, operation: &'static str) {
        self.timeline.note(Note {
            channel: "line",
            account: channel.destination.clone(),
            person,
            by: By::Business,
            operation,
            id: String::new(),
            content: Content::Told(json!({})),
        });
    }

    pub(super) fn start_loading(&self, channel: &LineChannel, call: &Call) -> Answer {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct LoadingRequest {
            chat_id: Option<String>,
            loading_seconds: Option<i64>,
        }
        let request: LoadingRequest = match parse(call) {
            Ok(request) => request,
            Err(refusal) => return refusal,
        };
        let Some(chat) = request.chat_id.filter(|chat| chat.starts_with('U') && is_chat_id(chat)) else {
            return bad_request("The property, 'chatId', in the request body is invalid (line: -, column: -)");
        };
        let seconds = request.loading_seconds.unwrap_or(20);
        if !(5..=60).contains(&seconds) || seconds % 5 != 0 {
            return bad_request("The property, 'loadingSeconds', in the request body is invalid (line: -, column: -)");
        }
        self.note_signal(channel, chat, "typing");
        Answer::json(StatusCode::ACCEPTED, &json!({}))
    }
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    sent_messages: &'a [super::SentMessage],
}

fn repeated(effect: &Effect) -> Answer {
    let sent = Sent { message: Some("The retry key is already accepted"), sent_messages: &effect.sent_messages };
    let mut answer = Answer::json(StatusCode::CONFLICT, &sent);
    answer.accepted_request_id = Some(effect.request_id);
    answer
}

/// LINE's keys are UUIDs in hexadecimal with hyphens; other spellings that a parser would take are refused.
fn parse_retry_key(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

fn owned(messages: Option<&RawValue>) -> Box<RawValue> {
    messages.unwrap_or(RawValue::NULL).to_owned()
}

/// `U` (user), `C` (group) or `R` (room) and 32 hex digits.
fn is_chat_id(id: &str) -> bool {
    id.len() == 33 && id.starts_with(['U', 'C', 'R']) && id.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit())
}

pub(super) fn bad_request(message: &str) -> Answer {
    Answer::message(StatusCode::BAD_REQUEST, message)
}

/// Reads the body as JSON of this shape, or answers 400 with the place of the error.
pub(super) fn parse<'a, T: Deserialize<'a>>(call: &'a Call) -> Result<T, Answer> {
    serde_json::from_slice(&call.body).map_err(|error| {
        let what = if error.is_data() { "has a property of a wrong type" } else { "could not be parsed as JSON" };
        bad_request(&format!("The request body {what} (line: {}, column: {})", error.line(), error.column()))
    })
}

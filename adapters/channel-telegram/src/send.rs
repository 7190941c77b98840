//! Sending: one call a part, in order, each awaiting the former's answer.

use hubchat_domain::{Choice, MessageContent, split_text_utf16};
use hubchat_ports::{OutgoingFile, SendError, SendRequest, SentMessage};
use serde_json::{Value, json};

use crate::{
    bot::{Bot, NO_TOKEN},
    content::{PARTS, TEXT_UNITS},
    errors::{send_failed, send_refused},
    wire::Answer,
};

/// A method with its body.
type Call = (&'static str, Value);

pub(crate) async fn send(bot: &Bot<'_>, request: &SendRequest) -> Result<SentMessage, SendError> {
    let calls = calls(request)?;
    let count = calls.len();
    let mut external_ids = Vec::with_capacity(count);
    for (number, (method, body)) in calls.into_iter().enumerate() {
        match call(bot, method, &body).await {
            Ok(id) => external_ids.push(format!("{}:{id}", request.external_thread_id)),
            Err(error) if number == 0 => return Err(error),
            // To begin again would repeat what the customer has; the agent must know what is missing.
            Err(error) => {
                let reason = format!("the customer has {number} of {count} parts: {error}");
                return Err(SendError::Uncertain { reason });
            }
        }
    }
    Ok(SentMessage { external_ids, ..SentMessage::default() })
}

async fn call(bot: &Bot<'_>, method: &'static str, body: &Value) -> Result<i64, SendError> {
    let asked = bot.call(method, "telegram_send", body).await;
    let asked = asked.ok_or_else(|| SendError::Unauthorized { reason: NO_TOKEN.to_owned() })?;
    let response = asked.map_err(|error| send_failed(&error))?;
    if !response.is_success() {
        return Err(send_refused(&response));
    }
    let answer = response.json::<Answer>().filter(|answer| answer.ok);
    let id = answer.and_then(|answer| answer.result).and_then(|sent| sent["message_id"].as_i64());
    id.ok_or_else(|| SendError::Uncertain { reason: "the provider's answer cannot be read".to_owned() })
}

fn invalid(reason: &str) -> SendError {
    SendError::Rejected { code: "invalid_content", reason: reason.to_owned() }
}

/// The calls of a message, one to five.
fn calls(request: &SendRequest) -> Result<Vec<Call>, SendError> {
    let chat: i64 = request.external_thread_id.parse().map_err(|_| invalid("this is no chat of Telegram's"))?;
    let by_url = |method, name: &str| {
        let file = file(request)?;
        Ok::<_, SendError>(vec![(method, json!({"chat_id": chat, name: file.url}))])
    };
    let mut calls = match &request.content {
        // Without a parse mode: no text of an agent's can be taken for markup.
        MessageContent::Text { text } | MessageContent::Choices { text, .. } => split_text_utf16(text, TEXT_UNITS)
            .into_iter()
            .map(|part| ("sendMessage", json!({"chat_id": chat, "text": part})))
            .collect(),
        MessageContent::Image(_) => by_url("sendPhoto", "photo")?,
        MessageContent::Video(_) => by_url("sendVideo", "video")?,
        MessageContent::Audio(_) => by_url("sendAudio", "audio")?,
        MessageContent::File(_) => {
            let file = file(request)?;
            let body = if is_fetched(file) {
                ("sendDocument", json!({"chat_id": chat, "document": file.url}))
            } else {
                let name = file.file_name.as_deref().unwrap_or("file");
                let name: String = name.chars().take(200).collect();
                ("sendMessage", json!({"chat_id": chat, "text": format!("📄 {name}\n{}", file.url)}))
            };
            vec![body]
        }
        MessageContent::Location { latitude, longitude, title, address } => vec![match (title, address) {
            (Some(title), Some(address)) => (
                "sendVenue",
                json!({"chat_id": chat, "latitude": latitude, "longitude": longitude, "title": title, "address": address}),
            ),
            _ => ("sendLocation", json!({"chat_id": chat, "latitude": latitude, "longitude": longitude})),
        }],
        MessageContent::Sticker { .. }
        | MessageContent::Reaction { .. }
        | MessageContent::Template { .. }
        | MessageContent::PublicReply { .. }
        | MessageContent::Note { .. }
        | MessageContent::System { .. } => return Err(invalid("Telegram cannot carry this kind of message")),
    };
    if let (MessageContent::Choices { choices, .. }, Some((_, last))) = (&request.content, calls.last_mut()) {
        // Each in a row of its own: titles may be long.
        let button = |choice: &Choice| json!([{"text": choice.title, "callback_data": choice.payload}]);
        last["reply_markup"] = json!({ "inline_keyboard": choices.iter().map(button).collect::<Vec<Value>>() });
    }
    if calls.len() > PARTS {
        return Err(invalid("Telegram carries at most 20,480 characters in one message of hubchat's"));
    }
    if let (Some(number), Some((_, first))) =
        (request.quote_token.as_deref().and_then(|token| token.parse::<i64>().ok()), calls.first_mut())
    {
        // A message that was deleted meanwhile must not stop the answer.
        first["reply_parameters"] = json!({"message_id": number, "allow_sending_without_reply": true});
    }
    Ok(calls)
}

/// Telegram fetches documents by address only when they are PDF or ZIP
/// (<https://core.telegram.org/bots/api#sending-files>); others go as a link.
fn is_fetched(file: &OutgoingFile) -> bool {
    let named =
        file.file_name.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_lowercase());
    match file.content_type.as_deref() {
        Some(told) => matches!(told, "application/pdf" | "application/zip"),
        None => matches!(named.as_deref(), None | Some("pdf" | "zip")),
    }
}

fn file(request: &SendRequest) -> Result<&OutgoingFile, SendError> {
    request.file.as_ref().ok_or_else(|| invalid("the file is gone"))
}

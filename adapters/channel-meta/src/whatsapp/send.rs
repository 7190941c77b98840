//! Sending (<https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages>): one request a part, in
//! order, each awaiting the former's answer.

use hubchat_domain::{Choice, MessageContent, split_text_utf16, utf16_len};
use hubchat_ports::{OutgoingFile, SendError, SendRequest, SentMessage};
use serde_json::{Value, json};

use super::content::{BUTTONS, PARTS, TEXT_UNITS};
use crate::graph::Graph;

pub(super) async fn send(graph: &Graph<'_>, number: &str, request: &SendRequest) -> Result<SentMessage, SendError> {
    let bodies = bodies(request)?;
    let count = bodies.len();
    let mut external_ids = Vec::with_capacity(count);
    for (at, body) in bodies.iter().enumerate() {
        match part(graph, number, body).await {
            Ok(id) => external_ids.push(id),
            Err(error) if at == 0 => return Err(error),
            // To begin again would repeat what the customer has; the agent must know what is missing.
            Err(error) => {
                return Err(SendError::Uncertain {
                    reason: format!("the customer has {at} of {count} parts: {error}"),
                });
            }
        }
    }
    Ok(SentMessage { external_ids, ..SentMessage::default() })
}

async fn part(graph: &Graph<'_>, number: &str, body: &Value) -> Result<String, SendError> {
    let answer = graph.send(format!("{number}/messages"), body).await?;
    let id = answer["messages"][0]["id"].as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    id.ok_or_else(|| SendError::Uncertain { reason: "the provider's answer cannot be read".to_owned() })
}

fn invalid(reason: &str) -> SendError {
    SendError::Rejected { code: "invalid_content", reason: reason.to_owned() }
}

fn bodies(request: &SendRequest) -> Result<Vec<Value>, SendError> {
    let of = |kind: &str, content: Value| json!({"type": kind, kind: content});
    let mut bodies = match &request.content {
        MessageContent::Text { text } if utf16_len(text) > TEXT_UNITS * PARTS => {
            return Err(invalid("WhatsApp carries at most 20,480 characters in one message of hubchat's"));
        }
        MessageContent::Text { text } => split_text_utf16(text, TEXT_UNITS)
            .into_iter()
            .map(|part| of("text", json!({"body": part, "preview_url": false})))
            .collect(),
        MessageContent::Choices { text, choices } => vec![of("interactive", interactive(text, choices))],
        MessageContent::Image(_) => vec![of("image", json!({"link": file(request)?.url}))],
        MessageContent::Video(_) => vec![of("video", json!({"link": file(request)?.url}))],
        MessageContent::Audio(_) => vec![of("audio", json!({"link": file(request)?.url}))],
        MessageContent::File(_) => {
            let file = file(request)?;
            let mut document = json!({"link": file.url});
            if let Some(name) = &file.file_name {
                document["filename"] = Value::String(name.chars().take(200).collect());
            }
            vec![of("document", document)]
        }
        MessageContent::Location { title, address, latitude, longitude } => {
            let mut place = json!({"latitude": latitude, "longitude": longitude});
            for (name, text) in [("name", title), ("address", address)] {
                if let Some(text) = text.as_ref().filter(|text| !text.is_empty()) {
                    place[name] = json!(text);
                }
            }
            vec![of("location", place)]
        }
        MessageContent::Template { payload, .. } if payload["template"].is_object() => {
            vec![of("template", payload["template"].clone())]
        }
        MessageContent::Template { .. }
        | MessageContent::Sticker { .. }
        | MessageContent::Reaction { .. }
        | MessageContent::PublicReply { .. }
        | MessageContent::Note { .. }
        | MessageContent::System { .. } => return Err(invalid("WhatsApp cannot carry this kind of message")),
    };
    let count = bodies.len();
    let to = &request.external_thread_id;
    for (at, body) in bodies.iter_mut().enumerate() {
        body["messaging_product"] = json!("whatsapp");
        body["recipient_type"] = json!("individual");
        // A person without a number goes by an id of two letters, a point and more.
        if to.contains('.') {
            body["recipient"] = json!(to);
        } else {
            body["to"] = json!(format!("+{}", to.trim_start_matches('+')));
        }
        // What comes back with the status of the last part proves the whole.
        if at + 1 == count {
            body["biz_opaque_callback_data"] = json!(request.message_id);
        }
        if let (0, Some(quoted)) = (at, &request.quoted_external_id) {
            // The words under a file are no message of WhatsApp's.
            body["context"] = json!({"message_id": quoted.trim_end_matches(":caption")});
        }
    }
    Ok(bodies)
}

/// <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages>,
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages>
fn interactive(text: &str, choices: &[Choice]) -> Value {
    if choices.len() <= BUTTONS {
        let button = |choice: &Choice| json!({"type": "reply", "reply": {"id": choice.payload, "title": choice.title}});
        let buttons: Vec<Value> = choices.iter().map(button).collect();
        return json!({"type": "button", "body": {"text": text}, "action": {"buttons": buttons}});
    }
    let rows: Vec<Value> = choices.iter().map(|choice| json!({"id": choice.payload, "title": choice.title})).collect();
    // The word on the button that opens the list.
    json!({"type": "list", "body": {"text": text}, "action": {"button": "☰", "sections": [{"rows": rows}]}})
}

fn file(request: &SendRequest) -> Result<&OutgoingFile, SendError> {
    request.file.as_ref().ok_or_else(|| invalid("the file is gone"))
}

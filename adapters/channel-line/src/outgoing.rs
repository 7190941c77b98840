//! Message objects as LINE takes them.

use hubchat_domain::{Choice, MessageContent, split_text_utf16};
use hubchat_ports::{OutgoingFile, SendError, SendRequest};
use serde_json::{Value, json};

use crate::content::{OBJECTS, TEXT_UNITS};

/// The objects of a message, one to five.
pub(crate) fn objects(request: &SendRequest) -> Result<Vec<Value>, SendError> {
    let mut objects = match &request.content {
        MessageContent::Text { text } | MessageContent::Choices { text, .. } => {
            split_text_utf16(text, TEXT_UNITS).into_iter().map(|part| json!({"type": "text", "text": part})).collect()
        }
        MessageContent::Image(_) => {
            let file = file(request)?;
            let preview = file.preview_url.as_ref().unwrap_or(&file.url);
            vec![json!({"type": "image", "originalContentUrl": file.url, "previewImageUrl": preview})]
        }
        MessageContent::Video(_) => {
            let file = file(request)?;
            let preview = file.preview_url.as_ref().ok_or_else(|| invalid("a video needs a preview picture"))?;
            vec![json!({"type": "video", "originalContentUrl": file.url, "previewImageUrl": preview})]
        }
        MessageContent::Audio(_) => {
            let file = file(request)?;
            let duration = file.duration.ok_or_else(|| invalid("a sound needs its duration"))?;
            vec![json!({"type": "audio", "originalContentUrl": file.url, "duration": duration.as_millis()})]
        }
        // LINE has no outgoing file: the customer gets a link that says what it is.
        MessageContent::File(_) => vec![json!({"type": "text", "text": labelled_link(file(request)?)})],
        MessageContent::Sticker { package_id, sticker_id, .. } => {
            vec![json!({"type": "sticker", "packageId": package_id, "stickerId": sticker_id})]
        }
        MessageContent::Location { title, address, latitude, longitude } => vec![json!({
            "type": "location",
            "title": title.as_deref().unwrap_or_default(),
            "address": address.as_deref().unwrap_or_default(),
            "latitude": latitude,
            "longitude": longitude,
        })],
        MessageContent::Reaction { .. }
        | MessageContent::Template { .. }
        | MessageContent::PublicReply { .. }
        | MessageContent::Note { .. }
        | MessageContent::System { .. } => {
            return Err(invalid("LINE cannot carry this kind of message"));
        }
    };
    if objects.len() > OBJECTS {
        return Err(invalid("LINE carries at most 25,000 characters in one message"));
    }
    // LINE shows the answers below the newest message only, so they go with the last part.
    if let (MessageContent::Choices { choices, .. }, Some(last)) = (&request.content, objects.last_mut()) {
        last["quickReply"] = json!({ "items": choices.iter().map(answer).collect::<Vec<Value>>() });
    }
    let quotes = matches!(request.content, MessageContent::Text { .. } | MessageContent::Sticker { .. });
    if let (true, Some(token), Some(first)) = (quotes, &request.quote_token, objects.first_mut()) {
        first["quoteToken"] = json!(token);
    }
    Ok(objects)
}

/// <https://developers.line.biz/en/reference/messaging-api/#items-object>
fn answer(choice: &Choice) -> Value {
    let action = json!({
        "type": "postback", "label": choice.title, "data": choice.payload, "displayText": choice.title,
    });
    json!({"type": "action", "action": action})
}

fn invalid(reason: &str) -> SendError {
    SendError::Rejected { code: "invalid_content", reason: reason.to_owned() }
}

fn file(request: &SendRequest) -> Result<&OutgoingFile, SendError> {
    request.file.as_ref().ok_or_else(|| invalid("the file is gone"))
}

fn labelled_link(file: &OutgoingFile) -> String {
    /// Characters of a file name that are shown.
    const SHOWN: usize = 200;
    let name: String = file.file_name.as_deref().unwrap_or("document.pdf").chars().take(SHOWN).collect();
    let size = file.size.map(|bytes| format!(" ({})", readable(bytes))).unwrap_or_default();
    format!("📄 {name}{size}\n{}", file.url)
}

fn readable(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        _ => format!("{}.{} MB", bytes / 1_048_576, (bytes % 1_048_576) * 10 / 1_048_576),
    }
}

//! The requests of a message (<https://developers.facebook.com/docs/messenger-platform/reference/send-api>,
//! <https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api>).

use hubchat_domain::{Choice, MessageContent, SendMode, split_text_by, utf16_len};
use hubchat_ports::{ContentRefused, OutgoingFile, SendError, SendRequest};
use serde_json::{Value, json};

use super::{
    Family,
    parse::{OURS, PART},
};
use crate::account::is_object_id;

/// How much text one request and one message carry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The most of one request, by the measure.
    pub(crate) part: usize,
    /// How that is counted.
    pub(crate) measure: fn(&str) -> usize,
    /// The most UTF-16 units of one message. How many requests they become depends on where they are cut.
    pub(crate) whole_utf16: usize,
}

impl Limits {
    pub(crate) const fn of(family: Family) -> Self {
        match family {
            // Fewer than 2,000 characters; UTF-16 units are never fewer than characters.
            Family::Facebook => Self { part: 1_900, measure: utf16_len, whole_utf16: 9_500 },
            // 1,000 bytes: 333 Thai letters.
            Family::Instagram => Self { part: 1_000, measure: str::len, whole_utf16: 3_000 },
        }
    }
}

fn refuse(field: &'static str, reason: &str) -> Result<(), ContentRefused> {
    Err(ContentRefused { field, reason: reason.to_owned() })
}

/// Whether the channel can carry a content.
pub(crate) fn check(family: Family, content: &MessageContent, file_url: Option<&str>) -> Result<(), ContentRefused> {
    let whole = Limits::of(family).whole_utf16;
    match content {
        MessageContent::Text { text }
        | MessageContent::Choices { text, .. }
        | MessageContent::PublicReply { text, .. }
            if text.trim().is_empty() =>
        {
            refuse("content", "a text must not be blank")
        }
        MessageContent::Text { text }
        | MessageContent::Choices { text, .. }
        | MessageContent::PublicReply { text, .. }
            if utf16_len(text) > whole =>
        {
            refuse("content", "the text is longer than the channel carries in one message")
        }
        MessageContent::Choices { choices, .. } if choices.iter().any(too_long) => {
            refuse("quickReplies", "an answer has at most 20 characters and returns at most 1,000")
        }
        MessageContent::Text { .. } | MessageContent::Choices { .. } | MessageContent::PublicReply { .. } => Ok(()),
        MessageContent::Image(_) | MessageContent::Video(_) | MessageContent::Audio(_) | MessageContent::File(_) => {
            match file_url {
                Some(url) if !url.starts_with("https://") || url.len() <= "https://".len() => {
                    refuse("mediaUrl", "files are fetched over HTTPS only")
                }
                // A file of ours gets its address when it is sent.
                _ => Ok(()),
            }
        }
        MessageContent::Sticker { .. }
        | MessageContent::Location { .. }
        | MessageContent::Reaction { .. }
        | MessageContent::Template { .. }
        | MessageContent::Note { .. }
        | MessageContent::System { .. } => refuse("type", "the channel cannot carry this kind of message"),
    }
}

/// <https://developers.facebook.com/docs/messenger-platform/send-messages/quick-replies>
fn too_long(choice: &Choice) -> bool {
    choice.title.chars().count() > 20 || choice.payload.chars().count() > 1_000
}

pub(super) fn invalid(reason: &str) -> SendError {
    SendError::Rejected { code: "invalid_content", reason: reason.to_owned() }
}

/// The bodies of a message's requests, in order.
pub(super) fn bodies(family: Family, page: &str, request: &SendRequest) -> Result<Vec<Value>, SendError> {
    let recipient = recipient(page, request)?;
    let limits = Limits::of(family);
    let mut messages: Vec<Value> = match &request.content {
        MessageContent::Text { text } | MessageContent::Choices { text, .. } => {
            if utf16_len(text) > limits.whole_utf16 {
                return Err(invalid("the text is longer than the channel carries in one message"));
            }
            let parts = split_text_by(text, limits.part, limits.measure);
            parts.into_iter().map(|part| json!({ "text": part })).collect()
        }
        MessageContent::Image(_) => vec![attachment(family, "image", file(request)?)],
        MessageContent::Video(_) => vec![attachment(family, "video", file(request)?)],
        MessageContent::Audio(_) => vec![attachment(family, "audio", file(request)?)],
        MessageContent::File(_) => vec![attachment(family, "file", file(request)?)],
        _ => return Err(invalid("the channel cannot carry this kind of message")),
    };
    let count = messages.len();
    // One private reply is one request: to send its second part is refused.
    if request.mode == SendMode::PrivateReply && count > 1 {
        return Err(invalid("the first answer to a comment must fit into one message of the channel"));
    }
    if let (MessageContent::Choices { choices, .. }, Some(last)) = (&request.content, messages.last_mut()) {
        let answer =
            |choice: &Choice| json!({"content_type": "text", "title": choice.title, "payload": choice.payload});
        last["quick_replies"] = choices.iter().map(answer).collect();
    }
    let bodies = messages.into_iter().enumerate().map(|(number, mut message)| {
        if family == Family::Facebook {
            // The echo of the last part proves the whole; that of an earlier one proves nothing more.
            let mark = if number + 1 == count { OURS } else { PART };
            message["metadata"] = Value::String(format!("{mark}{}", request.message_id));
        }
        let mut body = json!({ "recipient": recipient });
        match request.mode {
            SendMode::PrivateReply => {}
            SendMode::HumanAgent => {
                body["messaging_type"] = json!("MESSAGE_TAG");
                body["tag"] = json!("HUMAN_AGENT");
            }
            // Instagram knows the type of a tagged message only.
            _ if family == Family::Instagram => {}
            _ => body["messaging_type"] = json!("RESPONSE"),
        }
        if let (0, Some(quoted)) = (number, &request.quoted_external_id) {
            body["reply_to"] = json!({ "mid": quoted });
        }
        body["message"] = message;
        body
    });
    Ok(bodies.collect())
}

fn recipient(page: &str, request: &SendRequest) -> Result<Value, SendError> {
    if request.mode != SendMode::PrivateReply {
        return Ok(json!({ "id": request.external_thread_id }));
    }
    let comment = request.comment_id.as_deref().filter(|id| is_object_id(id));
    let comment = comment.ok_or_else(|| invalid("there is no comment to answer"))?;
    // What a visitor wrote on the page is a post of the page.
    let is_post = comment.strip_prefix(page).is_some_and(|rest| rest.starts_with('_'));
    Ok(if is_post { json!({ "post_id": comment }) } else { json!({ "comment_id": comment }) })
}

fn attachment(family: Family, kind: &str, file: &OutgoingFile) -> Value {
    let mut payload = json!({ "url": file.url });
    if family == Family::Facebook {
        payload["is_reusable"] = json!(true);
    }
    json!({"attachment": {"type": kind, "payload": payload}})
}

fn file(request: &SendRequest) -> Result<&OutgoingFile, SendError> {
    request.file.as_ref().ok_or_else(|| invalid("the file is gone"))
}

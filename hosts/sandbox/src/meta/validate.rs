//! What Messenger and Instagram take as a message.

use serde_json::Value;

use super::refusals::{parameter, refused};
use crate::exchange::Answer;

/// Messenger takes fewer characters than this.
const MESSENGER_TEXT_CHARS: usize = 2_000;
/// Instagram takes up to so many bytes.
const INSTAGRAM_TEXT_BYTES: usize = 1_000;

fn check(holds: bool, what: &str) -> Result<(), Answer> {
    if holds { Ok(()) } else { Err(parameter(what)) }
}

fn chars(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

/// Whether a text is there and not longer than `most` characters.
fn is_text(value: &Value, most: usize) -> bool {
    (1..=most).contains(&chars(value))
}

/// Whether the provider would fetch a file from here.
pub(super) fn is_fetchable(url: &str, allow_loopback: bool) -> bool {
    url.starts_with("https://") || (allow_loopback && url.starts_with("http://127.0.0.1:"))
}

/// Checks a request's message, the type it says to be of, and its tag.
pub(super) fn message(body: &Value, instagram: bool, allow_loopback: bool) -> Result<(), Answer> {
    let kind = body["messaging_type"].as_str().unwrap_or("RESPONSE");
    check(
        matches!(kind, "RESPONSE" | "UPDATE" | "MESSAGE_TAG" | "UTILITY"),
        "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG, UTILITY}",
    )?;
    let tag = body["tag"].as_str();
    check(kind != "MESSAGE_TAG" || tag.is_some(), "The parameter tag is required for messaging_type MESSAGE_TAG")?;
    check(tag.is_none() || kind == "MESSAGE_TAG", "A tag needs messaging_type MESSAGE_TAG")?;
    check(tag.is_none_or(|tag| tag == "HUMAN_AGENT"), "The message tag is no longer supported")?;
    content(&body["message"], instagram, allow_loopback)?;
    for reply_to in [&body["reply_to"], &body["message"]["reply_to"]] {
        check(reply_to.is_null() || is_text(&reply_to["mid"], 1_000), "The parameter reply_to[mid] is required")?;
    }
    Ok(())
}

/// Checks a message that may be text only, as the first answer to a comment.
pub(super) fn text_only(message: &Value, instagram: bool) -> Result<(), Answer> {
    let has_file = message.get("attachment").is_some() || message.get("attachments").is_some();
    check(!has_file, "A private reply can have text only")?;
    content(message, instagram, false)
}

fn content(message: &Value, instagram: bool, allow_loopback: bool) -> Result<(), Answer> {
    check(message.is_object(), "The parameter message is required")?;
    let (text, one, many) = (message.get("text"), message.get("attachment"), message.get("attachments"));
    let contents = [text, one, many].into_iter().flatten().count();
    check(contents == 1, "A message must have exactly one of text, attachment and attachments")?;
    if let Some(text) = text {
        let words = text.as_str().unwrap_or_default();
        check(!words.trim().is_empty(), "Message cannot be empty, must provide valid attachment or text")?;
        if instagram {
            check(
                words.len() <= INSTAGRAM_TEXT_BYTES,
                "Length of param message[text] must be less than or equal to 1000 bytes",
            )?;
        } else {
            check(chars(text) < MESSENGER_TEXT_CHARS, "Length of param message[text] must be less than 2000")?;
        }
    }
    if let Some(one) = one {
        attachment(one, instagram, allow_loopback)?;
    }
    if let Some(many) = many {
        let most = if instagram { 10 } else { 30 };
        let items = many.as_array().map(Vec::as_slice).unwrap_or_default();
        check((1..=most).contains(&items.len()), "Param message[attachments] must be an array of allowed length")?;
        for item in items {
            check(item["type"] == "image", "Only images can be sent together")?;
            attachment(item, instagram, allow_loopback)?;
        }
    }
    let metadata = &message["metadata"];
    check(metadata.is_null() || metadata.is_string(), "Param message[metadata] must be a string")?;
    check(chars(metadata) < 1_000, "Length of param message[metadata] must be less than 1000")?;
    quick_replies(message)
}

fn quick_replies(message: &Value) -> Result<(), Answer> {
    let Some(replies) = message.get("quick_replies") else { return Ok(()) };
    let replies = replies.as_array().map(Vec::as_slice).unwrap_or_default();
    check((1..=13).contains(&replies.len()), "Param message[quick_replies] must have 1 to 13 elements")?;
    check(message.get("text").is_some() || message.get("attachment").is_some(), "Quick replies need a text")?;
    for reply in replies {
        match reply["content_type"].as_str() {
            Some("text") => {
                check(is_text(&reply["title"], 20), "Param quick_replies[title] must have 1 to 20 characters")?;
                check(
                    is_text(&reply["payload"], 1_000),
                    "Param quick_replies[payload] must have 1 to 1000 characters",
                )?;
            }
            Some("user_phone_number" | "user_email") => {}
            _ => return Err(parameter("Param quick_replies[content_type] is not valid")),
        }
    }
    Ok(())
}

pub(super) fn attachment(attachment: &Value, instagram: bool, allow_loopback: bool) -> Result<(), Answer> {
    let payload = &attachment["payload"];
    match attachment["type"].as_str() {
        Some("image" | "audio" | "video" | "file") => {}
        Some("template") => return template(payload),
        // Of Instagram only, and without a file.
        Some("like_heart") if instagram => return Ok(()),
        Some("MEDIA_SHARE") if instagram => {
            return check(is_text(&payload["id"], 100), "Param payload[id] is required");
        }
        _ => return Err(parameter("Param attachment[type] must be one of {image, audio, video, file, template}")),
    }
    match (payload["url"].as_str(), payload["attachment_id"].as_str()) {
        (Some(url), None) if is_fetchable(url, allow_loopback) => Ok(()),
        (Some(_), None) => Err(refused(400, 100, Some(2_018_008), "(#100) Failed to fetch the file from the url.")),
        (None, Some(_)) => Ok(()),
        _ => Err(parameter("Param attachment[payload] must have exactly one of url and attachment_id")),
    }
}

fn template(payload: &Value) -> Result<(), Answer> {
    match payload["template_type"].as_str() {
        Some("generic") => {
            let elements = payload["elements"].as_array().map(Vec::as_slice).unwrap_or_default();
            check((1..=10).contains(&elements.len()), "Param elements must have 1 to 10 elements")?;
            for element in elements {
                check(is_text(&element["title"], 80), "Param elements[title] must have 1 to 80 characters")?;
                check(chars(&element["subtitle"]) <= 80, "Param elements[subtitle] must have up to 80 characters")?;
                buttons(&element["buttons"], 0)?;
            }
            Ok(())
        }
        Some("button") => {
            check(is_text(&payload["text"], 640), "Param payload[text] must have 1 to 640 characters")?;
            buttons(&payload["buttons"], 1)
        }
        Some(_) => Ok(()),
        None => Err(parameter("The parameter payload[template_type] is required")),
    }
}

fn buttons(buttons: &Value, fewest: usize) -> Result<(), Answer> {
    let buttons = buttons.as_array().map(Vec::as_slice).unwrap_or_default();
    check((fewest..=3).contains(&buttons.len()), "Param buttons must have up to 3 elements")?;
    for button in buttons {
        check(is_text(&button["title"], 20), "Param buttons[title] must have 1 to 20 characters")?;
        match button["type"].as_str() {
            Some("web_url") => check(is_text(&button["url"], 2_000), "The parameter buttons[url] is required")?,
            Some("postback") => {
                check(is_text(&button["payload"], 1_000), "The parameter buttons[payload] is required")?;
            }
            Some("phone_number") => {
                check(is_text(&button["payload"], 30), "The parameter buttons[payload] is required")?;
            }
            _ => return Err(parameter("Param buttons[type] is not valid")),
        }
    }
    Ok(())
}

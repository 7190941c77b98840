//! What WhatsApp takes as the content of a message.

use serde_json::Value;

use super::refusals::{whatsapp_missing, whatsapp_value};
use super::validate::is_fetchable;
use crate::exchange::Answer;

fn check_that(holds: bool, what: &str) -> Result<(), Answer> {
    if holds { Ok(()) } else { Err(whatsapp_value(what)) }
}

fn chars(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

fn text(value: &Value, most: usize, what: &str) -> Result<(), Answer> {
    match chars(value) {
        0 => Err(whatsapp_missing(&format!("{what} is required"))),
        length if length > most => Err(whatsapp_value(&format!("{what} must have up to {most} characters"))),
        _ => Ok(()),
    }
}

fn items<'a>(value: &'a Value, most: usize, what: &str) -> Result<&'a [Value], Answer> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    check_that((1..=most).contains(&items.len()), &format!("{what} must have 1 to {most} elements"))?;
    Ok(items)
}

/// Whether a type of message is a file.
pub(super) fn is_file(kind: &str) -> bool {
    matches!(kind, "image" | "video" | "audio" | "document" | "sticker")
}

/// Checks the content of a message of this type. Templates are checked against the kept ones elsewhere.
pub(super) fn check(kind: &str, content: &Value, allow_loopback: bool) -> Result<(), Answer> {
    if !content.is_object() && kind != "contacts" {
        return Err(whatsapp_missing(&format!("{kind} is required")));
    }
    match kind {
        "text" => text(&content["body"], 4_096, "text.body"),
        "location" => check_that(
            content["latitude"].is_number() && content["longitude"].is_number(),
            "location needs latitude and longitude",
        ),
        "reaction" => {
            text(&content["message_id"], 1_000, "reaction.message_id")?;
            check_that(content["emoji"].is_string(), "reaction.emoji must be a text, which may be empty")
        }
        "contacts" => {
            for contact in items(content, 100, "contacts")? {
                text(&contact["name"]["formatted_name"], 1_000, "contacts.name.formatted_name")?;
            }
            Ok(())
        }
        "interactive" => interactive(content),
        "template" => Ok(()),
        kind if is_file(kind) => file(kind, content, allow_loopback),
        _ => Err(whatsapp_value("type is not known")),
    }
}

fn file(kind: &str, content: &Value, allow_loopback: bool) -> Result<(), Answer> {
    match (content["id"].as_str(), content["link"].as_str()) {
        (Some(_), None) => {}
        (None, Some(link)) => check_that(is_fetchable(link, allow_loopback), &format!("{kind}.link must be https"))?,
        _ => return Err(whatsapp_value(&format!("{kind} needs exactly one of id and link"))),
    }
    let has_caption = content.get("caption").is_some();
    check_that(!has_caption || !matches!(kind, "audio" | "sticker"), &format!("{kind} can have no caption"))?;
    check_that(chars(&content["caption"]) <= 1_024, "caption must have up to 1024 characters")?;
    let has_name = content.get("filename").is_some();
    check_that(!has_name || kind == "document", &format!("{kind} can have no filename"))
}

fn interactive(content: &Value) -> Result<(), Answer> {
    text(&content["body"]["text"], 1_024, "interactive.body.text")?;
    for part in ["header", "footer"] {
        check_that(
            chars(&content[part]["text"]) <= 60,
            &format!("interactive.{part}.text must have up to 60 characters"),
        )?;
    }
    let action = &content["action"];
    match content["type"].as_str() {
        Some("button") => {
            for button in items(&action["buttons"], 3, "interactive.action.buttons")? {
                check_that(button["type"] == "reply", "buttons.type must be reply")?;
                text(&button["reply"]["id"], 256, "buttons.reply.id")?;
                text(&button["reply"]["title"], 20, "buttons.reply.title")?;
            }
            Ok(())
        }
        Some("list") => {
            text(&action["button"], 20, "interactive.action.button")?;
            let sections = items(&action["sections"], 10, "interactive.action.sections")?;
            let mut count = 0;
            for section in sections {
                if sections.len() > 1 {
                    text(&section["title"], 24, "sections.title")?;
                }
                for row in items(&section["rows"], 10, "sections.rows")? {
                    count += 1;
                    text(&row["id"], 200, "rows.id")?;
                    text(&row["title"], 24, "rows.title")?;
                    check_that(chars(&row["description"]) <= 72, "rows.description must have up to 72 characters")?;
                }
            }
            check_that(count <= 10, "a list must have up to 10 rows")
        }
        Some("cta_url" | "flow" | "location_request_message" | "product" | "product_list" | "address_message") => {
            check_that(action.is_object(), "interactive.action is required")
        }
        _ => Err(whatsapp_value("interactive.type is not known")),
    }
}

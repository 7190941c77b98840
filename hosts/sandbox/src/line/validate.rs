//! LINE's checks of message objects, with the places of the errors.
//!
//! Checks what LINE documents as limits of the objects hubchat could send; of the rarer types only that
//! they are objects. It never fetches a URL.

mod action;
mod template;

use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::webhook_settings::is_loopback_http;
use action::quick_reply;
use template::{flex, template};

const TYPES: [&str; 11] =
    ["text", "textV2", "sticker", "image", "video", "audio", "location", "imagemap", "template", "flex", "coupon"];
const MAX_MESSAGES: usize = 5;
const MAX_TEXT: usize = 5_000;
const MAX_URL: usize = 2_000;
const MAX_ALT_TEXT: usize = 1_500;
const MAX_PLACE: usize = 100;

/// One error in a request body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) property: String,
}

impl Problem {
    pub(super) fn new(message: &str, property: &str) -> Self {
        Self { message: message.to_owned(), property: property.to_owned() }
    }
}

/// All errors of the message objects; empty when LINE would take them.
pub(super) fn validate_messages(messages: &[Value], allow_loopback_http: bool) -> Vec<Problem> {
    let mut check = Check { problems: Vec::new(), allow_loopback_http };
    if messages.is_empty() || messages.len() > MAX_MESSAGES {
        check.add("messages", "Size must be between 1 and 5");
        return check.problems;
    }
    for (at, message) in messages.iter().enumerate() {
        check.message(message, &format!("messages[{at}]"));
    }
    check.problems
}

/// Collects errors while walking through the objects.
struct Check {
    problems: Vec<Problem>,
    allow_loopback_http: bool,
}

impl Check {
    fn add(&mut self, property: &str, message: &str) {
        self.problems.push(Problem::new(message, property));
    }

    fn message(&mut self, message: &Value, at: &str) {
        let kind = message.get("type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "text" | "textV2" => self.text(message, at, "text", MAX_TEXT),
            "image" | "video" => {
                self.url(message, at, "originalContentUrl");
                self.url(message, at, "previewImageUrl");
            }
            "audio" => {
                self.url(message, at, "originalContentUrl");
                if !message.get("duration").and_then(Value::as_f64).is_some_and(|duration| duration > 0.0) {
                    self.add(&format!("{at}.duration"), "must be greater than 0");
                }
            }
            "sticker" => {
                self.text(message, at, "packageId", 20);
                self.text(message, at, "stickerId", 20);
            }
            "location" => self.location(message, at),
            "template" => {
                self.text(message, at, "altText", MAX_ALT_TEXT);
                template(self, message.get("template").unwrap_or(&Value::Null), &format!("{at}.template"));
            }
            "flex" => {
                self.text(message, at, "altText", MAX_ALT_TEXT);
                flex(self, message.get("contents").unwrap_or(&Value::Null), &format!("{at}.contents"));
            }
            known if TYPES.contains(&known) => {}
            _ => {
                let allowed = format!("Must be one of the following values: [{}]", TYPES.join(", "));
                self.add(&format!("{at}.type"), &allowed);
            }
        }
        if let Some(reply) = message.get("quickReply").filter(|reply| !reply.is_null()) {
            quick_reply(self, reply, &format!("{at}.quickReply"));
        }
    }

    fn location(&mut self, message: &Value, at: &str) {
        self.text(message, at, "title", MAX_PLACE);
        self.text(message, at, "address", MAX_PLACE);
        for (key, limit) in [("latitude", 90.0), ("longitude", 180.0)] {
            match message.get(key).and_then(Value::as_f64) {
                Some(degrees) if degrees.abs() <= limit => {}
                Some(_) => self.add(&format!("{at}.{key}"), "is out of range"),
                None => self.add(&format!("{at}.{key}"), "May not be empty"),
            }
        }
    }

    /// A text that must be there, of 1 to `max` UTF-16 code units.
    fn text(&mut self, object: &Value, at: &str, key: &str, max: usize) {
        match object.get(key).and_then(Value::as_str) {
            Some("") | None => self.add(&format!("{at}.{key}"), "May not be empty"),
            Some(text) if utf16_length(text) > max => {
                self.add(&format!("{at}.{key}"), &format!("Length must be between 0 and {max}"));
            }
            Some(_) => {}
        }
    }

    /// A text that may be missing.
    fn text_if_there(&mut self, object: &Value, at: &str, key: &str, max: usize) {
        if object.get(key).is_some_and(|value| !value.is_null()) {
            self.text(object, at, key, max);
        }
    }

    fn url(&mut self, object: &Value, at: &str, key: &str) {
        let property = format!("{at}.{key}");
        match object.get(key).and_then(Value::as_str) {
            Some("") | None => self.add(&property, "May not be empty"),
            Some(text) if text.chars().count() > MAX_URL => self.add(&property, "Length must be between 0 and 2000"),
            Some(text) => match Url::parse(text) {
                Ok(url) if url.scheme() == "https" => {}
                Ok(url) if self.allow_loopback_http && is_loopback_http(&url) => {}
                _ => self.add(&property, "invalid uri scheme"),
            },
        }
    }

    /// A list that must be there, of `min` to `max` entries; `None` after an error.
    fn list<'v>(&mut self, object: &'v Value, at: &str, key: &str, min: usize, max: usize) -> Option<&'v [Value]> {
        match object.get(key).and_then(Value::as_array) {
            Some(list) if (min..=max).contains(&list.len()) => Some(list),
            _ => {
                self.add(&format!("{at}.{key}"), &format!("Size must be between {min} and {max}"));
                None
            }
        }
    }
}

/// LINE counts texts in UTF-16 code units.
fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

//! What a message says: its text and its files, each a message of its own in the thread.

use hubchat_domain::{Attachment, MediaSource, MessageContent};
use serde_json::{Value, json};

use super::parse::known;

/// A content, and where its file is.
pub(super) type Said = (MessageContent, Option<MediaSource>);

/// What a message says, the text first.
pub(super) fn said(message: &Value) -> Vec<Said> {
    let mut said = Vec::new();
    let text = known(&message["text"]);
    if let Some(text) = text {
        let content = match known(&message["quick_reply"]["payload"]) {
            Some(payload) => {
                MessageContent::Template { text: text.to_owned(), payload: json!({"quickReply": {"payload": payload}}) }
            }
            None => MessageContent::Text { text: text.to_owned() },
        };
        said.push((content, None));
    }
    let story = &message["reply_to"]["story"];
    if let Some(url) = known(&story["url"]) {
        said.push(note("[answered your story]", story));
        said.push(file(MessageContent::File, url));
    }
    let attachments = message["attachments"].as_array().map_or(&[][..], Vec::as_slice);
    let has_sticker = attachments.iter().any(|attachment| attachment["type"] == "sticker");
    for attachment in attachments {
        // A sticker came as a picture too until 30 August 2026; it is one sticker.
        let is_sticker = !attachment["payload"]["sticker_id"].is_null();
        if attachment["type"] == "image" && is_sticker && has_sticker {
            continue;
        }
        // The link is in the text already.
        let url = known(&attachment["payload"]["url"]);
        if attachment["type"] == "fallback" && text.zip(url).is_some_and(|(text, url)| text.contains(url)) {
            continue;
        }
        said.extend(attached(attachment, is_sticker));
    }
    said
}

fn note(text: &str, payload: &Value) -> Said {
    (MessageContent::Template { text: text.to_owned(), payload: json!({ "shared": payload }) }, None)
}

fn file(content: fn(Attachment) -> MessageContent, url: &str) -> Said {
    (content(Attachment::default()), Some(MediaSource::Url { url: url.to_owned() }))
}

fn attached(attachment: &Value, is_sticker: bool) -> Vec<Said> {
    let payload = &attachment["payload"];
    let url = known(&payload["url"]);
    let kind = attachment["type"].as_str().unwrap_or_default();
    match (kind, url) {
        ("sticker" | "image", _) if is_sticker => {
            let id = &payload["sticker_id"];
            let sticker_id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            vec![(MessageContent::Sticker { package_id: String::new(), sticker_id, keywords: Vec::new() }, None)]
        }
        ("image", Some(url)) => vec![file(MessageContent::Image, url)],
        ("video", Some(url)) => vec![file(MessageContent::Video, url)],
        ("audio", Some(url)) => vec![file(MessageContent::Audio, url)],
        ("file", Some(url)) => vec![file(MessageContent::File, url)],
        ("location", _) => {
            let place = &payload["coordinates"];
            let (Some(latitude), Some(longitude)) = (place["lat"].as_f64(), place["long"].as_f64()) else {
                return vec![note("[a place]", payload)];
            };
            let title = known(&attachment["title"]).map(str::to_owned);
            vec![(MessageContent::Location { title, address: None, latitude, longitude }, None)]
        }
        ("story_mention", Some(url)) => {
            vec![note("[mentioned you in their story]", payload), file(MessageContent::File, url)]
        }
        ("ephemeral", _) => vec![note("[a picture or film that can be seen once]", payload)],
        ("share" | "ig_post" | "post" | "reel" | "ig_reel" | "fallback", _) => shared(kind, payload, url),
        ("template", _) => vec![note("[a card]", payload)],
        _ => {
            let title = known(&attachment["title"]).or_else(|| known(&payload["title"]));
            vec![note(title.unwrap_or("[an attachment that hubchat does not know]"), payload)]
        }
    }
}

/// A link to a page goes as its words; what lies on Meta's file servers is fetched before it expires.
fn shared(kind: &str, payload: &Value, url: Option<&str>) -> Vec<Said> {
    let label = match kind {
        "reel" | "ig_reel" => "[shared a reel]",
        "fallback" => "[shared a link]",
        _ => "[shared a post]",
    };
    let title = known(&payload["title"]);
    let is_file = url.is_some_and(|url| url.contains("fbsbx.com/") || url.contains("fbcdn.net/"));
    let words = match (title, url.filter(|_| !is_file)) {
        (Some(title), Some(url)) => format!("{label} {title} {url}"),
        (Some(words), None) | (None, Some(words)) => format!("{label} {words}"),
        (None, None) => label.to_owned(),
    };
    let mut said = vec![note(&words, payload)];
    if let Some(url) = url.filter(|_| is_file) {
        said.push(file(MessageContent::File, url));
    }
    said
}

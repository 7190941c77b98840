//! What WhatsApp can carry (<https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages>,
//! <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types>).

use hubchat_domain::{Choice, MediaLimit, MessageContent, MessageKind, utf16_len};
use hubchat_ports::ContentRefused;

/// UTF-16 units of one text; WhatsApp counts characters, of which there are never more.
pub(super) const TEXT_UNITS: usize = 4_096;
/// Full messages that one text may fill; cut between paragraphs it becomes a few more.
pub(super) const PARTS: usize = 5;
/// The most characters of a text with answers.
const INTERACTIVE_CHARS: usize = 1_024;
/// So many answers are buttons; more are a list.
pub(super) const BUTTONS: usize = 3;
/// The most answers of a list.
const ROWS: usize = 10;

const MIB: u64 = 1024 * 1024;

pub(super) const SEND_KINDS: &[MessageKind] = &[
    MessageKind::Text,
    MessageKind::Image,
    MessageKind::Video,
    MessageKind::Audio,
    MessageKind::File,
    MessageKind::Location,
    MessageKind::Template,
];

pub(super) const MEDIA: &[MediaLimit] = &[
    MediaLimit { kind: MessageKind::Image, max_bytes: 5 * MIB, content_types: &["image/jpeg", "image/png"] },
    MediaLimit { kind: MessageKind::Video, max_bytes: 16 * MIB, content_types: &["video/mp4", "video/3gpp"] },
    MediaLimit {
        kind: MessageKind::Audio,
        max_bytes: 16 * MIB,
        content_types: &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"],
    },
    MediaLimit { kind: MessageKind::File, max_bytes: 100 * MIB, content_types: &[] },
];

pub(super) fn check(content: &MessageContent, file_url: Option<&str>) -> Result<(), ContentRefused> {
    match content {
        MessageContent::Text { text } | MessageContent::Choices { text, .. } if text.trim().is_empty() => {
            refuse("content", "a text must not be blank")
        }
        MessageContent::Text { text } if utf16_len(text) > TEXT_UNITS * PARTS => {
            refuse("content", "WhatsApp carries at most 20,480 characters in one message of hubchat's")
        }
        MessageContent::Choices { text, .. } if text.chars().count() > INTERACTIVE_CHARS => {
            refuse("content", "a text with answers has at most 1,024 characters")
        }
        MessageContent::Choices { choices, .. } if choices.len() > ROWS => {
            refuse("quickReplies", "WhatsApp offers at most 10 answers")
        }
        MessageContent::Choices { choices, .. } if choices.iter().any(|choice| too_long(choice, choices.len())) => {
            refuse("quickReplies", "an answer has at most 20 characters and returns at most 200")
        }
        MessageContent::Template { payload, .. } => match payload["template"]["name"].as_str() {
            Some(name) if !name.is_empty() => Ok(()),
            _ => refuse("template", "a template has a name and a language"),
        },
        MessageContent::Text { .. } | MessageContent::Choices { .. } | MessageContent::Location { .. } => Ok(()),
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
        | MessageContent::Reaction { .. }
        | MessageContent::PublicReply { .. }
        | MessageContent::Note { .. }
        | MessageContent::System { .. } => refuse("type", "WhatsApp cannot carry this kind of message"),
    }
}

fn too_long(choice: &Choice, count: usize) -> bool {
    let title = if count <= BUTTONS { 20 } else { 24 };
    choice.title.chars().count() > title || choice.payload.chars().count() > 200
}

fn refuse(field: &'static str, reason: &str) -> Result<(), ContentRefused> {
    Err(ContentRefused { field, reason: reason.to_owned() })
}

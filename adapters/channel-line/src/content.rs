//! What LINE can carry
//! (<https://developers.line.biz/en/reference/messaging-api/#message-objects>).

use hubchat_domain::{Choice, MessageContent, MessageKind, utf16_len};
use hubchat_ports::ContentRefused;

/// UTF-16 units of one text object
/// (<https://developers.line.biz/en/docs/messaging-api/text-character-count/>).
pub(crate) const TEXT_UNITS: usize = 5_000;
/// Message objects of one request.
pub(crate) const OBJECTS: usize = 5;
/// Characters of an address.
const URL_CHARS: usize = 2_000;
/// Characters of a place's title and address.
const PLACE_CHARS: usize = 100;

/// The kinds that can be sent.
pub(crate) const SEND_KINDS: &[MessageKind] = &[
    MessageKind::Text,
    MessageKind::Image,
    MessageKind::Video,
    MessageKind::Audio,
    MessageKind::File,
    MessageKind::Sticker,
    MessageKind::Location,
];

/// <https://developers.line.biz/en/reference/messaging-api/#postback-action>
fn too_long(choice: &Choice) -> bool {
    choice.title.chars().count() > 20 || choice.payload.chars().count() > 300
}

pub(crate) fn check(content: &MessageContent, file_url: Option<&str>) -> Result<(), ContentRefused> {
    match content {
        MessageContent::Choices { choices, .. } if choices.iter().any(too_long) => {
            refuse("quickReplies", "LINE shows at most 20 characters of an answer and returns at most 300")
        }
        MessageContent::Text { text } | MessageContent::Choices { text, .. } if text.trim().is_empty() => {
            refuse("content", "a text must not be blank")
        }
        MessageContent::Text { text } | MessageContent::Choices { text, .. }
            if utf16_len(text) > TEXT_UNITS * OBJECTS =>
        {
            refuse("content", "LINE carries at most 25,000 characters in one message")
        }
        MessageContent::Text { .. } | MessageContent::Choices { .. } => Ok(()),
        MessageContent::Image(_) | MessageContent::Video(_) | MessageContent::Audio(_) | MessageContent::File(_) => {
            match file_url {
                Some(url) if !url.starts_with("https://") || url.len() <= "https://".len() => {
                    refuse("mediaUrl", "LINE fetches files over HTTPS only")
                }
                Some(url) if url.chars().count() > URL_CHARS => {
                    refuse("mediaUrl", "an address has at most 2,000 characters")
                }
                // A file of ours gets its address when it is sent.
                _ => Ok(()),
            }
        }
        MessageContent::Sticker { package_id, sticker_id, .. } => {
            let number = |id: &str| !id.is_empty() && id.len() <= 20 && id.bytes().all(|b| b.is_ascii_digit());
            if number(package_id) && number(sticker_id) {
                Ok(())
            } else {
                refuse("stickerId", "a sticker is named by two numbers")
            }
        }
        MessageContent::Location { title, address, .. } => {
            let fits = |text: &Option<String>| {
                text.as_deref().is_some_and(|text| !text.trim().is_empty() && text.chars().count() <= PLACE_CHARS)
            };
            if !fits(title) {
                refuse("title", "a place's title has 1 to 100 characters")
            } else if !fits(address) {
                refuse("address", "a place's address has 1 to 100 characters")
            } else {
                Ok(())
            }
        }
        MessageContent::Reaction { .. }
        | MessageContent::Template { .. }
        | MessageContent::PublicReply { .. }
        | MessageContent::Note { .. }
        | MessageContent::System { .. } => refuse("type", "LINE cannot carry this kind of message"),
    }
}

fn refuse(field: &'static str, reason: &str) -> Result<(), ContentRefused> {
    Err(ContentRefused { field, reason: reason.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hubchat_domain::Attachment;

    #[test]
    fn limits_hold_to_the_unit() {
        let text = |text: String| check(&MessageContent::Text { text }, None);
        assert!(text("ก".repeat(25_000)).is_ok());
        assert_eq!(text("ก".repeat(25_001)).map_err(|refused| refused.field), Err("content"));
        assert!(text("🍎".repeat(12_500)).is_ok(), "an apple is two units");
        assert!(text("🍎".repeat(12_501)).is_err());
        assert!(text(" \n".to_owned()).is_err());
        let image = |url: &str| check(&MessageContent::Image(Attachment::default()), Some(url));
        assert!(image("https://cdn.example/a.jpg").is_ok());
        for wrong in ["http://cdn.example/a.jpg", "https://", "", "javascript:alert(1)"] {
            assert_eq!(image(wrong).map_err(|refused| refused.field), Err("mediaUrl"), "{wrong}");
        }
        assert!(image(&format!("https://{}", "a".repeat(1_993))).is_err());
    }
}

//! What Telegram can carry (<https://core.telegram.org/bots/api#available-methods>).

use hubchat_domain::{MessageContent, MessageKind, utf16_len};
use hubchat_ports::ContentRefused;

/// UTF-16 units of one message (<https://core.telegram.org/bots/api#sendmessage>, 4,096 characters).
pub(crate) const TEXT_UNITS: usize = 4_096;
/// Messages that one text may become: each is a call of its own, so there are few.
pub(crate) const PARTS: usize = 5;

/// The kinds that can be sent.
pub(crate) const SEND_KINDS: &[MessageKind] = &[
    MessageKind::Text,
    MessageKind::Image,
    MessageKind::Video,
    MessageKind::Audio,
    MessageKind::File,
    MessageKind::Location,
];

pub(crate) fn check(content: &MessageContent, file_url: Option<&str>) -> Result<(), ContentRefused> {
    match content {
        // <https://core.telegram.org/bots/api#inlinekeyboardbutton>
        MessageContent::Choices { choices, .. } if choices.iter().any(|choice| choice.payload.len() > 64) => {
            refuse("quickReplies", "Telegram returns at most 64 bytes of an answer")
        }
        MessageContent::Text { text } | MessageContent::Choices { text, .. } if text.trim().is_empty() => {
            refuse("content", "a text must not be blank")
        }
        MessageContent::Text { text } | MessageContent::Choices { text, .. }
            if utf16_len(text) > TEXT_UNITS * PARTS =>
        {
            refuse("content", "Telegram carries at most 20,480 characters in one message of hubchat's")
        }
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
        | MessageContent::Template { .. }
        | MessageContent::PublicReply { .. }
        | MessageContent::Note { .. }
        | MessageContent::System { .. } => refuse("type", "Telegram cannot carry this kind of message"),
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
        assert!(text("ก".repeat(20_480)).is_ok());
        assert_eq!(text("ก".repeat(20_481)).map_err(|refused| refused.field), Err("content"));
        assert!(text("🍎".repeat(10_241)).is_err(), "an apple is two units");
        assert!(text(" \n".to_owned()).is_err());
        let image = |url| check(&MessageContent::Image(Attachment::default()), url);
        assert!(image(None).is_ok());
        assert!(image(Some("https://cdn.example/a.jpg")).is_ok());
        assert_eq!(image(Some("http://cdn.example/a.jpg")).map_err(|refused| refused.field), Err("mediaUrl"));
        let sticker = MessageContent::Sticker { package_id: "a".into(), sticker_id: "b".into(), keywords: vec![] };
        assert_eq!(check(&sticker, None).map_err(|refused| refused.field), Err("type"));
    }
}

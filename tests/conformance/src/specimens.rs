//! Values that storage has been known to harm: texts, moments and contents.

use hubchat_domain::{Attachment, Choice, MediaId, MemberId, MessageContent, Timestamp};
use serde_json::json;
use uuid::Uuid;

/// Characters of the longest text.
const LONG_CHARS: usize = 25_000;

/// Short texts of every kind: they fit into an index.
pub(crate) fn short_texts() -> Vec<String> {
    [
        "plain",
        "ที่นี่ น้ำใส ผู้ใหญ่ กำ่",
        "🍎 👩‍👩‍👧‍👦 🏳️‍🌈 𠮷",
        "e\u{301} is not \u{e9}",
        "שלום \u{202e}abc\u{202c} عربى",
        "' \" \\ ; -- % _ ? $1 :name {} \\u0041",
        "line\r\nline\ttab\u{1}\u{7f}",
        "  spaces stay  ",
        "\u{feff}\u{200b}\u{10ffff}",
        "Straße İstanbul ǅ",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Texts of every kind and length.
pub(crate) fn texts() -> Vec<String> {
    let long: String = "ก็🍎x ".chars().cycle().take(LONG_CHARS).collect();
    short_texts().into_iter().chain([String::new(), long]).collect()
}

/// Moments near and far.
pub(crate) fn moments() -> [Timestamp; 7] {
    [
        Timestamp::from_micros(i64::MIN),
        Timestamp::from_micros(-1),
        Timestamp::EPOCH,
        Timestamp::from_micros(1),
        Timestamp::from_micros(1_767_225_600_999_999),
        Timestamp::from_micros(9_007_199_254_740_993),
        Timestamp::from_micros(i64::MAX),
    ]
}

/// Contents of every kind, with every field set and with none.
pub(crate) fn contents(text: &str) -> Vec<MessageContent> {
    let text = text.to_owned();
    let full = Attachment {
        media_id: Some(MediaId::from_uuid(Uuid::from_u128(77))),
        url: Some(text.clone()),
        file_name: Some(text.clone()),
        size: Some(u64::from(u32::MAX) + 1),
        duration_ms: Some(1),
    };
    vec![
        MessageContent::Text { text: text.clone() },
        MessageContent::Image(full.clone()),
        MessageContent::Video(full.clone()),
        MessageContent::Audio(Attachment::default()),
        MessageContent::File(full),
        MessageContent::Sticker { package_id: text.clone(), sticker_id: text.clone(), keywords: vec![text.clone(); 2] },
        MessageContent::Sticker { package_id: "1".to_owned(), sticker_id: "2".to_owned(), keywords: Vec::new() },
        MessageContent::Location {
            title: Some(text.clone()),
            address: Some(text.clone()),
            latitude: 13.756_331,
            longitude: -100.501_8,
        },
        MessageContent::Location { title: None, address: None, latitude: -90.0, longitude: 180.0 },
        MessageContent::Reaction { emoji: text.clone(), target: text.clone() },
        MessageContent::Template {
            text: text.clone(),
            payload: json!({ "text": text, "list": [1, -2, 0.5, true, null, [], {}], "big": u64::MAX }),
        },
        MessageContent::Template { text: text.clone(), payload: json!(null) },
        MessageContent::Choices {
            text: text.clone(),
            choices: vec![Choice { title: text.clone(), payload: text.clone() }],
        },
        MessageContent::PublicReply { text: text.clone(), comment_id: text.clone() },
        MessageContent::Note { text: text.clone(), mentions: vec![MemberId::from_uuid(Uuid::from_u128(7))] },
        MessageContent::Note { text: text.clone(), mentions: Vec::new() },
        MessageContent::System { text },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use hubchat_domain::MessageKind;

    #[test]
    fn every_kind_of_content_has_a_specimen() {
        let contents = contents("ที่");
        for kind in MessageKind::ALL {
            assert!(contents.iter().any(|content| content.kind() == *kind), "{kind}");
        }
    }

    #[test]
    fn texts_are_of_every_length_and_free_of_nul() {
        let texts = texts();
        assert!(texts.iter().any(|text| text.chars().count() == LONG_CHARS));
        assert!(texts.iter().any(String::is_empty));
        assert!(texts.iter().all(|text| !text.contains('\0')));
    }
}

//! What a message says.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{MediaId, MemberId, channel::named};

/// The kind of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MessageKind {
    /// Plain text.
    Text,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sound.
    Audio,
    /// Any other file, PDF included.
    File,
    /// A sticker of the channel.
    Sticker,
    /// A place.
    Location,
    /// A reaction to another message.
    Reaction,
    /// A structured message: buttons, cards, approved templates.
    Template,
    /// A public answer under a customer's comment.
    PublicReply,
    /// A word among colleagues, which the customer never sees.
    Note,
    /// A line of hubchat's own: joined, blocked, unsent.
    System,
}

named!(MessageKind {
    Text => "TEXT", Image => "IMAGE", Video => "VIDEO", Audio => "AUDIO", File => "FILE", Sticker => "STICKER",
    Location => "LOCATION", Reaction => "REACTION", Template => "TEMPLATE", PublicReply => "PUBLIC_REPLY",
    Note => "NOTE",
    System => "SYSTEM",
});

impl MessageKind {
    /// Whether it says something: a reaction asks for nothing, and a line of hubchat's own is nobody's word.
    #[must_use]
    pub const fn speaks(self) -> bool {
        !matches!(self, Self::System | Self::Reaction)
    }

    /// Whether it answers a customer when we say it: a public reply only points to the private one.
    #[must_use]
    pub const fn answers(self) -> bool {
        self.speaks() && !matches!(self, Self::PublicReply)
    }
}

/// A file of a message: kept by us, or named by an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Our copy, or the promise of one while it is fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    /// The HTTPS address that a sender gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Its size in bytes, as told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// How long it plays, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
}

/// An answer that the customer may give with one touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What the button says.
    pub title: String,
    /// What comes back when it is touched.
    pub payload: String,
}

/// What a message says. Stored as JSON: variants and fields are only ever added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MessageContent {
    /// Plain text.
    Text {
        /// The text.
        text: String,
    },
    /// A text with answers to choose from.
    Choices {
        /// The text.
        text: String,
        /// The answers, in order.
        choices: Vec<Choice>,
    },
    /// A picture.
    Image(Attachment),
    /// A film.
    Video(Attachment),
    /// A sound.
    Audio(Attachment),
    /// Any other file.
    File(Attachment),
    /// A sticker.
    Sticker {
        /// The package, in the channel's words.
        package_id: String,
        /// The sticker, in the channel's words.
        sticker_id: String,
        /// What it means, as far as the channel tells.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keywords: Vec<String>,
    },
    /// A place.
    Location {
        /// What it is called.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Its postal address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
    /// A reaction to another message.
    Reaction {
        /// The emoji, empty when a reaction was taken back.
        emoji: String,
        /// The provider's id of the message reacted to.
        target: String,
    },
    /// A structured message or a button that was pressed.
    Template {
        /// What it says in words.
        text: String,
        /// The channel's own structure.
        payload: Value,
    },
    /// A public answer under a customer's comment.
    PublicReply {
        /// The text.
        text: String,
        /// The provider's id of the comment.
        comment_id: String,
    },
    /// A word among colleagues. It is never given to a channel.
    Note {
        /// The text.
        text: String,
        /// The colleagues who are to look at it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<MemberId>,
    },
    /// A line of hubchat's own.
    System {
        /// The line.
        text: String,
    },
}

impl MessageContent {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::Text { .. } | Self::Choices { .. } => MessageKind::Text,
            Self::Image(_) => MessageKind::Image,
            Self::Video(_) => MessageKind::Video,
            Self::Audio(_) => MessageKind::Audio,
            Self::File(_) => MessageKind::File,
            Self::Sticker { .. } => MessageKind::Sticker,
            Self::Location { .. } => MessageKind::Location,
            Self::Reaction { .. } => MessageKind::Reaction,
            Self::Template { .. } => MessageKind::Template,
            Self::PublicReply { .. } => MessageKind::PublicReply,
            Self::Note { .. } => MessageKind::Note,
            Self::System { .. } => MessageKind::System,
        }
    }

    /// Its file, for kinds that have one.
    #[must_use]
    pub const fn attachment(&self) -> Option<&Attachment> {
        match self {
            Self::Image(file) | Self::Video(file) | Self::Audio(file) | Self::File(file) => Some(file),
            _ => None,
        }
    }

    /// Its file, to be completed.
    pub const fn attachment_mut(&mut self) -> Option<&mut Attachment> {
        match self {
            Self::Image(file) | Self::Video(file) | Self::Audio(file) | Self::File(file) => Some(file),
            _ => None,
        }
    }

    /// What it says in words, where it has words: what the API calls `content`.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Text { text }
            | Self::Choices { text, .. }
            | Self::System { text }
            | Self::Template { text, .. }
            | Self::Note { text, .. }
            | Self::PublicReply { text, .. } => Some(text.clone()),
            Self::Image(file) | Self::Video(file) | Self::Audio(file) | Self::File(file) => {
                file.file_name.clone().or_else(|| file.url.clone())
            }
            Self::Sticker { keywords, .. } => keywords.first().cloned(),
            Self::Location { title, address, .. } => {
                let words: Vec<&str> = [title, address].into_iter().flatten().map(String::as_str).collect();
                (!words.is_empty()).then(|| words.join(", "))
            }
            Self::Reaction { emoji, .. } => Some(emoji.clone()),
        }
    }

    /// A line for lists: the words, or the kind in brackets.
    #[must_use]
    pub fn preview(&self) -> String {
        let label = match self {
            Self::Text { text }
            | Self::Choices { text, .. }
            | Self::System { text }
            | Self::Template { text, .. }
            | Self::Note { text, .. }
            | Self::PublicReply { text, .. } => return text.clone(),
            Self::Image(_) => "[image]",
            Self::Video(_) => "[video]",
            Self::Audio(_) => "[audio]",
            Self::File(_) => "[file]",
            Self::Sticker { .. } => "[sticker]",
            Self::Location { .. } => "[location]",
            Self::Reaction { emoji, .. } if emoji.is_empty() => "[reaction taken back]",
            Self::Reaction { emoji, .. } => return emoji.clone(),
        };
        match self {
            Self::File(Attachment { file_name: Some(name), .. }) => format!("{label} {name}"),
            Self::Location { title: Some(title), .. } => format!("{label} {title}"),
            _ => label.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_survive_their_json() {
        let contents = [
            MessageContent::Text { text: "สวัสดี 🍎".into() },
            MessageContent::Image(Attachment { file_name: Some("a.jpg".into()), ..Attachment::default() }),
            MessageContent::Location { title: None, address: None, latitude: 13.7563, longitude: 100.5018 },
            MessageContent::Sticker { package_id: "1".into(), sticker_id: "2".into(), keywords: vec![] },
            MessageContent::Template { text: "pressed".into(), payload: serde_json::json!({"data": "a=1"}) },
        ];
        for content in contents {
            let json = serde_json::to_string(&content).expect("content is plain data");
            assert_eq!(serde_json::from_str::<MessageContent>(&json).expect("its own JSON"), content);
        }
    }
}

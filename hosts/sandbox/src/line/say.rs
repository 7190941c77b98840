//! What a customer can say or do.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

/// One thing a customer says or does to a channel.
#[derive(Debug, Clone)]
pub struct Say {
    /// The channel; `None` is the first one added.
    pub destination: Option<String>,
    /// The customer; `None` is the sandbox's usual one.
    pub user_id: Option<String>,
    /// What they say or do.
    pub event: SayKind,
}

impl Say {
    /// Anything, by the usual customer to the first channel.
    pub fn new(event: SayKind) -> Self {
        Self { destination: None, user_id: None, event }
    }

    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(SayKind::Text(text.into()))
    }

    /// The same, by this user.
    #[must_use]
    pub fn from(self, user_id: impl Into<String>) -> Self {
        Self { user_id: Some(user_id.into()), ..self }
    }

    /// The same, to this channel.
    #[must_use]
    pub fn to(self, destination: impl Into<String>) -> Self {
        Self { destination: Some(destination.into()), ..self }
    }

    /// The same, in this group or room.
    #[must_use]
    pub fn in_group(self, group_id: impl Into<String>) -> Self {
        let event = SayKind::InGroup { group_id: group_id.into(), event: Box::new(self.event) };
        Self { event, ..self }
    }
}

/// The kinds of events.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SayKind {
    /// A text message.
    Text(String),
    /// An image.
    Image(Media),
    /// A video.
    Video(Media),
    /// A voice message.
    Audio(Media),
    /// A file.
    File {
        /// Its name, with extension.
        file_name: String,
        /// Its content.
        media: Media,
    },
    /// A sticker.
    Sticker {
        /// The sticker's package.
        package_id: String,
        /// The sticker.
        sticker_id: String,
    },
    /// A place.
    Location {
        /// Its name.
        title: String,
        /// Its address.
        address: String,
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
    /// A tap on a button with postback data.
    Postback {
        /// The button's data.
        data: String,
        /// What a date picker or rich menu adds.
        params: Option<Value>,
    },
    /// The user adds the channel as a friend, or unblocks it.
    Follow {
        /// Unblocks it.
        is_unblocked: bool,
    },
    /// The user blocks the channel: pushes are accepted from then on but not seen.
    Unfollow,
    /// The channel joins this group or room.
    Join(String),
    /// The channel is removed from this group or room.
    Leave(String),
    /// Users join a group or room the channel is in.
    MemberJoined {
        /// The group or room.
        group_id: String,
        /// The users.
        members: Vec<String>,
    },
    /// The user takes a message back; its content is gone from then on.
    Unsend {
        /// The message.
        message_id: String,
    },
    /// The event happens in a group or room.
    InGroup {
        /// The group (`C…`) or room (`R…`).
        group_id: String,
        /// The event.
        event: Box<SayKind>,
    },
    /// An event as given. What is missing of `webhookEventId`, `timestamp`, `mode`, `deliveryContext` and
    /// `source` is added; nothing given is changed. Its `replyToken` and `markAsReadToken` become valid.
    Raw(Value),
}

/// The content behind a media message, and how the content paths behave for it.
///
/// The default is ready at once and has small built-in bytes of the message's type.
#[derive(Debug, Clone, Default)]
pub struct Media {
    /// The content; `None` is built-in.
    pub bytes: Option<Bytes>,
    /// Its type; `None` is the usual type for the kind of message.
    pub content_type: Option<String>,
    /// How many requests are answered "still preparing" first.
    pub processing_polls: u32,
    /// What comes after that.
    pub state: MediaState,
    /// Milliseconds, for video and audio.
    pub duration_ms: Option<u64>,
    /// The content lies on another server: these URLs (original, preview) are in the event, and LINE's
    /// content paths answer 404.
    pub external: Option<(String, String)>,
    /// The image belongs to a set sent together.
    pub image_set: Option<ImageSet>,
}

/// The end of preparing media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MediaState {
    /// The content can be fetched.
    #[default]
    Ready,
    /// Transcoding failed; the content answers 404.
    Failed,
    /// The content was unsent or has expired: 410.
    Gone,
    /// The content was never there: 404.
    Missing,
}

/// Which of the images sent together this one is.
#[derive(Debug, Clone, Deserialize)]
pub struct ImageSet {
    /// The set.
    pub id: String,
    /// From 1.
    pub index: u32,
    /// Images in the set.
    pub total: u32,
}

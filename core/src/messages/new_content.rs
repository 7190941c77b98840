//! What a caller asks to be sent.

use hubchat_domain::{Attachment, Choice, MediaId, MediaRecord, MediaStatus, MessageContent};
use hubchat_ports::ContentRefused;
use serde_json::Value;

/// The most answers that any channel offers (Messenger, LINE).
const MOST_CHOICES: usize = 13;

/// Content as callers give it.
#[derive(Debug, Clone, PartialEq)]
pub enum NewContent {
    /// Plain text.
    Text(String),
    /// A text with answers to choose from: 1 to 13, each with a title.
    Choices {
        /// The text.
        text: String,
        /// The answers.
        choices: Vec<Choice>,
    },
    /// A film, kept by us or at an HTTPS address.
    Video {
        /// One that we keep.
        media_id: Option<MediaId>,
        /// One that is at this address.
        media_url: Option<String>,
    },
    /// A sound, kept by us or at an HTTPS address.
    Audio {
        /// One that we keep.
        media_id: Option<MediaId>,
        /// One that is at this address.
        media_url: Option<String>,
        /// How long it plays, in milliseconds.
        duration_ms: Option<u64>,
    },
    /// A template that the provider approved.
    Template {
        /// What it says, for the thread.
        text: String,
        /// Its name, language and values, in the provider's form.
        template: Value,
    },
    /// A picture: JPEG, PNG or WebP, kept by us or at an HTTPS address.
    Image {
        /// One that we keep.
        media_id: Option<MediaId>,
        /// One that is at this address.
        media_url: Option<String>,
    },
    /// A PDF, kept by us or at an HTTPS address.
    DocumentPdf {
        /// One that we keep.
        media_id: Option<MediaId>,
        /// One that is at this address.
        media_url: Option<String>,
        /// The name that the customer sees.
        file_name: Option<String>,
    },
    /// A place.
    Location {
        /// What it is called.
        title: String,
        /// Its postal address.
        address: String,
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
    /// A sticker of the channel.
    Sticker {
        /// The package.
        package_id: String,
        /// The sticker.
        sticker_id: String,
    },
}

impl NewContent {
    pub(super) fn media_id(&self) -> Option<MediaId> {
        match self {
            Self::Image { media_id, .. }
            | Self::Video { media_id, .. }
            | Self::Audio { media_id, .. }
            | Self::DocumentPdf { media_id, .. } => *media_id,
            _ => None,
        }
    }

    /// Turns it into a message's content; `media` is what [`media_id`](Self::media_id) names.
    pub(super) fn into_content(self, media: Option<&MediaRecord>) -> Result<MessageContent, ContentRefused> {
        match self {
            Self::Text(text) => Ok(MessageContent::Text { text }),
            Self::Choices { text, choices } => {
                if !(1..=MOST_CHOICES).contains(&choices.len()) {
                    return refuse("quickReplies", "give 1 to 13 answers to choose from");
                }
                if choices.iter().any(|choice| choice.title.trim().is_empty() || choice.payload.is_empty()) {
                    return refuse("quickReplies", "an answer has a title and a payload");
                }
                Ok(MessageContent::Choices { text, choices })
            }
            Self::Video { media_id, media_url } => {
                let types: &[&str] = &["video/mp4", "video/quicktime", "video/webm", "video/3gpp"];
                attachment(media_id, media_url, None, media, types).map(MessageContent::Video)
            }
            Self::Audio { media_id, media_url, duration_ms } => {
                let types: &[&str] = &[
                    "audio/mpeg",
                    "audio/mp4",
                    "audio/m4a",
                    "audio/x-m4a",
                    "audio/aac",
                    "audio/ogg",
                    "audio/amr",
                    "audio/wav",
                    "audio/x-wav",
                ];
                let file = attachment(media_id, media_url, None, media, types)?;
                Ok(MessageContent::Audio(Attachment { duration_ms: duration_ms.or(file.duration_ms), ..file }))
            }
            Self::Template { text, template } => {
                Ok(MessageContent::Template { text, payload: serde_json::json!({ "template": template }) })
            }
            Self::Image { media_id, media_url } => {
                let types: &[&str] = &["image/jpeg", "image/png", "image/webp"];
                attachment(media_id, media_url, None, media, types).map(MessageContent::Image)
            }
            Self::DocumentPdf { media_id, media_url, file_name } => {
                let types: &[&str] = &["application/pdf"];
                attachment(media_id, media_url, file_name, media, types).map(MessageContent::File)
            }
            Self::Location { title, address, latitude, longitude } => {
                if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
                    return refuse("latitude", "a place lies within 90 degrees north or south and 180 east or west");
                }
                Ok(MessageContent::Location { title: Some(title), address: Some(address), latitude, longitude })
            }
            Self::Sticker { package_id, sticker_id } => {
                Ok(MessageContent::Sticker { package_id, sticker_id, keywords: Vec::new() })
            }
        }
    }
}

fn refuse<T>(field: &'static str, reason: &str) -> Result<T, ContentRefused> {
    Err(ContentRefused { field, reason: reason.to_owned() })
}

/// The file, if it may go with a message at all: there is one, and we have our copy.
pub(crate) fn sendable(media: Option<&MediaRecord>) -> Result<&MediaRecord, ContentRefused> {
    let Some(media) = media else { return refuse("mediaId", "there is no such file") };
    if media.status != MediaStatus::Stored {
        return refuse("mediaId", "the file is not available yet");
    }
    Ok(media)
}

fn attachment(
    media_id: Option<MediaId>,
    url: Option<String>,
    file_name: Option<String>,
    media: Option<&MediaRecord>,
    types: &[&str],
) -> Result<Attachment, ContentRefused> {
    match (media_id, url) {
        (Some(_), Some(_)) => refuse("mediaUrl", "give a mediaId or a mediaUrl, not both"),
        (None, None) => refuse("mediaId", "give a mediaId or a mediaUrl"),
        (None, Some(url)) => {
            let last = url.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).map(str::to_owned);
            let file_name = file_name.or(last).filter(|name| !name.trim().is_empty());
            Ok(Attachment { url: Some(url), file_name, ..Attachment::default() })
        }
        (Some(id), None) => {
            let media = sendable(media)?;
            if !media.content_type.as_deref().is_some_and(|known| types.contains(&known)) {
                return refuse("mediaId", "the file is not of a type that can be sent this way");
            }
            Ok(Attachment {
                media_id: Some(id),
                file_name: file_name.or_else(|| media.file_name.clone()),
                size: media.size.and_then(|size| u64::try_from(size).ok()),
                ..Attachment::default()
            })
        }
    }
}

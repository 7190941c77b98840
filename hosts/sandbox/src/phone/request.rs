//! What the phone is asked to do as a customer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;

use super::page;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Channel {
    Line,
    Telegram,
    Messenger,
    Comment,
    Instagram,
    #[serde(rename = "instagram_comment")]
    InstagramComment,
    Whatsapp,
}

impl Channel {
    /// Whether one comments there, and writes no messages.
    pub(super) fn is_of_comments(self) -> bool {
        matches!(self, Self::Comment | Self::InstagramComment)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SayRequest {
    pub(super) channel: Channel,
    /// The first account of the channel when absent.
    pub(super) account_id: Option<String>,
    /// The customer, as the account knows them.
    pub(super) person_id: String,
    #[serde(rename = "do")]
    pub(super) deed: Deed,
}

/// What a customer does.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(super) enum Deed {
    Text {
        text: String,
        quoted_id: Option<String>,
    },
    Picture {
        file: SentFile,
        caption: Option<String>,
    },
    File {
        file: SentFile,
        file_name: String,
    },
    Sticker {
        package_id: String,
        sticker_id: String,
    },
    /// A quick reply that was offered, or a button that was pressed.
    Choose {
        text: String,
        payload: String,
        message_id: Option<String>,
        #[serde(default)]
        is_button: bool,
    },
    React {
        message_id: String,
        emoji: Option<String>,
    },
    Edit {
        message_id: String,
        text: String,
    },
    Unsend {
        message_id: String,
    },
    Delivered {
        message_ids: Vec<String>,
    },
    Read {
        message_ids: Vec<String>,
    },
    /// Comments on a post, or on a comment.
    Comment {
        on: String,
        text: String,
    },
    Block,
    Unblock,
}

/// A sample picture, or a file of one's own as base64.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SentFile {
    sample: Option<String>,
    content_type: Option<String>,
    data: Option<String>,
}

impl SentFile {
    /// The bytes and their type, or what is wrong.
    pub(super) fn open(self) -> Result<(Bytes, String), &'static str> {
        match (self.sample, self.content_type, self.data) {
            (Some(name), None, None) => {
                let picture = page::PICTURES.iter().find(|picture| picture.name == name);
                let picture = picture.ok_or("there is no sample picture of this name")?;
                Ok((Bytes::from_static(picture.bytes), "image/jpeg".to_owned()))
            }
            (None, Some(content_type), Some(data)) => {
                let bytes = STANDARD.decode(data).map_err(|_| "the data is no base64")?;
                Ok((bytes.into(), content_type))
            }
            _ => Err("a file is a sample, or contentType and data"),
        }
    }
}

//! The kinds of events as the control endpoint takes them.

use serde::Deserialize;
use serde_json::Value;

use crate::line::{ImageSet, Media, MediaState, SayKind};

/// A [`SayKind`] as JSON: `{"type": "image", …}`.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum KindRequest {
    Text {
        text: String,
    },
    Image(MediaRequest),
    Video(MediaRequest),
    Audio(MediaRequest),
    File {
        file_name: String,
    },
    Sticker {
        package_id: String,
        sticker_id: String,
    },
    Location {
        title: String,
        address: String,
        latitude: f64,
        longitude: f64,
    },
    Postback {
        data: String,
        params: Option<Value>,
    },
    Follow {
        #[serde(default)]
        is_unblocked: bool,
    },
    Unfollow,
    Join {
        group_id: String,
    },
    Leave {
        group_id: String,
    },
    MemberJoined {
        group_id: String,
        members: Vec<String>,
    },
    Unsend {
        message_id: String,
    },
}

/// How media behaves; its bytes are the built-in ones.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MediaRequest {
    processing_polls: u32,
    state: MediaState,
    duration_ms: Option<u64>,
    image_set: Option<ImageSet>,
}

impl From<MediaRequest> for Media {
    fn from(request: MediaRequest) -> Self {
        Self {
            processing_polls: request.processing_polls,
            state: request.state,
            duration_ms: request.duration_ms,
            image_set: request.image_set,
            ..Self::default()
        }
    }
}

impl From<KindRequest> for SayKind {
    fn from(request: KindRequest) -> Self {
        match request {
            KindRequest::Text { text } => Self::Text(text),
            KindRequest::Image(media) => Self::Image(media.into()),
            KindRequest::Video(media) => Self::Video(media.into()),
            KindRequest::Audio(media) => Self::Audio(media.into()),
            KindRequest::File { file_name } => Self::File { file_name, media: Media::default() },
            KindRequest::Sticker { package_id, sticker_id } => Self::Sticker { package_id, sticker_id },
            KindRequest::Location { title, address, latitude, longitude } => {
                Self::Location { title, address, latitude, longitude }
            }
            KindRequest::Postback { data, params } => Self::Postback { data, params },
            KindRequest::Follow { is_unblocked } => Self::Follow { is_unblocked },
            KindRequest::Unfollow => Self::Unfollow,
            KindRequest::Join { group_id } => Self::Join(group_id),
            KindRequest::Leave { group_id } => Self::Leave(group_id),
            KindRequest::MemberJoined { group_id, members } => Self::MemberJoined { group_id, members },
            KindRequest::Unsend { message_id } => Self::Unsend { message_id },
        }
    }
}

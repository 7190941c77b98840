//! The content of media messages: bytes, and the states LINE prepares them through.

use std::sync::Mutex;

use bytes::Bytes;
use poem::http::StatusCode;
use serde_json::json;

use super::say::{Media, MediaState};
use crate::bounded::{BoundedMap, lock};
use crate::exchange::Answer;

const PHOTO: &[u8] = include_bytes!("../../assets/photo.jpg");
const PREVIEW: &[u8] = include_bytes!("../../assets/preview.jpg");
const VIDEO: &[u8] = include_bytes!("../../assets/video.mp4");
const AUDIO: &[u8] = include_bytes!("../../assets/audio.m4a");
const FILE: &[u8] = include_bytes!("../../assets/file.pdf");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    Video,
    Audio,
    File,
}

impl Kind {
    pub(super) fn built_in(self) -> &'static [u8] {
        match self {
            Self::Image => PHOTO,
            Self::Video => VIDEO,
            Self::Audio => AUDIO,
            Self::File => FILE,
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Image => "image/jpeg",
            Self::Video => "video/mp4",
            Self::Audio => "audio/x-m4a",
            Self::File => "application/octet-stream",
        }
    }
}

#[derive(Debug)]
struct Content {
    destination: String,
    kind: Kind,
    media: Media,
}

#[derive(Debug)]
pub(super) struct Contents {
    by_message: Mutex<BoundedMap<String, Content>>,
}

/// What may be fetched now.
enum Stage {
    Preparing,
    Ended(MediaState),
}

impl Content {
    fn whole(&self) -> Answer {
        let bytes = self.media.bytes.clone().unwrap_or_else(|| Bytes::from_static(self.kind.built_in()));
        let kind = self.media.content_type.clone().unwrap_or_else(|| self.kind.content_type().to_owned());
        Answer::bytes(StatusCode::OK, kind, bytes)
    }

    /// Looks at the state; each look while preparing brings the end nearer.
    fn look(&mut self) -> Stage {
        if self.media.external.is_some() {
            return Stage::Ended(MediaState::Missing);
        }
        if self.media.processing_polls > 0 && self.media.state != MediaState::Gone {
            self.media.processing_polls -= 1;
            return Stage::Preparing;
        }
        Stage::Ended(self.media.state)
    }
}

impl Contents {
    pub(super) fn new(kept: usize) -> Self {
        Self { by_message: Mutex::new(BoundedMap::new(kept)) }
    }

    pub(super) fn put(&self, message_id: &str, destination: &str, kind: Kind, media: &Media) {
        let content = Content { destination: destination.to_owned(), kind, media: media.clone() };
        lock(&self.by_message).insert(message_id.to_owned(), content);
    }

    pub(super) fn replace(&self, message_id: &str, media: &Media) {
        if let Some(content) = lock(&self.by_message).get_mut(message_id) {
            content.media = media.clone();
        }
    }

    /// What the customer sent, whoever asks; for the phone.
    pub(super) fn stored(&self, message_id: &str) -> Answer {
        let contents = lock(&self.by_message);
        let Some(content) = contents.get(message_id).filter(|content| content.media.external.is_none()) else {
            return Answer::not_found();
        };
        content.whole()
    }

    pub(super) fn set_gone(&self, message_id: &str) {
        if let Some(content) = lock(&self.by_message).get_mut(message_id) {
            content.media.state = MediaState::Gone;
        }
    }

    /// The original.
    pub(super) fn original(&self, message_id: &str, destination: &str) -> Answer {
        self.with(message_id, destination, Content::whole)
    }

    /// A small picture; only images and videos have one.
    pub(super) fn preview(&self, message_id: &str, destination: &str) -> Answer {
        self.with(message_id, destination, |content| match content.kind {
            Kind::Image | Kind::Video => Answer::bytes(StatusCode::OK, "image/jpeg", PREVIEW),
            Kind::Audio | Kind::File => Answer::not_found(),
        })
    }

    /// How far the preparing of a video or audio is.
    pub(super) fn transcoding(&self, message_id: &str, destination: &str) -> Answer {
        let mut contents = lock(&self.by_message);
        let Some(content) = contents.get_mut(message_id).filter(|content| content.destination == destination) else {
            return Answer::not_found();
        };
        if !matches!(content.kind, Kind::Video | Kind::Audio) {
            return Answer::message(StatusCode::BAD_REQUEST, "The message is neither a video nor an audio");
        }
        let status = match content.look() {
            Stage::Preparing => "processing",
            Stage::Ended(MediaState::Ready) => "succeeded",
            Stage::Ended(MediaState::Failed) => "failed",
            Stage::Ended(MediaState::Gone) => return gone(),
            Stage::Ended(MediaState::Missing) => return Answer::not_found(),
        };
        Answer::ok(&json!({ "status": status }))
    }

    fn with(&self, message_id: &str, destination: &str, ready: impl FnOnce(&Content) -> Answer) -> Answer {
        let mut contents = lock(&self.by_message);
        let Some(content) = contents.get_mut(message_id).filter(|content| content.destination == destination) else {
            return Answer::not_found();
        };
        match content.look() {
            Stage::Preparing => Answer::json(StatusCode::ACCEPTED, &json!({})),
            Stage::Ended(MediaState::Ready) => ready(content),
            Stage::Ended(MediaState::Failed | MediaState::Missing) => Answer::not_found(),
            Stage::Ended(MediaState::Gone) => gone(),
        }
    }
}

fn gone() -> Answer {
    Answer::message(StatusCode::GONE, "The content is gone")
}

//! Uploaded files on the wire.

use hubchat_core::{MediaDoor, MediaVariant, domain::MediaRecord};
use poem_openapi::Object;
use uuid::Uuid;

use super::Moment;

/// A file that was uploaded.
#[derive(Debug, Object)]
#[oai(rename = "UploadedMedia", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct UploadedView {
    /// Its id, to be sent as `mediaId`.
    media_id: Uuid,
    /// Its type, known from its bytes.
    r#type: String,
    /// Its size in bytes.
    size: u64,
    /// Its name, without what could be dangerous in it.
    name: String,
    /// Where to read it; a signed link.
    url: String,
    /// Where to read the small picture, of pictures; a signed link.
    thumbnail_url: Option<String>,
    /// When the links stop being good.
    url_expires_at: Moment,
}

impl UploadedView {
    pub(crate) fn of(media: &MediaRecord, door: &MediaDoor) -> Self {
        let link = |variant| door.link(media, variant, MediaDoor::SCREEN_LIFETIME);
        let original = link(MediaVariant::Original);
        Self {
            media_id: media.id.as_uuid(),
            r#type: media.content_type.clone().unwrap_or_default(),
            size: media.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
            name: media.file_name.clone().unwrap_or_default(),
            url: original.url,
            thumbnail_url: media.thumbnail_key.as_ref().map(|_| link(MediaVariant::Thumbnail).url),
            url_expires_at: original.expires_at.into(),
        }
    }
}

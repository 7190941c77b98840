//! Files of messages: fetched or uploaded into our own store, and handed out by signed links.

mod fetch_media;
mod file_name;
mod media_door;
mod upload_media;
mod upload_type;

#[cfg(test)]
mod fetch_media_tests;
#[cfg(test)]
mod media_door_tests;
#[cfg(test)]
mod upload_media_tests;

pub(crate) use fetch_media::FETCH_MEDIA_JOB;
pub use fetch_media::FetchMedia;
pub use media_door::{MediaDoor, MediaDoorError, MediaLink, MediaVariant, OpenedMedia};
pub use upload_media::{UploadLimits, UploadMedia, UploadMediaCommand, UploadMediaError};
pub use upload_type::UploadTypes;

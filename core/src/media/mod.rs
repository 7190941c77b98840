//! Files of messages: fetched into our own store, and handed out by signed links.

mod fetch_media;
mod media_door;

#[cfg(test)]
mod fetch_media_tests;
#[cfg(test)]
mod media_door_tests;

pub(crate) use fetch_media::FETCH_MEDIA_JOB;
pub use fetch_media::FetchMedia;
pub use media_door::{MediaDoor, MediaDoorError, MediaLink, MediaVariant, OpenedMedia};

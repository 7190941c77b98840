//! Files of messages in a local folder or an object store, with thumbnails.

mod content_type;
mod key;
mod object_media;
mod thumbnail;

pub use object_media::{ObjectStoreMedia, OpenError};

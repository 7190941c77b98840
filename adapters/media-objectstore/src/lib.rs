//! Files of messages in a local folder or an object store, with thumbnails. Whatever a file claims to be,
//! it is hostile until its bytes say otherwise.

mod content_type;
mod key;
mod object_media;
mod s3;
mod thumbnail;
mod upload;
mod webp;

#[cfg(test)]
mod tests;

pub use object_media::{ObjectStoreMedia, OpenError};
pub use s3::S3Config;

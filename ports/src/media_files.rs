//! The bytes of files.

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;

/// Why a file could not be kept or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaFileError {
    /// It is larger than allowed. Nothing is kept.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The bytes stopped coming. Nothing is kept.
    #[error("the file could not be read to its end")]
    Interrupted(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no such file.
    #[error("no such file")]
    NotFound,
    /// The store cannot be reached or is full.
    #[error("the file store is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a file and its decoded picture may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaLimits {
    /// The most bytes of a file.
    pub max_bytes: u64,
    /// The most pixels of a picture that is decoded.
    pub max_pixels: u64,
    /// The longest side of a picture that is decoded, in pixels.
    pub max_side: u32,
    /// The longest side of a thumbnail, in pixels.
    pub thumbnail_side: u32,
}

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its size in bytes.
    pub size: u64,
    /// Its type by its first bytes, never by what the sender said; `application/octet-stream` when unknown.
    pub content_type: String,
}

/// A file to be read.
pub struct MediaRead {
    /// Its size in bytes.
    pub size: u64,
    /// Its bytes.
    pub body: BoxStream<'static, Result<Bytes, MediaFileError>>,
}

/// The stream of bytes of a file that comes in.
pub type IncomingBytes = BoxStream<'static, Result<Bytes, Box<dyn std::error::Error + Send + Sync>>>;

/// Keeps files under keys. A key is made of ids and slashes only; it MUST never lead outside the store.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait MediaFiles: Send + Sync {
    /// Keeps a file. No reader MUST ever see a part of it; once answered it MUST survive a power loss.
    /// A file that was there under the key is replaced.
    async fn store(&self, key: &str, bytes: IncomingBytes, limits: MediaLimits) -> Result<StoredFile, MediaFileError>;

    /// Makes a small JPEG of a kept picture under another key. `false` when the file is no picture that
    /// can be decoded within the limits; a hostile picture MUST NOT cost more memory than they allow.
    async fn make_thumbnail(&self, key: &str, thumbnail_key: &str, limits: MediaLimits)
    -> Result<bool, MediaFileError>;

    /// Opens a file.
    async fn open(&self, key: &str) -> Result<MediaRead, MediaFileError>;

    /// Removes a file; one that is not there is no error.
    async fn delete(&self, key: &str) -> Result<(), MediaFileError>;
}

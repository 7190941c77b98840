//! The rows of a tenant's files.

use async_trait::async_trait;
use hubchat_domain::{Media, MediaId};

use crate::StorageError;

/// Rows of one tenant's files; the bytes are with [`MediaFiles`](crate::MediaFiles).
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait MediaStore: Send + Sync {
    /// The file of that id.
    async fn find(&self, id: MediaId) -> Result<Option<Media>, StorageError>;

    /// Adds files.
    async fn insert_many(&self, media: &[Media]) -> Result<(), StorageError>;

    /// Writes a changed file; `Stale` when it changed since it was read.
    async fn update(&self, media: &Media) -> Result<(), StorageError>;
}

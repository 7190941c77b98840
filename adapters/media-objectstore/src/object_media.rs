//! The bytes of files in an object store.

use std::{ops::Range, path, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use hubchat_ports::{IncomingBytes, MediaFileError, MediaFiles, MediaLimits, MediaRead, StoredFile};
use object_store::{ObjectStore, ObjectStoreExt as _, local::LocalFileSystem};
use tokio::sync::Semaphore;

use crate::{content_type, key, thumbnail, upload, upload::unavailable};

/// Pictures that are decoded at once: each may cost all the memory that the limits allow.
const DECODERS: usize = 2;

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The folder cannot be made.
    #[error("the folder cannot be made")]
    Folder(#[from] std::io::Error),
    /// The store refuses it.
    #[error("the store cannot be opened")]
    Store(#[from] object_store::Error),
    /// No bucket has such a name.
    #[error("a bucket's name is 3 to 63 lower-case letters, digits, dashes and single dots")]
    Bucket,
    /// No server can be there.
    #[error(
        "the endpoint must be an address such as https://minio.example.com:9000, with a name for its host where the bucket is not named in the path"
    )]
    Endpoint,
    /// No key can begin so.
    #[error("the prefix must be letters, digits, dashes and dots, with single slashes between them")]
    Prefix,
}

/// Files in an object store; a local folder is one.
///
/// A file takes its place when it is whole, and what was there before is read until then. Clones share one
/// store and one limit on the pictures that are decoded at once.
#[derive(Clone)]
pub struct ObjectStoreMedia {
    store: Arc<dyn ObjectStore>,
    decoders: Arc<Semaphore>,
}

impl ObjectStoreMedia {
    /// Files below a local folder, which is made when it is missing. Every file and the folders that lead
    /// to it are synced to disk before [`store`](MediaFiles::store) answers.
    pub fn local(folder: &path::Path) -> Result<Self, OpenError> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true).with_fsync(true);
        Ok(Self::over(Arc::new(store)))
    }

    /// Files in any store that puts whole files or none and has kept them when it answers.
    pub(crate) fn over(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, decoders: Arc::new(Semaphore::new(DECODERS)) }
    }

    /// Writes a small file and reads it, which proves address, credentials and rights. It is left: removing
    /// it would fail another process that asks the same at the same time.
    pub async fn check(&self) -> Result<(), MediaFileError> {
        const PROOF: Bytes = Bytes::from_static(b"hubchat writes and reads this file when it starts\n");
        let path = key::path("hubchat-check.txt").map_err(|error| MediaFileError::Unavailable(Box::new(error)))?;
        self.store.put(&path, PROOF.into()).await.map_err(unavailable)?;
        let found = self.store.get(&path).await.map_err(unavailable)?.bytes().await.map_err(unavailable)?;
        if found == PROOF {
            Ok(())
        } else {
            Err(MediaFileError::Unavailable("another file was read than written".into()))
        }
    }

    /// The bytes of a file if it may become a thumbnail.
    async fn read_picture(&self, key: &str, limits: MediaLimits) -> Result<Option<Bytes>, MediaFileError> {
        let path = key::path(key).map_err(|_| MediaFileError::NotFound)?;
        let size = self.store.head(&path).await.map_err(not_found_or_unavailable)?.size;
        if size == 0 || size > limits.max_bytes {
            return Ok(None);
        }
        // A video is not fetched whole only to learn that it is none.
        let first = Range { start: 0, end: size.min(content_type::ENOUGH as u64) };
        let first = self.store.get_range(&path, first).await.map_err(not_found_or_unavailable)?;
        if !content_type::may_have_thumbnail(&first) {
            return Ok(None);
        }
        let found = self.store.get(&path).await.map_err(not_found_or_unavailable)?;
        // Asked again of what is read: another file may have come under the key since.
        if found.meta.size > limits.max_bytes {
            return Ok(None);
        }
        found.bytes().await.map(Some).map_err(not_found_or_unavailable)
    }
}

fn not_found_or_unavailable(error: object_store::Error) -> MediaFileError {
    match error {
        object_store::Error::NotFound { .. } => MediaFileError::NotFound,
        other => unavailable(other),
    }
}

#[async_trait]
impl MediaFiles for ObjectStoreMedia {
    async fn store(&self, key: &str, bytes: IncomingBytes, limits: MediaLimits) -> Result<StoredFile, MediaFileError> {
        let path = key::path(key).map_err(|error| MediaFileError::Unavailable(Box::new(error)))?;
        upload::write(self.store.as_ref(), &path, bytes, limits.max_bytes).await
    }

    async fn make_thumbnail(
        &self,
        key: &str,
        thumbnail_key: &str,
        limits: MediaLimits,
    ) -> Result<bool, MediaFileError> {
        let thumbnail_path = key::path(thumbnail_key).map_err(|error| MediaFileError::Unavailable(Box::new(error)))?;
        // Taken before the file is read, so that its bytes are limited too, and given to the decoder's
        // thread: that goes on when the caller no longer waits.
        let permit = Arc::clone(&self.decoders)
            .acquire_owned()
            .await
            .map_err(|closed| MediaFileError::Unavailable(Box::new(closed)))?;
        let Some(bytes) = self.read_picture(key, limits).await? else { return Ok(false) };
        let decoded = tokio::task::spawn_blocking(move || {
            let _held = permit;
            thumbnail::make(&bytes, limits)
        })
        .await;
        let thumbnail = match decoded {
            Ok(Some(thumbnail)) => Bytes::from(thumbnail),
            Ok(None) => return Ok(false),
            // The picture broke the decoder and would break it again.
            Err(error) if error.is_panic() => {
                tracing::warn!(file.key = key, "a picture made its decoder panic and has no thumbnail");
                return Ok(false);
            }
            Err(error) => return Err(MediaFileError::Unavailable(Box::new(error))),
        };
        let bytes = futures_util::stream::once(async { Ok(thumbnail) }).boxed();
        upload::write(self.store.as_ref(), &thumbnail_path, bytes, u64::MAX).await.map(|_| true)
    }

    async fn open(&self, key: &str) -> Result<MediaRead, MediaFileError> {
        // No file can be under a key that cannot be.
        let path = key::path(key).map_err(|_| MediaFileError::NotFound)?;
        let found = self.store.get(&path).await.map_err(not_found_or_unavailable)?;
        let size = found.meta.size;
        let body = found.into_stream().map_err(|error| MediaFileError::Interrupted(Box::new(error)));
        Ok(MediaRead { size, body: body.boxed() })
    }

    async fn delete(&self, key: &str) -> Result<(), MediaFileError> {
        let path = key::path(key).map_err(|error| MediaFileError::Unavailable(Box::new(error)))?;
        match self.store.delete(&path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }
}

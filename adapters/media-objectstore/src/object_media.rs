//! The bytes of files in an object store.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use hubchat_ports::{IncomingBytes, MediaFileError, MediaFiles, MediaLimits, MediaRead, StoredFile};
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, local::LocalFileSystem};
use tokio::sync::Semaphore;

use crate::{content_type, key, thumbnail};

/// Bytes that are gathered before they are written: the least size of a part of S3's.
const PART: usize = 5 * 1024 * 1024;
/// Pictures that are decoded at once.
const DECODERS: usize = 2;

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made.
    #[error("the folder cannot be made")]
    Folder(#[from] std::io::Error),
    /// The store refuses it.
    #[error("the store cannot be opened")]
    Store(#[from] object_store::Error),
}

/// Files in an object store; a local folder is one.
#[derive(Clone)]
pub struct ObjectStoreMedia {
    store: Arc<dyn ObjectStore>,
    decoders: Arc<Semaphore>,
}

impl ObjectStoreMedia {
    /// Files below a local folder, which is made when it is missing.
    pub fn local(folder: &std::path::Path) -> Result<Self, OpenError> {
        std::fs::create_dir_all(folder)?;
        let folder = folder.canonicalize()?;
        let store = LocalFileSystem::new_with_prefix(&folder)?.with_automatic_cleanup(true).with_fsync(true);
        Ok(Self { store: Arc::new(store), decoders: Arc::new(Semaphore::new(DECODERS)) })
    }

    async fn put(&self, key: &str, mut incoming: IncomingBytes, limit: u64) -> Result<StoredFile, MediaFileError> {
        let path = key::path(key).ok_or(MediaFileError::NotFound)?;
        let mut upload = self.store.put_multipart(&path).await.map_err(unavailable)?;
        let written = async {
            let (mut first, mut part, mut size) = (Vec::new(), Vec::new(), 0_u64);
            while let Some(chunk) = incoming.next().await {
                let chunk = chunk.map_err(MediaFileError::Interrupted)?;
                size += chunk.len() as u64;
                if size > limit {
                    return Err(MediaFileError::TooLarge { limit });
                }
                let missing = content_type::ENOUGH.saturating_sub(first.len()).min(chunk.len());
                first.extend_from_slice(chunk.get(..missing).unwrap_or_default());
                part.extend_from_slice(&chunk);
                if part.len() >= PART {
                    let full = PutPayload::from(std::mem::take(&mut part));
                    upload.put_part(full).await.map_err(unavailable)?;
                }
            }
            if !part.is_empty() || size == 0 {
                upload.put_part(PutPayload::from(part)).await.map_err(unavailable)?;
            }
            Ok(StoredFile { size, content_type: content_type::of(&first).to_owned() })
        }
        .await;
        match written {
            Ok(file) => {
                upload.complete().await.map_err(unavailable)?;
                Ok(file)
            }
            Err(error) => {
                // Nobody has seen the parts; should the store keep them a while, they cost space only.
                let _ = upload.abort().await;
                Err(error)
            }
        }
    }
}

fn unavailable(error: object_store::Error) -> MediaFileError {
    match error {
        object_store::Error::NotFound { .. } => MediaFileError::NotFound,
        other => MediaFileError::Unavailable(Box::new(other)),
    }
}

#[async_trait]
impl MediaFiles for ObjectStoreMedia {
    async fn store(&self, key: &str, bytes: IncomingBytes, limits: MediaLimits) -> Result<StoredFile, MediaFileError> {
        self.put(key, bytes, limits.max_bytes).await
    }

    async fn make_thumbnail(
        &self,
        key: &str,
        thumbnail_key: &str,
        limits: MediaLimits,
    ) -> Result<bool, MediaFileError> {
        let path = key::path(key).ok_or(MediaFileError::NotFound)?;
        let found = self.store.get(&path).await.map_err(unavailable)?;
        // A picture's file is no larger than its pixels; more is no picture that is worth the memory.
        if found.meta.size > limits.max_pixels {
            return Ok(false);
        }
        let permit = Arc::clone(&self.decoders).acquire_owned().await;
        let bytes = found.bytes().await.map_err(unavailable)?;
        let small = tokio::task::spawn_blocking(move || {
            let _held = permit;
            thumbnail::make(&bytes, limits)
        })
        .await
        .map_err(|error| MediaFileError::Unavailable(Box::new(error)))?;
        let Some(small) = small else { return Ok(false) };
        let stream = futures_util::stream::once(async move { Ok(Bytes::from(small)) }).boxed();
        self.put(thumbnail_key, stream, u64::MAX).await.map(|_| true)
    }

    async fn open(&self, key: &str) -> Result<MediaRead, MediaFileError> {
        let path = key::path(key).ok_or(MediaFileError::NotFound)?;
        let found = self.store.get(&path).await.map_err(unavailable)?;
        let size = found.meta.size;
        Ok(MediaRead { size, body: found.into_stream().map_err(unavailable).boxed() })
    }

    async fn delete(&self, key: &str) -> Result<(), MediaFileError> {
        let path = key::path(key).ok_or(MediaFileError::NotFound)?;
        match self.store.delete(&path).await.map_err(unavailable) {
            Ok(()) | Err(MediaFileError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    const LIMITS: MediaLimits = MediaLimits { max_bytes: 100, max_pixels: 1_000_000, thumbnail_side: 64 };

    fn incoming(chunks: Vec<Result<&'static [u8], &'static str>>) -> IncomingBytes {
        stream::iter(chunks.into_iter().map(|chunk| chunk.map(Bytes::from_static).map_err(Into::into))).boxed()
    }

    fn files_below(folder: &std::path::Path) -> usize {
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .fold(0, |count, path| count + if path.is_dir() { files_below(&path) } else { 1 })
    }

    async fn read(media: &ObjectStoreMedia, key: &str) -> Vec<u8> {
        let read = media.open(key).await.unwrap();
        let chunks: Vec<Bytes> = read.body.try_collect().await.unwrap();
        chunks.concat()
    }

    #[tokio::test]
    async fn a_file_is_kept_read_replaced_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let media = ObjectStoreMedia::local(folder.path()).unwrap();
        let kept = media.store("t/a/m", incoming(vec![Ok(b"%PDF-"), Ok(b"1.7")]), LIMITS).await.unwrap();
        assert_eq!((kept.size, kept.content_type.as_str()), (8, "application/pdf"));
        assert_eq!(read(&media, "t/a/m").await, b"%PDF-1.7");
        media.store("t/a/m", incoming(vec![Ok(b"new")]), LIMITS).await.unwrap();
        assert_eq!(read(&media, "t/a/m").await, b"new");
        let empty = media.store("t/a/empty", incoming(vec![]), LIMITS).await.unwrap();
        assert_eq!(empty.size, 0);
        for _ in 0..2 {
            media.delete("t/a/m").await.unwrap();
        }
        assert!(matches!(media.open("t/a/m").await, Err(MediaFileError::NotFound)));
    }

    #[tokio::test]
    async fn too_much_or_interrupted_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let media = ObjectStoreMedia::local(folder.path()).unwrap();
        let large = media.store("t/a/m", incoming(vec![Ok(&[0; 60]), Ok(&[0; 60])]), LIMITS).await;
        assert!(matches!(large, Err(MediaFileError::TooLarge { limit: 100 })));
        let cut = media.store("t/a/m", incoming(vec![Ok(b"begin"), Err("the line broke")]), LIMITS).await;
        assert!(matches!(cut, Err(MediaFileError::Interrupted(_))));
        assert!(matches!(media.open("t/a/m").await, Err(MediaFileError::NotFound)));
        assert_eq!(files_below(folder.path()), 0);
    }

    #[tokio::test]
    async fn keys_never_lead_outside() {
        let folder = tempfile::tempdir().unwrap();
        let media = ObjectStoreMedia::local(&folder.path().join("inner")).unwrap();
        for key in ["../outside", "/etc/passwd", "a/../../b", ""] {
            assert!(media.store(key, incoming(vec![Ok(b"x")]), LIMITS).await.is_err(), "{key}");
            assert!(media.open(key).await.is_err(), "{key}");
        }
        assert_eq!(files_below(folder.path()), 0);
    }

    #[tokio::test]
    async fn a_picture_gets_a_thumbnail_and_other_files_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let media = ObjectStoreMedia::local(folder.path()).unwrap();
        let limits = MediaLimits { max_bytes: 1 << 20, ..LIMITS };
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(200, 100).write_to(&mut png, image::ImageFormat::Png).unwrap();
        let bytes = Bytes::from(png.into_inner());
        media.store("p", stream::once(async { Ok(bytes) }).boxed(), limits).await.unwrap();
        assert!(media.make_thumbnail("p", "p.thumbnail", limits).await.unwrap());
        let small = image::load_from_memory(&read(&media, "p.thumbnail").await).unwrap();
        assert_eq!((small.width(), small.height()), (64, 32));
        media.store("d", incoming(vec![Ok(b"%PDF-1.7")]), limits).await.unwrap();
        assert!(!media.make_thumbnail("d", "d.thumbnail", limits).await.unwrap());
        assert!(matches!(media.open("d.thumbnail").await, Err(MediaFileError::NotFound)));
    }
}

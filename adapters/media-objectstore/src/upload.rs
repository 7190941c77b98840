//! Writing a file as its bytes come in, with one part of it in memory at a time.

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use hubchat_ports::{IncomingBytes, MediaFileError, StoredFile};
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _, PutPayload, path::Path};

use crate::content_type;

/// Bytes of a part: the least that S3 takes of any part but the last.
pub(crate) const PART: usize = 5 * 1024 * 1024;

/// Keeps the bytes at the path, all or nothing. A file of one part is put at once; of a larger one the
/// parts are put one after the other, and the store shows them when all are there.
pub(crate) async fn write(
    store: &dyn ObjectStore,
    path: &Path,
    incoming: IncomingBytes,
    limit: u64,
) -> Result<StoredFile, MediaFileError> {
    let mut parts = Parts { incoming, gathered: BytesMut::new(), size: 0, limit };
    let first = parts.next().await?;
    let content_type = content_type::of(first.get(..content_type::ENOUGH).unwrap_or(&first)).to_owned();
    if first.len() < PART {
        store.put(path, PutPayload::from(first)).await.map_err(unavailable)?;
    } else {
        let mut upload = Unfinished(Some(store.put_multipart(path).await.map_err(unavailable)?));
        let written = match &mut upload.0 {
            Some(upload) => write_parts(upload.as_mut(), first, &mut parts).await,
            None => Ok(()),
        };
        let upload = upload.0.take();
        if let Err(error) = written {
            if let Some(upload) = upload {
                abort(upload).await;
            }
            return Err(error);
        }
    }
    Ok(StoredFile { size: parts.size, content_type })
}

/// An upload whose parts are removed when whoever made it no longer waits.
struct Unfinished(Option<Box<dyn MultipartUpload>>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Without a runtime the process is ending, and the store's own cleaning is all there is.
        if let (Some(upload), Ok(runtime)) = (self.0.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(abort(upload));
        }
    }
}

/// Removes the parts. Nobody has seen them: should the store keep them a while, they cost space only.
async fn abort(mut upload: Box<dyn MultipartUpload>) {
    if let Err(error) = upload.abort().await {
        tracing::debug!(error = &error as &dyn std::error::Error, "an unfinished upload was not removed");
    }
}

async fn write_parts(upload: &mut dyn MultipartUpload, first: Bytes, parts: &mut Parts) -> Result<(), MediaFileError> {
    let mut part = first;
    loop {
        let is_last = part.len() < PART;
        if !part.is_empty() {
            upload.put_part(PutPayload::from(part)).await.map_err(unavailable)?;
        }
        if is_last {
            upload.complete().await.map_err(unavailable)?;
            return Ok(());
        }
        part = parts.next().await?;
    }
}

/// The incoming bytes, cut anew.
struct Parts {
    incoming: IncomingBytes,
    gathered: BytesMut,
    size: u64,
    limit: u64,
}

impl Parts {
    /// The next [`PART`] bytes; fewer at the end.
    async fn next(&mut self) -> Result<Bytes, MediaFileError> {
        while self.gathered.len() < PART {
            let Some(chunk) = self.incoming.next().await else { return Ok(self.gathered.split().freeze()) };
            let chunk = chunk.map_err(MediaFileError::Interrupted)?;
            self.size = self.size.saturating_add(chunk.len() as u64);
            if self.size > self.limit {
                return Err(MediaFileError::TooLarge { limit: self.limit });
            }
            self.gathered.extend_from_slice(&chunk);
        }
        Ok(self.gathered.split_to(PART).freeze())
    }
}

/// What went wrong with the store while a file was written.
pub(crate) fn unavailable(error: object_store::Error) -> MediaFileError {
    MediaFileError::Unavailable(Box::new(error))
}

//! Rows of files, in the session's transaction.

use async_trait::async_trait;
use hubchat_domain::{Media, MediaId, MediaRecord};
use hubchat_ports::{MediaStore, StorageError};

use super::Session;

#[async_trait]
impl MediaStore for Session {
    async fn find(&self, id: MediaId) -> Result<Option<Media>, StorageError> {
        Ok(self.find_by_id(id.as_uuid()).await?.map(Media::restore))
    }

    async fn insert_many(&self, media: &[Media]) -> Result<(), StorageError> {
        self.insert_new::<MediaRecord>(self.own_rows(media.iter().map(Media::record))?).await
    }

    async fn update(&self, media: &Media) -> Result<(), StorageError> {
        self.update_one(media.record()).await
    }
}

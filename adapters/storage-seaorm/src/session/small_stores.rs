//! Stores that are a few lines each: activity logs, files' rows, jobs, received events.

use std::sync::PoisonError;

use async_trait::async_trait;
use hubchat_domain::{Activity, Media, MediaId, Timestamp, WebhookEventId};
use hubchat_ports::{
    ActivityStore, EventOutcome, JobStore, MediaStore, NewJob, PendingEvent, StorageError, WebhookEventStore,
};

use super::{Session, job_store, webhook_event_store};
use crate::{
    columns::Columns,
    rows::{ACTIVITIES, MEDIA, activity_json, media_json, read_media},
};

#[async_trait]
impl ActivityStore for Session {
    async fn append(&self, activities: &[Activity]) -> Result<(), StorageError> {
        self.insert(&ACTIVITIES, activities.iter().map(activity_json).collect()).await
    }
}

#[async_trait]
impl MediaStore for Session {
    async fn find(&self, id: MediaId) -> Result<Option<Media>, StorageError> {
        let sql = "SELECT * FROM media WHERE tenant_id = ?1 AND id = ?2";
        let row = self.query_one(sql, [id.as_uuid().into()]).await?;
        row.map(|row| read_media(Columns::of(&row, "media")).map(Media::restore)).transpose()
    }

    async fn insert_many(&self, media: &[Media]) -> Result<(), StorageError> {
        self.insert(&MEDIA, media.iter().map(media_json).collect()).await
    }

    async fn update(&self, media: &Media) -> Result<(), StorageError> {
        Session::update(self, &MEDIA, vec![media_json(media)]).await
    }
}

#[async_trait]
impl JobStore for Session {
    async fn append(&self, jobs: &[NewJob]) -> Result<(), StorageError> {
        job_store::append(&self.transaction, self.tenant, jobs).await?;
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner).extend(jobs.iter().map(|job| job.lane));
        Ok(())
    }
}

#[async_trait]
impl WebhookEventStore for Session {
    async fn find_pending(&self, ids: &[WebhookEventId]) -> Result<Vec<PendingEvent>, StorageError> {
        webhook_event_store::find_pending(&self.transaction, self.tenant, ids).await
    }

    async fn settle(&self, outcomes: &[(WebhookEventId, EventOutcome)], now: Timestamp) -> Result<(), StorageError> {
        webhook_event_store::settle(&self.transaction, self.tenant, outcomes, now).await
    }

    async fn reopen(&self, ids: &[WebhookEventId]) -> Result<u64, StorageError> {
        webhook_event_store::reopen(&self.transaction, self.tenant, ids).await
    }
}

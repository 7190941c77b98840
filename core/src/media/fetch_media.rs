//! Copying a message's file into our own store, in the background. The message is there before and
//! stays whatever happens here.

use std::time::Duration;

use hubchat_domain::{DomainEvent, EventType, Media, MediaId, MediaStatus, TenantId};
use hubchat_ports::{AttemptCount, FetchError, MediaFileError, MediaLimits, ReservedJob};
use serde::Deserialize;
use serde_json::json;

use crate::{AccountCache, Fault, Ports, RetryPolicy, fault::Retries, jobs::JobOutcome};

/// The kind of the job that each expected file gets.
pub(crate) const FETCH_MEDIA_JOB: &str = "media.fetch.v1";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FetchMediaJob {
    media_id: MediaId,
}

/// Fetches files.
#[derive(Clone)]
pub struct FetchMedia {
    ports: Ports,
    accounts: AccountCache,
    policy: RetryPolicy,
    limits: MediaLimits,
}

impl FetchMedia {
    /// How long to wait for a provider that is still preparing a file.
    const PREPARING_WAIT: Duration = Duration::from_secs(5);
    /// For how long a provider may prepare it.
    const PREPARING_MOST: Duration = Duration::from_hours(24);

    pub(crate) fn new(ports: Ports, accounts: AccountCache, policy: RetryPolicy, limits: MediaLimits) -> Self {
        Self { ports, accounts, policy, limits }
    }

    /// Does one file job.
    pub async fn run(&self, job: &ReservedJob) -> JobOutcome {
        let Ok(payload) = serde_json::from_str::<FetchMediaJob>(&job.payload) else {
            return JobOutcome::dead("the payload cannot be read");
        };
        match self.fetch(job, payload.media_id).await {
            Ok(outcome) => outcome,
            Err(fault) => self.policy.after_fault(job.attempt, &fault, &*self.ports.randomness),
        }
    }

    async fn fetch(&self, job: &ReservedJob, id: MediaId) -> Result<JobOutcome, Fault> {
        let tenant = job.tenant_id;
        let session = self.ports.repository.begin(tenant).await?;
        let found = session.media().find(id).await?;
        drop(session);
        let Some(media) = found else { return Ok(JobOutcome::Done) };
        if media.record().status == MediaStatus::Stored {
            return Ok(JobOutcome::Done);
        }
        let Some(access) = self.accounts.by_id(tenant, media.record().account_id).await? else {
            return self.missing(job, id, false, "the channel account was removed").await;
        };
        let Ok(adapter) = self.ports.channels.get(access.account.channel_type) else {
            return Ok(JobOutcome::wait(Duration::from_secs(30), "the channel is not available here"));
        };
        let download = match adapter.fetch_media(&access, &media.record().source).await {
            Ok(download) => download,
            Err(FetchError::NotReady) => {
                let waited = self.ports.clock.now().since(media.record().created_at);
                if waited < Self::PREPARING_MOST {
                    return Ok(JobOutcome::wait(Self::PREPARING_WAIT, "the provider is still preparing the file"));
                }
                return self.missing(job, id, false, "the provider never finished preparing the file").await;
            }
            Err(FetchError::Gone) => return self.missing(job, id, true, "the provider no longer has the file").await,
            Err(FetchError::NotAvailable { reason }) => return self.missing(job, id, false, &reason).await,
            Err(error) => {
                let wish = if let FetchError::Retry { after, .. } = &error { *after } else { None };
                return self.again(job, id, wish, &error.to_string()).await;
            }
        };
        let key = media.key();
        let file = match self.ports.media_files.store(&key, download.body, self.limits).await {
            Ok(file) => file,
            Err(MediaFileError::TooLarge { limit }) => {
                let reason = format!("the file is larger than {limit} bytes");
                return self.missing(job, id, false, &reason).await;
            }
            Err(error) => return self.again(job, id, None, &error.to_string()).await,
        };
        let thumbnail_key = format!("{key}.thumbnail");
        let has_thumbnail = self.ports.media_files.make_thumbnail(&key, &thumbnail_key, self.limits).await;
        let thumbnail = match has_thumbnail {
            Ok(made) => made.then_some(thumbnail_key),
            Err(error) => return self.again(job, id, None, &error.to_string()).await,
        };
        let kept = self
            .change(tenant, id, &|media, now| {
                media.mark_stored((&file.content_type, file.size), key.clone(), thumbnail.clone(), now);
            })
            .await?;
        if !kept {
            // The customer was erased meanwhile: nobody would ever look for these bytes again.
            for key in [Some(&key), thumbnail.as_ref()].into_iter().flatten() {
                if let Err(error) = self.ports.media_files.delete(key).await {
                    return self.again(job, id, None, &error.to_string()).await;
                }
            }
        }
        Ok(JobOutcome::Done)
    }

    /// Another attempt after a while. The last failure is kept with the file, and the job among the dead
    /// letters, from where it can be replayed.
    async fn again(
        &self,
        job: &ReservedJob,
        id: MediaId,
        wish: Option<Duration>,
        reason: &str,
    ) -> Result<JobOutcome, Fault> {
        if let Some(delay) = self.policy.delay_no_shorter(job.attempt, wish, &*self.ports.randomness) {
            return Ok(JobOutcome::Retry { delay, error: reason.to_owned(), count: AttemptCount::Counted });
        }
        self.change(job.tenant_id, id, &|media, now| media.mark_missing(false, reason, now)).await?;
        Ok(JobOutcome::dead(reason))
    }

    async fn missing(&self, job: &ReservedJob, id: MediaId, gone: bool, reason: &str) -> Result<JobOutcome, Fault> {
        self.change(job.tenant_id, id, &|media, now| media.mark_missing(gone, reason, now)).await?;
        Ok(if gone { JobOutcome::Done } else { JobOutcome::dead(reason) })
    }

    /// Changes the file's row; `false` when there is none any more.
    async fn change(
        &self,
        tenant: TenantId,
        id: MediaId,
        change: &(dyn Fn(&mut Media, hubchat_domain::Timestamp) + Send + Sync),
    ) -> Result<bool, Fault> {
        let mut retries = Retries::default();
        loop {
            let result: Result<bool, Fault> = async {
                let now = self.ports.clock.now();
                let session = self.ports.repository.begin(tenant).await?;
                let Some(mut media) = session.media().find(id).await? else { return Ok(false) };
                if media.record().status == MediaStatus::Stored {
                    // Another worker has it: whatever befell this attempt takes nothing away from that.
                    return Ok(true);
                }
                change(&mut media, now);
                session.media().update(&media).await?;
                let record = media.record();
                let message = match record.message_id {
                    Some(message) => session.messages().find(message).await?,
                    None => None,
                };
                if let Some(message) = message {
                    session
                        .events()
                        .append(vec![DomainEvent {
                            event_type: EventType::MessageUpdated,
                            lead_id: Some(message.record().lead_id),
                            conversation_id: Some(message.record().conversation_id),
                            message_id: Some(message.record().id),
                            data: json!({"mediaId": record.id, "mediaStatus": record.status}),
                            at: now,
                        }])
                        .await?;
                }
                session.commit().await?;
                Ok(true)
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }
}

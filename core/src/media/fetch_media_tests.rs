//! Files of messages, with mocks: kept once, waited for, or noted as missing with the reason.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{
    AccountStatus, DomainEvent, EventType, Media, MediaId, MediaRecord, MediaSource, MediaStatus, Message,
};
use hubchat_ports::{
    AccountStore, AttemptCount, EventStore, FetchError, JobId, JobLease, Lane, MediaDownload, MediaFileError,
    MediaLimits, MediaStore, MessageStore, MockAccountStore, MockEventStore, MockMediaStore, MockMessageStore,
    MockUnitOfWork, ReservedJob, StorageError, StoredFile,
};
use serde_json::json;
use uuid::Uuid;

use super::{FETCH_MEDIA_JOB, FetchMedia};
use crate::{
    AccountCache, JobOutcome, RetryPolicy,
    test_ports::{TestPorts, account_id, line_adapter, now, queued_message, stored_account, tenant},
};

const LIMITS: MediaLimits = MediaLimits { max_bytes: 1_000, max_pixels: 100, max_side: 100, thumbnail_side: 10 };

/// A little world: a file to be fetched, and what provider and store answer; without an answer they
/// must not be asked.
struct World {
    media: Option<Media>,
    /// The file as it is found once the provider was asked, if another worker changed it meanwhile.
    meanwhile: Option<Media>,
    message: Option<Message>,
    account_is_there: bool,
    channel_is_here: bool,
    fetched: Option<Result<(), FetchError>>,
    stored: Option<Result<StoredFile, MediaFileError>>,
    thumbnail: Option<Result<bool, MediaFileError>>,
    failures: Vec<StorageError>,
    attempt: u32,
    payload: String,
}

/// What one committed session wrote.
#[derive(Default)]
struct Written {
    media: Vec<Media>,
    events: Vec<DomainEvent>,
}

#[derive(Default)]
struct Seen {
    commits: Vec<Written>,
    sources: Vec<MediaSource>,
}

fn id() -> MediaId {
    Uuid::from_u128(0xf1).into()
}

fn source() -> MediaSource {
    MediaSource::Provider { external_id: "m1".to_owned(), transcoded: true }
}

fn media(change: impl FnOnce(&mut MediaRecord)) -> Media {
    let mut record = MediaRecord {
        id: id(),
        tenant_id: tenant(),
        account_id: account_id(),
        message_id: Some(queued_message(|_| ()).record().id),
        status: MediaStatus::Pending,
        source: source(),
        content_type: None,
        size: None,
        file_name: None,
        storage_key: None,
        thumbnail_key: None,
        failure: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    change(&mut record);
    Media::restore(record)
}

fn picture() -> StoredFile {
    StoredFile { size: 7, content_type: "image/png".to_owned() }
}

impl World {
    /// The provider answers so.
    fn new(fetched: Result<(), FetchError>) -> Self {
        Self {
            media: Some(media(|_| ())),
            meanwhile: None,
            message: Some(queued_message(|_| ())),
            account_is_there: true,
            channel_is_here: true,
            fetched: Some(fetched),
            stored: None,
            thumbnail: None,
            failures: Vec::new(),
            attempt: 1,
            payload: json!({"mediaId": id()}).to_string(),
        }
    }

    /// A world in which the provider must not be asked.
    fn silent() -> Self {
        Self { fetched: None, ..Self::new(Ok(())) }
    }

    /// The provider gives the file, and the store answers so.
    fn storing(stored: Result<StoredFile, MediaFileError>) -> Self {
        Self { stored: Some(stored), ..Self::new(Ok(())) }
    }

    /// The file is stored, and the making of its thumbnail ends so.
    fn thumbnailing(thumbnail: Result<bool, MediaFileError>) -> Self {
        Self { thumbnail: Some(thumbnail), ..Self::storing(Ok(picture())) }
    }

    async fn fetch(self) -> (JobOutcome, Seen) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default().with_open_vault();
        if self.channel_is_here {
            let mut adapter = line_adapter(None);
            if let Some(answer) = self.fetched {
                let log = Arc::clone(&seen);
                adapter.expect_fetch_media().times(1).returning(move |access, source| {
                    assert_eq!(access.account.id, account_id());
                    log.lock().expect("not poisoned").sources.push(source.clone());
                    let body = || Box::pin(futures_util::stream::empty());
                    answer.clone().map(|()| MediaDownload { content_type: Some("text/html".to_owned()), body: body() })
                });
            }
            ports.adapter = Some(adapter);
        }
        if let Some(answer) = self.stored {
            ports.media_files.expect_store().return_once(|key, _, limits| {
                assert_eq!((key, limits), (media(|_| ()).key().as_str(), LIMITS));
                answer
            });
        }
        if let Some(answer) = self.thumbnail {
            ports.media_files.expect_make_thumbnail().return_once(|key, thumbnail_key, limits| {
                assert_eq!((key, limits), (media(|_| ()).key().as_str(), LIMITS));
                assert_eq!(thumbnail_key, format!("{key}.thumbnail"));
                answer
            });
        }
        let (found, meanwhile) = (self.media, self.meanwhile);
        let (message, account_is_there) = (self.message, self.account_is_there);
        let (failures, log) = (Arc::new(Mutex::new(self.failures.into_iter())), Arc::clone(&seen));
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            let asked = !log.lock().expect("not poisoned").sources.is_empty();
            let found = meanwhile.clone().filter(|_| asked).or_else(|| found.clone());
            Ok(Box::new(session(found, message.clone(), account_is_there, &failures, &log)))
        });
        let ports = ports.build();
        let fetch = FetchMedia::new(ports.clone(), AccountCache::new(ports), RetryPolicy::default(), LIMITS);
        let job = ReservedJob {
            lease: JobLease { job_id: JobId(1), token: 1 },
            lane: Lane::Background,
            tenant_id: tenant(),
            order_key: "media".to_owned(),
            kind: FETCH_MEDIA_JOB.to_owned(),
            payload: self.payload,
            attempt: self.attempt,
            enqueued_at: now(),
        };
        let outcome = fetch.run(&job).await;
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (outcome, seen)
    }
}

/// A session over the little world; what it wrote is told once it is committed.
fn session(
    found: Option<Media>,
    message: Option<Message>,
    account_is_there: bool,
    failures: &Arc<Mutex<std::vec::IntoIter<StorageError>>>,
    seen: &Arc<Mutex<Seen>>,
) -> MockUnitOfWork {
    let written = Arc::new(Mutex::new(Written::default()));
    let mut store = MockMediaStore::new();
    store.expect_find().returning(move |asked| Ok(found.clone().filter(|found| found.record().id == asked)));
    let (log, failures) = (Arc::clone(&written), Arc::clone(failures));
    store.expect_update().returning(move |media| {
        log.lock().expect("not poisoned").media.push(media.clone());
        failures.lock().expect("not poisoned").next().map_or(Ok(()), Err)
    });
    let mut messages = MockMessageStore::new();
    messages.expect_find().returning(move |asked| Ok(message.clone().filter(|found| found.record().id == asked)));
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(move |_| Ok(account_is_there.then(|| stored_account(AccountStatus::Active))));
    let mut events = MockEventStore::new();
    let log = Arc::clone(&written);
    events.expect_append().returning(move |events| {
        log.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    let mut session = MockUnitOfWork::new();
    session.expect_media().return_const(Box::new(store) as Box<dyn MediaStore>);
    session.expect_messages().return_const(Box::new(messages) as Box<dyn MessageStore>);
    session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    let log = Arc::clone(seen);
    session.expect_commit().returning(move || {
        let written = std::mem::take(&mut *written.lock().expect("not poisoned"));
        log.lock().expect("not poisoned").commits.push(written);
        Ok(())
    });
    session
}

impl Seen {
    fn only_commit(&self) -> &Written {
        assert_eq!(self.commits.len(), 1, "one commit");
        self.commits.first().expect("one commit")
    }

    /// The file as it was written, once.
    fn file(&self) -> &MediaRecord {
        let [media] = self.only_commit().media.as_slice() else { panic!("the file is written once") };
        media.record()
    }

    fn missing(&self) -> (MediaStatus, Option<&str>) {
        (self.file().status, self.file().failure.as_deref())
    }
}

fn retry_of(outcome: &JobOutcome) -> (Duration, AttemptCount) {
    let JobOutcome::Retry { delay, count, .. } = outcome else { panic!("{outcome:?}") };
    (*delay, *count)
}

#[tokio::test]
async fn a_picture_is_stored_with_its_thumbnail_and_the_type_of_its_bytes() {
    let (outcome, seen) = World::thumbnailing(Ok(true)).fetch().await;
    assert_eq!((outcome, seen.sources.as_slice()), (JobOutcome::Done, [source()].as_slice()));
    let (file, key) = (seen.file(), media(|_| ()).key());
    assert_eq!(
        (file.status, file.size, file.content_type.as_deref()),
        (MediaStatus::Stored, Some(7), Some("image/png"))
    );
    assert_eq!(file.thumbnail_key, Some(format!("{key}.thumbnail")));
    assert_eq!((file.storage_key.clone(), file.updated_at), (Some(key), now()));
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_stored_without_thumbnail() {
    let (outcome, seen) = World::thumbnailing(Ok(false)).fetch().await;
    assert_eq!((outcome, seen.file().status), (JobOutcome::Done, MediaStatus::Stored));
    assert_eq!(seen.file().thumbnail_key, None);
}

#[tokio::test]
async fn others_learn_that_the_messages_file_is_there() {
    let seen = World::thumbnailing(Ok(true)).fetch().await.1;
    let [event] = seen.only_commit().events.as_slice() else { panic!("one event") };
    let message = queued_message(|_| ()).record().clone();
    assert_eq!((event.event_type, event.message_id, event.at), (EventType::MessageUpdated, Some(message.id), now()));
    assert_eq!((event.lead_id, event.conversation_id), (Some(message.lead_id), Some(message.conversation_id)));
    assert_eq!(event.data, json!({"mediaId": id(), "mediaStatus": "STORED"}));
}

#[tokio::test]
async fn a_file_without_message_is_stored_and_nobody_told() {
    let orphan = media(|record| record.message_id = None);
    for (file, message) in [(orphan, Some(queued_message(|_| ()))), (media(|_| ()), None)] {
        let world = World { media: Some(file), message, ..World::thumbnailing(Ok(true)) };
        let (outcome, seen) = world.fetch().await;
        assert_eq!((outcome, seen.file().status), (JobOutcome::Done, MediaStatus::Stored));
        assert!(seen.only_commit().events.is_empty());
    }
}

#[tokio::test]
async fn a_file_that_had_failed_is_stored_when_its_job_is_replayed() {
    let failed = media(|record| {
        record.status = MediaStatus::Failed;
        record.failure = Some("500".to_owned());
    });
    let world = World { media: Some(failed), ..World::thumbnailing(Ok(true)) };
    let seen = world.fetch().await.1;
    assert_eq!(seen.missing(), (MediaStatus::Stored, None));
}

#[tokio::test]
async fn a_file_that_is_stored_or_gone_from_the_rows_is_not_fetched() {
    let stored = media(|record| record.status = MediaStatus::Stored);
    for found in [Some(stored), None] {
        let (outcome, seen) = World { media: found, ..World::silent() }.fetch().await;
        assert_eq!((outcome, seen.commits.len()), (JobOutcome::Done, 0));
    }
}

#[tokio::test]
async fn a_file_that_the_provider_still_prepares_is_waited_for_and_no_attempt_counted() {
    for attempt in [1, RetryPolicy::default().max_attempts + 100] {
        let (outcome, seen) = World { attempt, ..World::new(Err(FetchError::NotReady)) }.fetch().await;
        assert_eq!(retry_of(&outcome), (Duration::from_secs(5), AttemptCount::NotCounted));
        assert!(seen.commits.is_empty(), "it is still expected");
    }
}

#[tokio::test]
async fn a_file_that_is_prepared_for_a_day_is_given_up() {
    let day = Duration::from_hours(24);
    let almost = media(|record| record.created_at = now().minus(day.saturating_sub(Duration::from_millis(1))));
    let (outcome, _) = World { media: Some(almost), ..World::new(Err(FetchError::NotReady)) }.fetch().await;
    assert_eq!(retry_of(&outcome).1, AttemptCount::NotCounted);
    let old = media(|record| record.created_at = now().minus(day));
    let (outcome, seen) = World { media: Some(old), ..World::new(Err(FetchError::NotReady)) }.fetch().await;
    let reason = "the provider never finished preparing the file";
    assert_eq!((outcome, seen.missing()), (JobOutcome::dead(reason), (MediaStatus::Failed, Some(reason))));
}

#[tokio::test]
async fn a_file_that_is_too_large_is_noted_with_the_limit() {
    let (outcome, seen) = World::storing(Err(MediaFileError::TooLarge { limit: 1_000 })).fetch().await;
    let reason = "the file is larger than 1000 bytes";
    assert_eq!((outcome, seen.missing()), (JobOutcome::dead(reason), (MediaStatus::Failed, Some(reason))));
    assert_eq!(seen.file().storage_key, None);
}

#[tokio::test]
async fn a_file_that_the_provider_no_longer_has_is_gone_and_no_dead_letter() {
    let (outcome, seen) = World::new(Err(FetchError::Gone)).fetch().await;
    let reason = "the provider no longer has the file";
    assert_eq!((outcome, seen.missing()), (JobOutcome::Done, (MediaStatus::Gone, Some(reason))));
    let events: Vec<_> = seen.only_commit().events.iter().map(|event| event.data.clone()).collect();
    assert_eq!(events, [json!({"mediaId": id(), "mediaStatus": "GONE"})]);
}

#[tokio::test]
async fn what_another_worker_stored_meanwhile_stays_stored() {
    for answer in [FetchError::Gone, FetchError::NotAvailable { reason: "unsent".to_owned() }] {
        let stored = media(|record| record.status = MediaStatus::Stored);
        let (_, seen) = World { meanwhile: Some(stored), ..World::new(Err(answer)) }.fetch().await;
        assert!(seen.commits.is_empty(), "nothing is written over it");
    }
}

#[tokio::test]
async fn a_file_that_is_not_for_us_is_noted_with_the_providers_reason() {
    let refused = FetchError::NotAvailable { reason: "not found".to_owned() };
    let (outcome, seen) = World::new(Err(refused)).fetch().await;
    assert_eq!(outcome, JobOutcome::dead("not found"));
    assert_eq!(seen.missing(), (MediaStatus::Failed, Some("not found")));
}

#[tokio::test]
async fn a_file_of_an_account_that_was_removed_is_noted_as_missing() {
    let (outcome, seen) = World { account_is_there: false, ..World::silent() }.fetch().await;
    let reason = "the channel account was removed";
    assert_eq!((outcome, seen.missing()), (JobOutcome::dead(reason), (MediaStatus::Failed, Some(reason))));
}

#[tokio::test]
async fn a_file_of_a_channel_that_is_not_part_of_this_process_waits_for_one_that_has_it() {
    let (outcome, seen) = World { channel_is_here: false, ..World::silent() }.fetch().await;
    assert_eq!(retry_of(&outcome), (Duration::from_secs(30), AttemptCount::NotCounted));
    assert!(seen.commits.is_empty());
}

#[tokio::test]
async fn passing_failures_of_provider_and_store_are_tried_again_and_counted() {
    let worlds = [
        World::new(Err(FetchError::Retry { after: None, reason: "no connection".to_owned() })),
        World::new(Err(FetchError::Unauthorized { reason: "token".to_owned() })),
        World::storing(Err(MediaFileError::Interrupted("reset".into()))),
        World::storing(Err(MediaFileError::Unavailable("full".into()))),
        World::thumbnailing(Err(MediaFileError::Unavailable("full".into()))),
    ];
    for world in worlds {
        let (outcome, seen) = world.fetch().await;
        assert_eq!(retry_of(&outcome), (Duration::from_millis(500), AttemptCount::Counted));
        assert!(seen.commits.is_empty(), "it is still expected");
    }
}

#[tokio::test]
async fn a_wish_of_the_provider_to_wait_is_obeyed() {
    let after = Some(Duration::from_secs(40));
    let (outcome, _) = World::new(Err(FetchError::Retry { after, reason: "busy".to_owned() })).fetch().await;
    assert_eq!(retry_of(&outcome), (Duration::from_secs(40), AttemptCount::Counted));
}

#[tokio::test]
async fn the_last_failure_is_noted_with_the_file_and_becomes_a_dead_letter() {
    let worlds = [
        World::new(Err(FetchError::Retry { after: None, reason: "500".to_owned() })),
        World::storing(Err(MediaFileError::Interrupted("reset".into()))),
        World::thumbnailing(Err(MediaFileError::Unavailable("full".into()))),
    ];
    for world in worlds {
        let (outcome, seen) = World { attempt: RetryPolicy::default().max_attempts, ..world }.fetch().await;
        let JobOutcome::Dead { error } = outcome else { panic!("{outcome:?}") };
        assert_eq!(seen.missing(), (MediaStatus::Failed, Some(error.as_str())));
    }
}

#[tokio::test]
async fn a_row_that_changed_meanwhile_is_read_again_and_the_file_not_fetched_twice() {
    let world = World { failures: vec![StorageError::Stale], ..World::thumbnailing(Ok(true)) };
    let (outcome, seen) = world.fetch().await;
    assert_eq!((outcome, seen.sources.len()), (JobOutcome::Done, 1));
    assert_eq!((seen.file().status, seen.only_commit().events.len()), (MediaStatus::Stored, 1));
}

#[tokio::test]
async fn storage_that_cannot_be_reached_costs_no_attempt() {
    let failures = vec![StorageError::Unavailable("no connection".into())];
    let (outcome, seen) = World { failures, ..World::thumbnailing(Ok(true)) }.fetch().await;
    assert_eq!(retry_of(&outcome), (Duration::from_secs(1), AttemptCount::NotCounted));
    assert!(seen.commits.is_empty());
}

#[tokio::test]
async fn a_job_whose_payload_cannot_be_read_is_given_up_at_once() {
    for payload in ["", "{}", r#"{"mediaId":"no id"}"#] {
        let (outcome, seen) = World { payload: payload.to_owned(), ..World::silent() }.fetch().await;
        assert!(matches!(outcome, JobOutcome::Dead { .. }), "{outcome:?}");
        assert!(seen.commits.is_empty());
    }
}

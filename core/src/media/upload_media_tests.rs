//! Files that are uploaded, with mocks: kept when all is right, and gone without a trace when it is not.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use hubchat_domain::{AuditAction, AuditDraft, AuditSubject, Conversation, Media, MediaSource, MediaStatus, Scope};
use hubchat_ports::{
    ConversationStore, IncomingBytes, MediaFileError, MediaLimits, MediaStore, MockConversationStore, MockMediaStore,
    MockUnitOfWork, StorageError, StoredFile,
};

use super::{UploadLimits, UploadMedia, UploadMediaCommand, UploadMediaError, UploadTypes};
use crate::{
    ErrorCode,
    test_ports::{TestPorts, account_id, actor, audit_store, conversation, now, tenant},
};

/// What the ports answer; without an answer they must not be asked.
struct World {
    conversation: Option<Conversation>,
    stored: Option<Result<StoredFile, MediaFileError>>,
    thumbnail: Option<Result<bool, MediaFileError>>,
    /// What the commits answer, one after the other; then they succeed.
    commits: Vec<StorageError>,
    scopes: Vec<Scope>,
}

/// What was done.
#[derive(Default)]
struct Seen {
    limits: Vec<MediaLimits>,
    rows: Vec<Media>,
    audit: Vec<AuditDraft>,
    deleted: Vec<String>,
}

fn file(content_type: &str, size: u64) -> StoredFile {
    StoredFile { size, content_type: content_type.to_owned() }
}

fn command(change: impl FnOnce(&mut UploadMediaCommand)) -> UploadMediaCommand {
    let mut command = UploadMediaCommand {
        conversation_id: conversation(|_| ()).record().id,
        types: UploadTypes::Any,
        declared_type: "image/png".to_owned(),
        file_name: "แมว.PNG".to_owned(),
    };
    change(&mut command);
    command
}

fn pdf() -> UploadMediaCommand {
    command(|command| {
        "application/pdf".clone_into(&mut command.declared_type);
        "a.pdf".clone_into(&mut command.file_name);
    })
}

fn bytes() -> IncomingBytes {
    stream::once(async { Ok(Bytes::from_static(b"bytes")) }).boxed()
}

/// Where the file of these tests goes: ids count from 0x1000.
fn key() -> String {
    format!("{}/{}/00000000-0000-0000-0000-000000001001", tenant(), account_id())
}

impl World {
    /// Nothing but the conversation is there, and the file store must not be asked.
    fn new() -> Self {
        Self {
            conversation: Some(conversation(|_| ())),
            stored: None,
            thumbnail: None,
            commits: Vec::new(),
            scopes: vec![Scope::MessagesSend],
        }
    }

    fn storing(stored: Result<StoredFile, MediaFileError>) -> Self {
        Self { stored: Some(stored), ..Self::new() }
    }

    fn thumbnailing(thumbnail: Result<bool, MediaFileError>) -> Self {
        Self { thumbnail: Some(thumbnail), ..Self::storing(Ok(file("image/png", 7))) }
    }

    async fn upload(
        self,
        command: UploadMediaCommand,
    ) -> (Result<hubchat_domain::MediaRecord, UploadMediaError>, Seen) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default();
        if let Some(answer) = self.stored {
            let log = Arc::clone(&seen);
            ports.media_files.expect_store().return_once(move |asked, _, limits| {
                assert_eq!(asked, key());
                log.lock().expect("not poisoned").limits.push(limits);
                answer
            });
            let log = Arc::clone(&seen);
            ports.media_files.expect_delete().returning(move |key| {
                log.lock().expect("not poisoned").deleted.push(key.to_owned());
                Ok(())
            });
        }
        if let Some(answer) = self.thumbnail {
            ports.media_files.expect_make_thumbnail().return_once(move |asked, thumbnail_key, _| {
                assert_eq!((asked, thumbnail_key), (key().as_str(), format!("{}.thumbnail", key()).as_str()));
                answer
            });
        }
        let commits = Arc::new(Mutex::new(self.commits.into_iter()));
        let (found, log) = (self.conversation, Arc::clone(&seen));
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            Ok(Box::new(session(found.clone(), &commits, &log)))
        });
        let upload = UploadMedia::new(ports.build(), UploadLimits::default());
        let result = upload.run(&actor(&self.scopes), &command, bytes()).await;
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (result, seen)
    }
}

fn session(
    found: Option<Conversation>,
    commits: &Arc<Mutex<std::vec::IntoIter<StorageError>>>,
    seen: &Arc<Mutex<Seen>>,
) -> MockUnitOfWork {
    let mut conversations = MockConversationStore::new();
    conversations.expect_find().returning(move |asked| Ok(found.clone().filter(|found| found.record().id == asked)));
    let written = Arc::new(Mutex::new(Vec::new()));
    let mut store = MockMediaStore::new();
    let log = Arc::clone(&written);
    store.expect_insert_many().returning(move |media| {
        log.lock().expect("not poisoned").extend_from_slice(media);
        Ok(())
    });
    let mut session = MockUnitOfWork::new();
    session.expect_conversations().return_const(Box::new(conversations) as Box<dyn ConversationStore>);
    session.expect_media().return_const(Box::new(store) as Box<dyn MediaStore>);
    let log = Arc::clone(seen);
    let audit = audit_store(move |draft| log.lock().expect("not poisoned").audit.push(draft));
    session.expect_audit().return_const(audit);
    let (commits, log) = (Arc::clone(commits), Arc::clone(seen));
    session.expect_commit().returning(move || {
        if let Some(failure) = commits.lock().expect("not poisoned").next() {
            return Err(failure);
        }
        log.lock().expect("not poisoned").rows.append(&mut written.lock().expect("not poisoned"));
        Ok(())
    });
    session
}

impl Seen {
    /// Nothing is left: no row, and both of the file's keys were removed.
    fn assert_nothing_left(&self) {
        assert!(self.rows.is_empty());
        assert_eq!(self.deleted, [key(), format!("{}.thumbnail", key())]);
    }

    /// Nothing was ever begun.
    fn assert_nothing_begun(&self) {
        assert!(self.rows.is_empty() && self.deleted.is_empty() && self.limits.is_empty());
    }
}

#[tokio::test]
async fn a_picture_is_kept_with_its_thumbnail_and_its_row() {
    let (result, seen) = World::thumbnailing(Ok(true)).upload(command(|_| ())).await;
    let record = result.expect("it is taken");
    let [row] = seen.rows.as_slice() else { panic!("one row") };
    assert_eq!(row.record(), &record);
    assert_eq!((record.status, &record.source, record.version), (MediaStatus::Stored, &MediaSource::Upload, 1));
    assert_eq!((record.account_id, record.message_id), (account_id(), None));
    assert_eq!((record.content_type.as_deref(), record.size), (Some("image/png"), Some(7)));
    assert_eq!(record.file_name.as_deref(), Some("แมว.PNG"));
    assert_eq!(record.storage_key, Some(key()));
    assert_eq!(record.thumbnail_key, Some(format!("{}.thumbnail", key())));
    assert_eq!((record.created_at, record.updated_at), (now(), now()));
    assert!(seen.deleted.is_empty());
}

#[tokio::test]
async fn a_pdf_is_kept_without_a_thumbnail() {
    let (result, seen) = World::storing(Ok(file("application/pdf", 9))).upload(pdf()).await;
    assert_eq!(result.expect("it is taken").thumbnail_key, None);
    assert_eq!(seen.rows.len(), 1);
}

#[tokio::test]
async fn pictures_and_other_files_have_limits_of_their_own() {
    let (_, seen) = World::thumbnailing(Ok(true)).upload(command(|_| ())).await;
    let [limits] = seen.limits.as_slice() else { panic!("one file") };
    let expected = (10 * 1024 * 1024, 50_000_000, 16_384);
    assert_eq!((limits.max_bytes, limits.max_pixels, limits.max_side), expected);
    let (_, seen) = World::storing(Ok(file("application/pdf", 9))).upload(pdf()).await;
    assert_eq!(seen.limits.first().map(|limits| limits.max_bytes), Some(25 * 1024 * 1024));
}

#[tokio::test]
async fn nothing_is_read_when_name_type_conversation_or_scope_is_wrong() {
    type Change = fn(&mut UploadMediaCommand);
    let wrong: [(Change, &str); 7] = [
        (|c| c.file_name = "../".to_owned(), "validation_failed"),
        (|c| c.file_name = "cat".to_owned(), "file_type_refused"),
        (|c| c.file_name = "cat.jpg".to_owned(), "file_type_refused"),
        (|c| c.file_name = "cat.png.html".to_owned(), "file_type_refused"),
        (|c| c.declared_type = "image/svg+xml".to_owned(), "file_type_refused"),
        (|c| c.types = UploadTypes::Pdf, "file_type_refused"),
        (|c| c.conversation_id = uuid::Uuid::from_u128(7).into(), "conversation_not_found"),
    ];
    for (change, code) in wrong {
        let (result, seen) = World::new().upload(command(change)).await;
        assert_eq!(result.expect_err(code).code(), code);
        seen.assert_nothing_begun();
    }
    let (result, seen) = World { scopes: vec![Scope::InboxRead], ..World::new() }.upload(command(|_| ())).await;
    assert_eq!(result.expect_err("no right").code(), "forbidden");
    seen.assert_nothing_begun();
}

#[tokio::test]
async fn a_file_that_is_not_what_it_says_leaves_nothing() {
    for (stored, code) in [
        (file("application/octet-stream", 7), "file_type_refused"),
        (file("image/jpeg", 7), "file_type_refused"),
        (file("application/octet-stream", 0), "file_empty"),
    ] {
        let (result, seen) = World::storing(Ok(stored)).upload(command(|_| ())).await;
        assert_eq!(result.expect_err(code).code(), code);
        seen.assert_nothing_left();
    }
    let (result, seen) = World::thumbnailing(Ok(false)).upload(command(|_| ())).await;
    assert_eq!(result.expect_err("no picture").code(), "picture_refused");
    seen.assert_nothing_left();
}

#[tokio::test]
async fn a_file_that_cannot_be_stored_leaves_nothing() {
    for (error, code) in [
        (MediaFileError::TooLarge { limit: 10 }, "payload_too_large"),
        (MediaFileError::Interrupted("the line broke".into()), "body_interrupted"),
        (MediaFileError::Unavailable("full".into()), "storage_unavailable"),
    ] {
        let (result, seen) = World::storing(Err(error)).upload(command(|_| ())).await;
        assert_eq!(result.expect_err(code).code(), code);
        seen.assert_nothing_left();
    }
    let (result, seen) = World::thumbnailing(Err(MediaFileError::NotFound)).upload(command(|_| ())).await;
    assert_eq!(result.expect_err("gone").code(), "storage_unavailable");
    seen.assert_nothing_left();
}

#[tokio::test]
async fn the_file_is_removed_when_its_row_cannot_be_written() {
    let world = World {
        commits: vec![StorageError::Unavailable("away".into())],
        ..World::storing(Ok(file("application/pdf", 9)))
    };
    let (result, seen) = world.upload(pdf()).await;
    assert_eq!(result.expect_err("no row").code(), "storage_unavailable");
    seen.assert_nothing_left();
}

#[tokio::test]
async fn a_contended_row_is_written_again_and_the_file_stays() {
    let world = World {
        commits: vec![StorageError::Contention("locked".into()), StorageError::Contention("locked".into())],
        ..World::storing(Ok(file("application/pdf", 9)))
    };
    let (result, seen) = world.upload(pdf()).await;
    result.expect("it is taken");
    assert_eq!((seen.rows.len(), seen.deleted.len()), (1, 0));
}

#[tokio::test]
async fn an_upload_is_written_to_the_audit_log_without_the_files_name() {
    let (result, seen) = World::storing(Ok(file("application/pdf", 9))).upload(pdf()).await;
    let [entry] = seen.audit.as_slice() else { panic!("one entry") };
    let subject = AuditSubject::from(result.expect("it is taken").id);
    assert_eq!((entry.action, &entry.subject), (AuditAction::MediaUploaded, &subject));
    let after = serde_json::json!({
        "conversationId": conversation(|_| ()).record().id, "contentType": "application/pdf", "bytes": 9,
    });
    assert_eq!(entry.after, Some(after));
}

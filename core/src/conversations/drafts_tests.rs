//! Drafts, with mocks: each is its writer's, and its file one that could be sent.

use hubchat_domain::{Media, MediaId, MediaRecord, MediaSource, MediaStatus, Scope, Viewpoint, Visibility};
use hubchat_ports::Draft;
use uuid::Uuid;

use super::{
    DraftCommand, Drafts,
    thread_world::{Thread, colleague, member_id, take},
};
use crate::{
    ErrorCode,
    test_ports::{account_id, actor, conversation, now, tenant},
};

fn thread_id() -> hubchat_domain::ConversationId {
    conversation(|_| ()).record().id
}

fn file_id() -> MediaId {
    Uuid::from_u128(5).into()
}

/// A file of a message, or of none yet.
fn file(status: MediaStatus, message: Option<u128>) -> Media {
    Media::restore(MediaRecord {
        id: file_id(),
        tenant_id: tenant(),
        account_id: account_id(),
        message_id: message.map(|id| Uuid::from_u128(id).into()),
        status,
        source: MediaSource::Upload,
        content_type: Some("image/png".to_owned()),
        size: Some(17),
        file_name: Some("dress.png".to_owned()),
        storage_key: Some("key".to_owned()),
        thumbnail_key: None,
        failure: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    })
}

fn draft(text: &str) -> DraftCommand {
    DraftCommand { text: text.to_owned(), note: true, media_id: None }
}

fn with_file(text: &str) -> DraftCommand {
    DraftCommand { media_id: Some(file_id()), ..draft(text) }
}

#[tokio::test]
async fn a_draft_is_kept_for_its_writer() {
    let (ports, log) = Thread::default().ports();
    let drafts = Drafts::new(ports);
    let me = colleague(1, Visibility::All);
    let kept = drafts.save(&me, thread_id(), draft("hel")).await.expect("kept").draft;
    assert_eq!((kept.member_id, kept.text.as_str(), kept.note, kept.updated_at), (member_id(1), "hel", true, now()));
    assert_eq!(take(&log).drafts, std::slice::from_ref(&kept));
    let (ports, log) = Thread { draft: Some(kept.clone()), ..Thread::default() }.ports();
    let drafts = Drafts::new(ports);
    let found = drafts.find(&me, thread_id()).await.expect("read").expect("there");
    assert_eq!((found.draft, found.file), (kept, None));
    let others = drafts.find(&colleague(2, Visibility::All), thread_id()).await;
    assert_eq!(others.expect("nothing is no error"), None);
    drafts.delete(&me, thread_id()).await.expect("forgotten");
    let written = take(&log);
    assert_eq!((written.drafts_deleted, written.commits), (1, 1));
}

#[tokio::test]
async fn nothing_is_kept_of_a_conversation_that_is_not_there() {
    let (ports, _) = Thread { conversation: None, ..Thread::default() }.ports();
    let refused = Drafts::new(ports).find(&colleague(1, Visibility::All), thread_id()).await;
    assert_eq!(refused.expect_err("no conversation").code(), "conversation_not_found");
}

#[tokio::test]
async fn a_draft_comes_back_with_its_file_while_that_can_be_sent() {
    let me = colleague(1, Visibility::All);
    let media = file(MediaStatus::Stored, None);
    let (ports, log) = Thread { media: Some(media.clone()), ..Thread::default() }.ports();
    let kept = Drafts::new(ports).save(&me, thread_id(), with_file("look:")).await.expect("kept");
    assert_eq!((kept.draft.media_id, kept.file.as_ref()), (Some(file_id()), Some(media.record())));
    assert_eq!(take(&log).drafts, std::slice::from_ref(&kept.draft));
    for (media, expected) in [
        (Some(media.clone()), Some(media.record().clone())),
        (None, None),
        (Some(file(MediaStatus::Gone, None)), None),
        // It went with a message that the writer does not see.
        (Some(file(MediaStatus::Stored, Some(0xf00))), None),
    ] {
        let (ports, _) = Thread { draft: Some(kept.draft.clone()), media, ..Thread::default() }.ports();
        let found = Drafts::new(ports).find(&me, thread_id()).await.expect("read").expect("there");
        assert_eq!((found.draft.text.as_str(), found.file), ("look:", expected));
    }
}

#[tokio::test]
async fn a_file_that_could_not_be_sent_is_not_kept() {
    let hidden = Thread { media: Some(file(MediaStatus::Stored, Some(0xf00))), ..Thread::default() };
    let own = Visibility::Only(Viewpoint { unassigned: true, ..Viewpoint::default() });
    for (world, sight) in [
        (Thread::default(), Visibility::All),
        (Thread { media: Some(file(MediaStatus::Pending, None)), ..Thread::default() }, Visibility::All),
        (hidden, own),
    ] {
        let (ports, log) = world.ports();
        let refused = Drafts::new(ports).save(&colleague(1, sight), thread_id(), with_file("x")).await;
        let refused = refused.expect_err("refused");
        assert_eq!((refused.code(), refused.field()), ("invalid_content", Some("mediaId")));
        let written = take(&log);
        assert_eq!((written.drafts, written.commits), (Vec::<Draft>::new(), 0));
    }
}

#[tokio::test]
async fn forgetting_no_draft_is_no_error_and_writes_nothing() {
    let (ports, log) = Thread::default().ports();
    Drafts::new(ports).delete(&colleague(1, Visibility::All), thread_id()).await.expect("no error");
    assert_eq!(take(&log).commits, 0);
}

#[tokio::test]
async fn a_draft_is_refused_where_it_cannot_be() {
    let too_much = "x".repeat(Drafts::MAX_CHARS + 1);
    let unseen = colleague(1, Visibility::Only(Viewpoint::default()));
    for (by, text, code) in [
        (colleague(1, Visibility::All), too_much.as_str(), "validation_failed"),
        (actor(&[Scope::InboxWrite]), "x", "members_only"),
        (actor(&[Scope::InboxRead]), "x", "forbidden"),
        (unseen, "x", "conversation_not_found"),
    ] {
        let (ports, log) = Thread::default().ports();
        let error = Drafts::new(ports).save(&by, thread_id(), draft(text)).await.expect_err("refused");
        assert_eq!((error.code(), take(&log).drafts), (code, Vec::<Draft>::new()));
    }
}

//! Signed links to files.

use futures_util::stream;
use hubchat_core::{
    domain::{Attachment, Media, MediaRecord, MediaSource, MediaStatus, MessageContent, Scope},
    port::MediaRead,
};
use hubchat_ports::{MediaStore, MockMediaStore, MockUnitOfWork};
use poem::Request;
use uuid::Uuid;

use crate::harness::{Mocks, message_row, now, tenant};

fn media() -> MediaRecord {
    MediaRecord {
        id: Uuid::from_u128(0xe1).into(),
        tenant_id: tenant(),
        account_id: Uuid::from_u128(0xcccc).into(),
        message_id: None,
        status: MediaStatus::Stored,
        source: MediaSource::Upload,
        content_type: Some("text/html".to_owned()),
        size: Some(4),
        file_name: Some("ใบ.html".to_owned()),
        storage_key: Some("a/b".to_owned()),
        thumbnail_key: None,
        failure: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

#[tokio::test]
async fn a_link_of_a_message_opens_its_file_and_nothing_that_a_browser_would_run() {
    let mut store = MockMediaStore::new();
    store.expect_find().returning(|_| Ok(Some(Media::restore(media()))));
    let mut session = MockUnitOfWork::new();
    session.expect_media().return_const(Box::new(store) as Box<dyn MediaStore>);
    let mut mocks = Mocks::new().with_key(&[Scope::InboxRead]).with_session(session).with_inbox(|inbox| {
        inbox.expect_find_message().returning(|_, _| {
            let file = Attachment { media_id: Some(media().id), ..Attachment::default() };
            let mut row = message_row(MessageContent::File(file));
            row.media = Some(media());
            Ok(Some(row))
        });
    });
    mocks.media_files.expect_open().returning(|key| {
        assert_eq!(key, "a/b");
        Ok(MediaRead { size: 4, body: Box::pin(stream::iter([Ok("<h1>".into())])) })
    });
    let client = mocks.client();
    let message = client.get("/api/messages/00000000-0000-0000-0000-0000000000d5").await.json();
    let link = message["media"]["url"].as_str().expect("a link").to_owned();
    let answer = client.call(Request::builder().uri_str(&link).finish()).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "<h1>"), "{link}");
    assert!(answer.header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
    assert!(answer.header("cache-control").starts_with("private"));
}

#[tokio::test]
async fn a_link_that_was_changed_or_has_expired_opens_nothing() {
    let client = Mocks::new().client();
    let (tenant, id) = (tenant(), media().id);
    for path in [
        format!("/media/{tenant}/{id}/original"),
        format!("/media/{tenant}/{id}/original?expires=9999999999&signature=00"),
        format!("/media/{tenant}/{id}/original?expires=soon&signature=00"),
        format!("/media/{tenant}/{id}/huge?expires=9999999999&signature=00"),
        format!("/media/x/{id}/original?expires=9999999999&signature=00"),
    ] {
        let answer = client.call(Request::builder().uri_str(&path).finish()).await;
        assert_eq!(answer.problem(), (404, "media_not_found".to_owned(), String::new()), "{path}");
    }
}

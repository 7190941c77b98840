//! Links to files, with mocks: good for one file, one copy and a while, and for nothing else.

use std::time::Duration;

use hubchat_domain::{Media, MediaId, MediaRecord, MediaSource, MediaStatus, TenantId};
use hubchat_ports::{MediaFileError, MediaRead, MediaStore, MockMediaStore, MockUnitOfWork, StorageError};
use uuid::Uuid;

use super::{MediaDoor, MediaDoorError, MediaLink, MediaVariant};
use crate::{
    ErrorCode, Ports,
    test_ports::{TestPorts, account_id, now, tenant},
};

/// Type, name and size of an opened file.
type Opened = (String, Option<String>, u64);

fn id() -> MediaId {
    Uuid::from_u128(0xf1).into()
}

fn stored(change: impl FnOnce(&mut MediaRecord)) -> MediaRecord {
    let mut record = MediaRecord {
        id: id(),
        tenant_id: tenant(),
        account_id: account_id(),
        message_id: None,
        status: MediaStatus::Stored,
        source: MediaSource::Upload,
        content_type: Some("image/png".to_owned()),
        size: Some(7),
        file_name: Some("cat.png".to_owned()),
        storage_key: Some("original-key".to_owned()),
        thumbnail_key: Some("thumbnail-key".to_owned()),
        failure: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    change(&mut record);
    record
}

/// A vault that signs with the purpose, and nothing else: storage and files must not be asked.
fn signing() -> TestPorts {
    let mut ports = TestPorts::default();
    ports.vault.expect_sign().returning(|purpose, bytes| [purpose.as_bytes(), b":", bytes].concat());
    let made = |purpose: &str, bytes: &[u8]| [purpose.as_bytes(), b":", bytes].concat();
    ports.vault.expect_verify().returning(move |purpose, bytes, signature| made(purpose, bytes) == signature);
    ports
}

/// The same, with a row, and with the answer of the file store when it may be asked.
fn with_file(found: Option<MediaRecord>, file: Option<Result<u64, MediaFileError>>) -> TestPorts {
    let mut media = MockMediaStore::new();
    media.expect_find().returning(move |asked| {
        assert_eq!(asked, id());
        Ok(found.clone().map(Media::restore))
    });
    let mut session = MockUnitOfWork::new();
    session.expect_media().return_const(Box::new(media) as Box<dyn MediaStore>);
    let mut ports = signing().with_sessions(vec![session]);
    if let Some(answer) = file {
        ports.media_files.expect_open().return_once(|key| {
            let size = if key == "original-key" { 7 } else { 2 };
            assert!(["original-key", "thumbnail-key"].contains(&key));
            answer.map(|more| MediaRead { size: size + more, body: Box::pin(futures_util::stream::empty()) })
        });
    }
    ports
}

/// Expiry and signature of a link.
fn parts(link: &MediaLink) -> (i64, String) {
    let (_, query) = link.url.split_once("?expires=").expect("an expiry");
    let (expiry, signature) = query.split_once("&signature=").expect("a signature");
    (expiry.parse().expect("seconds"), signature.to_owned())
}

fn hour_link(variant: MediaVariant) -> (i64, String) {
    let door = MediaDoor::new(signing().build(), None);
    parts(&door.link(&stored(|_| ()), variant, MediaDoor::SCREEN_LIFETIME))
}

async fn open(
    ports: Ports,
    variant: MediaVariant,
    (expiry, signature): (i64, String),
) -> Result<Opened, MediaDoorError> {
    let opened = MediaDoor::new(ports, None).open(tenant(), id(), variant, expiry, &signature).await?;
    Ok((opened.content_type, opened.file_name, opened.read.size))
}

#[test]
fn a_link_names_tenant_file_copy_and_expiry_below_the_public_address() {
    let expiry = now().plus(MediaDoor::SCREEN_LIFETIME);
    for (base, start) in [
        (None, ""),
        (Some("https://chat.example.com"), "https://chat.example.com"),
        (Some("https://chat.example.com/"), "https://chat.example.com"),
    ] {
        let door = MediaDoor::new(signing().build(), base.map(str::to_owned));
        let link = door.link(&stored(|_| ()), MediaVariant::Thumbnail, MediaDoor::SCREEN_LIFETIME);
        let seconds = expiry.as_millis() / 1000;
        let path = format!("{start}/media/{}/{}/thumbnail?expires={seconds}&signature=", tenant(), id());
        assert!(link.url.starts_with(&path), "{}", link.url);
        assert_eq!(link.expires_at, expiry);
    }
}

#[tokio::test]
async fn a_signed_link_opens_the_original_with_its_type_and_name() {
    let ports = with_file(Some(stored(|_| ())), Some(Ok(0))).build();
    let opened = open(ports, MediaVariant::Original, hour_link(MediaVariant::Original)).await.expect("opened");
    assert_eq!(opened, ("image/png".to_owned(), Some("cat.png".to_owned()), 7));
}

#[tokio::test]
async fn a_signed_link_opens_the_thumbnail_as_jpeg_whatever_the_original_is() {
    let ports = with_file(Some(stored(|_| ())), Some(Ok(0))).build();
    let opened = open(ports, MediaVariant::Thumbnail, hour_link(MediaVariant::Thumbnail)).await.expect("opened");
    assert_eq!(opened, ("image/jpeg".to_owned(), Some("cat.png".to_owned()), 2));
}

#[tokio::test]
async fn a_file_of_unknown_type_is_declared_as_bytes() {
    let ports = with_file(Some(stored(|record| record.content_type = None)), Some(Ok(0))).build();
    let opened = open(ports, MediaVariant::Original, hour_link(MediaVariant::Original)).await.expect("opened");
    assert_eq!(opened.0, "application/octet-stream");
}

#[tokio::test]
async fn a_changed_signature_is_refused_before_anything_is_read() {
    let (expiry, good) = hour_link(MediaVariant::Original);
    let mut cut = good.clone();
    cut.pop();
    for bad in [String::new(), cut, format!("{good}0"), good.to_uppercase(), good.replacen('6', "7", 1)] {
        assert_ne!(bad, good);
        let error = open(signing().build(), MediaVariant::Original, (expiry, bad)).await.expect_err("changed");
        assert!(matches!(error, MediaDoorError::Refused), "{error:?}");
        assert_eq!((error.code(), error.field()), ("media_not_found", None));
    }
}

#[tokio::test]
async fn a_link_to_one_copy_does_not_open_the_other() {
    let copies = [(MediaVariant::Thumbnail, MediaVariant::Original), (MediaVariant::Original, MediaVariant::Thumbnail)];
    for (signed, asked) in copies {
        let result = open(signing().build(), asked, hour_link(signed)).await;
        assert!(matches!(result, Err(MediaDoorError::Refused)));
    }
}

#[tokio::test]
async fn a_link_does_not_open_another_file_or_the_same_file_of_another_tenant() {
    let (expiry, signature) = hour_link(MediaVariant::Original);
    let others: [(TenantId, MediaId); 2] =
        [(tenant(), Uuid::from_u128(0xf2).into()), (Uuid::from_u128(1).into(), id())];
    for (tenant, id) in others {
        let door = MediaDoor::new(signing().build(), None);
        let result = door.open(tenant, id, MediaVariant::Original, expiry, &signature).await;
        assert!(matches!(result, Err(MediaDoorError::Refused)));
    }
}

#[tokio::test]
async fn the_life_of_a_link_cannot_be_lengthened() {
    let (expiry, signature) = hour_link(MediaVariant::Original);
    let result = open(signing().build(), MediaVariant::Original, (expiry + 1, signature)).await;
    assert!(matches!(result, Err(MediaDoorError::Refused)));
}

#[tokio::test]
async fn a_link_is_good_until_its_last_second_and_not_after() {
    let link_of = |lifetime| {
        let door = MediaDoor::new(signing().build(), None);
        parts(&door.link(&stored(|_| ()), MediaVariant::Original, lifetime))
    };
    let expired = link_of(Duration::ZERO);
    assert!(matches!(open(signing().build(), MediaVariant::Original, expired).await, Err(MediaDoorError::Refused)));
    let ports = with_file(Some(stored(|_| ())), Some(Ok(0))).build();
    assert!(open(ports, MediaVariant::Original, link_of(Duration::from_secs(1))).await.is_ok());
}

#[tokio::test]
async fn links_are_signed_for_their_purpose_only() {
    let mut ports = TestPorts::default();
    ports.vault.expect_sign().times(1).withf(|purpose, _| purpose == "media-link").returning(|_, _| vec![0xab, 0x01]);
    let door = MediaDoor::new(ports.build(), None);
    let link = door.link(&stored(|_| ()), MediaVariant::Original, MediaDoor::PROVIDER_LIFETIME);
    assert_eq!(parts(&link).1, "ab01");
}

#[tokio::test]
async fn a_good_link_to_what_is_not_there_tells_no_more_than_a_bad_one() {
    let worlds = [
        (None, None),
        (Some(stored(|record| record.storage_key = None)), None),
        (Some(stored(|_| ())), Some(Err(MediaFileError::NotFound))),
    ];
    for (found, file) in worlds {
        let ports = with_file(found, file).build();
        let error = open(ports, MediaVariant::Original, hour_link(MediaVariant::Original)).await.expect_err("nothing");
        assert!(matches!(error, MediaDoorError::Refused), "{error:?}");
        assert_eq!(error.to_string(), "the link is not valid or has expired");
    }
    let bare = stored(|record| record.thumbnail_key = None);
    let link = hour_link(MediaVariant::Thumbnail);
    let result = open(with_file(Some(bare), None).build(), MediaVariant::Thumbnail, link).await;
    assert!(matches!(result, Err(MediaDoorError::Refused)), "the original does not stand in for it");
}

#[tokio::test]
async fn a_file_store_that_is_away_is_no_refusal() {
    let ports = with_file(Some(stored(|_| ())), Some(Err(MediaFileError::Unavailable("full".into())))).build();
    let error = open(ports, MediaVariant::Original, hour_link(MediaVariant::Original)).await.expect_err("away");
    assert_eq!(error.code(), "storage_unavailable");
}

#[tokio::test]
async fn rows_that_cannot_be_read_now_are_no_refusal() {
    let mut ports = signing();
    ports.repository.expect_begin().returning(|_| Err(StorageError::Unavailable("no connection".into())));
    let result = open(ports.build(), MediaVariant::Original, hour_link(MediaVariant::Original)).await;
    assert_eq!(result.expect_err("away").code(), "storage_unavailable");
}

#[test]
fn copies_are_known_by_their_names_and_by_no_others() {
    for variant in [MediaVariant::Original, MediaVariant::Thumbnail] {
        assert_eq!(MediaVariant::parse(variant.as_str()), Some(variant));
    }
    for other in ["", "ORIGINAL", "original ", "../original"] {
        assert_eq!(MediaVariant::parse(other), None);
    }
}

#[tokio::test]
async fn links_without_a_signature_are_good_where_they_are_given_out_and_nowhere_else() {
    let record = stored(|_| ());
    let door = |is_public: bool| {
        let file = is_public.then_some(Ok(7));
        MediaDoor::new(with_file(Some(stored(|_| ())), file).build(), None).public(is_public)
    };
    let link = door(true).link(&record, MediaVariant::Original, MediaDoor::SCREEN_LIFETIME);
    assert_eq!(link.url, format!("/media/{}/{}/original", tenant(), id()));
    assert!(door(true).open_public(tenant(), id(), MediaVariant::Original).await.is_ok());
    let refused = door(false).open_public(tenant(), id(), MediaVariant::Original).await.err();
    assert_eq!(refused.map(|error| error.code()), Some("media_not_found"));
    assert!(door(false).link(&record, MediaVariant::Original, MediaDoor::SCREEN_LIFETIME).url.contains("signature="));
}

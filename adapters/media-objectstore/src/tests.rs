//! The port's promises, on a real folder.

use std::{path::Path, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, future::join_all, stream};
use hubchat_ports::{IncomingBytes, MediaFileError, MediaFiles as _, MediaLimits};
use object_store::memory::InMemory;

use crate::{ObjectStoreMedia, upload::PART};

const LIMITS: MediaLimits =
    MediaLimits { max_bytes: 100, max_pixels: 1_000_000, max_side: 1_000_000, thumbnail_side: 64 };
const LARGE: MediaLimits = MediaLimits { max_bytes: 1 << 30, ..LIMITS };

fn incoming(chunks: Vec<Result<&'static [u8], &'static str>>) -> IncomingBytes {
    stream::iter(chunks.into_iter().map(|chunk| chunk.map(Bytes::from_static).map_err(Into::into))).boxed()
}

fn whole(bytes: impl Into<Bytes>) -> IncomingBytes {
    let bytes = bytes.into();
    stream::once(async { Ok(bytes) }).boxed()
}

fn files_below(folder: &Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .fold(0, |count, path| count + if path.is_dir() { files_below(&path) } else { 1 })
}

async fn read(media: &ObjectStoreMedia, key: &str) -> Vec<u8> {
    let read = media.open(key).await.unwrap();
    let size = read.size;
    let chunks: Vec<Bytes> = read.body.try_collect().await.unwrap();
    let bytes = chunks.concat();
    assert_eq!(size, bytes.len() as u64);
    bytes
}

fn local() -> (tempfile::TempDir, ObjectStoreMedia) {
    let folder = tempfile::tempdir().unwrap();
    let media = ObjectStoreMedia::local(folder.path()).unwrap();
    (folder, media)
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

#[tokio::test]
async fn a_file_is_kept_read_replaced_and_removed() {
    let (folder, media) = local();
    let kept = media.store("t/a/m", incoming(vec![Ok(b"%PDF-"), Ok(b""), Ok(b"1.7")]), LIMITS).await.unwrap();
    assert_eq!((kept.size, kept.content_type.as_str()), (8, "application/pdf"));
    assert_eq!(read(&media, "t/a/m").await, b"%PDF-1.7");
    let replaced = media.store("t/a/m", incoming(vec![Ok(b"new")]), LIMITS).await.unwrap();
    assert_eq!((replaced.size, replaced.content_type.as_str()), (3, "application/octet-stream"));
    assert_eq!(read(&media, "t/a/m").await, b"new");
    for _ in 0..2 {
        media.delete("t/a/m").await.unwrap();
    }
    assert!(matches!(media.open("t/a/m").await, Err(MediaFileError::NotFound)));
    assert_eq!(files_below(folder.path()), 0);
}

#[tokio::test]
async fn a_file_of_exactly_the_limit_and_an_empty_one_are_kept() {
    let (_folder, media) = local();
    let full = media.store("full", incoming(vec![Ok(&[7; 60]), Ok(&[7; 40])]), LIMITS).await.unwrap();
    assert_eq!(full.size, 100);
    let empty = media.store("empty", incoming(vec![]), LIMITS).await.unwrap();
    assert_eq!(empty.size, 0);
    assert!(read(&media, "empty").await.is_empty());
    assert!(!media.make_thumbnail("empty", "empty.thumbnail", LIMITS).await.unwrap());
}

#[tokio::test]
async fn a_store_that_is_opened_again_has_its_files() {
    let (folder, media) = local();
    media.store("t/a/m", incoming(vec![Ok(b"kept")]), LIMITS).await.unwrap();
    drop(media);
    let media = ObjectStoreMedia::local(folder.path()).unwrap();
    assert_eq!(read(&media, "t/a/m").await, b"kept");
}

#[tokio::test]
async fn files_of_several_parts_are_whole_in_folders_and_in_other_stores() {
    let (_folder, local) = local();
    let memory = ObjectStoreMedia::over(std::sync::Arc::new(InMemory::new()));
    for media in [local, memory] {
        for size in [PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 17] {
            let bytes: Vec<u8> = (0..size).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let chunks: Vec<Bytes> = bytes.chunks(1_000_003).map(Bytes::copy_from_slice).collect();
            let kept = media.store("t/m", stream::iter(chunks.into_iter().map(Ok)).boxed(), LARGE).await.unwrap();
            assert_eq!(kept.size, size as u64);
            assert!(read(&media, "t/m").await == bytes, "{size}");
        }
    }
}

#[tokio::test]
async fn too_much_leaves_nothing_and_is_not_read_to_its_end() {
    let (folder, media) = local();
    let large = media.store("t/a/m", incoming(vec![Ok(&[0; 60]), Ok(&[0; 60])]), LIMITS).await;
    assert!(matches!(large, Err(MediaFileError::TooLarge { limit: 100 })));
    let endless = stream::repeat_with(|| Ok(Bytes::from(vec![0; 65_536]))).boxed();
    let limits = MediaLimits { max_bytes: 2 * PART as u64, ..LIMITS };
    let endless = media.store("t/a/m", endless, limits).await;
    assert!(matches!(endless, Err(MediaFileError::TooLarge { .. })));
    assert!(matches!(media.open("t/a/m").await, Err(MediaFileError::NotFound)));
    assert_eq!(files_below(folder.path()), 0);
}

#[tokio::test]
async fn an_interrupted_file_leaves_nothing_and_spares_the_one_before_it() {
    let (folder, media) = local();
    let cut = media.store("t/a/m", incoming(vec![Ok(b"begin"), Err("the line broke")]), LIMITS).await;
    assert!(matches!(cut, Err(MediaFileError::Interrupted(_))));
    assert!(matches!(media.open("t/a/m").await, Err(MediaFileError::NotFound)));
    assert_eq!(files_below(folder.path()), 0);

    media.store("t/a/m", incoming(vec![Ok(b"before")]), LIMITS).await.unwrap();
    let long = stream::iter([Ok(Bytes::from(vec![1; PART + 1])), Err("the line broke".into())]).boxed();
    assert!(matches!(media.store("t/a/m", long, LARGE).await, Err(MediaFileError::Interrupted(_))));
    assert_eq!(read(&media, "t/a/m").await, b"before");
    assert_eq!(files_below(folder.path()), 1);
}

#[tokio::test]
async fn nobody_sees_a_part_of_a_file_and_one_that_is_given_up_leaves_nothing() {
    let (folder, media) = local();
    let begun = stream::once(async { Ok(Bytes::from(vec![1; 2 * PART])) }).chain(stream::pending()).boxed();
    let storing = tokio::spawn({
        let media = media.clone();
        async move { media.store("t/a/m", begun, LARGE).await }
    });
    until(|| files_below(folder.path()) == 1, "the parts are on their way").await;
    assert!(matches!(media.open("t/a/m").await, Err(MediaFileError::NotFound)));
    storing.abort();
    until(|| files_below(folder.path()) == 0, "the parts are removed").await;
}

async fn until(condition: impl Fn() -> bool + Send + Sync, what: &str) {
    let waited = tokio::time::timeout(Duration::from_secs(10), async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    });
    waited.await.expect(what);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_files_that_come_together_under_one_key_one_is_kept_whole() {
    let (folder, media) = local();
    let files: Vec<Vec<u8>> = (0..16_u8).map(|n| vec![n; 1_000 + 100_000 * usize::from(n)]).collect();
    let writers = join_all(files.iter().cloned().map(|file| {
        let media = media.clone();
        tokio::spawn(async move { media.store("t/a/m", whole(file), LARGE).await })
    }));
    let reader = async {
        for _ in 0..20 {
            match media.open("t/a/m").await {
                Ok(found) => {
                    let chunks: Vec<Bytes> = found.body.try_collect().await.unwrap();
                    assert!(files.contains(&chunks.concat()), "a part of a file was seen");
                }
                Err(error) => assert!(matches!(error, MediaFileError::NotFound), "{error}"),
            }
        }
    };
    let (written, ()) = tokio::join!(writers, reader);
    for stored in written {
        stored.unwrap().unwrap();
    }
    assert!(files.contains(&read(&media, "t/a/m").await));
    assert_eq!(files_below(folder.path()), 1);
}

#[tokio::test]
async fn keys_never_lead_outside() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("outside"), "secret").unwrap();
    let media = ObjectStoreMedia::local(&folder.path().join("inner")).unwrap();
    let outside = folder.path().join("outside");
    for key in ["../outside", "/etc/passwd", "a/../../outside", "..%2foutside", "", outside.to_str().unwrap()] {
        assert!(media.store(key, incoming(vec![Ok(b"x")]), LIMITS).await.is_err(), "{key}");
        assert!(matches!(media.open(key).await, Err(MediaFileError::NotFound)), "{key}");
        assert!(media.delete(key).await.is_err(), "{key}");
        assert!(media.make_thumbnail(key, "t", LIMITS).await.is_err(), "{key}");
        assert!(media.make_thumbnail("t", key, LIMITS).await.is_err(), "{key}");
    }
    assert_eq!(std::fs::read_to_string(outside).unwrap(), "secret");
    assert_eq!(files_below(folder.path()), 1);
}

#[tokio::test]
async fn what_a_file_claims_to_be_does_not_count() {
    let (_folder, media) = local();
    let page = b"<html><script>alert(1)</script></html>";
    let kept = media.store("picture.png", incoming(vec![Ok(page)]), LIMITS).await.unwrap();
    assert_eq!(kept.content_type, "application/octet-stream");
    let in_pieces = incoming(png(1, 1).leak().chunks(1).map(Ok).collect());
    assert_eq!(media.store("page.html", in_pieces, LIMITS).await.unwrap().content_type, "image/png");
}

#[tokio::test]
async fn a_picture_gets_a_thumbnail_and_other_files_do_not() {
    let (_folder, media) = local();
    media.store("p", whole(png(200, 100)), LARGE).await.unwrap();
    assert!(media.make_thumbnail("p", "p.thumbnail", LARGE).await.unwrap());
    let small = image::load_from_memory(&read(&media, "p.thumbnail").await).unwrap();
    assert_eq!((small.width(), small.height()), (64, 32));
    assert!(media.make_thumbnail("p", "p.thumbnail", LARGE).await.unwrap(), "and again");

    for other in [b"%PDF-1.7".as_slice(), b"<svg/>", b"\x89PNG\r\n\x1a\n broken"] {
        media.store("d", whole(other), LARGE).await.unwrap();
        assert!(!media.make_thumbnail("d", "d.thumbnail", LARGE).await.unwrap());
        assert!(matches!(media.open("d.thumbnail").await, Err(MediaFileError::NotFound)));
    }
    assert!(matches!(media.make_thumbnail("gone", "x", LARGE).await, Err(MediaFileError::NotFound)));
}

#[tokio::test]
async fn pictures_beyond_the_limits_get_no_thumbnail() {
    let (_folder, media) = local();
    media.store("p", whole(png(200, 100)), LARGE).await.unwrap();
    for (max_pixels, made) in [(19_999, false), (20_000, true)] {
        let limits = MediaLimits { max_pixels, ..LARGE };
        assert_eq!(media.make_thumbnail("p", "p.thumbnail", limits).await.unwrap(), made, "{max_pixels}");
    }
    let few_bytes = MediaLimits { max_bytes: 10, ..LARGE };
    assert!(!media.make_thumbnail("p", "p.thumbnail", few_bytes).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_thumbnails_wait_for_their_turn() {
    let (_folder, media) = local();
    media.store("p", whole(png(400, 300)), LARGE).await.unwrap();
    let made = join_all((0..12).map(|n| {
        let media = media.clone();
        async move { media.make_thumbnail("p", &format!("p.{n}"), LARGE).await }
    }));
    assert!(made.await.into_iter().all(|made| made.unwrap()));
}

//! Files: wholly there or not at all, and cheap to refuse.

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, future::join_all, stream};
use hubchat_ports::{IncomingBytes, MediaFileError, MediaLimits};

use crate::MediaFilesHarness;
use crate::picture::{bomb, png};

const LIMITS: MediaLimits =
    MediaLimits { max_bytes: 1_000_000, max_pixels: 1_000_000, max_side: 1_000_000, thumbnail_side: 64 };

/// Bytes that come in pieces.
fn incoming(bytes: &[u8]) -> IncomingBytes {
    let pieces: Vec<_> = bytes.chunks(10_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces).boxed()
}

/// Bytes that stop coming.
fn broken(bytes: &[u8]) -> IncomingBytes {
    let pieces = vec![Ok(Bytes::copy_from_slice(bytes)), Err("the connection broke".into())];
    stream::iter(pieces).boxed()
}

async fn read(harness: &dyn MediaFilesHarness, key: &str) -> Result<Vec<u8>, MediaFileError> {
    let opened = harness.files().open(key).await?;
    let body: Vec<Bytes> = opened.body.try_collect().await?;
    let bytes = body.concat();
    assert_eq!(opened.size, u64::try_from(bytes.len()).unwrap(), "another size than was told");
    Ok(bytes)
}

async fn assert_absent(harness: &dyn MediaFilesHarness, key: &str) {
    assert!(matches!(read(harness, key).await, Err(MediaFileError::NotFound)), "{key}");
}

pub async fn a_file_is_read_as_it_was_stored(harness: &dyn MediaFilesHarness) {
    let every_byte: Vec<u8> = (0..=255).collect();
    let files = [Vec::new(), b"x".to_vec(), every_byte.repeat(2_000)];
    for (number, bytes) in files.iter().enumerate() {
        let key = format!("tenant/account/{number}");
        let stored = harness.files().store(&key, incoming(bytes), LIMITS).await.unwrap();
        assert_eq!(stored.size, u64::try_from(bytes.len()).unwrap());
        assert!(read(harness, &key).await.unwrap() == *bytes, "file {number} changed");
    }
    assert_absent(harness, "tenant/account/3").await;
    assert_absent(harness, "tenant/account").await;
}

pub async fn the_type_is_told_by_the_bytes(harness: &dyn MediaFilesHarness) {
    let files = [
        (png(4, 4), "image/png"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), "application/pdf"),
        (b"nothing that anyone knows".to_vec(), "application/octet-stream"),
        (Vec::new(), "application/octet-stream"),
    ];
    for (bytes, content_type) in files {
        // The name says otherwise, and is not believed.
        let stored = harness.files().store("tenant/account/file.gif", incoming(&bytes), LIMITS).await.unwrap();
        assert_eq!(stored.content_type, content_type);
    }
}

pub async fn a_file_that_is_too_large_is_not_kept(harness: &dyn MediaFilesHarness) {
    let limits = MediaLimits { max_bytes: 50_000, ..LIMITS };
    let bytes = vec![7; 50_001];
    let refused = harness.files().store("tenant/large", incoming(&bytes), limits).await;
    assert!(matches!(refused, Err(MediaFileError::TooLarge { limit: 50_000 })));
    assert_absent(harness, "tenant/large").await;
    harness.files().store("tenant/large", incoming(&bytes[1..]), limits).await.unwrap();
    assert_eq!(read(harness, "tenant/large").await.unwrap().len(), 50_000);

    let endless = stream::repeat_with(|| Ok(Bytes::from_static(&[7; 1_000]))).boxed();
    let refused = harness.files().store("tenant/endless", endless, limits).await;
    assert!(matches!(refused, Err(MediaFileError::TooLarge { limit: 50_000 })));
    assert_absent(harness, "tenant/endless").await;
}

pub async fn a_file_whose_bytes_stop_coming_is_not_kept(harness: &dyn MediaFilesHarness) {
    let refused = harness.files().store("tenant/broken", broken(b"half of it"), LIMITS).await;
    assert!(matches!(refused, Err(MediaFileError::Interrupted(_))));
    assert_absent(harness, "tenant/broken").await;
    harness.files().store("tenant/broken", incoming(b"all of it"), LIMITS).await.unwrap();
    assert_eq!(read(harness, "tenant/broken").await.unwrap(), b"all of it");
}

pub async fn a_file_is_replaced_wholly(harness: &dyn MediaFilesHarness) {
    harness.files().store("tenant/file", incoming(&vec![1; 90_000]), LIMITS).await.unwrap();
    harness.files().store("tenant/file", incoming(&vec![2; 40_000]), LIMITS).await.unwrap();
    assert!(read(harness, "tenant/file").await.unwrap() == vec![2; 40_000], "something of the former is left");
    let writers = join_all((3..11).map(|byte| async move {
        harness.files().store("tenant/file", incoming(&vec![byte; 90_000]), LIMITS).await.unwrap();
    }));
    let readers = join_all((0..8).map(|_| async move {
        for _ in 0..10 {
            let bytes = read(harness, "tenant/file").await.unwrap();
            assert!(bytes.iter().all(|byte| *byte == bytes[0]), "parts of two files");
            assert!(bytes.len() == 90_000 || bytes[0] == 2, "a part of a file");
        }
    }));
    futures_util::future::join(writers, readers).await;
    assert_eq!(read(harness, "tenant/file").await.unwrap().len(), 90_000);
}

pub async fn a_removed_file_is_gone(harness: &dyn MediaFilesHarness) {
    for key in ["tenant/a", "tenant/b"] {
        harness.files().store(key, incoming(b"bytes"), LIMITS).await.unwrap();
    }
    harness.files().delete("tenant/a").await.unwrap();
    harness.files().delete("tenant/a").await.unwrap();
    harness.files().delete("tenant/never").await.unwrap();
    assert_absent(harness, "tenant/a").await;
    assert_eq!(read(harness, "tenant/b").await.unwrap(), b"bytes");
}

pub async fn a_picture_gets_a_small_jpeg(harness: &dyn MediaFilesHarness) {
    for (number, (width, height)) in [(640, 480), (64, 64), (8, 4), (1, 900)].into_iter().enumerate() {
        let (key, small) = (format!("tenant/{number}"), format!("tenant/{number}/thumbnail"));
        let (key, small) = (key.as_str(), small.replace('/', "-"));
        harness.files().store(key, incoming(&png(width, height)), LIMITS).await.unwrap();
        assert!(harness.files().make_thumbnail(key, &small, LIMITS).await.unwrap(), "{width} by {height}");
        let jpeg = read(harness, &small).await.unwrap();
        assert!(jpeg.starts_with(&[0xff, 0xd8, 0xff]), "not a JPEG");
        assert!(jpeg.len() < 20_000, "a thumbnail of {} bytes", jpeg.len());
        assert!(read(harness, key).await.unwrap() == png(width, height), "the picture itself changed");
    }
}

pub async fn what_is_no_picture_gets_no_thumbnail(harness: &dyn MediaFilesHarness) {
    let cut = png(640, 480);
    for bytes in [b"plain text".to_vec(), Vec::new(), cut[..cut.len() / 2].to_vec(), b"\x89PNG\r\n\x1a\n".to_vec()] {
        harness.files().store("tenant/file", incoming(&bytes), LIMITS).await.unwrap();
        assert!(!harness.files().make_thumbnail("tenant/file", "tenant/small", LIMITS).await.unwrap());
        assert_absent(harness, "tenant/small").await;
    }
    let absent = harness.files().make_thumbnail("tenant/never", "tenant/small", LIMITS).await;
    assert!(matches!(absent, Err(MediaFileError::NotFound)));
}

pub async fn a_picture_beyond_the_limits_gets_no_thumbnail(harness: &dyn MediaFilesHarness) {
    for bytes in [bomb(60_000, 60_000), bomb(u32::MAX >> 1, u32::MAX >> 1), bomb(1, 2_000_000), png(1_001, 1_000)] {
        let limits = MediaLimits { max_bytes: 10_000_000, ..LIMITS };
        harness.files().store("tenant/file", incoming(&bytes), limits).await.unwrap();
        assert!(!harness.files().make_thumbnail("tenant/file", "tenant/small", limits).await.unwrap());
        assert_absent(harness, "tenant/small").await;
    }
    for (width, height) in [(501, 2), (2, 501)] {
        let limits = MediaLimits { max_side: 500, ..LIMITS };
        harness.files().store("tenant/file", incoming(&png(width, height)), limits).await.unwrap();
        assert!(!harness.files().make_thumbnail("tenant/file", "tenant/small", limits).await.unwrap());
        assert_absent(harness, "tenant/small").await;
    }
}

pub async fn no_key_leads_outside_the_store(harness: &dyn MediaFilesHarness) {
    let hostile = [
        "../escaped",
        "tenant/../../escaped",
        "../../../../../../../../etc/passwd",
        "/etc/passwd",
        "tenant/..\\..\\escaped",
        "tenant/\0/escaped",
    ];
    for key in hostile {
        assert!(read(harness, key).await.is_err(), "{key:?} opens something");
        // Whether it is refused or kept inside is the adapter's affair.
        drop(harness.files().make_thumbnail(key, "tenant/small", LIMITS).await);
        drop(harness.files().delete(key).await);
    }
    for key in ["../escaped", "tenant/../../escaped", "tenant/..\\..\\escaped"] {
        drop(harness.files().store(key, incoming(b"escaped"), LIMITS).await);
    }
    assert!(!harness.wrote_outside().await);
}

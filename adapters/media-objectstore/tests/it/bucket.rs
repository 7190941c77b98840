//! In a bucket.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hubchat_conformance::MediaFilesHarness;
use hubchat_media_objectstore::{ObjectStoreMedia, S3Config};
use hubchat_ports::{IncomingBytes, MediaFileError, MediaFiles, MediaLimits};

use crate::s3_server::S3Server;

struct Bucket {
    server: S3Server,
    media: ObjectStoreMedia,
}

#[async_trait]
impl MediaFilesHarness for Bucket {
    async fn start() -> Self {
        let server = S3Server::start().await;
        let media = with(&server, |config| "shop/media".clone_into(&mut config.prefix));
        Self { server, media }
    }

    fn files(&self) -> &dyn MediaFiles {
        &self.media
    }

    async fn wrote_outside(&self) -> bool {
        self.server.objects().iter().any(|object| !object.starts_with("files/shop/media/"))
    }

    async fn stop(self) {}
}

hubchat_conformance::media_files_suite!(Bucket);

/// More than two of the parts that files are cut into.
const SEVERAL_PARTS: usize = 12 * 1024 * 1024 + 17;
const LIMITS: MediaLimits =
    MediaLimits { max_bytes: 1 << 30, max_pixels: 1_000_000, max_side: 1_000_000, thumbnail_side: 64 };

fn with(server: &S3Server, change: impl FnOnce(&mut S3Config)) -> ObjectStoreMedia {
    let mut config = server.config();
    change(&mut config);
    ObjectStoreMedia::s3(&config).expect("a store")
}

fn incoming(bytes: &[u8]) -> IncomingBytes {
    let pieces: Vec<_> = bytes.chunks(1_000_003).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces).boxed()
}

async fn read(media: &ObjectStoreMedia, key: &str) -> Vec<u8> {
    let opened = media.open(key).await.unwrap();
    let chunks: Vec<Bytes> = opened.body.try_collect().await.unwrap();
    assert_eq!(opened.size, chunks.iter().map(|chunk| chunk.len() as u64).sum::<u64>());
    chunks.concat()
}

async fn until(condition: impl Fn() -> bool + Send + Sync, what: &str) {
    let waited = tokio::time::timeout(Duration::from_secs(20), async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    waited.await.expect(what);
}

#[tokio::test]
async fn a_file_of_several_parts_is_whole_and_leaves_no_parts() {
    let server = S3Server::start().await;
    let media = server.media();
    let bytes: Vec<u8> = (0..SEVERAL_PARTS).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let stored = media.store("tenant/film", incoming(&bytes), LIMITS).await.unwrap();
    assert_eq!(stored.size, SEVERAL_PARTS as u64);
    assert!(read(&media, "tenant/film").await == bytes);
    assert_eq!(server.objects(), ["files/tenant/film"]);
    assert!(server.unfinished().is_empty(), "{:?}", server.unfinished());
}

#[tokio::test]
async fn a_large_file_that_breaks_off_or_grows_too_large_leaves_nothing_and_spares_the_one_before_it() {
    let server = S3Server::start().await;
    let media = server.media();
    media.store("tenant/film", incoming(b"before"), LIMITS).await.unwrap();
    let pieces = [Ok(Bytes::from(vec![1; SEVERAL_PARTS])), Err("the line broke".into())];
    let broken = media.store("tenant/film", stream::iter(pieces).boxed(), LIMITS).await;
    assert!(matches!(broken, Err(MediaFileError::Interrupted(_))));
    let limits = MediaLimits { max_bytes: SEVERAL_PARTS as u64, ..LIMITS };
    let endless = stream::repeat_with(|| Ok(Bytes::from(vec![0; 65_536]))).boxed();
    let endless = media.store("tenant/film", endless, limits).await;
    assert!(matches!(endless, Err(MediaFileError::TooLarge { .. })));
    assert_eq!(read(&media, "tenant/film").await, b"before");
    assert!(server.unfinished().is_empty(), "{:?}", server.unfinished());
}

#[tokio::test]
async fn nobody_sees_a_part_of_a_file_and_one_that_is_given_up_leaves_nothing() {
    let server = S3Server::start().await;
    let media = server.media();
    let begun = stream::once(async { Ok(Bytes::from(vec![1; SEVERAL_PARTS])) }).chain(stream::pending()).boxed();
    let storing = tokio::spawn({
        let media = media.clone();
        async move { media.store("tenant/film", begun, LIMITS).await }
    });
    let parts = || server.unfinished().iter().filter(|file| file.to_string_lossy().contains(".part-")).count();
    until(|| parts() == 2, "two parts are there").await;
    assert!(matches!(media.open("tenant/film").await, Err(MediaFileError::NotFound)));
    storing.abort();
    until(|| server.unfinished().is_empty(), "the parts are removed").await;
    assert!(server.objects().is_empty());
}

#[tokio::test]
async fn a_store_that_works_is_told_from_one_that_does_not() {
    let server = S3Server::start().await;
    server.media().check().await.expect("all is well");
    server.media().check().await.expect("and again");
    let wrong_secret = with(&server, |config| config.secret_key = "another".into());
    let wrong_key = with(&server, |config| config.access_key = "another".into());
    let wrong_bucket = with(&server, |config| "absent".clone_into(&mut config.bucket));
    for wrong in [wrong_secret, wrong_key, wrong_bucket] {
        assert!(matches!(wrong.check().await, Err(MediaFileError::Unavailable(_))));
    }
}

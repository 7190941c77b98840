//! On a local folder.

use async_trait::async_trait;
use hubchat_conformance::MediaFilesHarness;
use hubchat_media_objectstore::ObjectStoreMedia;
use hubchat_ports::MediaFiles;
use tempfile::TempDir;

struct Folder {
    outer: TempDir,
    media: ObjectStoreMedia,
}

#[async_trait]
impl MediaFilesHarness for Folder {
    async fn start() -> Self {
        let outer = tempfile::tempdir().expect("a folder");
        let media = ObjectStoreMedia::local(&outer.path().join("store")).expect("a store");
        Self { outer, media }
    }

    fn files(&self) -> &dyn MediaFiles {
        &self.media
    }

    async fn wrote_outside(&self) -> bool {
        std::fs::read_dir(self.outer.path()).expect("the folder").count() != 1
    }

    async fn stop(self) {}
}

hubchat_conformance::media_files_suite!(Folder);

//! A server that speaks S3, over a folder of its own, within this process.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use hubchat_media_objectstore::{ObjectStoreMedia, S3Config};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{
    S3Result,
    access::{S3Access, S3AccessContext},
    auth::SimpleAuth,
    path::S3Path,
    s3_error,
    service::S3ServiceBuilder,
};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

pub(crate) const BUCKET: &str = "files";
const ACCESS_KEY: &str = "hubchat";
const SECRET_KEY: &str = "a secret of the tests";

/// Ends with its value.
pub(crate) struct S3Server {
    root: TempDir,
    endpoint: String,
    accepting: JoinHandle<()>,
}

impl S3Server {
    pub(crate) async fn start() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(root.path().join(BUCKET)).expect("a bucket");
        let mut service = S3ServiceBuilder::new(FileSystem::new(root.path()).expect("a store"));
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        service.set_access(LikeAmazon { root: root.path().to_owned() });
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let accepting = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    // A client that goes away is no fault of the server.
                    drop(Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await);
                });
            }
        });
        Self { root, endpoint, accepting }
    }

    /// How it is reached and used rightly.
    pub(crate) fn config(&self) -> S3Config {
        S3Config {
            bucket: BUCKET.to_owned(),
            region: "us-east-1".to_owned(),
            endpoint: Some(self.endpoint.clone()),
            access_key: ACCESS_KEY.into(),
            secret_key: SECRET_KEY.into(),
            path_style: true,
            prefix: String::new(),
        }
    }

    pub(crate) fn media(&self) -> ObjectStoreMedia {
        ObjectStoreMedia::s3(&self.config()).expect("a store")
    }

    /// The objects of all buckets, as `bucket/key`.
    pub(crate) fn objects(&self) -> Vec<String> {
        let mut keys: Vec<String> = files_below(self.root.path())
            .into_iter()
            .filter_map(|file| Some(file.strip_prefix(self.root.path()).ok()?.to_str()?.to_owned()))
            // The server's own notes are hidden files beside the buckets.
            .filter(|file| !file.starts_with('.'))
            .collect();
        keys.sort();
        keys
    }

    /// Files that the server keeps for uploads that are neither completed nor aborted.
    pub(crate) fn unfinished(&self) -> Vec<PathBuf> {
        let is_unfinished = |file: &PathBuf| {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with(".upload") || name.starts_with(".tmp.") || name.contains(".upload-")
        };
        files_below(self.root.path()).into_iter().filter(is_unfinished).collect()
    }
}

/// Answers as Amazon does where the server, which has folders for buckets and keys, would not.
struct LikeAmazon {
    root: PathBuf,
}

#[async_trait]
impl S3Access for LikeAmazon {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        if context.credentials().is_none() {
            return Err(s3_error!(AccessDenied));
        }
        let S3Path::Object { bucket, key } = context.s3_path() else { return Ok(()) };
        let bucket = self.root.join(&**bucket);
        if !bucket.is_dir() {
            return Err(s3_error!(NoSuchBucket));
        }
        // What other keys begin with is no object.
        let reads = matches!(context.s3_op().name(), "GetObject" | "HeadObject");
        if reads && bucket.join(&**key).is_dir() { Err(s3_error!(NoSuchKey)) } else { Ok(()) }
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

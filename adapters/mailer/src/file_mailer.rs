//! Mail into a folder, one file each: for trying hubchat, and for installations without a mail server.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use hubchat_ports::{Mail, MailError, Mailer};

use crate::{SenderAddress, compose::compose};

/// Writes each mail to `<number>.eml`, readable by its owner only: an operator opens the link, or passes it on.
#[derive(Debug)]
pub struct FileMailer {
    folder: PathBuf,
    from: SenderAddress,
    next: AtomicU64,
}

impl FileMailer {
    /// Mail into that folder, which is made with the first one.
    #[must_use]
    pub const fn new(folder: PathBuf, from: SenderAddress) -> Self {
        Self { folder, from, next: AtomicU64::new(1) }
    }
}

#[async_trait]
impl Mailer for FileMailer {
    async fn send(&self, to: &str, mail: &Mail) -> Result<(), MailError> {
        let bytes = compose(&self.from, to, mail)?.formatted();
        let (folder, first) = (self.folder.clone(), self.next.fetch_add(1, Ordering::Relaxed));
        let written = tokio::task::spawn_blocking(move || write(&folder, first, &bytes)).await;
        let path = written
            .map_err(|error| MailError::Failed(Box::new(error)))?
            .map_err(|error| MailError::Failed(Box::new(error)))?;
        tracing::info!(path = %path.display(), "a mail was written to a file; set HUBCHAT_SMTP_URL to have it sent");
        Ok(())
    }
}

/// Writes under the first free number; another process may write into the same folder.
fn write(folder: &Path, first: u64, bytes: &[u8]) -> io::Result<PathBuf> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut number = first;
    loop {
        let path = folder.join(format!("{number:06}.eml"));
        match options.open(&path) {
            Ok(mut file) => return file.write_all(bytes).map(|()| path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

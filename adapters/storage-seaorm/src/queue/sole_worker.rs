//! Who works off the queue of a SQLite database, told by a lock on a file beside it, which the operating system takes
//! back from whoever dies.
//!
//! Nobody else tells the leases of a process that was killed from those of one that works. Whoever comes to work and
//! finds nobody there knows that all leases are of the dead, and need not wait for their end.

use std::{
    fs::{File, TryLockError},
    path::PathBuf,
};

use sqlx::SqlitePool;
use tokio::sync::OnceCell;

const END_LEASES: &str = "UPDATE jobs SET lease_until = NULL, lease_token = NULL WHERE lease_token IS NOT NULL";

/// One among the processes that work off a queue, once it came to work.
#[derive(Debug)]
pub(crate) struct SoleWorker {
    lock: PathBuf,
    /// Locked as long as this lives; nothing where the file cannot be locked, and leases end by themselves.
    held: OnceCell<Option<File>>,
}

impl SoleWorker {
    /// Beside this database.
    pub(crate) fn of(database: &std::path::Path) -> Self {
        let mut lock = database.as_os_str().to_owned();
        lock.push("-workers");
        Self { lock: lock.into(), held: OnceCell::new() }
    }

    /// Comes to work, the first time that it is called: the leases of the dead end. How often their jobs were tried is
    /// kept.
    pub(super) async fn arrive(&self, writer: &SqlitePool) -> Result<(), sqlx::Error> {
        let arrive = async || {
            let lock = self.lock.clone();
            let held = match tokio::task::spawn_blocking(move || lock_alone(lock)).await {
                Ok(Ok(Lock::Alone(file))) => {
                    let ended = sqlx::query(END_LEASES).execute(writer).await?.rows_affected();
                    if ended > 0 {
                        tracing::info!(jobs = ended, "took back the jobs of a process that died");
                    }
                    tokio::task::spawn_blocking(move || share(file)).await
                }
                Ok(Ok(Lock::Shared(file))) => Ok(Ok(file)),
                Ok(Err(error)) => Ok(Err(error)),
                Err(error) => Err(error),
            };
            match held {
                Ok(Ok(file)) => Ok::<_, sqlx::Error>(Some(file)),
                Ok(Err(error)) => {
                    let path = self.lock.display();
                    tracing::warn!(%error, %path, "cannot lock: the jobs of a process that dies wait for their leases");
                    Ok(None)
                }
                Err(_) => Ok(None),
            }
        };
        self.held.get_or_try_init(arrive).await.map(drop)
    }
}

enum Lock {
    /// Nobody else is there, nor can come.
    Alone(File),
    /// Others are there.
    Shared(File),
}

fn lock_alone(path: PathBuf) -> std::io::Result<Lock> {
    let file = File::options().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock::Alone(file)),
        Err(TryLockError::WouldBlock) => {
            // Whoever is alone is so for a moment.
            file.lock_shared()?;
            Ok(Lock::Shared(file))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Others may come. Whoever does in between finds no lease of ours: none was taken yet.
fn share(file: File) -> std::io::Result<File> {
    file.unlock()?;
    file.lock_shared()?;
    Ok(file)
}

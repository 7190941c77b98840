//! Who works off the queue of a SQLite database, told by a lock on a file beside it, which the operating system takes
//! back from whoever dies.
//!
//! Nobody else tells the leases of a process that was killed from those of one that works. Whoever comes to work and
//! finds nobody there knows that all leases are of the dead, and need not wait for their end.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use sqlx::SqlitePool;
use tokio::sync::OnceCell;

const END_LEASES: &str = "UPDATE jobs SET lease_until = NULL, lease_token = NULL WHERE lease_token IS NOT NULL";

/// One among the processes that work off a queue, once it came to work.
#[derive(Debug)]
pub(crate) struct SoleWorker {
    database: PathBuf,
    /// Locked as long as this lives.
    held: OnceCell<File>,
}

impl SoleWorker {
    /// Beside this database.
    pub(crate) fn of(database: &Path) -> Self {
        Self { database: database.to_owned(), held: OnceCell::new() }
    }

    /// Comes to work, the first time that it is called: the leases of the dead end. How often their jobs were tried is
    /// kept. Whoever cannot lock does not work: the next one would take it for dead.
    pub(super) async fn arrive(&self, writer: &SqlitePool) -> Result<(), sqlx::Error> {
        let arrive = async || {
            let database = self.database.clone();
            let file = match blocking(move || lock_alone(&database)).await? {
                Lock::Shared(file) => return Ok(file),
                Lock::Alone(file) => file,
            };
            let ended = sqlx::query(END_LEASES).execute(writer).await?.rows_affected();
            if ended > 0 {
                tracing::info!(jobs = ended, "took back the jobs of a process that died");
            }
            blocking(move || share(file)).await
        };
        self.held.get_or_try_init(arrive).await.map(drop)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, sqlx::Error> {
    let done = tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other);
    done.flatten().map_err(|error| {
        let error = std::io::Error::new(error.kind(), format!("the file of the workers cannot be locked: {error}"));
        sqlx::Error::Io(error)
    })
}

enum Lock {
    /// Nobody else is there, nor can come.
    Alone(File),
    /// Others are there.
    Shared(File),
}

/// By the database's own name, whatever links lead to it.
fn lock_alone(database: &Path) -> std::io::Result<Lock> {
    let mut path = database.canonicalize()?.into_os_string();
    path.push("-workers");
    let file = match File::options().create(true).truncate(false).write(true).open(&path) {
        // Another user's, who may let us work on the database all the same: a lock needs no right to write.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => File::open(&path)?,
        opened => opened?,
    };
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

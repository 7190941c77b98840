//! A task that writes batch after batch.

use std::sync::Arc;
use std::time::Duration;

use hubchat_ports::{Lane, ReceivedEvent, StorageError};
use sqlx::SqlitePool;
use tokio::sync::{Mutex, mpsc};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::batch::{Batch, Call, Enough};
use super::postgres::{self, PostgresStore};
use super::{ledger, sqlite};
use crate::error::from_sqlx;
use crate::pools::SqlPools;
use crate::queue::JobWakeups;

/// A write that takes longer counts as failed; its outcome is unknown, and the provider comes again.
const WRITE_DEADLINE: Duration = Duration::from_secs(10);
/// A transaction that had to give way is tried again so often in all.
const TRIES: u32 = 5;
/// How long to stand back before the second try; longer before each further one.
const STAND_BACK: Duration = Duration::from_millis(5);
/// After so many batches the ledger's rows are added up into one.
const FOLD_EVERY: u32 = 512;

/// Where a batch goes.
#[derive(Debug)]
enum Store {
    Postgres(PostgresStore),
    Sqlite(SqlitePool),
}

#[derive(Debug)]
pub(super) struct Batcher {
    waiting: Arc<Mutex<mpsc::Receiver<Call>>>,
    pools: SqlPools,
    store: Store,
    wakeups: Arc<JobWakeups>,
    enough: Enough,
    batches: u32,
}

impl Batcher {
    pub(super) fn new(waiting: Arc<Mutex<mpsc::Receiver<Call>>>, pools: SqlPools, wakeups: Arc<JobWakeups>) -> Self {
        let (store, enough) = match &pools {
            SqlPools::Postgres(pool) => (Store::Postgres(PostgresStore::new(pool.clone())), postgres::ENOUGH),
            SqlPools::Sqlite { writer, .. } => (Store::Sqlite(writer.clone()), sqlite::ENOUGH),
        };
        Self { waiting, pools, store, wakeups, enough, batches: 0 }
    }

    pub(super) async fn run(mut self) {
        loop {
            let collect = async { Batch::collect(&mut *self.waiting.lock().await, self.enough).await };
            // Once storage is closed nothing can be written, and the connection held here must go; whoever
            // still waits learns that nothing was stored.
            let stopped = self.wakeups.stopped();
            let batch = tokio::select! {
                biased;
                () = stopped => return,
                batch = collect => batch,
            };
            let Some(batch) = batch else { return };
            self.write(batch).await;
            self.batches += 1;
            if self.batches >= FOLD_EVERY {
                self.batches = 0;
                tokio::spawn(ledger::fold_quietly(self.pools.clone()));
            }
        }
    }

    async fn write(&mut self, batch: Batch) {
        match self.store(&batch.events()).await {
            Ok(stored) => self.succeed(batch, stored),
            // One bad event must not fail the others: each call stands alone.
            Err(error) if batch.is_shared() && !is_passing(&error) => {
                for single in batch.apart() {
                    match self.store(&single.events()).await {
                        Ok(stored) => self.succeed(single, stored),
                        Err(error) => single.answer_error(error),
                    }
                }
            }
            Err(error) => batch.answer_error(error),
        }
    }

    fn succeed(&self, batch: Batch, stored: Vec<Uuid>) {
        batch.answer_stored(stored.into_iter().collect());
        // Even when all were known: a try whose answer was lost may have stored them.
        self.wakeups.nudge(&[Lane::Inbound]);
    }

    /// Stores the events; again when that is of use. Nothing is stored twice by it.
    async fn store(&mut self, events: &[&ReceivedEvent]) -> Result<Vec<Uuid>, StorageError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let (old_connection, stored) = match &mut self.store {
                Store::Postgres(store) => {
                    (store.keeps_connection(), timeout(WRITE_DEADLINE, store.store(events)).await)
                }
                Store::Sqlite(writer) => (false, timeout(WRITE_DEADLINE, sqlite::store(writer, events)).await),
            };
            match stored.map(|stored| stored.map_err(from_sqlx)) {
                Ok(Ok(stored)) => return Ok(stored),
                Ok(Err(StorageError::Contention(_))) if tries < TRIES => sleep(STAND_BACK * tries).await,
                // The connection had died, perhaps long ago; another is taken.
                Ok(Err(StorageError::Unavailable(_))) if old_connection => {}
                Ok(Err(error)) => return Err(error),
                Err(elapsed) => return Err(StorageError::Unavailable(Box::new(elapsed))),
            }
        }
    }
}

/// Whether the error lies with the database's state rather than with an event.
const fn is_passing(error: &StorageError) -> bool {
    matches!(error, StorageError::Unavailable(_) | StorageError::Contention(_))
}

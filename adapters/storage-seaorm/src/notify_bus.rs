//! The bus that PostgreSQL itself is: LISTEN and NOTIFY between all processes that share the database.
//!
//! Within the process notices go round at once. Others are told by statements of their own, a few milliseconds
//! apart, so that no session that commits waits for it: a NOTIFY within its transaction would make the commits of
//! the whole database follow each other.

use std::{
    collections::VecDeque,
    convert::Infallible,
    hash::{BuildHasher, Hasher, RandomState},
    sync::{Arc, Mutex, Once, PoisonError},
    time::Duration,
};

use futures_util::stream;
use hubchat_ports::{EventBus, Heard, Hearing, Notice};
use sqlx::{PgPool, postgres::PgListener};
use tokio::{
    runtime::Handle,
    sync::{Notify, broadcast},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

const CHANNEL: &str = "hubchat_live";
/// What is said in place of notices that were lost.
const MISSED: &str = "missed";
/// A listener that is further behind has missed something.
const HELD: usize = 1_024;
/// So many notices wait for others to be told; beyond it they are told that they missed some.
const UNTOLD: usize = 1_024;
/// PostgreSQL carries less than 8,000 bytes (<https://www.postgresql.org/docs/15/sql-notify.html>).
const MOST_BYTES: usize = 7_900;
/// However much there is to tell, others are told no more often than this: telling is a commit too.
const TELL_INTERVAL: Duration = Duration::from_millis(15);
/// In their order, and without waiting for a disk.
const TELL: &str = "SELECT pg_notify($1, o.message), set_config('synchronous_commit', 'off', true) \
    FROM UNNEST($2::text[]) WITH ORDINALITY AS o(message, n) ORDER BY o.n";
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Tells and hears through PostgreSQL. Cheap to clone.
///
/// A process that only tells holds no connection for it; one that listens holds one of the pool.
#[derive(Clone)]
pub struct NotifyBus(Arc<Inner>);

struct Inner {
    pool: PgPool,
    runtime: Handle,
    stop: CancellationToken,
    local: broadcast::Sender<Heard>,
    untold: Mutex<Untold>,
    tell: Notify,
    /// Tells our own notices, which went round already, from those of others.
    us: String,
    telling: Once,
    listening: Once,
}

#[derive(Default)]
struct Untold {
    notices: VecDeque<Notice>,
    missed: bool,
}

impl NotifyBus {
    /// Must be called within a tokio runtime. Its tasks end with `stop`.
    pub(crate) fn start(pool: PgPool, stop: CancellationToken) -> Self {
        let (local, _) = broadcast::channel(HELD);
        Self(Arc::new(Inner {
            pool,
            runtime: Handle::current(),
            stop,
            local,
            untold: Mutex::default(),
            tell: Notify::new(),
            us: format!("{:016x}", RandomState::new().build_hasher().finish()),
            telling: Once::new(),
            listening: Once::new(),
        }))
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.runtime.spawn(self.0.stop.clone().run_until_cancelled_owned(task));
    }
}

impl EventBus for NotifyBus {
    fn announce(&self, notice: Notice) {
        // Nobody may be listening here.
        let _ = self.0.local.send(Heard::Notice(notice.clone()));
        self.0.untold.lock().unwrap_or_else(PoisonError::into_inner).push(notice);
        self.0.telling.call_once(|| self.spawn(tell(Arc::clone(&self.0))));
        self.0.tell.notify_one();
    }

    fn listen(&self) -> Hearing {
        let receiver = self.0.local.subscribe();
        self.0.listening.call_once(|| self.spawn(listen(Arc::clone(&self.0))));
        Box::pin(stream::unfold(receiver, |mut receiver| async move {
            let heard = match receiver.recv().await {
                Ok(heard) => heard,
                Err(broadcast::error::RecvError::Lagged(_)) => Heard::Missed,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            };
            Some((heard, receiver))
        }))
    }
}

impl Untold {
    fn push(&mut self, notice: Notice) {
        let repeats = matches!(notice, Notice::Committed { .. } | Notice::AccessChanged { .. });
        if repeats && self.notices.contains(&notice) {
            return;
        }
        if self.notices.len() >= UNTOLD {
            self.notices.clear();
            self.missed = true;
        }
        self.notices.push_back(notice);
    }

    fn take(&mut self, us: &str) -> Vec<String> {
        let mut told = Vec::new();
        for notice in self.notices.drain(..) {
            match serde_json::to_string(&notice).map(|text| format!("{us} {text}")) {
                Ok(text) if text.len() <= MOST_BYTES => told.push(text),
                _ => self.missed = true,
            }
        }
        if std::mem::take(&mut self.missed) {
            told.push(format!("{us} {MISSED}"));
        }
        told
    }
}

async fn tell(bus: Arc<Inner>) {
    loop {
        bus.tell.notified().await;
        let notices = bus.untold.lock().unwrap_or_else(PoisonError::into_inner).take(&bus.us);
        if notices.is_empty() {
            continue;
        }
        if let Err(error) = sqlx::query(TELL).bind(CHANNEL).bind(&notices).execute(&bus.pool).await {
            tracing::debug!(%error, "other processes could not be told of what happened; they will look for themselves");
            bus.untold.lock().unwrap_or_else(PoisonError::into_inner).missed = true;
            sleep(FIRST_PAUSE).await;
            bus.tell.notify_one();
        }
        sleep(TELL_INTERVAL).await;
    }
}

async fn listen(bus: Arc<Inner>) {
    let mut pause = FIRST_PAUSE;
    loop {
        match listen_once(&bus, &mut pause).await {
            Ok(never) => match never {},
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => tracing::warn!(%error, "lost the connection that tells of events; trying again"),
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn listen_once(bus: &Inner, pause: &mut Duration) -> Result<Infallible, sqlx::Error> {
    let mut listener = PgListener::connect_with(&bus.pool).await?;
    listener.listen(CHANNEL).await?;
    *pause = FIRST_PAUSE;
    // What was said while we did not listen is not repeated.
    let _ = bus.local.send(Heard::Missed);
    loop {
        let heard = match listener.try_recv().await? {
            None => Heard::Missed,
            Some(notification) => {
                let Some((sender, text)) = notification.payload().split_once(' ') else { continue };
                if sender == bus.us {
                    continue;
                }
                // What a newer version says that this one does not know is looked for like what was missed.
                serde_json::from_str(text).map_or(Heard::Missed, Heard::Notice)
            }
        };
        let _ = bus.local.send(heard);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hubchat_domain::TenantId;
    use uuid::Uuid;

    fn committed(number: u128) -> Notice {
        Notice::Committed { tenant_id: TenantId::from_uuid(Uuid::from_u128(number)) }
    }

    #[test]
    fn what_repeats_is_told_once_and_what_is_too_much_is_told_as_missed() {
        let mut untold = Untold::default();
        untold.push(committed(1));
        untold.push(committed(2));
        untold.push(committed(1));
        assert_eq!(untold.take("us").len(), 2);
        assert!(untold.take("us").is_empty());
        for number in 0..=u128::try_from(UNTOLD).unwrap() {
            untold.push(committed(number));
        }
        let told = untold.take("us");
        assert_eq!((told.len(), told[1].as_str()), (2, "us missed"));
    }
}

//! The background tasks that carry wake-ups between processes on PostgreSQL. Both survive a restart of
//! the database and end with the wake-ups they serve.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use hubchat_ports::Lane;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::wakeups::Bells;

const CHANNEL: &str = "hubchat_jobs";
/// However many commits there are, others are told no more often than this: telling is a commit too.
const TELL_INTERVAL: Duration = Duration::from_millis(15);
/// A hint is not worth waiting for a disk.
const TELL: &str = "SELECT pg_notify($1, message), set_config('synchronous_commit', 'off', true) \
    FROM UNNEST($2::text[]) AS message";
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Starts the tasks. They hold the bells weakly through `stop`: cancelled, both end at once.
pub(super) fn spawn(pool: PgPool, bells: &Arc<Bells>, stop: &CancellationToken) {
    // Tells our own notifications, whose bells were rung in the process already, from those of others.
    let us = format!("{:016x}", RandomState::new().build_hasher().finish());
    tokio::spawn(stop.clone().run_until_cancelled_owned(tell(pool.clone(), Arc::clone(bells), us.clone())));
    tokio::spawn(stop.clone().run_until_cancelled_owned(listen(pool, Arc::clone(bells), us)));
}

async fn tell(pool: PgPool, bells: Arc<Bells>, us: String) {
    loop {
        let lanes: Vec<String> = bells.untold().await.iter().map(|lane| format!("{lane} {us}")).collect();
        if lanes.is_empty() {
            continue;
        }
        if let Err(error) = sqlx::query(TELL).bind(CHANNEL).bind(&lanes).execute(&pool).await {
            // Workers elsewhere find the jobs when they next look.
            tracing::debug!(%error, "other processes could not be told of new jobs");
        }
        sleep(TELL_INTERVAL).await;
    }
}

async fn listen(pool: PgPool, bells: Arc<Bells>, us: String) {
    let mut pause = FIRST_PAUSE;
    loop {
        match listen_once(&pool, &bells, &us, &mut pause).await {
            Ok(never) => match never {},
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => tracing::warn!(%error, "lost the connection that wakes workers; trying again"),
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn listen_once(
    pool: &PgPool,
    bells: &Bells,
    us: &str,
    pause: &mut Duration,
) -> Result<std::convert::Infallible, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    *pause = FIRST_PAUSE;
    // What was said while we did not listen is not repeated.
    bells.ring_all();
    loop {
        let Some(notification) = listener.try_recv().await? else {
            bells.ring_all();
            continue;
        };
        let Some((lane, sender)) = notification.payload().split_once(' ') else { continue };
        if sender != us
            && let Some(lane) = Lane::parse(lane)
        {
            bells.ring(lane);
        }
    }
}

//! Wakes workers when jobs may have come: at once within the process, and by LISTEN/NOTIFY between
//! processes on PostgreSQL. A wake-up is a hint; nothing may depend on its coming.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hubchat_ports::Lane;
use tokio::sync::Notify;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::notifications;

/// One bell per lane.
///
/// A bell rung while nobody waits stays rung for one waiter. So a worker that found nothing, and waits a
/// moment after jobs were committed, does not sleep through them. Each ring wakes one worker; the one
/// that finds more than it can take rings for the next.
#[derive(Debug)]
pub struct JobWakeups {
    bells: Arc<Bells>,
    stop: CancellationToken,
    /// Ends the background tasks with the last owner.
    _stop_on_drop: DropGuard,
}

#[derive(Debug, Default)]
pub(super) struct Bells {
    lanes: [Notify; Lane::ALL.len()],
    /// Lanes that other processes have yet to be told of.
    untold: [AtomicBool; Lane::ALL.len()],
    /// Something is untold.
    tell: Notify,
}

impl JobWakeups {
    /// Wake-ups within this process only: SQLite.
    #[must_use]
    pub fn local() -> Self {
        Self::with_bells(Arc::default())
    }

    /// Wake-ups within this process and between all that share the PostgreSQL database. One connection
    /// of the pool listens as long as this lives. Must be called within a tokio runtime.
    #[must_use]
    pub fn shared(pool: sqlx::PgPool) -> Self {
        let wakeups = Self::with_bells(Arc::default());
        notifications::spawn(pool, &wakeups.bells, &wakeups.stop);
        wakeups
    }

    fn with_bells(bells: Arc<Bells>) -> Self {
        let stop = CancellationToken::new();
        Self { bells, _stop_on_drop: stop.clone().drop_guard(), stop }
    }

    /// Jobs of these lanes were committed. Never waits.
    pub fn nudge(&self, lanes: &[Lane]) {
        for lane in lanes {
            self.bells.ring(*lane);
            self.bells.untold[index(*lane)].store(true, Ordering::Release);
        }
        if !lanes.is_empty() {
            self.bells.tell.notify_one();
        }
    }

    /// More jobs of the lane wait than one worker took: wakes another of this process.
    pub(super) fn pass_on(&self, lane: Lane) {
        self.bells.ring(lane);
    }

    /// Waits for jobs of the lane, or for `at_most`.
    pub async fn wait(&self, lane: Lane, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.bells.lanes[index(lane)].notified()).await;
    }

    /// Ends listening and telling; wake-ups within the process go on.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Ends once [`stop`](Self::stop) was called.
    pub(crate) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        self.stop.clone().cancelled_owned()
    }
}

impl Bells {
    pub(super) fn ring(&self, lane: Lane) {
        self.lanes[index(lane)].notify_one();
    }

    pub(super) fn ring_all(&self) {
        for lane in Lane::ALL {
            self.ring(lane);
        }
    }

    /// Waits until other processes have to be told something, and answers what.
    pub(super) async fn untold(&self) -> Vec<Lane> {
        self.tell.notified().await;
        Lane::ALL.into_iter().filter(|lane| self.untold[index(*lane)].swap(false, Ordering::AcqRel)).collect()
    }
}

const fn index(lane: Lane) -> usize {
    match lane {
        Lane::Inbound => 0,
        Lane::Outbound => 1,
        Lane::Background => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOREVER: Duration = Duration::from_hours(1);

    #[tokio::test]
    async fn a_nudge_before_the_wait_is_not_lost() {
        let wakeups = JobWakeups::local();
        wakeups.nudge(&[Lane::Inbound]);
        wakeups.wait(Lane::Inbound, FOREVER).await;
    }

    #[tokio::test]
    async fn a_nudge_wakes_its_own_lane_only() {
        let wakeups = JobWakeups::local();
        wakeups.nudge(&[Lane::Outbound]);
        let other = tokio::time::timeout(Duration::from_millis(20), wakeups.wait(Lane::Inbound, FOREVER)).await;
        assert!(other.is_err());
        wakeups.wait(Lane::Outbound, FOREVER).await;
    }

    #[tokio::test]
    async fn a_wait_ends_by_itself() {
        JobWakeups::local().wait(Lane::Background, Duration::from_millis(1)).await;
    }
}

//! The queue and the sessions that write its jobs: all or nothing, wake-ups, and the lanes at a glance.

use std::time::{Duration, Instant};

use futures_util::future::join;
use hubchat_ports::{Lane, LaneStats, NewJob};

use crate::StorageHarness;
use crate::deadline::{eventually, in_time};
use crate::jobs::{ALL, TENANT, add, bury, had, job, jobs, names, reserve, up_to};
use crate::world::LONG;

pub async fn a_job_of_a_dropped_session_never_appears(harness: &dyn StorageHarness) {
    let session = harness.repository().begin(TENANT).await.unwrap();
    session.jobs().append(&jobs("a1 b1")).await.unwrap();
    drop(session);
    add(harness, &jobs("a2")).await;
    assert_eq!(had(harness).await, "a2");
    assert_eq!(had(harness).await, "");
}

pub async fn a_job_appears_with_the_commit(harness: &dyn StorageHarness) {
    let session = harness.repository().begin(TENANT).await.unwrap();
    session.jobs().append(&jobs("a1")).await.unwrap();
    session.jobs().append(&jobs("a2 b1")).await.unwrap();
    session.commit().await.unwrap();
    let mut got = reserve(harness, ALL).await;
    got.sort_by_key(|job| job.lease.job_id);
    assert_eq!(names(&got), "a1 a2 b1");
}

pub async fn a_waiting_worker_wakes_up_when_a_job_is_committed(harness: &dyn StorageHarness) {
    let at_most = Duration::from_secs(10);
    // A wake-up may be lost, but not every one.
    eventually("a commit wakes a waiting worker", async || {
        let start = Instant::now();
        join(harness.queue().wait(Lane::Outbound, at_most), add(harness, &jobs("a1"))).await;
        (start.elapsed() < at_most / 2).then_some(())
    })
    .await;
}

pub async fn a_worker_waits_no_longer_than_it_said(harness: &dyn StorageHarness) {
    let session = harness.repository().begin(TENANT).await.unwrap();
    session.jobs().append(&jobs("a1")).await.unwrap();
    drop(session);
    for lane in Lane::ALL {
        in_time("a wait ends by itself", harness.queue().wait(lane, Duration::from_millis(50))).await;
        in_time("a wait ends by itself", harness.queue().wait(lane, Duration::ZERO)).await;
    }
}

async fn stats(harness: &dyn StorageHarness, lane: Lane) -> LaneStats {
    let all = harness.queue().stats().await.unwrap();
    let mut lanes: Vec<Lane> = all.iter().map(|stats| stats.lane).collect();
    lanes.sort();
    assert_eq!(lanes, Lane::ALL, "every lane once");
    all.into_iter().find(|stats| stats.lane == lane).unwrap()
}

fn counts(stats: LaneStats) -> (i64, i64, i64, i64) {
    (stats.ready, stats.leased, stats.delayed, stats.dead)
}

pub async fn every_lane_is_counted(harness: &dyn StorageHarness) {
    for lane in Lane::ALL {
        let empty = stats(harness, lane).await;
        assert_eq!((counts(empty), empty.lag), ((0, 0, 0, 0), Duration::ZERO));
    }
    let mut many = jobs("a1 b1 c1 d1 e1 f1");
    many.push(NewJob { delay: LONG, ..job("g", "g1") });
    many.push(NewJob { lane: Lane::Background, ..job("a", "x1") });
    add(harness, &many).await;
    assert_eq!(counts(stats(harness, Lane::Outbound).await), (6, 0, 1, 0));
    assert_eq!(counts(stats(harness, Lane::Background).await), (1, 0, 0, 0));
    assert_eq!(counts(stats(harness, Lane::Inbound).await), (0, 0, 0, 0));
    let got = reserve(harness, up_to(3, 1)).await;
    assert_eq!(counts(stats(harness, Lane::Outbound).await), (3, 3, 1, 0));
    bury(harness, &got[0], "dead").await;
    assert_eq!(counts(stats(harness, Lane::Outbound).await), (3, 2, 1, 1));
    crate::jobs::complete(harness, &got[1..2]).await;
    assert_eq!(counts(stats(harness, Lane::Outbound).await), (3, 1, 1, 1));
    harness.queue().release(&[got[2].lease]).await.unwrap();
    assert_eq!(counts(stats(harness, Lane::Outbound).await), (4, 0, 1, 1));
}

pub async fn the_lag_of_a_lane_is_the_wait_of_its_oldest_ready_job(harness: &dyn StorageHarness) {
    let start = Instant::now();
    add(harness, &[NewJob { delay: LONG, ..job("later", "later") }]).await;
    assert_eq!(stats(harness, Lane::Outbound).await.lag, Duration::ZERO, "a job whose time has not come has no lag");
    add(harness, &jobs("a1 b1")).await;
    let grown = Duration::from_millis(100);
    eventually("the lag grows", async || (stats(harness, Lane::Outbound).await.lag >= grown).then_some(())).await;
    let lag = stats(harness, Lane::Outbound).await.lag;
    assert!(lag <= start.elapsed() + Duration::from_millis(20), "the lag is longer than the job's life");
    let got = reserve(harness, ALL).await;
    assert_eq!(names(&got), "a1 b1");
    assert_eq!(stats(harness, Lane::Outbound).await.lag, Duration::ZERO, "nothing waits any more");
}

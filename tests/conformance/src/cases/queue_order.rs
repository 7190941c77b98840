//! Order within a key, freedom across keys, and lanes apart.

use hubchat_ports::{Lane, NewJob, ReserveRequest};

use crate::StorageHarness;
use crate::jobs::{ALL, TENANT, add, add_for, complete, had, job, jobs, names, reserve, up_to};
use crate::specimens::{short_texts, texts};
use crate::world::World;

pub async fn jobs_come_as_they_were_added(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    for (number, text) in texts().into_iter().enumerate() {
        let tenant = world.id();
        let lane = Lane::ALL[number % 3];
        let new = NewJob {
            lane,
            order_key: short_texts().get(number).cloned().unwrap_or_default(),
            kind: format!("kind.{number}.v1"),
            payload: serde_json::json!({ "text": text }).to_string(),
            ..job("", "")
        };
        add_for(harness, tenant, std::slice::from_ref(&new)).await;
        let got = reserve(harness, ReserveRequest { lane, ..ALL }).await;
        assert_eq!(got.len(), 1);
        let got = &got[0];
        assert_eq!((got.lane, got.tenant_id, got.attempt), (lane, tenant, 1));
        assert_eq!((&got.order_key, &got.kind, &got.payload), (&new.order_key, &new.kind, &new.payload));
    }
}

pub async fn the_oldest_jobs_come_first(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 b1 c1 d1")).await;
    add(harness, &jobs("e1 f1")).await;
    assert_eq!(names(&reserve(harness, up_to(3, 1)).await), "a1 b1 c1");
    assert_eq!(had(harness).await, "d1 e1 f1");
    assert_eq!(had(harness).await, "");
}

pub async fn later_jobs_have_higher_numbers(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 b1 a2")).await;
    add(harness, &jobs("a3 b2")).await;
    let mut got = reserve(harness, ALL).await;
    got.sort_by_key(|job| job.lease.job_id);
    assert_eq!(names(&got), "a1 b1 a2 a3 b2");
}

pub async fn a_reservation_gives_at_most_what_was_asked(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2 a3 b1 b2 c1 d1")).await;
    let one = reserve(harness, up_to(1, 100)).await;
    assert_eq!(names(&one), "a1");
    complete(harness, &one).await;
    let some = reserve(harness, up_to(4, 2)).await;
    assert_eq!(some.len(), 4);
    let of_key = |key: &str| some.iter().filter(|job| job.order_key == key).count();
    assert!(["a", "b", "c", "d"].into_iter().all(|key| of_key(key) <= 2), "{}", names(&some));
    complete(harness, &some).await;
    assert_eq!(reserve(harness, ALL).await.len(), 2);
}

pub async fn a_key_is_in_one_reservation_at_a_time(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2 a3 b1")).await;
    let first = reserve(harness, up_to(1, 1)).await;
    assert_eq!(names(&first), "a1");
    let second = reserve(harness, ALL).await;
    assert_eq!(names(&second), "b1", "a2 waits for a1, b1 does not");
    assert_eq!(had(harness).await, "");
    complete(harness, &first).await;
    assert_eq!(had(harness).await, "a2 a3");
}

pub async fn several_jobs_of_a_key_come_in_order_within_one_reservation(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 b1 a2 a3 b2 a4")).await;
    let got = reserve(harness, up_to(100, 3)).await;
    let of_key = |key: &str| {
        let mine: Vec<_> = got.iter().filter(|job| job.order_key == key).cloned().collect();
        names(&mine)
    };
    assert_eq!((of_key("a").as_str(), of_key("b").as_str()), ("a1 a2 a3", "b1 b2"));
    assert_eq!(had(harness).await, "", "a4 waits for its three");
    complete(harness, &got).await;
    assert_eq!(had(harness).await, "a4");
}

pub async fn a_successor_waits_for_every_earlier_job_of_its_key(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2 a3")).await;
    let pair = reserve(harness, up_to(2, 2)).await;
    assert_eq!(names(&pair), "a1 a2");
    // The second of the pair is done first; the first still holds the key.
    complete(harness, &pair[1..]).await;
    assert_eq!(had(harness).await, "");
    complete(harness, &pair[..1]).await;
    assert_eq!(had(harness).await, "a3");
}

pub async fn a_successor_added_later_waits_too(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1")).await;
    let first = reserve(harness, ALL).await;
    add(harness, &jobs("a2 b1")).await;
    assert_eq!(had(harness).await, "b1");
    complete(harness, &first).await;
    assert_eq!(had(harness).await, "a2");
}

pub async fn lanes_do_not_meet(harness: &dyn StorageHarness) {
    let in_lane = |lane: Lane| NewJob { lane, ..job("same key", lane.as_str()) };
    add(harness, &Lane::ALL.map(in_lane)).await;
    for lane in Lane::ALL {
        let request = ReserveRequest { lane, ..ALL };
        assert_eq!(names(&reserve(harness, request).await), lane.as_str(), "the same key in another lane is another");
        assert_eq!(names(&reserve(harness, request).await), "");
    }
}

pub async fn a_long_queue_behind_one_key_does_not_hide_the_others(harness: &dyn StorageHarness) {
    let mut many: Vec<NewJob> = (0..2_000).map(|n| job("busy", &format!("busy{n}"))).collect();
    many.extend(jobs("a1 b1 c1"));
    add(harness, &many).await;
    let first = reserve(harness, up_to(1, 1)).await;
    assert_eq!(names(&first), "busy0");
    assert_eq!(names(&reserve(harness, up_to(3, 1)).await), "a1 b1 c1");
    complete(harness, &first).await;
    assert_eq!(names(&reserve(harness, up_to(3, 2)).await), "busy1 busy2");
}

pub async fn jobs_of_several_tenants_come_from_one_queue(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.id(), world.id());
    add_for(harness, one, &jobs("a1")).await;
    add_for(harness, two, &jobs("b1")).await;
    add(harness, &jobs("c1")).await;
    let got = reserve(harness, ALL).await;
    assert_eq!(got.iter().map(|job| job.tenant_id).collect::<Vec<_>>(), [one, two, TENANT]);
}

pub async fn an_empty_queue_gives_nothing(harness: &dyn StorageHarness) {
    for lane in Lane::ALL {
        assert!(reserve(harness, ReserveRequest { lane, ..ALL }).await.is_empty());
    }
    assert_eq!(harness.queue().complete(&[]).await.unwrap(), []);
    assert_eq!(harness.queue().extend(&[], crate::world::LONG).await.unwrap(), []);
    harness.queue().release(&[]).await.unwrap();
}

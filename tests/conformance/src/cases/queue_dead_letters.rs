//! Dead letters: given up, listed, replayed, discarded.

use std::time::Duration;

use hubchat_domain::TenantId;
use hubchat_ports::{AttemptCount, DeadLetter, DeadLetterFilter, JobId, Lane, NewJob, ReserveRequest};

use crate::StorageHarness;
use crate::jobs::{ALL, TENANT, add, add_for, bury, complete, had, job, jobs, names, reserve, retry, up_to};
use crate::specimens::texts;
use crate::world::World;

const ANY: DeadLetterFilter = DeadLetterFilter { tenant_id: None, lane: None, after: None, limit: 100 };

async fn dead(harness: &dyn StorageHarness, filter: &DeadLetterFilter) -> Vec<DeadLetter> {
    harness.queue().list_dead(filter).await.unwrap()
}

fn ids(letters: &[DeadLetter]) -> Vec<JobId> {
    letters.iter().map(|letter| letter.id).collect()
}

pub async fn a_buried_job_is_a_dead_letter_and_its_successors_go_on(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2")).await;
    for _ in 0..2 {
        let got = reserve(harness, up_to(1, 1)).await;
        retry(harness, &got[0], Duration::ZERO, AttemptCount::Counted).await;
    }
    let got = reserve(harness, up_to(1, 1)).await;
    assert_eq!(dead(harness, &ANY).await, []);
    bury(harness, &got[0], "refused for good").await;
    assert_eq!(had(harness).await, "a2");

    let letters = dead(harness, &ANY).await;
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert_eq!((letter.id, letter.lane, letter.tenant_id), (got[0].lease.job_id, Lane::Outbound, TENANT));
    assert_eq!((letter.order_key.as_str(), letter.kind.as_str()), ("a", "test.v1"));
    assert_eq!((letter.payload.as_str(), letter.attempts), ("\"a1\"", 3));
    assert_eq!((letter.last_error.as_str(), letter.enqueued_at), ("refused for good", got[0].enqueued_at));
    assert!(letter.died_at >= letter.enqueued_at);
    assert_eq!(harness.queue().find_dead(letter.id).await.unwrap().as_ref(), Some(letter));
    assert_eq!(harness.queue().find_dead(JobId(letter.id.0 + 1)).await.unwrap(), None, "a2 is not dead");
}

pub async fn errors_in_any_words_are_kept(harness: &dyn StorageHarness) {
    for text in texts() {
        add(harness, &jobs("a1")).await;
        let got = reserve(harness, ALL).await;
        let back = harness.queue().retry(got[0].lease, Duration::ZERO, &text, AttemptCount::Counted).await;
        back.unwrap();
        let got = reserve(harness, ALL).await;
        bury(harness, &got[0], &text).await;
        let letter = harness.queue().find_dead(got[0].lease.job_id).await.unwrap().unwrap();
        // Very long errors may be cut, with a sign of it or without.
        let kept = letter.last_error.chars().zip(text.chars()).take_while(|(kept, said)| kept == said).count();
        assert!(letter.last_error == text || (text.len() > 1_000 && kept >= 100), "{kept} characters are kept");
    }
    add(harness, &jobs("a1")).await;
    let got = reserve(harness, ALL).await;
    bury(harness, &got[0], "a NUL \0 inside").await;
    assert!(harness.queue().find_dead(got[0].lease.job_id).await.unwrap().is_some());
}

pub async fn dead_letters_are_listed_by_tenant_and_lane_and_in_pages(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenants: [TenantId; 2] = [world.id(), world.id()];
    for (number, tenant) in tenants.iter().cycle().take(8).enumerate() {
        let lane = if number < 4 { Lane::Inbound } else { Lane::Outbound };
        add_for(harness, *tenant, &[NewJob { lane, ..job(&number.to_string(), &number.to_string()) }]).await;
    }
    for lane in [Lane::Outbound, Lane::Inbound] {
        for job in reserve(harness, ReserveRequest { lane, ..ALL }).await {
            bury(harness, &job, "dead").await;
        }
    }
    let all = dead(harness, &ANY).await;
    let order: Vec<&str> = all.iter().map(|letter| letter.payload.trim_matches('"')).collect();
    assert_eq!(order, ["0", "1", "2", "3", "4", "5", "6", "7"], "by number, whenever they died");
    for tenant_id in [None, Some(tenants[0]), Some(tenants[1]), Some(world.id())] {
        for lane in [None, Some(Lane::Inbound), Some(Lane::Outbound), Some(Lane::Background)] {
            let filter = DeadLetterFilter { tenant_id, lane, ..ANY };
            let expected: Vec<JobId> = all
                .iter()
                .filter(|letter| tenant_id.is_none_or(|tenant| letter.tenant_id == tenant))
                .filter(|letter| lane.is_none_or(|lane| letter.lane == lane))
                .map(|letter| letter.id)
                .collect();
            assert_eq!(ids(&dead(harness, &filter).await), expected, "{filter:?}");
            for limit in [1, 2, 3] {
                let (mut walked, mut after) = (Vec::new(), None);
                loop {
                    let page = dead(harness, &DeadLetterFilter { after, limit, ..filter.clone() }).await;
                    assert!(page.len() <= usize::try_from(limit).unwrap());
                    let Some(last) = page.last() else { break };
                    after = Some(last.id);
                    walked.extend(ids(&page));
                }
                assert_eq!(walked, expected, "{filter:?} in pages of {limit}");
            }
        }
    }
}

pub async fn a_replayed_job_stands_behind_the_waiting_ones_with_no_attempts(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 a2 b1")).await;
    let got = reserve(harness, up_to(1, 1)).await;
    retry(harness, &got[0], Duration::ZERO, AttemptCount::Counted).await;
    let got = reserve(harness, up_to(1, 1)).await;
    bury(harness, &got[0], "dead").await;
    assert!(harness.queue().replay(got[0].lease.job_id).await.unwrap());
    assert_eq!(dead(harness, &ANY).await, []);
    assert!(!harness.queue().replay(got[0].lease.job_id).await.unwrap(), "it is no dead letter any more");

    let got = reserve(harness, ALL).await;
    let of_a: Vec<_> = got.iter().filter(|job| job.order_key == "a").cloned().collect();
    assert_eq!(names(&of_a), "a2 a1");
    let again = &of_a[1];
    assert_eq!((again.attempt, again.tenant_id, again.kind.as_str()), (1, TENANT, "test.v1"));
    // It can die again.
    bury(harness, again, "dead again").await;
    let letters = dead(harness, &ANY).await;
    assert_eq!((letters.len(), letters[0].attempts, letters[0].last_error.as_str()), (1, 1, "dead again"));
}

pub async fn a_discarded_dead_letter_is_gone_for_good(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 b1")).await;
    let got = reserve(harness, ALL).await;
    for job in &got {
        bury(harness, job, "dead").await;
    }
    let first = got[0].lease.job_id;
    assert!(harness.queue().discard(first).await.unwrap());
    assert!(!harness.queue().discard(first).await.unwrap());
    assert!(!harness.queue().replay(first).await.unwrap());
    assert_eq!(harness.queue().find_dead(first).await.unwrap(), None);
    assert_eq!(ids(&dead(harness, &ANY).await), [got[1].lease.job_id]);
    assert_eq!(had(harness).await, "");
}

pub async fn a_job_that_lives_is_neither_replayed_nor_discarded(harness: &dyn StorageHarness) {
    add(harness, &jobs("a1 b1")).await;
    let got = reserve(harness, up_to(1, 1)).await;
    let id = got[0].lease.job_id;
    for living in [id, JobId(id.0 + 1), JobId(id.0 + 1_000), JobId(-1)] {
        assert!(!harness.queue().replay(living).await.unwrap());
        assert!(!harness.queue().discard(living).await.unwrap());
    }
    complete(harness, &got).await;
    assert_eq!(had(harness).await, "b1");
}

//! What goes and what is noted of it, with mocks; and the bytes of files that follow.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{AuditAction, AuditDraft, ConversationId, Scope};
use hubchat_ports::{
    AuditStore, JobId, JobLease, JobStore, Lane, MediaFileError, MockAuditStore, MockJobStore, MockPurgeStore,
    MockUnitOfWork, NewJob, PurgeCounts, PurgeStore, PurgedMessages, ReservedJob, StorageError,
};
use uuid::Uuid;

use super::{DeleteFiles, Housekeeping, Retention};
use crate::{
    Actor, Fault, JobOutcome, RetryPolicy,
    privacy::delete_files::{DELETE_FILES_JOB, delete_files_jobs},
    test_ports::{TestPorts, actor, now, tenant},
};

fn conversation(number: u128) -> ConversationId {
    Uuid::from_u128(number).into()
}

/// A session with a purge store, jobs and an audit log; what is written is kept only by a commit.
fn session(
    purge: MockPurgeStore,
    kept: &Arc<Mutex<Vec<NewJob>>>,
    audited: &Arc<Mutex<Vec<AuditDraft>>>,
) -> MockUnitOfWork {
    let (mut jobs, mut audit, mut session) = (MockJobStore::new(), MockAuditStore::new(), MockUnitOfWork::new());
    let (kept, audited) = (Arc::clone(kept), Arc::clone(audited));
    jobs.expect_append().returning(move |new| {
        kept.lock().expect("not poisoned").extend_from_slice(new);
        Ok(())
    });
    audit.expect_append().returning(move |draft| {
        audited.lock().expect("not poisoned").push(draft);
        Ok(())
    });
    session.expect_purge().return_const(Box::new(purge) as Box<dyn PurgeStore>);
    session.expect_jobs().return_const(Box::new(jobs) as Box<dyn JobStore>);
    session.expect_audit().return_const(Box::new(audit) as Box<dyn AuditStore>);
    session.expect_commit().returning(|| Ok(()));
    session
}

fn purge(expect: impl FnOnce(&mut MockPurgeStore)) -> MockPurgeStore {
    let mut purge = MockPurgeStore::new();
    expect(&mut purge);
    purge
}

fn listed(ids: Vec<ConversationId>) -> MockPurgeStore {
    purge(|purge| {
        purge
            .expect_list_closed_before()
            .withf(|moment, _| *moment == now().minus(Duration::from_hours(24 * 30)))
            .return_once(move |_, _| Ok(ids));
    })
}

#[tokio::test]
async fn a_dry_run_counts_and_takes_nothing() {
    let (jobs, audited) = (Arc::default(), Arc::default());
    let counts = PurgeCounts { conversations: 3, messages: 40, files: 2 };
    let counting = purge(|purge| {
        purge.expect_count_closed_before().return_once(move |_| Ok(counts));
    });
    let ports = TestPorts::default().with_sessions(vec![session(counting, &jobs, &audited)]).build();
    let report = Retention::new(ports).run(&Actor::system(tenant()), 30, true).await.expect("a count");
    assert_eq!((report.count, report.dry_run), (counts, true));
    assert_eq!(report.older_than, now().minus(Duration::from_hours(24 * 30)));
    assert!(jobs.lock().expect("not poisoned").is_empty() && audited.lock().expect("not poisoned").is_empty());
}

#[tokio::test]
async fn closed_conversations_go_in_steps_their_files_follow_and_the_run_is_noted() {
    let (jobs, audited) = (Arc::default(), Arc::default());
    let ids = vec![conversation(1), conversation(2)];
    let taking = |messages: u64, keys: &[&str], gone: u64| {
        let taken = PurgedMessages {
            messages,
            files: keys.len() as u64,
            storage_keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        };
        purge(move |purge| {
            purge.expect_delete_messages().return_once(move |_, _| Ok(taken));
            purge.expect_delete_empty_conversations().returning(move |_| Ok(gone));
        })
    };
    let steps = [
        listed(ids),
        taking(500, &["a", "b"], 0),
        taking(7, &["c"], 0),
        taking(0, &[], 2),
        listed(vec![]),
        MockPurgeStore::new(),
    ];
    let sessions = steps.into_iter().map(|step| session(step, &jobs, &audited)).collect();
    let mut ports = TestPorts::default().with_sessions(sessions);
    ports.repository.expect_scrub().times(1).returning(|| Ok(()));
    let report = Retention::new(ports.build()).run(&Actor::system(tenant()), 30, false).await.expect("a run");
    assert_eq!(report.count, PurgeCounts { conversations: 2, messages: 507, files: 3 });
    let payloads: Vec<String> = jobs.lock().expect("not poisoned").iter().map(|job| job.payload.clone()).collect();
    assert_eq!(payloads, [r#"{"storageKeys":["a","b"]}"#, r#"{"storageKeys":["c"]}"#]);
    let audited = audited.lock().expect("not poisoned");
    let [entry] = &audited[..] else { panic!("one entry") };
    assert_eq!(entry.action, AuditAction::RetentionRun);
    let noted = serde_json::json!({"days": 30, "conversations": 2, "messages": 507, "files": 3});
    assert_eq!(entry.after, Some(noted));
}

#[tokio::test]
async fn a_run_that_finds_nothing_is_not_noted_and_one_that_gets_nowhere_ends() {
    let (jobs, audited) = (Arc::default(), Arc::default());
    let ports = TestPorts::default().with_sessions(vec![session(listed(vec![]), &jobs, &audited)]).build();
    let report = Retention::new(ports).run(&Actor::system(tenant()), 30, false).await.expect("nothing to do");
    assert_eq!(report.count, PurgeCounts::default());
    let stuck = purge(|purge| {
        purge.expect_delete_messages().returning(|_, _| Ok(PurgedMessages::default()));
        purge.expect_delete_empty_conversations().returning(|_| Ok(0));
    });
    let sessions = vec![session(listed(vec![conversation(1)]), &jobs, &audited), session(stuck, &jobs, &audited)];
    let ports = TestPorts::default().with_sessions(sessions).build();
    Retention::new(ports).run(&Actor::system(tenant()), 30, false).await.expect("the next run sees to the rest");
    assert!(audited.lock().expect("not poisoned").is_empty());
}

#[tokio::test]
async fn only_who_may_manage_data_takes_any_away() {
    for scopes in [&[Scope::InboxWrite][..], &[Scope::MessagesSend], &[Scope::ChannelsManage]] {
        let retention = Retention::new(TestPorts::default().build());
        let refused = retention.run(&actor(scopes), 30, true).await;
        assert!(matches!(refused, Err(Fault::Forbidden { .. })), "{scopes:?}");
    }
}

#[tokio::test]
async fn the_house_is_kept_until_a_step_is_not_full() {
    let (jobs, audited) = (Arc::default(), Arc::default());
    let events = |gone: u64| {
        purge(move |purge| {
            purge.expect_delete_events_settled_before().return_once(move |_, _| Ok(gone));
        })
    };
    let uploads = purge(|purge| {
        let storage_keys = vec!["upload".to_owned()];
        purge
            .expect_delete_uploads_before()
            .return_once(move |_, _| Ok(PurgedMessages { messages: 0, files: 1, storage_keys }));
    });
    let records = purge(|purge| {
        purge.expect_delete_idempotency_before().return_once(|_, _| Ok(4));
    });
    let followers = purge(|purge| {
        purge.expect_delete_domain_events_before().return_once(|_, _| Ok(5));
    });
    let left = purge(|purge| {
        purge.expect_delete_left_behind().return_once(|_| Ok(6));
    });
    let steps = [events(1_000), events(2), uploads, records, followers, left];
    let sessions = steps.into_iter().map(|step| session(step, &jobs, &audited)).collect();
    let ports = TestPorts::default().with_sessions(sessions).build();
    let count = Housekeeping::new(ports).run(tenant()).await.expect("a kept house");
    assert_eq!((count.webhook_events, count.uploads), (1_002, 1));
    assert_eq!((count.idempotency_records, count.domain_events, count.left_behind), (4, 5, 6));
    assert_eq!(jobs.lock().expect("not poisoned").len(), 1, "the upload's bytes follow");
}

fn job(payload: &str, attempt: u32) -> ReservedJob {
    ReservedJob {
        lease: JobLease { job_id: JobId(1), token: 1 },
        lane: Lane::Background,
        order_key: "delete".to_owned(),
        tenant_id: tenant(),
        kind: DELETE_FILES_JOB.to_owned(),
        payload: payload.to_owned(),
        attempt,
        enqueued_at: now(),
    }
}

#[tokio::test]
async fn files_are_deleted_and_a_store_out_of_reach_is_tried_again_and_then_given_up() {
    let keys: Vec<String> = (0..450).map(|number| number.to_string()).collect();
    let jobs = delete_files_jobs(&keys);
    assert_eq!(jobs.len(), 3, "200 files a job");
    assert!(delete_files_jobs(&[]).is_empty());

    let mut ports = TestPorts::default();
    ports.media_files.expect_delete().times(200).returning(|_| Ok(()));
    let delete = DeleteFiles::new(ports.build(), RetryPolicy::default());
    assert_eq!(delete.run(&job(&jobs[0].payload, 1)).await, JobOutcome::Done);

    let mut ports = TestPorts::default();
    ports.media_files.expect_delete().returning(|_| Err(MediaFileError::Unavailable("down".into())));
    let delete = DeleteFiles::new(ports.build(), RetryPolicy::default());
    assert!(matches!(delete.run(&job(&jobs[0].payload, 1)).await, JobOutcome::Retry { .. }));
    assert!(matches!(delete.run(&job(&jobs[0].payload, 1_000)).await, JobOutcome::Dead { .. }));
    assert!(matches!(delete.run(&job("{}", 1)).await, JobOutcome::Dead { .. }));
}

#[tokio::test]
async fn storage_that_fails_is_told() {
    let mut ports = TestPorts::default();
    ports.repository.expect_begin().returning(|_| Err(StorageError::Unavailable("down".into())));
    let refused = Retention::new(ports.build()).run(&Actor::system(tenant()), 30, false).await;
    assert!(matches!(refused, Err(Fault::Unavailable(_))));
}

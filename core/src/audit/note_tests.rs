//! Entries that jobs write, over mocks.

use hubchat_domain::{AuditAction, AuditActor, AuditDraft, MemberId, SessionId};
use hubchat_ports::{
    AuditStore, IdempotencyStore, JobId, JobLease, MockAuditStore, MockIdempotencyStore, MockUnitOfWork, ReservedJob,
    StorageError, TenantJob,
};
use serde_json::json;
use uuid::Uuid;

use super::{NoteDeed, note};
use crate::{
    JobOutcome, RetryPolicy,
    test_ports::{TestPorts, now, origin, tenant},
};

fn draft() -> AuditDraft {
    AuditDraft {
        actor: AuditActor::Member { id: MemberId::from_uuid(Uuid::from_u128(1)) },
        action: AuditAction::MemberSignedIn,
        subject: SessionId::from_uuid(Uuid::from_u128(2)).into(),
        before: None,
        after: Some(json!({"by": "PASSWORD"})),
        origin: origin(),
        at: now(),
    }
}

fn reserved(TenantJob { tenant_id, job }: TenantJob, attempt: u32) -> ReservedJob {
    ReservedJob {
        lease: JobLease { job_id: JobId(1), token: 1 },
        lane: job.lane,
        tenant_id,
        order_key: job.order_key,
        kind: job.kind,
        payload: job.payload,
        attempt,
        enqueued_at: now(),
    }
}

/// A session in which the deed is news or not, and whose commit ends so.
fn unit(news: bool, commit: Option<Result<(), StorageError>>) -> MockUnitOfWork {
    let mut claims = MockIdempotencyStore::new();
    claims.expect_claim().times(1).returning(move |record, _| {
        assert_eq!(record.key, Uuid::from_u128(9).to_string());
        Ok((!news).then(|| record.clone()))
    });
    let mut audit = MockAuditStore::new();
    audit.expect_append().times(usize::from(news)).returning(|told| {
        assert_eq!(told, draft());
        Ok(())
    });
    let mut unit = MockUnitOfWork::new();
    unit.expect_idempotency().return_const(Box::new(claims) as Box<dyn IdempotencyStore>);
    unit.expect_audit().return_const(Box::new(audit) as Box<dyn AuditStore>);
    unit.expect_commit().times(usize::from(commit.is_some())).return_once(|| commit.unwrap_or(Ok(())));
    unit
}

async fn write(sessions: Vec<MockUnitOfWork>, job: &ReservedJob) -> JobOutcome {
    let ports = TestPorts::default().with_sessions(sessions).build();
    NoteDeed::new(ports, RetryPolicy::default()).run(job).await
}

#[tokio::test]
async fn an_entry_survives_its_job_and_is_written_once_however_often_the_job_is_done() {
    let job = reserved(note(tenant(), Uuid::from_u128(9), draft()), 1);
    assert_eq!((job.tenant_id, job.order_key.as_str()), (tenant(), &*format!("audit:{}", tenant())));
    assert_eq!(write(vec![unit(true, Some(Ok(())))], &job).await, JobOutcome::Done);
    assert_eq!(write(vec![unit(false, None)], &job).await, JobOutcome::Done);
}

#[tokio::test]
async fn a_session_that_gave_way_is_begun_anew_and_storage_that_is_away_is_waited_for() {
    let job = |attempt| reserved(note(tenant(), Uuid::from_u128(9), draft()), attempt);
    let sessions = vec![unit(true, Some(Err(StorageError::Stale))), unit(true, Some(Ok(())))];
    assert_eq!(write(sessions, &job(1)).await, JobOutcome::Done);
    let last = RetryPolicy::default().max_attempts;
    let away = Some(Err(StorageError::Unavailable("away".into())));
    assert!(
        matches!(write(vec![unit(true, away)], &job(last)).await, JobOutcome::Retry { .. }),
        "for as long as it is"
    );
    let broken = Some(Err(StorageError::Corrupt { what: "audit head" }));
    assert!(matches!(write(vec![unit(true, broken)], &job(last)).await, JobOutcome::Dead { .. }), "an operator looks");
}

#[tokio::test]
async fn what_is_no_entry_is_given_up() {
    let good = reserved(note(tenant(), Uuid::from_u128(9), draft()), 1);
    for payload in [
        "{}".to_owned(),
        good.payload.replace("MEMBER_SIGNED_IN", "NOTHING"),
        good.payload.replace("SESSION:", "NOTHING:"),
        good.payload.replace("MEMBER:", "NOBODY:"),
    ] {
        assert_ne!(payload, good.payload);
        assert!(matches!(write(vec![], &ReservedJob { payload, ..good.clone() }).await, JobOutcome::Dead { .. }));
    }
}

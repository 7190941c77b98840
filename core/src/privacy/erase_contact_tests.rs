//! Erasing a contact, with mocks: in which order, what is noted, and what happens when they write meanwhile.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use hubchat_domain::{AuditAction, AuditDraft, ContactIdentityRecord, MemberRole, Scope, Visibility, WebhookEventId};
use hubchat_ports::{
    AuditStore, ContactStore, JobId, JobLease, JobStore, MockAuditStore, MockContactStore, MockJobStore,
    MockPurgeStore, MockUnitOfWork, NewJob, PurgeStore, PurgedMessages, ReservedJob, StorageError,
};
use uuid::Uuid;

use super::{EraseContact, EraseContactError, erase_contact::ERASE_JOB};
use crate::{
    Actor, ErrorCode, Fault, JobOutcome, MemberActor, Ports, RetryPolicy,
    test_ports::{TestPorts, actor, conversation, lead, now, origin, person, tenant},
};

type Audited = Arc<Mutex<Vec<AuditDraft>>>;
type Written = Arc<Mutex<Vec<NewJob>>>;

fn session(purge: MockPurgeStore, known: bool, audited: &Audited, jobs_written: &Written) -> MockUnitOfWork {
    let (mut contacts, mut jobs, mut audit) = (MockContactStore::new(), MockJobStore::new(), MockAuditStore::new());
    let audited = Arc::clone(audited);
    contacts.expect_find().returning(move |_| Ok(known.then(|| person().contact)));
    let kept = Arc::clone(jobs_written);
    jobs.expect_append().returning(move |jobs| {
        kept.lock().expect("not poisoned").extend_from_slice(jobs);
        Ok(())
    });
    audit.expect_append().returning(move |draft| {
        audited.lock().expect("not poisoned").push(draft);
        Ok(())
    });
    let mut session = MockUnitOfWork::new();
    session.expect_contacts().return_const(Box::new(contacts) as Box<dyn ContactStore>);
    session.expect_purge().return_const(Box::new(purge) as Box<dyn PurgeStore>);
    session.expect_jobs().return_const(Box::new(jobs) as Box<dyn JobStore>);
    session.expect_audit().return_const(Box::new(audit) as Box<dyn AuditStore>);
    session.expect_commit().returning(|| Ok(()));
    session
}

fn identity() -> ContactIdentityRecord {
    ContactIdentityRecord { alias: Some("other".to_owned()), ..person().identity.record().clone() }
}

fn with_identities() -> MockPurgeStore {
    let mut purge = MockPurgeStore::new();
    purge.expect_identities_of().returning(|_| Ok(vec![identity()]));
    purge
}

/// The contact's conversations, as this session finds them.
fn with_conversations(there: bool) -> MockPurgeStore {
    let mut purge = with_identities();
    let ids = if there { vec![conversation(|_| ()).record().id] } else { Vec::new() };
    purge.expect_conversations_of().returning(move |_, _| Ok(ids.clone()));
    purge
}

fn taking(messages: u64) -> MockPurgeStore {
    let mut purge = MockPurgeStore::new();
    purge.expect_delete_messages().returning(move |_, _| Ok(PurgedMessages { messages, ..PurgedMessages::default() }));
    purge.expect_delete_empty_conversations().returning(|_| Ok(1));
    purge
}

fn event(number: u128) -> WebhookEventId {
    Uuid::from_u128(number).into()
}

/// Payloads: two hold the name, one of them only within a text of someone else's.
fn naming(name: &'static str) -> [MockPurgeStore; 2] {
    let (mut first, mut second) = (MockPurgeStore::new(), MockPurgeStore::new());
    first.expect_list_events_with().withf(move |_, text, after, _| text == name && after.is_none()).returning(
        move |_, _, _, _| {
            Ok(vec![
                (event(1), Bytes::from(format!(r#"{{"from":"{name}"}}"#))),
                (event(2), Bytes::from(format!(r#"{{"from":"U9","text":"ask {name}"}}"#))),
            ])
        },
    );
    first.expect_empty_events().withf(|ids, _| ids == [event(1)]).times(1).returning(|ids, _| Ok(ids.len() as u64));
    second
        .expect_list_events_with()
        .withf(|_, _, after, _| *after == Some(event(2)))
        .returning(|_, _, _, _| Ok(vec![]));
    [first, second]
}

/// The last step.
fn last(deleted: Result<bool, StorageError>) -> MockPurgeStore {
    let mut purge = with_conversations(false);
    let deleted = Mutex::new(Some(deleted));
    purge.expect_leads_of().returning(|_| Ok(vec![lead().record().id]));
    purge.expect_delete_leads().returning(|_| Ok(1));
    purge.expect_delete_contact().returning(move |_| deleted.lock().expect("not poisoned").take().expect("once"));
    purge
}

fn whole_round() -> Vec<MockPurgeStore> {
    let mut steps = vec![with_identities(), with_conversations(true), taking(4), taking(0), with_conversations(false)];
    steps.extend(naming("Uperson"));
    steps.extend(naming("other"));
    steps
}

async fn erase(steps: Vec<MockPurgeStore>, known: bool) -> (Result<super::ErasedContact, EraseContactError>, Audited) {
    let audited = Audited::default();
    let (ports, _) = over(steps, known, &audited);
    let contact = person().contact.record().id;
    (EraseContact::new(ports, RetryPolicy::default()).run(&Actor::system(tenant()), contact).await, audited)
}

/// Ports over these steps, and the jobs that they wrote.
fn over(steps: Vec<MockPurgeStore>, known: bool, audited: &Audited) -> (Ports, Written) {
    let written = Written::default();
    let sessions = steps.into_iter().map(|step| session(step, known, audited, &written)).collect();
    let mut ports = TestPorts::default().with_sessions(sessions);
    ports.repository.expect_scrub().returning(|| Ok(()));
    (ports.build(), written)
}

/// The job as a worker gets it.
fn reserved(job: &NewJob) -> ReservedJob {
    let NewJob { lane, order_key, kind, payload, .. } = job.clone();
    let (lease, attempt) = (JobLease { job_id: JobId(1), token: 1 }, 1);
    ReservedJob { lease, lane, tenant_id: tenant(), order_key, kind, payload, attempt, enqueued_at: now() }
}

#[tokio::test]
async fn what_was_interrupted_is_ended_by_a_job_in_the_name_of_who_asked() {
    let (audited, contact) = (Audited::default(), person().contact.record().id);
    let mut torn = MockPurgeStore::new();
    torn.expect_delete_messages().returning(|_, _| Err(StorageError::Unavailable("the process dies".into())));
    let (ports, written) = over(vec![with_identities(), with_conversations(true), torn], true, &audited);
    let interrupted = EraseContact::new(ports, RetryPolicy::default()).run(&actor(&[Scope::Admin]), contact).await;
    assert!(matches!(interrupted, Err(EraseContactError::Fault(Fault::Unavailable(_)))));
    let jobs = written.lock().expect("not poisoned").clone();
    let [job] = &jobs[..] else { panic!("one job: {jobs:?}") };
    assert_eq!((job.kind.as_str(), job.delay > std::time::Duration::from_secs(30)), (ERASE_JOB, true));

    let mut steps = whole_round();
    steps.push(last(Ok(true)));
    let (ports, written) = over(steps, true, &audited);
    assert_eq!(EraseContact::new(ports, RetryPolicy::default()).resume(&reserved(job)).await, JobOutcome::Done);
    assert!(written.lock().expect("not poisoned").iter().all(|job| job.kind != ERASE_JOB), "no job after the job");
    let entries = audited.lock().expect("not poisoned").clone();
    let [entry] = &entries[..] else { panic!("one entry: {entries:?}") };
    assert_eq!((entry.actor, &entry.origin), (actor(&[Scope::Admin]).author().into(), &origin()));

    let (ports, _) = over(vec![MockPurgeStore::new()], false, &audited);
    let gone = EraseContact::new(ports, RetryPolicy::default()).resume(&reserved(job)).await;
    assert_eq!(gone, JobOutcome::Done, "it was not interrupted");
    let wrong = ReservedJob { payload: "{}".to_owned(), ..reserved(job) };
    let (ports, _) = over(vec![], true, &audited);
    let refused = EraseContact::new(ports, RetryPolicy::default()).resume(&wrong).await;
    assert!(matches!(refused, JobOutcome::Dead { .. }));
}

#[tokio::test]
async fn everything_goes_and_the_entry_names_nobody() {
    let mut steps = whole_round();
    steps.push(last(Ok(true)));
    let (erased, audited) = erase(steps, true).await;
    let erased = erased.expect("an erased contact");
    assert_eq!((erased.count.conversations, erased.count.messages), (1, 4));
    assert_eq!((erased.leads, erased.identities, erased.webhook_events), (1, 1, 2));
    let audited = audited.lock().expect("not poisoned");
    let [entry] = &audited[..] else { panic!("one entry") };
    assert_eq!(entry.action, AuditAction::ContactErased);
    assert_eq!(entry.before, None);
    let text = serde_json::to_string(&entry.after).expect("JSON");
    assert!(!text.contains("Uperson") && text.contains("\"messages\":4"), "{text}");
}

#[tokio::test]
async fn a_contact_who_writes_meanwhile_is_gone_through_once_more() {
    let mut steps = whole_round();
    steps.push(with_conversations(true));
    steps.extend(whole_round());
    steps.push(last(Ok(true)));
    let (erased, audited) = erase(steps, true).await;
    assert_eq!(erased.expect("an erased contact").count.messages, 8);
    assert_eq!(audited.lock().expect("not poisoned").len(), 1);
}

#[tokio::test]
async fn a_last_step_that_gave_way_is_tried_again() {
    let mut steps = whole_round();
    steps.push(last(Err(StorageError::Stale)));
    steps.push(last(Ok(true)));
    let (erased, _) = erase(steps, true).await;
    assert!(erased.is_ok());
}

#[tokio::test]
async fn an_unknown_contact_and_one_erased_by_another_meanwhile_are_told() {
    let (unknown, audited) = erase(vec![MockPurgeStore::new()], false).await;
    let unknown = unknown.expect_err("nobody");
    assert!(matches!(unknown, EraseContactError::UnknownContact));
    assert_eq!(unknown.code(), "contact_not_found");
    let mut steps = whole_round();
    steps.push(last(Ok(false)));
    let (gone, _) = erase(steps, true).await;
    assert!(matches!(gone, Err(EraseContactError::UnknownContact)));
    assert!(audited.lock().expect("not poisoned").is_empty());
}

#[tokio::test]
async fn only_those_who_may_manage_data_erase() {
    let id = Uuid::from_u128(7);
    for role in [MemberRole::Viewer, MemberRole::Sales, MemberRole::Manager] {
        let visibility = Visibility::All;
        let member = MemberActor { id: id.into(), user_id: id.into(), session_id: id.into(), role, visibility };
        let erase = EraseContact::new(TestPorts::default().build(), RetryPolicy::default());
        let refused = erase.run(&Actor::member(tenant(), member), id.into()).await;
        assert!(matches!(refused, Err(EraseContactError::Fault(Fault::Forbidden { .. }))), "{role}");
    }
}

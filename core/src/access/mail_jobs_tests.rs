//! Mail in the background, over mocks: sent at least once, with a token that no job holds.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{AuthLinkKind, Member, MemberStatus, Timestamp};
use hubchat_ports::{Mail, MailError, Membership, MockMemberStore, StorageError, TenantJob};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{
    MailJobs,
    deeds::Moment,
    mail_jobs::{invitation_job, password_link_job, reuse_notice_job},
    test_people::{
        EMAIL, client, company, links, member, membership, people, reserved, session, standing, told, unit, user,
    },
};
use crate::{
    JobOutcome, RetryPolicy,
    test_ports::{TestPorts, now, tenant},
};

fn job_of(job: hubchat_ports::NewJob) -> TenantJob {
    TenantJob { tenant_id: tenant(), job }
}

fn password_job(at: Timestamp) -> TenantJob {
    let ports = people().build();
    job_of(password_link_job(&ports, user().id, Moment { origin: client().origin(), at }))
}

async fn run(ports: TestPorts, job: &TenantJob, attempt: u32) -> JobOutcome {
    let ports = ports.build();
    let mut reserved = reserved(job);
    reserved.attempt = attempt;
    MailJobs::new(ports.clone(), links(&ports), RetryPolicy::default()).run(&reserved).await
}

fn knowing(memberships: Vec<Membership>) -> TestPorts {
    let mut ports = people();
    ports.access.expect_find_user().returning(|id| Ok((id == user().id).then(user)));
    ports.access.expect_list_memberships().returning(move |_| Ok(memberships.clone()));
    ports
}

#[tokio::test]
async fn the_token_is_made_when_the_mail_is_sent_and_the_asking_is_told() {
    let job = password_job(now());
    let kept = Arc::new(Mutex::new(Vec::new()));
    for attempt in 1..=2 {
        let mut ports = knowing(vec![membership()]);
        let keep = Arc::clone(&kept);
        ports.access.expect_insert_link().times(1).returning(move |link, jobs| {
            assert_eq!((link.kind, link.user_id, link.tenant_id), (AuthLinkKind::PasswordReset, Some(user().id), None));
            assert_eq!(link.expires_at, now().plus(AuthLinkKind::PasswordReset.lifetime()));
            keep.lock().expect("no test panics").extend_from_slice(jobs);
            Ok(())
        });
        ports.mailer.expect_send().times(1).returning(|to, mail| {
            let Mail::PasswordReset { link, .. } = mail else { panic!("another mail") };
            assert!(link.expose_secret().starts_with("https://chat.example.com/reset-password#token=hcl_"));
            assert_eq!(to, EMAIL);
            Ok(())
        });
        assert_eq!(run(ports, &job, attempt).await, JobOutcome::Done);
    }
    let notes = told(&kept.lock().expect("no test panics"));
    let [(whose, _, first), (_, _, second)] = &notes[..] else { panic!("an entry each time: {notes:?}") };
    assert_eq!((*whose, &first["action"]), (tenant(), &json!("PASSWORD_RESET_REQUESTED")));
    assert_eq!((&first["address"], &first["at"]), (&json!("203.0.113.7"), &json!(now().as_micros())));
    assert_eq!(first, second, "of one deed, so that it is written once");
}

#[tokio::test]
async fn who_is_not_known_or_works_nowhere_gets_no_mail() {
    let disabled = Membership { member: Member { status: MemberStatus::Disabled, ..member() }, ..membership() };
    for (what, memberships) in [("disabled", vec![disabled]), ("nowhere", vec![])] {
        assert_eq!(run(knowing(memberships), &password_job(now()), 1).await, JobOutcome::Done, "{what}");
    }
    let mut unknown = people();
    unknown.access.expect_find_user().times(1).returning(|_| Ok(None));
    assert_eq!(run(unknown, &password_job(now()), 1).await, JobOutcome::Done);
}

#[tokio::test]
async fn a_link_that_was_asked_for_too_long_ago_is_not_mailed() {
    let lifetime = AuthLinkKind::PasswordReset.lifetime();
    let late = password_job(now().minus(lifetime + Duration::from_secs(1)));
    assert_eq!(run(people(), &late, 1).await, JobOutcome::Done);
}

#[tokio::test]
async fn mail_that_cannot_be_sent_is_tried_again_and_given_up_at_last() {
    let failing = |error: fn() -> MailError| {
        let mut ports = knowing(vec![membership()]);
        ports.access.expect_insert_link().returning(|_, _| Ok(()));
        ports.mailer.expect_send().times(1).returning(move |_, _| Err(error()));
        ports
    };
    let (job, last) = (password_job(now()), RetryPolicy::default().max_attempts);
    let away = || MailError::Failed("nok@shop.example is away".into());
    let again = run(failing(away), &job, 1).await;
    let JobOutcome::Retry { error, .. } = &again else { panic!("{again:?}") };
    assert_eq!(error, "the mail could not be sent", "no address in the queue");
    assert!(matches!(run(failing(away), &job, last).await, JobOutcome::Dead { .. }));
    assert!(matches!(run(failing(|| MailError::Address), &job, 1).await, JobOutcome::Dead { .. }));
    let mut ports = people();
    ports.access.expect_find_user().returning(|_| Err(StorageError::Unavailable("away".into())));
    assert!(matches!(run(ports, &job, last).await, JobOutcome::Retry { .. }), "storage comes back");
}

#[tokio::test]
async fn a_stolen_session_is_told_of() {
    let job = job_of(reuse_notice_job(session().id, now()));
    let mut ports = people();
    ports.access.expect_find_standing().returning(|id| Ok((id == session().id).then(standing)));
    ports.mailer.expect_send().times(1).returning(|to, mail| {
        assert!(matches!(mail, Mail::ReuseNotice { tenant, at } if *tenant == company().name && *at == now()));
        assert_eq!(to, EMAIL);
        Ok(())
    });
    assert_eq!(run(ports, &job, 1).await, JobOutcome::Done);
    let mut gone = people();
    gone.access.expect_find_standing().returning(|_| Ok(None));
    assert_eq!(run(gone, &job, 1).await, JobOutcome::Done);
}

#[tokio::test]
async fn an_invitation_is_mailed_to_whoever_has_not_come_yet() {
    for (status, mails) in [(MemberStatus::Invited, 1), (MemberStatus::Active, 0), (MemberStatus::Disabled, 0)] {
        let mut ports = people();
        ports.access.expect_insert_link().times(mails).returning(|link, jobs| {
            assert_eq!((link.kind, link.tenant_id, jobs), (AuthLinkKind::Invitation, Some(tenant()), &[][..]));
            assert_eq!((link.user_id, link.member_id), (Some(user().id), Some(member().id)));
            Ok(())
        });
        ports.mailer.expect_send().times(mails).returning(|to, mail| {
            let Mail::Invitation { tenant, name, link, .. } = mail else { panic!("another mail") };
            assert_eq!((to, tenant.as_str(), name.as_str()), (EMAIL, "Shop", "Nok"));
            assert!(link.expose_secret().starts_with("https://chat.example.com/accept-invitation#token=hcl_"));
            Ok(())
        });
        let mut members = MockMemberStore::new();
        members.expect_find().returning(move |_| Ok(Some(Member { status, ..member() })));
        let ports = ports.with_sessions(vec![unit(members, 0)]);
        assert_eq!(run(ports, &job_of(invitation_job(member().id)), 1).await, JobOutcome::Done, "{status}");
    }
}

#[tokio::test]
async fn a_payload_of_another_form_is_given_up() {
    for mut job in
        [password_job(now()), job_of(reuse_notice_job(session().id, now())), job_of(invitation_job(member().id))]
    {
        job.job.payload = "{}".to_owned();
        assert!(matches!(run(people(), &job, 1).await, JobOutcome::Dead { .. }), "{}", job.job.kind);
    }
}

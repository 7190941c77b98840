//! Forgotten, reset and changed passwords, over mocks.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{AuthLink, AuthLinkKind, Member, MemberRole, MemberStatus, PasswordHash, Scope, WeakPassword};
use hubchat_ports::{HashingFailed, Membership, StorageError, TenantJob};
use secrecy::ExposeSecret;
use serde_json::json;
use uuid::Uuid;

use super::{
    ChangePassword, ForgotPassword, NewPasswordError, ResetPassword,
    test_people::{
        EMAIL, PASSWORD, actor, client, closed, company, link, link_token, member, membership, people, secret, session,
        standings, told, user,
    },
};
use crate::{
    ErrorCode, Fault, Ports,
    test_ports::{self, TestPorts, now},
};

const NEW: &str = "another horse battery";

/// Writes down the one job that is written.
fn writing(mut ports: TestPorts) -> (Ports, Arc<Mutex<Vec<TenantJob>>>) {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&kept);
    ports.access.expect_add_jobs().times(1).returning(move |jobs| {
        keep.lock().expect("no test panics").extend_from_slice(jobs);
        Ok(())
    });
    (ports.build(), kept)
}

#[tokio::test]
async fn whoever_forgot_and_whoever_is_not_known_get_jobs_of_one_form_after_as_many_reads() {
    let disabled = Membership { member: Member { status: MemberStatus::Disabled, ..member() }, ..membership() };
    for (what, memberships, email, known) in [
        ("a member", vec![membership()], " Nok@shop.example", true),
        ("unknown", vec![], "nobody@shop.example", false),
        ("disabled everywhere", vec![disabled], EMAIL, true),
        ("no tenant", vec![], EMAIL, true),
    ] {
        let mut ports = people();
        ports.access.expect_find_user_by_email().times(1).returning(|email| Ok((email == EMAIL).then(user)));
        ports.access.expect_list_memberships().times(1).returning(move |_| Ok(memberships.clone()));
        ports.directory.expect_list_tenants().times(1).returning(|_, _| Ok(vec![company()]));
        let (ports, kept) = writing(ports);
        ForgotPassword::new(ports).run(email, &client()).await.expect(what);
        let jobs = kept.lock().expect("no test panics").clone();
        let [(whose, kind, payload)] = &told(&jobs)[..] else { panic!("one job: {jobs:?}") };
        assert_eq!((*whose, kind.as_str()), (company().id, "mail.password-link.v1"), "{what}");
        assert_eq!(payload["userId"] == json!(user().id), known, "{what}");
        let fields: Vec<&String> = payload.as_object().expect("an object").keys().collect();
        assert_eq!(fields, ["address", "asking", "at", "requestId", "userId"], "{what}");
        assert_eq!(jobs[0].job.delay, Duration::ZERO);
    }
}

#[tokio::test]
async fn what_is_no_address_where_there_is_no_tenant_and_too_often_writes_nothing() {
    let nobody = || {
        let mut ports = people();
        ports.access.expect_find_user_by_email().returning(|_| Ok(None));
        ports.access.expect_list_memberships().returning(|_| Ok(vec![]));
        ports.directory.expect_list_tenants().returning(|_, _| Ok(vec![]));
        ports
    };
    for email in ["nok", EMAIL] {
        assert!(ForgotPassword::new(nobody().build()).run(email, &client()).await.is_ok(), "{email}");
    }
    let limited = ForgotPassword::new(closed().build()).run(EMAIL, &client()).await.expect_err("limited");
    assert_eq!((limited.code(), limited.retry_after().is_some()), ("rate_limited", true));
    let mut away = people();
    away.access.expect_find_user_by_email().returning(|_| Err(StorageError::Unavailable("away".into())));
    let away = ForgotPassword::new(away.build()).run(EMAIL, &client()).await.expect_err("away");
    assert_eq!((away.code(), away.retry_after().is_some()), ("storage_unavailable", true));
}

/// A person of two tenants, and of a third no more.
fn everywhere() -> Vec<Membership> {
    let of = |id: u128, status| {
        let mut of = membership();
        of.tenant.id = Uuid::from_u128(id).into();
        of.member = Member { id: Uuid::from_u128(id + 1).into(), status, tenant_id: of.tenant.id, ..of.member };
        of
    };
    vec![of(0x100, MemberStatus::Active), of(0x200, MemberStatus::Active), of(0x300, MemberStatus::Disabled)]
}

/// One deed is told to each tenant that the person works in, of the member that they are there.
fn told_everywhere(jobs: &[TenantJob], action: &str, address: &str) {
    let told = told(jobs);
    assert_eq!(
        told.iter().map(|(tenant, ..)| *tenant).collect::<Vec<_>>(),
        everywhere()[..2].iter().map(|of| of.tenant.id).collect::<Vec<_>>()
    );
    for ((_, kind, note), of) in told.iter().zip(everywhere()) {
        assert_eq!((kind.as_str(), &note["action"]), ("audit.note.v1", &json!(action)));
        assert_eq!((&note["subject"], &note["address"]), (&json!(format!("MEMBER:{}", of.member.id)), &json!(address)));
        assert_eq!(note["id"], told[0].2["id"], "one deed");
    }
}

fn resetting(link: Option<AuthLink>, redeems: Option<bool>) -> TestPorts {
    let mut ports = people();
    ports.access.expect_find_link().returning(move |_| Ok(link.clone()));
    ports.access.expect_find_user().returning(|_| Ok(Some(user())));
    ports.access.expect_list_memberships().returning(|_| Ok(everywhere()));
    ports.access.expect_redeem_link().times(usize::from(redeems.is_some())).returning(move |hash, at, change, jobs| {
        told_everywhere(jobs, "PASSWORD_RESET", "203.0.113.7");
        assert_eq!((hash, at), (link_token().expose_secret().as_bytes(), now()));
        let change = change.expect("a change");
        assert_eq!((change.user_id, change.keep), (user().id, None));
        assert_eq!(change.hash, PasswordHash::new("new hash"));
        Ok(redeems.unwrap_or_default())
    });
    ports
}

async fn reset(ports: TestPorts, new: &str) -> Result<(), NewPasswordError> {
    let ports = ports.build();
    ResetPassword::new(ports.clone(), standings(&ports)).run(&link_token(), &secret(new), &client()).await
}

#[tokio::test]
async fn a_good_link_sets_the_password_once() {
    let good = || Some(link(AuthLinkKind::PasswordReset));
    assert!(reset(resetting(good(), Some(true)), NEW).await.is_ok());
    let raced = reset(resetting(good(), Some(false)), NEW).await.expect_err("somebody was quicker");
    assert_eq!((raced.code(), raced.field(), raced.retry_after()), ("link_not_valid", None, None));
}

#[tokio::test]
async fn a_link_that_is_none_used_over_or_of_another_kind_sets_nothing() {
    let good = link(AuthLinkKind::PasswordReset);
    for (what, link) in [
        ("none", None),
        ("used", Some(AuthLink { used_at: Some(now()), ..good.clone() })),
        ("over", Some(AuthLink { expires_at: now(), ..good.clone() })),
        ("an invitation", Some(link(AuthLinkKind::Invitation))),
        ("a first owner's", Some(link(AuthLinkKind::FirstOwner))),
        ("of nobody", Some(AuthLink { user_id: None, ..good })),
    ] {
        assert!(matches!(reset(resetting(link, None), NEW).await, Err(NewPasswordError::Link)), "{what}");
    }
    let ports = people().build();
    let reset = ResetPassword::new(ports.clone(), standings(&ports));
    assert!(matches!(reset.run(&secret("hcl_nope"), &secret(NEW), &client()).await, Err(NewPasswordError::Link)));
}

#[tokio::test]
async fn a_weak_password_leaves_the_link_good_and_too_many_tries_ask_nothing() {
    let weak = reset(resetting(Some(link(AuthLinkKind::PasswordReset)), None), EMAIL).await.expect_err("weak");
    assert!(matches!(weak, NewPasswordError::Weak(WeakPassword::Email)));
    assert_eq!((weak.code(), weak.field()), ("validation_failed", Some("newPassword")));
    assert_eq!(reset(closed(), NEW).await.expect_err("limited").code(), "rate_limited");
}

async fn change(ports: TestPorts, current: &str, new: &str) -> Result<(), NewPasswordError> {
    let ports = ports.build();
    let change = ChangePassword::new(ports.clone(), standings(&ports));
    change.run(&actor(MemberRole::Sales), &secret(current), &secret(new)).await
}

fn changing(times: usize) -> TestPorts {
    let mut ports = people();
    ports.access.expect_find_user().returning(|_| Ok(Some(user())));
    ports.access.expect_list_memberships().returning(|_| Ok(everywhere()));
    ports.access.expect_change_password().times(times).returning(|change, jobs| {
        told_everywhere(jobs, "PASSWORD_CHANGED", "192.0.2.7");
        assert_eq!((change.user_id, change.keep, change.at), (user().id, Some(session().id), now()));
        assert_eq!(change.hash, PasswordHash::new("new hash"));
        Ok(())
    });
    ports
}

#[tokio::test]
async fn the_present_password_is_asked_for_and_the_present_session_stays() {
    assert!(change(changing(1), PASSWORD, NEW).await.is_ok());
    let wrong = change(changing(0), "not my password", NEW).await.expect_err("wrong");
    assert_eq!((wrong.code(), wrong.field()), ("validation_failed", Some("currentPassword")));
    assert!(matches!(change(changing(0), PASSWORD, "short").await, Err(NewPasswordError::Weak(WeakPassword::Length))));
}

#[tokio::test]
async fn a_key_has_no_password_and_faults_are_told_apart() {
    let ports = TestPorts::default().build();
    let refused = ChangePassword::new(ports.clone(), standings(&ports))
        .run(&test_ports::actor(&[Scope::Admin]), &secret(PASSWORD), &secret(NEW))
        .await
        .expect_err("a key");
    assert_eq!(refused.code(), "members_only");
    let mut limited = closed();
    limited.access.expect_find_user().returning(|_| Ok(Some(user())));
    assert!(change(limited, PASSWORD, NEW).await.expect_err("limited").retry_after().is_some());
    let mut away = people();
    away.access.expect_find_user().returning(|_| Err(StorageError::Unavailable("away".into())));
    assert!(matches!(change(away, PASSWORD, NEW).await, Err(NewPasswordError::Fault(Fault::Unavailable(_)))));
    let mut broken = closed();
    broken.rate_limiter.checkpoint();
    broken.rate_limiter.expect_take().returning(|_, _| Ok(test_ports::allowance()));
    broken.access.expect_find_user().returning(|_| Ok(Some(user())));
    broken.passwords.expect_verify().returning(|_, _| Err(HashingFailed));
    assert!(matches!(change(broken, PASSWORD, NEW).await, Err(NewPasswordError::Fault(Fault::Internal(_)))));
}

//! Forgotten, reset and changed passwords, over mocks.

use hubchat_domain::{AuthLink, AuthLinkKind, Member, MemberRole, MemberStatus, PasswordHash, Scope, WeakPassword};
use hubchat_ports::{HashingFailed, Mail, MailError, Membership, StorageError};
use secrecy::ExposeSecret;

use super::{
    ChangePassword, ForgotPassword, NewPasswordError, ResetPassword,
    test_people::{
        EMAIL, PASSWORD, actor, client, closed, link, link_token, links, member, membership, people, secret, session,
        standings, user,
    },
};
use crate::{
    ErrorCode, Fault,
    test_ports::{self, TestPorts, now},
};

const NEW: &str = "another horse battery";

fn forgetful(memberships: Vec<Membership>) -> TestPorts {
    let mut ports = people();
    ports.access.expect_find_user_by_email().returning(|email| Ok((email == EMAIL).then(user)));
    ports.access.expect_list_memberships().returning(move |_| Ok(memberships.clone()));
    ports
}

#[tokio::test]
async fn whoever_forgot_gets_a_link_by_mail_whether_the_mail_goes_or_not() {
    for goes in [true, false] {
        let mut ports = forgetful(vec![membership()]);
        ports.access.expect_insert_link().times(1).returning(|link| {
            assert_eq!((link.kind, link.user_id, link.tenant_id), (AuthLinkKind::PasswordReset, Some(user().id), None));
            assert_eq!(link.expires_at, now().plus(AuthLinkKind::PasswordReset.lifetime()));
            Ok(())
        });
        ports.mailer.expect_send().times(1).returning(move |to, mail| {
            let Mail::PasswordReset { link, .. } = mail else { panic!("another mail") };
            assert!(link.expose_secret().starts_with("https://chat.example.com/reset-password#token=hcl_"));
            assert_eq!(to, EMAIL);
            if goes { Ok(()) } else { Err(MailError::Failed("away".into())) }
        });
        let ports = ports.build();
        ForgotPassword::new(ports.clone(), links(&ports)).run(" Nok@shop.example").await.expect("it is done");
    }
}

#[tokio::test]
async fn nobody_else_gets_one() {
    let disabled = Membership { member: Member { status: MemberStatus::Disabled, ..member() }, ..membership() };
    for (what, ports, email) in [
        ("unknown", forgetful(vec![membership()]), "nobody@shop.example"),
        ("no address", forgetful(vec![membership()]), "nok"),
        ("disabled everywhere", forgetful(vec![disabled]), EMAIL),
        ("no tenant", forgetful(vec![]), EMAIL),
    ] {
        let ports = ports.build();
        assert!(ForgotPassword::new(ports.clone(), links(&ports)).run(email).await.is_ok(), "{what}");
    }
    let ports = closed().build();
    let limited = ForgotPassword::new(ports.clone(), links(&ports)).admit(EMAIL, &client()).await.expect_err("limited");
    assert_eq!(limited.code(), "rate_limited");
}

fn resetting(link: Option<AuthLink>, redeems: Option<bool>) -> TestPorts {
    let mut ports = people();
    ports.access.expect_find_link().returning(move |_| Ok(link.clone()));
    ports.access.expect_find_user().returning(|_| Ok(Some(user())));
    ports.access.expect_redeem_link().times(usize::from(redeems.is_some())).returning(move |hash, at, change| {
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
    ports.access.expect_change_password().times(times).returning(|change| {
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

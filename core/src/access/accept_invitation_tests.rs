//! Accepting invitations, over mocks.

use hubchat_domain::{AuthLink, AuthLinkKind, Member, MemberRole, MemberStatus, PasswordHash, User, WeakPassword};
use hubchat_ports::{InsertOutcome, Membership, MockMemberStore, StorageError, TenantJob};
use mockall::Sequence;
use serde_json::json;

use super::{
    AcceptInvitation, AcceptInvitationCommand, AcceptInvitationError, SignedIn,
    enthrone::EnthroneJobs,
    test_people::{
        EMAIL, PASSWORD, client, closed, link, link_token, member, membership, only_note, people, reserved, secret,
        told, unit, user,
    },
};
use crate::{
    ErrorCode, Fault, JobOutcome, RetryPolicy,
    test_ports::{TestPorts, now, tenant},
};

fn command() -> AcceptInvitationCommand {
    AcceptInvitationCommand {
        token: link_token(),
        password: secret(PASSWORD),
        name: None,
        email: None,
        client: client(),
    }
}

fn invited() -> Member {
    Member { status: MemberStatus::Invited, ..member() }
}

fn newcomer() -> User {
    User { password_hash: None, ..user() }
}

fn finding(member: Option<Member>) -> MockMemberStore {
    let mut members = MockMemberStore::new();
    members.expect_find().returning(move |_| Ok(member.clone()));
    members
}

fn with(link: Option<AuthLink>, user: User) -> TestPorts {
    let mut ports = people();
    ports.access.expect_find_link().returning(move |_| Ok(link.clone()));
    ports.access.expect_find_user().returning(move |_| Ok(Some(user.clone())));
    ports
}

async fn accept(ports: TestPorts, command: AcceptInvitationCommand) -> Result<SignedIn, AcceptInvitationError> {
    AcceptInvitation::new(ports.build()).run(&command).await
}

#[tokio::test]
async fn a_newcomer_sets_a_password_becomes_active_and_is_in() {
    for kind in [AuthLinkKind::Invitation, AuthLinkKind::FirstOwner] {
        let mut order = Sequence::new();
        let mut ports = with(Some(link(kind)), newcomer());
        let mut members = finding(Some(invited()));
        members.expect_update().times(1).in_sequence(&mut order).returning(|member| {
            assert_eq!((member.status, member.name.as_str()), (MemberStatus::Active, "Noknoi"));
            Ok(())
        });
        ports.access.expect_redeem_link().times(1).in_sequence(&mut order).returning(|_, at, change, _| {
            let change = change.expect("a password");
            assert_eq!((at, change.hash, change.keep), (now(), PasswordHash::new("new hash"), None));
            Ok(true)
        });
        ports.access.expect_open_session().times(1).returning(|_, _, proven, jobs| {
            assert_eq!(*proven, PasswordHash::new("new hash"));
            let note = only_note(jobs);
            assert_eq!((&note["action"], &note["after"]["by"]), (&json!("MEMBER_SIGNED_IN"), &json!("INVITATION")));
            Ok(true)
        });
        let ports = ports.with_sessions(vec![unit(members, 1)]);
        let named = AcceptInvitationCommand { name: Some(" Noknoi ".to_owned()), ..command() };
        let signed = accept(ports, named).await.expect("in");
        assert_eq!(signed.member.status, MemberStatus::Active);
    }
}

#[tokio::test]
async fn whoever_has_a_password_proves_it_and_keeps_it() {
    let mut ports = with(Some(link(AuthLinkKind::Invitation)), user());
    let mut members = finding(Some(invited()));
    members.expect_update().times(1).returning(|_| Ok(()));
    ports.access.expect_redeem_link().times(1).returning(|_, _, change, _| {
        assert_eq!(change, None);
        Ok(true)
    });
    ports.access.expect_open_session().times(1).returning(|_, _, proven, _| {
        assert_eq!(*proven, PasswordHash::new("hash"));
        Ok(true)
    });
    let ports = ports.with_sessions(vec![unit(members, 1)]);
    assert!(accept(ports, command()).await.is_ok());

    let wrong = AcceptInvitationCommand { password: secret("not their password"), ..command() };
    let refused = accept(with(Some(link(AuthLinkKind::Invitation)), user()), wrong).await.expect_err("wrong");
    assert!(matches!(refused, AcceptInvitationError::Password));
    assert_eq!((refused.code(), refused.field()), ("login_refused", None));
}

#[tokio::test]
async fn a_link_that_is_none_used_over_or_of_another_kind_lets_nobody_in() {
    let good = link(AuthLinkKind::Invitation);
    for (what, link) in [
        ("none", None),
        ("used", Some(AuthLink { used_at: Some(now()), ..good.clone() })),
        ("over", Some(AuthLink { expires_at: now(), ..good.clone() })),
        ("a reset", Some(link(AuthLinkKind::PasswordReset))),
        ("of no tenant", Some(AuthLink { tenant_id: None, ..good })),
    ] {
        let refused = accept(with(link, newcomer()), command()).await.expect_err(what);
        assert_eq!(refused.code(), "link_not_valid", "{what}");
    }
    let malformed = AcceptInvitationCommand { token: secret("hcr_1"), ..command() };
    assert!(matches!(accept(people(), malformed).await, Err(AcceptInvitationError::Link)));
}

#[tokio::test]
async fn a_member_who_is_gone_disabled_or_somebody_else_stays_out() {
    let other = Member { user_id: uuid::Uuid::from_u128(0xdead).into(), ..invited() };
    let disabled = Member { status: MemberStatus::Disabled, ..member() };
    for found in [None, Some(other), Some(disabled)] {
        let ports = with(Some(link(AuthLinkKind::Invitation)), newcomer());
        let refused = accept(ports.with_sessions(vec![unit(finding(found), 0)]), command()).await;
        assert!(matches!(refused, Err(AcceptInvitationError::Link)));
    }
}

#[tokio::test]
async fn what_was_done_by_half_can_be_done_again() {
    let mut ports = with(Some(link(AuthLinkKind::Invitation)), newcomer());
    ports.access.expect_redeem_link().returning(|_, _, _, _| Ok(true));
    ports.access.expect_open_session().returning(|_, _, _, _| Ok(true));
    let ports = ports.with_sessions(vec![unit(finding(Some(member())), 0)]);
    assert!(accept(ports, command()).await.is_ok(), "active already, and the link still good");
    let mut ports = with(Some(link(AuthLinkKind::Invitation)), newcomer());
    ports.access.expect_redeem_link().returning(|_, _, _, _| Ok(false));
    let ports = ports.with_sessions(vec![unit(finding(Some(member())), 0)]);
    assert!(matches!(accept(ports, command()).await, Err(AcceptInvitationError::Link)), "somebody was quicker");
}

fn open_link() -> AuthLink {
    AuthLink { user_id: None, member_id: None, ..link(AuthLinkKind::FirstOwner) }
}

fn self_named() -> AcceptInvitationCommand {
    AcceptInvitationCommand { name: Some("Nok".to_owned()), email: Some(" NOK@shop.example".to_owned()), ..command() }
}

/// Ports over a link that names nobody, followed by this person, who is a member of these tenants.
fn opened(user: &User, memberships: Vec<Membership>) -> TestPorts {
    let mut ports = with(Some(open_link()), user.clone());
    let user = user.clone();
    ports.access.expect_find_user_by_email().returning(move |_| Ok(Some(user.clone())));
    ports.access.expect_list_memberships().returning(move |_| Ok(memberships.clone()));
    ports
}

/// Somebody who is a member of another tenant.
fn elsewhere() -> Membership {
    let mut elsewhere = membership();
    elsewhere.tenant.id = uuid::Uuid::from_u128(0xcccc).into();
    elsewhere
}

#[tokio::test]
async fn a_link_that_names_nobody_is_used_up_before_it_makes_an_owner() {
    let mut order = Sequence::new();
    let mut ports = with(Some(open_link()), newcomer());
    ports.access.expect_find_user_by_email().returning(|_| Ok(None));
    ports.access.expect_list_memberships().returning(|_| Ok(vec![]));
    ports.access.expect_insert_user().times(1).returning(|_| Ok(InsertOutcome::Inserted));
    ports.access.expect_redeem_link().times(1).in_sequence(&mut order).returning(|_, _, _, _| Ok(true));
    ports.access.expect_open_session().returning(|_, _, _, _| Ok(true));
    let mut members = MockMemberStore::new();
    members.expect_insert().times(1).in_sequence(&mut order).returning(|member| {
        assert_eq!(
            (member.role, member.status, member.email.as_str()),
            (MemberRole::Owner, MemberStatus::Active, EMAIL)
        );
        Ok(InsertOutcome::Inserted)
    });
    let ports = ports.with_sessions(vec![unit(members, 1)]);
    assert_eq!(accept(ports, self_named()).await.expect("in").member.role, MemberRole::Owner);

    let mut ports = opened(&newcomer(), vec![]);
    ports.access.expect_redeem_link().returning(|_, _, _, _| Ok(false));
    assert!(matches!(accept(ports, self_named()).await, Err(AcceptInvitationError::Link)), "no second owner");

    let mut ports = opened(&newcomer(), vec![]);
    ports.access.expect_redeem_link().returning(|_, _, _, _| Ok(true));
    let mut members = finding(None);
    members.expect_insert().returning(|_| Ok(InsertOutcome::AlreadyPresent));
    let ports = ports.with_sessions(vec![unit(members, 0)]);
    let raced = accept(ports, self_named()).await;
    assert!(matches!(raced, Err(AcceptInvitationError::Link)), "added otherwise meanwhile");
}

#[tokio::test]
async fn whoever_is_a_member_already_does_not_use_the_link_up() {
    let ports = opened(&user(), vec![membership()]);
    assert!(matches!(accept(ports, self_named()).await, Err(AcceptInvitationError::Link)));
}

#[tokio::test]
async fn a_link_that_names_nobody_gives_no_password_to_a_member_of_another_tenant() {
    let taken = accept(opened(&newcomer(), vec![elsewhere()]), self_named()).await;
    assert!(matches!(taken, Err(AcceptInvitationError::Password)), "the address is not proven");

    let mut ports = opened(&user(), vec![elsewhere()]);
    ports.access.expect_redeem_link().times(1).returning(|_, _, change, _| {
        assert_eq!(change, None);
        Ok(true)
    });
    ports.access.expect_open_session().returning(|_, _, _, _| Ok(true));
    let mut members = MockMemberStore::new();
    members.expect_insert().returning(|_| Ok(InsertOutcome::Inserted));
    let own = accept(ports.with_sessions(vec![unit(members, 1)]), self_named()).await;
    assert_eq!(own.expect("their own password is proof enough").member.role, MemberRole::Owner);
}

#[tokio::test]
async fn an_owner_whom_the_request_left_unmade_is_made_by_the_job_and_once() {
    let kept = std::sync::Arc::new(std::sync::Mutex::new(Vec::<TenantJob>::new()));
    let mut ports = opened(&newcomer(), vec![]);
    let keep = std::sync::Arc::clone(&kept);
    ports.access.expect_redeem_link().times(1).returning(move |_, _, _, jobs| {
        keep.lock().expect("no test panics").extend_from_slice(jobs);
        Ok(true)
    });
    ports.repository.expect_begin().returning(|_| Err(StorageError::Unavailable("the process dies".into())));
    assert!(matches!(accept(ports, self_named()).await, Err(AcceptInvitationError::Fault(Fault::Unavailable(_)))));
    let jobs = kept.lock().expect("no test panics").clone();
    let [(whose, kind, payload)] = &told(&jobs)[..] else { panic!("one job: {jobs:?}") };
    assert_eq!((*whose, kind.as_str()), (tenant(), "access.enthrone.v1"));
    assert_eq!(payload["userId"], json!(newcomer().id));
    let id = payload["memberId"].clone();

    for (outcome, commits) in [(InsertOutcome::Inserted, 1), (InsertOutcome::AlreadyPresent, 0)] {
        let mut ports = people();
        ports.access.expect_find_user().returning(|_| Ok(Some(newcomer())));
        let (mut members, id) = (finding(Some(member())), id.clone());
        members.expect_insert().times(1).returning(move |owner| {
            assert_eq!((json!(owner.id), owner.role, owner.user_id), (id.clone(), MemberRole::Owner, newcomer().id));
            Ok(outcome)
        });
        let ports = ports.with_sessions(vec![unit(members, commits)]).build();
        let done = EnthroneJobs::new(ports, RetryPolicy::default()).run(&reserved(&jobs[0])).await;
        assert_eq!(done, JobOutcome::Done);
    }
    let mut away = people();
    away.access.expect_find_user().returning(|_| Err(StorageError::Unavailable("away".into())));
    let waits = EnthroneJobs::new(away.build(), RetryPolicy::default()).run(&reserved(&jobs[0])).await;
    assert!(matches!(waits, JobOutcome::Retry { .. }), "{waits:?}");
}

#[tokio::test]
async fn names_addresses_and_passwords_are_checked_before_the_link_is_used() {
    let open = || with(Some(open_link()), newcomer());
    let bound = || with(Some(link(AuthLinkKind::Invitation)), newcomer());
    for (ports, command, field) in [
        (open(), AcceptInvitationCommand { email: None, ..self_named() }, "email"),
        (open(), AcceptInvitationCommand { email: Some("nok".to_owned()), ..self_named() }, "email"),
        (open(), AcceptInvitationCommand { name: None, ..self_named() }, "name"),
        (bound(), AcceptInvitationCommand { name: Some(" ".to_owned()), ..command() }, "name"),
        (bound(), AcceptInvitationCommand { password: secret("short"), ..command() }, "password"),
    ] {
        let error = accept(ports, command).await.expect_err(field);
        assert_eq!((error.code(), error.field()), ("validation_failed", Some(field)));
    }
    let email = AcceptInvitationCommand { password: secret(EMAIL), ..command() };
    assert!(matches!(accept(bound(), email).await, Err(AcceptInvitationError::Weak(WeakPassword::Email))));
}

#[tokio::test]
async fn limits_and_faults_are_told_apart() {
    let limited = accept(closed(), command()).await.expect_err("limited");
    assert_eq!(limited.code(), "rate_limited");
    assert!(limited.retry_after().is_some());
    let mut ports = people();
    ports.access.expect_find_link().returning(|_| Err(StorageError::Unavailable("away".into())));
    let away = accept(ports, command()).await.expect_err("away");
    assert!(matches!(away, AcceptInvitationError::Fault(Fault::Unavailable(_))) && away.retry_after().is_some());
    let mut ports = with(Some(link(AuthLinkKind::Invitation)), newcomer());
    ports.access.expect_redeem_link().returning(|_, _, _, _| Ok(true));
    ports.access.expect_open_session().returning(|_, _, _, _| Ok(false));
    let ports = ports.with_sessions(vec![unit(finding(Some(member())), 0)]);
    assert!(matches!(accept(ports, command()).await, Err(AcceptInvitationError::Link)));
}

//! Logging in, over mocks.

use std::sync::{Arc, Mutex};

use hubchat_domain::{Member, MemberStatus, PasswordHash, Tenant, TenantSlug, User};
use hubchat_ports::{Membership, PasswordCheck, StorageError};
use serde_json::json;
use uuid::Uuid;

use super::{
    LogIn, LogInCommand, LogInError, LoggedIn,
    test_people::{
        EMAIL, PASSWORD, client, closed, company, member, membership, only_note, people, quiet_people, secret, user,
    },
};
use crate::{
    ErrorCode, Fault,
    test_ports::{TestPorts, allowance, now},
};

fn command(email: &str, password: &str, tenant: Option<&str>) -> LogInCommand {
    LogInCommand {
        email: email.to_owned(),
        password: secret(password),
        tenant: tenant.map(str::to_owned),
        client: client(),
    }
}

fn knowing(user: Option<User>, memberships: Vec<Membership>) -> TestPorts {
    let mut ports = people();
    ports
        .access
        .expect_find_user_by_email()
        .returning(move |email| Ok(user.clone().filter(|user| user.email == email)));
    ports.access.expect_list_memberships().returning(move |_| Ok(memberships.clone()));
    ports
}

fn elsewhere(status: MemberStatus) -> Membership {
    let slug = TenantSlug::parse("other").expect("a slug");
    let tenant = Tenant { id: Uuid::from_u128(0xffff).into(), slug, ..company() };
    let member = Member { id: Uuid::from_u128(0xf1).into(), tenant_id: tenant.id, status, ..member() };
    Membership { tenant, member }
}

async fn log_in(ports: TestPorts, command: LogInCommand) -> Result<LoggedIn, LogInError> {
    LogIn::new(ports.build()).run(&command).await
}

#[tokio::test]
async fn the_right_password_begins_a_session_of_thirty_days() {
    let mut ports = knowing(Some(user()), vec![membership(), elsewhere(MemberStatus::Disabled)]);
    ports.access.expect_open_session().times(1).returning(|session, token, proven, jobs| {
        assert_eq!((session.user_id, session.member_id), (user().id, member().id));
        assert_eq!(session.expires_at, now().plus(hubchat_domain::Session::LIFETIME));
        assert_eq!(session.address.as_deref(), Some("203.0.113.7"));
        assert_eq!((token.session_id, token.parent_hash.clone()), (session.id, None));
        assert_eq!(*proven, PasswordHash::new("hash"));
        let note = only_note(jobs);
        let actor = format!("MEMBER:{}", member().id);
        assert_eq!((&note["action"], &note["actor"]), (&json!("MEMBER_SIGNED_IN"), &json!(actor)));
        assert_eq!(note["subject"], format!("SESSION:{}", session.id));
        assert_eq!((&note["after"], &note["at"]), (&json!({"by": "PASSWORD"}), &json!(now().as_micros())));
        assert_eq!((&note["address"], &note["requestId"]), (&json!("203.0.113.7"), &json!("request-1")));
        Ok(true)
    });
    let Ok(LoggedIn::Session(signed)) = log_in(ports, command(" NOK@shop.example", PASSWORD, None)).await else {
        panic!("a session")
    };
    assert_eq!(signed.tenant, company());
    assert_eq!(signed.access_expires_at, now().plus(std::time::Duration::from_mins(10)));
}

#[tokio::test]
async fn several_tenants_are_a_choice_and_a_slug_makes_it() {
    let both = || knowing(Some(user()), vec![elsewhere(MemberStatus::Active), membership()]);
    let Ok(LoggedIn::ChooseTenant(tenants)) = log_in(both(), command(EMAIL, PASSWORD, None)).await else {
        panic!("a choice")
    };
    assert_eq!(tenants.iter().map(|tenant| tenant.slug.as_str()).collect::<Vec<_>>(), ["other", "shop"]);
    let mut ports = both();
    ports.access.expect_open_session().times(1).returning(|session, _, _, _| {
        assert_eq!(session.tenant_id, company().id);
        Ok(true)
    });
    assert!(matches!(log_in(ports, command(EMAIL, PASSWORD, Some("shop"))).await, Ok(LoggedIn::Session(_))));
}

#[tokio::test]
async fn everyone_else_gets_one_and_the_same_answer() {
    let invited = Membership { member: Member { status: MemberStatus::Invited, ..member() }, ..membership() };
    let passwordless = User { password_hash: None, ..user() };
    for (what, known, tried) in [
        ("unknown", (None, vec![]), command(EMAIL, PASSWORD, None)),
        ("no address", (Some(user()), vec![membership()]), command("nok", PASSWORD, None)),
        ("wrong", (Some(user()), vec![membership()]), command(EMAIL, "another password", None)),
        ("without a password", (Some(passwordless), vec![membership()]), command(EMAIL, PASSWORD, None)),
        ("only invited", (Some(user()), vec![invited]), command(EMAIL, PASSWORD, None)),
        ("no tenant", (Some(user()), vec![]), command(EMAIL, PASSWORD, None)),
        ("another tenant", (Some(user()), vec![membership()]), command(EMAIL, PASSWORD, Some("other"))),
    ] {
        let refused = log_in(knowing(known.0, known.1), tried).await.expect_err(what);
        assert!(matches!(refused, LogInError::Refused), "{what}");
        assert_eq!((refused.code(), refused.retry_after()), ("login_refused", None));
    }
}

#[tokio::test]
async fn the_hasher_runs_once_whether_there_is_such_a_person_or_not() {
    for user in [Some(user()), None] {
        let mut ports = quiet_people();
        ports.rate_limiter.expect_take().returning(|_, _| Ok(allowance()));
        ports.access.expect_find_user_by_email().times(1).returning(move |_| Ok(user.clone()));
        let wrong = PasswordCheck { matches: false, needs_rehash: false };
        ports.passwords.expect_verify().times(1).returning(move |_, _| Ok(wrong));
        assert!(matches!(log_in(ports, command(EMAIL, "wrong", None)).await, Err(LogInError::Refused)));
    }
}

#[tokio::test]
async fn too_many_tries_are_refused_before_anything_is_looked_up() {
    for email in [EMAIL, "nobody@shop.example", "no address"] {
        let limited = log_in(closed(), command(email, PASSWORD, None)).await.expect_err("limited");
        assert_eq!((limited.code(), limited.retry_after()), ("rate_limited", Some(std::time::Duration::from_secs(12))));
    }
}

#[tokio::test]
async fn the_limiter_learns_neither_addresses_nor_accounts_and_counts_three_ways() {
    let mut ports = quiet_people();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    ports.rate_limiter.expect_take().returning(move |key, quota| {
        kept.lock().expect("no test panics").push((key.to_owned(), quota.burst.get()));
        Ok(allowance())
    });
    ports.access.expect_find_user_by_email().returning(|_| Err(StorageError::Unavailable("away".into())));
    let away = log_in(ports, command(EMAIL, PASSWORD, None)).await;
    assert!(matches!(away, Err(LogInError::Fault(Fault::Unavailable(_)))));
    let seen = seen.lock().expect("no test panics");
    assert_eq!(seen.iter().map(|(_, burst)| *burst).collect::<Vec<_>>(), [5, 20, 100]);
    assert!(seen.iter().all(|(key, _)| !key.contains("nok") && !key.contains("203")), "{seen:?}");
}

#[tokio::test]
async fn a_hash_of_old_parameters_is_made_anew_and_then_proves_the_session() {
    for (replaced, begins) in [(true, true), (false, false)] {
        let mut ports = quiet_people();
        ports.rate_limiter.expect_take().returning(|_, _| Ok(allowance()));
        ports.access.expect_find_user_by_email().returning(|_| Ok(Some(user())));
        ports.access.expect_list_memberships().returning(|_| Ok(vec![membership()]));
        ports.passwords.expect_verify().returning(|_, _| Ok(PasswordCheck { matches: true, needs_rehash: true }));
        ports.passwords.expect_hash().times(1).returning(|_| Ok(PasswordHash::new("renewed")));
        ports.access.expect_rehash_password().times(1).returning(move |_, from, to| {
            assert_eq!((from, to), (&PasswordHash::new("hash"), &PasswordHash::new("renewed")));
            Ok(replaced)
        });
        ports.access.expect_open_session().times(usize::from(begins)).returning(|_, _, proven, _| {
            assert_eq!(*proven, PasswordHash::new("renewed"));
            Ok(true)
        });
        assert_eq!(log_in(ports, command(EMAIL, PASSWORD, None)).await.is_ok(), begins);
    }
}

#[tokio::test]
async fn a_password_that_changes_meanwhile_begins_no_session() {
    let mut ports = knowing(Some(user()), vec![membership()]);
    ports.access.expect_open_session().returning(|_, _, _, _| Ok(false));
    assert!(matches!(log_in(ports, command(EMAIL, PASSWORD, None)).await, Err(LogInError::Refused)));
}

//! From an access token to the member, over mocks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use hubchat_domain::{Member, MemberRole, MemberStatus, Permission, Session, TenantSettings, Timestamp};
use hubchat_ports::{
    AccessClaims, AccessTokenError, MockClock, MockTeamStore, MockUnitOfWork, Standing, StorageError, TeamStore,
};
use uuid::Uuid;

use super::{
    AuthenticateMember, StandingCache,
    test_people::{long_ago, member, quiet_people, secret, session, standing, user},
};
use crate::{
    Actor, AuthenticateError, Fault,
    test_ports::{TestPorts, inbox_with, now, tenant},
};

fn claims() -> AccessClaims {
    AccessClaims {
        session_id: session().id,
        user_id: user().id,
        issued_at: now(),
        expires_at: now().plus(Duration::from_mins(10)),
    }
}

/// People of a tenant with the usual settings and no teams.
fn teamless_people() -> TestPorts {
    let mut ports = quiet_people();
    ports.repository.expect_inbox().returning(|_| Box::new(inbox_with(TenantSettings::default())));
    ports.repository.expect_begin().returning(|_| {
        let (mut teams, mut session) = (MockTeamStore::new(), MockUnitOfWork::new());
        teams.expect_teams_of().returning(|_| Ok(Vec::new()));
        session.expect_teams().return_const(Box::new(teams) as Box<dyn TeamStore>);
        Ok(Box::new(session))
    });
    ports
}

fn with(standing: Option<Standing>) -> TestPorts {
    let mut ports = teamless_people();
    ports.access_tokens.expect_verify().returning(|_, _| Ok(claims()));
    ports.access.expect_find_standing().times(..=1).returning(move |_| Ok(standing.clone()));
    ports
}

async fn authenticate(ports: TestPorts) -> Result<Actor, AuthenticateError> {
    let ports = ports.build();
    AuthenticateMember::new(ports.clone(), StandingCache::new(ports)).run(&secret("token")).await
}

#[tokio::test]
async fn the_member_acts_with_the_role_that_storage_knows() {
    let manager = Standing { member: Member { role: MemberRole::Manager, ..member() }, ..standing() };
    let actor = authenticate(with(Some(manager))).await.expect("a member");
    assert_eq!(actor.tenant_id(), tenant());
    assert!(actor.may(Permission::LeadsAssign) && !actor.may(Permission::MembersManage));
    let member = actor.as_member().expect("a member");
    assert_eq!((member.user_id, member.session_id), (user().id, session().id));
}

#[tokio::test]
async fn a_session_or_a_member_that_is_over_is_refused() {
    let of = |session: Session| Some(Standing { session, ..standing() });
    let other = Uuid::from_u128(0xdead).into();
    for (what, standing) in [
        ("unknown", None),
        ("ended", of(Session { ended_at: Some(now()), ..session() })),
        ("expired", of(Session { expires_at: now(), ..session() })),
        ("idle", of(Session { last_used_at: long_ago(), ..session() })),
        ("another person's session", of(Session { user_id: other, ..session() })),
        ("another person's membership", Some(Standing { member: Member { user_id: other, ..member() }, ..standing() })),
        ("disabled", Some(Standing { member: Member { status: MemberStatus::Disabled, ..member() }, ..standing() })),
        ("invited", Some(Standing { member: Member { status: MemberStatus::Invited, ..member() }, ..standing() })),
    ] {
        assert!(matches!(authenticate(with(standing)).await, Err(AuthenticateError::Refused)), "{what}");
    }
}

#[tokio::test]
async fn a_forged_token_asks_storage_nothing_and_storage_that_is_away_is_told_apart() {
    let mut ports = quiet_people();
    ports.access_tokens.expect_verify().returning(|_, _| Err(AccessTokenError::Refused));
    assert!(matches!(authenticate(ports).await, Err(AuthenticateError::Refused)));
    let mut ports = quiet_people();
    ports.access_tokens.expect_verify().returning(|_, _| Ok(claims()));
    ports.access.expect_find_standing().returning(|_| Err(StorageError::Unavailable("away".into())));
    assert!(matches!(authenticate(ports).await, Err(AuthenticateError::Fault(Fault::Unavailable(_)))));
}

#[tokio::test]
async fn what_another_process_changed_counts_after_five_seconds_and_what_this_one_did_at_once() {
    let disabled = || Standing { member: Member { status: MemberStatus::Disabled, ..member() }, ..standing() };
    let mut ports = teamless_people();
    ports.access_tokens.expect_verify().returning(|_, _| Ok(claims()));
    ports.access.expect_find_standing().times(1).returning(|_| Ok(Some(standing())));
    ports.access.expect_find_standing().times(1).returning(move |_| Ok(Some(disabled())));
    ports.access.expect_find_standing().times(1).returning(|_| Ok(Some(standing())));
    let elapsed = Arc::new(AtomicI64::new(0));
    let (mut clock, moved) = (MockClock::new(), Arc::clone(&elapsed));
    clock.expect_now().returning(move || Timestamp::from_micros(now().as_micros() + moved.load(Ordering::Relaxed)));
    let ports = ports.build_with_clock(clock);
    let standings = StandingCache::new(ports.clone());
    let authenticate = AuthenticateMember::new(ports, standings.clone());
    let is_in = async || authenticate.run(&secret("token")).await.is_ok();
    assert!(is_in().await);
    elapsed.store(4_999_999, Ordering::Relaxed);
    assert!(is_in().await, "as it was a moment ago");
    elapsed.store(5_000_000, Ordering::Relaxed);
    assert!(!is_in().await, "after five seconds storage is asked");
    standings.forget(session().id);
    assert!(is_in().await, "what was forgotten is asked for at once");
}

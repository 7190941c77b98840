//! Going on with a session, over mocks: each moment at which a token may come again.

use std::time::Duration;

use hubchat_domain::{Member, MemberStatus, Session, SessionEnd};
use hubchat_ports::{FoundRefreshToken, Standing, StorageError};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{
    RefreshError, RefreshSession, SignedIn,
    test_people::{
        client, found, long_ago, member, only_note, quiet_people, refresh_token, secret, session, standing, standings,
        successor, told,
    },
};
use crate::{
    ErrorCode, Fault,
    test_ports::{TestPorts, now},
};

fn with(found: FoundRefreshToken, standing: Standing) -> TestPorts {
    let mut ports = quiet_people();
    ports.access.expect_find_refresh_token().returning(move |_| Ok(Some(found.clone())));
    ports.access.expect_find_standing().returning(move |_| Ok(Some(standing.clone())));
    ports
}

async fn refresh(ports: TestPorts) -> Result<SignedIn, RefreshError> {
    let ports = ports.build();
    let standings = standings(&ports);
    RefreshSession::new(ports, standings).run(&refresh_token(), &client()).await
}

/// A token that was spent so many seconds ago.
fn spent(ago: u64, used: bool) -> FoundRefreshToken {
    found(Some(Duration::from_secs(ago)), used)
}

#[tokio::test]
async fn a_fresh_token_is_spent_for_its_successor() {
    let mut ports = with(found(None, false), standing());
    ports.access.expect_rotate().times(1).returning(|child| {
        assert_eq!(child.hash, successor().into_bytes());
        assert_eq!(child.parent_hash.as_deref(), Some(refresh_token().expose_secret().as_bytes()));
        assert_eq!((child.session_id, child.created_at, child.spent_at), (session().id, now(), None));
        Ok(true)
    });
    let signed = refresh(ports).await.expect("it goes on");
    assert_eq!(signed.refresh_token.expose_secret(), successor());
    assert_eq!(signed.session.last_used_at, now());
}

#[tokio::test]
async fn within_ten_seconds_the_same_successor_is_given_again_while_it_is_unused() {
    for ago in [0, 9, 10] {
        let signed = refresh(with(spent(ago, false), standing())).await.expect("good faith");
        assert_eq!(signed.refresh_token.expose_secret(), successor(), "{ago}");
    }
}

#[tokio::test]
async fn a_token_that_comes_after_eleven_seconds_or_after_its_successor_was_used_ends_the_family() {
    for (ago, used) in [(11, false), (11, true), (0, true), (9, true)] {
        let mut ports = with(spent(ago, used), standing());
        ports.access.expect_end_session().times(1).returning(|id, reason, at, jobs| {
            assert_eq!((id, reason, at), (session().id, SessionEnd::TokenReused, now()));
            let note = only_note(&jobs[..1]);
            assert_eq!((&note["action"], &note["actor"]), (&json!("REFRESH_TOKEN_REUSED"), &json!("SYSTEM")));
            assert_eq!((&note["after"]["memberId"], &note["address"]), (&json!(member().id), &json!("203.0.113.7")));
            let [_, (tenant, kind, notice)] = &told(jobs)[..] else { panic!("an entry and a mail: {jobs:?}") };
            assert_eq!((*tenant, kind.as_str()), (standing().tenant.id, "mail.reuse-notice.v1"));
            assert_eq!(notice, &json!({"sessionId": session().id, "at": now().as_micros()}));
            Ok(true)
        });
        let over = refresh(ports).await.expect_err("reuse");
        assert!(matches!(over, RefreshError::Over), "{ago} {used}");
        assert_eq!((over.code(), over.retry_after()), ("session_ended", None));
    }
}

#[tokio::test]
async fn a_family_that_was_ended_already_is_over_too() {
    let mut ports = with(spent(60, true), standing());
    ports.access.expect_end_session().returning(|_, _, _, _| Ok(false));
    assert!(matches!(refresh(ports).await, Err(RefreshError::Over)));
}

#[tokio::test]
async fn whoever_was_slower_gets_the_successor_of_the_quicker_one() {
    let mut ports = quiet_people();
    ports.access.expect_find_standing().returning(|_| Ok(Some(standing())));
    ports.access.expect_find_refresh_token().times(1).returning(|_| Ok(Some(found(None, false))));
    ports.access.expect_find_refresh_token().times(1).returning(|_| Ok(Some(spent(0, false))));
    ports.access.expect_rotate().times(1).returning(|_| Ok(false));
    assert_eq!(refresh(ports).await.expect("good faith").refresh_token.expose_secret(), successor());
}

#[tokio::test]
async fn a_successor_of_another_master_key_is_not_given_and_ends_nothing() {
    let mut token = spent(1, false);
    if let Some(child) = &mut token.child {
        child.hash = b"made under the former key".to_vec();
    }
    assert!(matches!(refresh(with(token, standing())).await, Err(RefreshError::Over)));
}

#[tokio::test]
async fn nothing_goes_on_once_the_session_or_the_member_is_over() {
    let of = |session: Session| Standing { session, ..standing() };
    for (what, standing) in [
        ("ended", of(Session { ended_at: Some(now()), ..session() })),
        ("expired", of(Session { expires_at: now(), ..session() })),
        ("idle", of(Session { last_used_at: long_ago(), ..session() })),
        ("disabled", Standing { member: Member { status: MemberStatus::Disabled, ..member() }, ..standing() }),
    ] {
        assert!(matches!(refresh(with(found(None, false), standing)).await, Err(RefreshError::Over)), "{what}");
    }
    let mut ports = quiet_people();
    ports.access.expect_find_refresh_token().returning(|_| Ok(None));
    assert!(matches!(refresh(ports).await, Err(RefreshError::Over)), "unknown");
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused_without_asking_storage() {
    for text in ["", "hcr_", "hcr_zz", &format!("hcl_{}", "ab".repeat(32)), &format!("hcr_{}", "AB".repeat(32))] {
        let ports = TestPorts::default().build();
        let standings = standings(&ports);
        let refused = RefreshSession::new(ports, standings).run(&secret(text), &client()).await;
        assert!(matches!(refused, Err(RefreshError::Over)), "{text}");
    }
}

#[tokio::test]
async fn storage_that_is_away_is_told_apart() {
    let mut ports = quiet_people();
    ports.access.expect_find_refresh_token().returning(|_| Err(StorageError::Unavailable("away".into())));
    let away = refresh(ports).await.expect_err("away");
    assert!(matches!(away, RefreshError::Fault(Fault::Unavailable(_))));
    assert_eq!((away.code(), away.retry_after()), ("storage_unavailable", Some(Duration::from_secs(2))));
}

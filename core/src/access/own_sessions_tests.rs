//! Seeing and ending sessions, over mocks.

use std::sync::Arc;

use hubchat_domain::{MemberRole, Scope, Session, SessionEnd};
use hubchat_ports::{EndedHolder, Notice, Standing, StorageError};
use serde_json::json;
use uuid::Uuid;

use super::{
    ListSessions, LogOut, RevokeSession, SessionsError,
    test_people::{
        actor, client, found, member, only_note, quiet_people, refresh_token, secret, session, standing, standings,
    },
};
use crate::{
    ErrorCode, Fault,
    test_ports::{self, TestPorts, now},
};

#[tokio::test]
async fn log_out_ends_the_session_of_the_token() {
    let mut ports = quiet_people();
    ports.access.expect_find_refresh_token().returning(|_| Ok(Some(found(None, false))));
    ports.access.expect_find_standing().returning(|_| Ok(Some(standing())));
    ports.access.expect_end_session().times(1).returning(|id, reason, at, jobs| {
        assert_eq!((id, reason, at), (session().id, SessionEnd::LoggedOut, now()));
        let note = only_note(jobs);
        assert_eq!((&note["action"], &note["requestId"]), (&json!("MEMBER_SIGNED_OUT"), &json!("request-1")));
        assert_eq!(note["subject"], format!("SESSION:{}", session().id));
        Ok(true)
    });
    let bus = Arc::clone(&ports.bus);
    let ports = ports.build();
    LogOut::new(ports.clone(), standings(&ports)).run(&refresh_token(), &client()).await.expect("out");
    assert_eq!(bus.told(), [Notice::Ended { holder: EndedHolder::Session(session().id) }]);
}

#[tokio::test]
async fn log_out_with_nothing_of_use_is_no_error() {
    let ports = TestPorts::default().build();
    assert!(LogOut::new(ports.clone(), standings(&ports)).run(&secret("nonsense"), &client()).await.is_ok());
    let mut ports = quiet_people();
    ports.access.expect_find_refresh_token().returning(|_| Ok(None));
    let ports = ports.build();
    assert!(LogOut::new(ports.clone(), standings(&ports)).run(&refresh_token(), &client()).await.is_ok());
    let mut ports = quiet_people();
    ports.access.expect_find_refresh_token().returning(|_| Ok(Some(found(None, false))));
    ports.access.expect_find_standing().returning(|_| Ok(None));
    let ports = ports.build();
    assert!(LogOut::new(ports.clone(), standings(&ports)).run(&refresh_token(), &client()).await.is_ok());
}

#[tokio::test]
async fn sessions_are_a_persons_own() {
    let mut ports = quiet_people();
    ports.access.expect_list_sessions().returning(|_, _| Ok(vec![session()]));
    let list = ListSessions::new(ports.build());
    assert_eq!(list.run(&actor(MemberRole::Viewer)).await.expect("a list"), [session()]);
    let refused = list.run(&test_ports::actor(&[Scope::Admin])).await.expect_err("a key");
    assert!(matches!(refused, SessionsError::NotAMember(_)));
    assert_eq!((refused.code(), refused.retry_after()), ("members_only", None));
}

#[tokio::test]
async fn ones_own_session_is_ended_and_anothers_is_not_there() {
    let strange = Session { user_id: Uuid::from_u128(0xdead).into(), ..session() };
    for (standing, ends) in
        [(Some(standing()), true), (Some(Standing { session: strange, ..standing() }), false), (None, false)]
    {
        let mut ports = quiet_people();
        ports.access.expect_find_standing().returning(move |_| Ok(standing.clone()));
        ports.access.expect_end_session().times(usize::from(ends)).returning(|_, reason, _, jobs| {
            assert_eq!(reason, SessionEnd::Revoked);
            let note = only_note(jobs);
            let actor = format!("MEMBER:{}", member().id);
            assert_eq!((&note["action"], &note["actor"]), (&json!("SESSION_REVOKED"), &json!(actor)));
            Ok(true)
        });
        let ports = ports.build();
        let (revoke, me) = (RevokeSession::new(ports.clone(), standings(&ports)), actor(MemberRole::Viewer));
        match revoke.run(&me, session().id).await {
            Ok(()) => assert!(ends),
            Err(error) => assert!(!ends && error.code() == "session_not_found", "{error}"),
        }
    }
    let ports = TestPorts::default().build();
    let key = test_ports::actor(&[Scope::Admin]);
    let refused = RevokeSession::new(ports.clone(), standings(&ports)).run(&key, session().id).await;
    assert!(matches!(refused, Err(SessionsError::NotAMember(_))));
}

#[tokio::test]
async fn storage_that_is_away_is_told_apart() {
    let mut ports = quiet_people();
    ports.access.expect_list_sessions().returning(|_, _| Err(StorageError::Unavailable("away".into())));
    let away = ListSessions::new(ports.build()).run(&actor(MemberRole::Viewer)).await.expect_err("away");
    assert!(matches!(away, SessionsError::Fault(Fault::Unavailable(_))) && away.retry_after().is_some());
}

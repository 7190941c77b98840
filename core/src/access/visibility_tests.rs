//! What each sight shows, with mocks.

use hubchat_domain::{MemberId, MemberRole, Sight, TeamId, Viewpoint, Visibility};
use hubchat_ports::{MockTeamStore, MockUnitOfWork, StorageError, TeamStore};
use uuid::Uuid;

use super::resolve_visibility;

fn member(number: u128) -> MemberId {
    Uuid::from_u128(number).into()
}

/// A session in which member 1 is of these teams, with these peers.
fn session(teams: &[u128], peers: &[u128]) -> MockUnitOfWork {
    let teams: Vec<TeamId> = teams.iter().map(|id| Uuid::from_u128(*id).into()).collect();
    let peers: Vec<MemberId> = peers.iter().copied().map(member).collect();
    let mut store = MockTeamStore::new();
    store.expect_teams_of().returning(move |_| Ok(teams.clone()));
    store.expect_peers_of().returning(move |_| Ok(peers.clone()));
    let mut session = MockUnitOfWork::new();
    session.expect_teams().return_const(Box::new(store) as Box<dyn TeamStore>);
    session
}

#[tokio::test]
async fn all_sees_everything_and_asks_for_no_team() {
    for role in [MemberRole::Admin, MemberRole::Manager, MemberRole::Sales, MemberRole::Viewer] {
        let seen = resolve_visibility(&MockUnitOfWork::new(), member(1), role, Sight::All).await;
        assert_eq!(seen.expect("no error"), Visibility::All);
    }
}

#[tokio::test]
async fn an_owner_sees_everything_whatever_was_decided() {
    for &sight in Sight::ALL {
        let seen = resolve_visibility(&MockUnitOfWork::new(), member(1), MemberRole::Owner, sight).await;
        assert_eq!(seen.expect("no error"), Visibility::All);
    }
}

#[tokio::test]
async fn own_sees_the_members_leads_and_nothing_else() {
    let seen = resolve_visibility(&MockUnitOfWork::new(), member(1), MemberRole::Sales, Sight::Own).await;
    let own = Viewpoint { members: vec![member(1)], teams: vec![], unassigned: false };
    assert_eq!(seen.expect("no error"), Visibility::Only(own));
}

#[tokio::test]
async fn team_and_unassigned_sees_teams_peers_themselves_and_nobodys() {
    let teams = session(&[8, 9], &[1, 2, 3]);
    let seen = resolve_visibility(&teams, member(1), MemberRole::Sales, Sight::TeamAndUnassigned).await;
    let viewpoint = Viewpoint {
        members: vec![member(1), member(2), member(3)],
        teams: vec![Uuid::from_u128(8).into(), Uuid::from_u128(9).into()],
        unassigned: true,
    };
    assert_eq!(seen.expect("no error"), Visibility::Only(viewpoint));
}

#[tokio::test]
async fn who_is_of_no_team_sees_their_own_and_nobodys() {
    let alone = session(&[], &[]);
    let seen = resolve_visibility(&alone, member(1), MemberRole::Sales, Sight::TeamAndUnassigned).await;
    let viewpoint = Viewpoint { members: vec![member(1)], teams: vec![], unassigned: true };
    assert_eq!(seen.expect("no error"), Visibility::Only(viewpoint));
}

#[tokio::test]
async fn storage_that_is_away_shows_nothing() {
    let mut store = MockTeamStore::new();
    store.expect_teams_of().returning(|_| Err(StorageError::Unavailable("no connection".into())));
    let mut session = MockUnitOfWork::new();
    session.expect_teams().return_const(Box::new(store) as Box<dyn TeamStore>);
    let seen = resolve_visibility(&session, member(1), MemberRole::Sales, Sight::TeamAndUnassigned).await;
    assert!(matches!(seen, Err(StorageError::Unavailable(_))));
}

#[test]
fn only_sales_sees_a_part_unless_the_tenant_decides_otherwise() {
    for &role in MemberRole::ALL {
        let expected = if role == MemberRole::Sales { Sight::TeamAndUnassigned } else { Sight::All };
        assert_eq!(Sight::default_of(role), expected, "{role}");
    }
}

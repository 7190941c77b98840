//! Changing members, over mocks.

use hubchat_domain::{Member, MemberRole, MemberStatus, SessionEnd};
use hubchat_ports::{MockMemberStore, MockPurgeStore, MockUnitOfWork, PurgeStore, StorageError};
use uuid::Uuid;

use super::{
    UpdateMember, UpdateMemberCommand, UpdateMemberError,
    test_people::{actor, member, quiet_people, standings, unit},
};
use crate::{ErrorCode, Fault, test_ports::TestPorts};

fn owner() -> Member {
    Member { role: MemberRole::Owner, ..member() }
}

fn other_owner() -> Member {
    Member { id: Uuid::from_u128(0xf9).into(), ..owner() }
}

fn with(found: Option<Member>, owners: Vec<Member>, writes: usize) -> MockUnitOfWork {
    let mut members = MockMemberStore::new();
    members.expect_lock_owners().returning(move || Ok(owners.clone()));
    members.expect_find().returning(move |_| Ok(found.clone()));
    members.expect_update().times(writes).returning(|_| Ok(()));
    unit(members, writes)
}

async fn update(
    ports: TestPorts,
    by: MemberRole,
    sessions: Vec<MockUnitOfWork>,
    command: UpdateMemberCommand,
) -> Result<Member, UpdateMemberError> {
    let ports = ports.with_sessions(sessions).build();
    UpdateMember::new(ports.clone(), standings(&ports)).run(&actor(by), member().id, &command).await
}

fn role(role: MemberRole) -> UpdateMemberCommand {
    UpdateMemberCommand { role: Some(role), ..UpdateMemberCommand::default() }
}

fn status(status: MemberStatus) -> UpdateMemberCommand {
    UpdateMemberCommand { status: Some(status), ..UpdateMemberCommand::default() }
}

#[tokio::test]
async fn name_and_role_change_together() {
    let command = UpdateMemberCommand { name: Some(" Noi ".to_owned()), ..role(MemberRole::Manager) };
    let unit = with(Some(member()), vec![], 1);
    let changed = update(quiet_people(), MemberRole::Admin, vec![unit], command).await.expect("changed");
    assert_eq!((changed.name.as_str(), changed.role), ("Noi", MemberRole::Manager));
    let same =
        update(quiet_people(), MemberRole::Admin, vec![with(Some(member()), vec![], 0)], role(MemberRole::Sales));
    assert_eq!(same.await.expect("nothing to change"), member());
}

/// A session in which what disabled members left behind goes.
fn forgetting() -> MockUnitOfWork {
    let mut purge = MockPurgeStore::new();
    purge.expect_delete_left_behind().times(1).returning(|_| Ok(3));
    let mut unit = MockUnitOfWork::new();
    unit.expect_purge().return_const(Box::new(purge) as Box<dyn PurgeStore>);
    unit.expect_commit().times(1).returning(|| Ok(()));
    unit
}

#[tokio::test]
async fn who_is_disabled_is_out_although_what_they_left_behind_cannot_be_taken_away() {
    let mut ports = quiet_people();
    ports.access.expect_end_member_sessions().times(1).returning(|_, _, _| Ok(1));
    let mut purge = MockPurgeStore::new();
    purge.expect_delete_left_behind().returning(|_| Err(StorageError::Corrupt { what: "draft" }));
    let mut broken = MockUnitOfWork::new();
    broken.expect_purge().return_const(Box::new(purge) as Box<dyn PurgeStore>);
    let sessions = vec![with(Some(member()), vec![], 1), broken];
    let changed = update(ports, MemberRole::Admin, sessions, status(MemberStatus::Disabled)).await;
    assert_eq!(changed.expect("disabled").status, MemberStatus::Disabled);
}

#[tokio::test]
async fn disabling_ends_the_sessions_and_takes_what_is_left_behind() {
    for before in [MemberStatus::Active, MemberStatus::Invited, MemberStatus::Disabled] {
        let mut ports = quiet_people();
        ports.access.expect_end_member_sessions().times(1).returning(|id, reason, _| {
            assert_eq!((id, reason), (member().id, SessionEnd::MemberDisabled));
            Ok(1)
        });
        let writes = usize::from(before != MemberStatus::Disabled);
        let unit = with(Some(Member { status: before, ..member() }), vec![], writes);
        let sessions = vec![unit, forgetting()];
        let changed = update(ports, MemberRole::Admin, sessions, status(MemberStatus::Disabled)).await;
        assert_eq!(changed.expect("disabled").status, MemberStatus::Disabled);
    }
}

#[tokio::test]
async fn nobody_becomes_invited_and_the_invited_become_active_by_coming() {
    for (before, after) in [
        (MemberStatus::Active, MemberStatus::Invited),
        (MemberStatus::Disabled, MemberStatus::Invited),
        (MemberStatus::Invited, MemberStatus::Active),
    ] {
        let unit = with(Some(Member { status: before, ..member() }), vec![], 0);
        let refused = update(quiet_people(), MemberRole::Owner, vec![unit], status(after)).await.expect_err("status");
        assert_eq!((refused.code(), refused.field()), ("validation_failed", Some("status")));
    }
    let unit = with(Some(Member { status: MemberStatus::Disabled, ..member() }), vec![], 1);
    assert!(update(quiet_people(), MemberRole::Admin, vec![unit], status(MemberStatus::Active)).await.is_ok());
}

#[tokio::test]
async fn owners_are_made_and_changed_by_owners_only() {
    let name = UpdateMemberCommand { name: Some("X".to_owned()), ..UpdateMemberCommand::default() };
    for (found, command) in [(member(), role(MemberRole::Owner)), (owner(), role(MemberRole::Viewer)), (owner(), name)]
    {
        let owners = vec![owner(), other_owner()];
        let unit = with(Some(found.clone()), owners.clone(), 0);
        let refused = update(quiet_people(), MemberRole::Admin, vec![unit], command.clone()).await;
        assert!(matches!(refused, Err(UpdateMemberError::Fault(Fault::Forbidden { .. }))));
        let unit = with(Some(found), owners, 1);
        assert!(update(quiet_people(), MemberRole::Owner, vec![unit], command).await.is_ok());
    }
    let refused = update(quiet_people(), MemberRole::Manager, vec![], role(MemberRole::Viewer)).await;
    assert!(matches!(refused, Err(UpdateMemberError::Fault(Fault::Forbidden { .. }))));
}

#[tokio::test]
async fn the_last_active_owner_stays() {
    for command in [role(MemberRole::Admin), status(MemberStatus::Disabled)] {
        let unit = with(Some(owner()), vec![owner()], 0);
        let refused = update(quiet_people(), MemberRole::Owner, vec![unit], command).await.expect_err("the last");
        assert_eq!((refused.code(), refused.field()), ("last_owner", None));
    }
}

#[tokio::test]
async fn wrong_names_unknown_members_and_faults() {
    for name in ["", " ", &"x".repeat(201)] {
        let command = UpdateMemberCommand { name: Some(name.to_owned()), ..UpdateMemberCommand::default() };
        let error = update(quiet_people(), MemberRole::Admin, vec![], command).await.expect_err("a name");
        assert_eq!(error.field(), Some("name"));
    }
    let unknown =
        update(quiet_people(), MemberRole::Admin, vec![with(None, vec![], 0)], role(MemberRole::Viewer)).await;
    assert_eq!(unknown.expect_err("unknown").code(), "member_not_found");
    let stale = || {
        let mut members = MockMemberStore::new();
        members.expect_lock_owners().returning(|| Ok(vec![]));
        members.expect_find().returning(|_| Ok(Some(member())));
        members.expect_update().returning(|_| Err(StorageError::Stale));
        unit(members, 0)
    };
    let sessions = vec![stale(), with(Some(member()), vec![], 1)];
    assert!(update(quiet_people(), MemberRole::Admin, sessions, role(MemberRole::Viewer)).await.is_ok(), "tried again");
    let sessions = (0..4).map(|_| stale()).collect();
    let contended = update(quiet_people(), MemberRole::Admin, sessions, role(MemberRole::Viewer)).await;
    let contended = contended.expect_err("contended");
    assert!(matches!(contended, UpdateMemberError::Fault(Fault::Contended)) && contended.retry_after().is_some());
}

//! Who may run teams, and what is refused, with mocks.

use hubchat_domain::{AuditAction, Lead, LeadRecord, Scope};
use hubchat_ports::StorageError;
use serde_json::json;
use uuid::Uuid;

use super::{
    CreateTeam, CreateTeamCommand, DeleteTeam, ListTeams, TeamError, UpdateTeam, UpdateTeamCommand,
    team_world::{Rooms, member, member_id, ports, team, team_id},
};
use crate::{
    Actor, ErrorCode,
    test_ports::{actor, lead, tenant},
};

fn rooms() -> Rooms {
    Rooms {
        teams: vec![team(1, "North", &[1, 2]), team(2, "South", &[])],
        members: vec![member(1), member(2), member(3)],
        ..Rooms::default()
    }
}

fn create(name: &str, members: &[u128]) -> CreateTeamCommand {
    CreateTeamCommand { name: name.to_owned(), member_ids: members.iter().copied().map(member_id).collect() }
}

fn system() -> Actor {
    Actor::system(tenant())
}

#[tokio::test]
async fn a_team_is_made_with_its_members_each_once() {
    let (ports, rooms) = ports(rooms());
    let made = CreateTeam::new(ports).run(&system(), &create("  East ", &[3, 1, 3])).await.expect("made");
    assert_eq!((made.team.name.as_str(), made.member_ids), ("East", vec![member_id(1), member_id(3)]));
    assert_eq!(rooms.lock().expect("not poisoned").commits, 1);
}

#[tokio::test]
async fn a_team_that_cannot_be_is_not_made() {
    let long = "a".repeat(101);
    for (command, code, field) in [
        (create(" ", &[]), "validation_failed", "name"),
        (create(&long, &[]), "validation_failed", "name"),
        (create("NORTH", &[]), "team_exists", "name"),
        (create("East", &[1, 9]), "member_not_found", "memberIds"),
    ] {
        let (ports, rooms) = ports(rooms());
        let error = CreateTeam::new(ports).run(&system(), &command).await.expect_err("refused");
        assert_eq!((error.code(), error.field(), error.retry_after()), (code, Some(field), None), "{command:?}");
        assert_eq!(rooms.lock().expect("not poisoned").commits, 0);
    }
}

#[tokio::test]
async fn a_tenant_has_a_thousand_teams_and_no_more() {
    for (further, made) in [(997, true), (998, false)] {
        let (ports, rooms) = ports(Rooms { further_teams: further, ..rooms() });
        let result = CreateTeam::new(ports).run(&system(), &create("East", &[])).await;
        match result {
            Ok(_) => assert!(made),
            Err(error) => {
                assert!(!made);
                assert_eq!((error.code(), error.field(), error.retry_after()), ("team_limit_reached", None, None));
            }
        }
        assert_eq!(rooms.lock().expect("not poisoned").commits, usize::from(made));
    }
}

#[tokio::test]
async fn a_contended_write_is_tried_again_and_storage_that_is_away_is_not() {
    let (again, rooms_of_again) =
        ports(Rooms { failures: vec![StorageError::Contention("deadlock".into())], ..rooms() });
    CreateTeam::new(again).run(&system(), &create("East", &[])).await.expect("made");
    assert_eq!(rooms_of_again.lock().expect("not poisoned").begun, 2);
    let (away, rooms_of_away) = ports(Rooms { failures: vec![StorageError::Unavailable("gone".into())], ..rooms() });
    let error = CreateTeam::new(away).run(&system(), &create("East", &[])).await.expect_err("away");
    assert_eq!((error.code(), error.retry_after().is_some()), ("storage_unavailable", true));
    assert_eq!(rooms_of_away.lock().expect("not poisoned").begun, 1);
}

#[tokio::test]
async fn a_team_gets_a_new_name_and_exactly_the_members_that_are_named() {
    let (ports, _) = ports(rooms());
    let command =
        UpdateTeamCommand { name: Some("NORTH".to_owned()), member_ids: Some(vec![member_id(2), member_id(3)]) };
    let changed = UpdateTeam::new(ports).run(&system(), team_id(1), &command).await.expect("changed");
    assert_eq!((changed.team.name.as_str(), changed.member_ids), ("NORTH", vec![member_id(2), member_id(3)]));
}

#[tokio::test]
async fn what_is_absent_stays() {
    let (ports, _) = ports(rooms());
    let changed = UpdateTeam::new(ports).run(&system(), team_id(1), &UpdateTeamCommand::default()).await;
    assert_eq!(changed.expect("no error"), team(1, "North", &[1, 2]));
}

#[tokio::test]
async fn a_change_that_cannot_be_changes_nothing() {
    let named = |name: &str| UpdateTeamCommand { name: Some(name.to_owned()), member_ids: None };
    let with = |members: &[u128]| UpdateTeamCommand {
        name: None,
        member_ids: Some(members.iter().copied().map(member_id).collect()),
    };
    for (id, command, code) in [
        (9, named("East"), "team_not_found"),
        (1, named(""), "validation_failed"),
        (1, named("south"), "team_exists"),
        (1, with(&[9]), "member_not_found"),
    ] {
        let (ports, rooms) = ports(rooms());
        let error = UpdateTeam::new(ports).run(&system(), team_id(id), &command).await.expect_err("refused");
        assert_eq!(error.code(), code, "{command:?}");
        assert_eq!(rooms.lock().expect("not poisoned").commits, 0);
    }
}

#[tokio::test]
async fn members_come_and_go_one_by_one_and_again_is_no_error() {
    let (ports, _) = ports(rooms());
    let teams = UpdateTeam::new(ports);
    for _ in 0..2 {
        let changed = teams.add_member(&system(), team_id(2), member_id(3)).await.expect("added");
        assert_eq!(changed.member_ids, [member_id(3)]);
    }
    for _ in 0..2 {
        let changed = teams.remove_member(&system(), team_id(2), member_id(3)).await.expect("removed");
        assert!(changed.member_ids.is_empty());
    }
    for (id, number, code) in [(9, 1, "team_not_found"), (1, 9, "member_not_found")] {
        let added = teams.add_member(&system(), team_id(id), member_id(number)).await;
        assert_eq!(added.expect_err("refused").code(), code);
        let removed = teams.remove_member(&system(), team_id(id), member_id(number)).await;
        assert_eq!(removed.expect_err("refused").code(), code);
    }
}

#[tokio::test]
async fn a_removed_team_leaves_its_leads_to_their_owners_in_bounded_transactions() {
    let at_once = usize::try_from(DeleteTeam::LEADS_AT_ONCE).expect("small");
    for (count, commits) in [(0, 1), (1, 1), (at_once - 1, 1), (at_once, 2), (2 * at_once + 1, 3)] {
        let leads = (0..count).map(|number| {
            Lead::restore(LeadRecord {
                id: Uuid::from_u128(0x5000 + u128::try_from(number).expect("small")).into(),
                assigned_member_id: (number % 2 == 0).then(|| member_id(1)),
                assigned_team_id: Some(team_id(1)),
                ..lead().record().clone()
            })
        });
        let (ports, rooms) = ports(Rooms { leads: leads.collect(), ..rooms() });
        DeleteTeam::new(ports).run(&system(), team_id(1)).await.expect("removed");
        let rooms = rooms.lock().expect("not poisoned");
        assert!(rooms.teams.iter().all(|roster| roster.team.id != team_id(1)));
        assert!(rooms.leads.iter().all(|lead| lead.record().assigned_team_id.is_none()));
        let owned = rooms.leads.iter().filter(|lead| lead.record().assigned_member_id == Some(member_id(1)));
        assert_eq!(owned.count(), count.div_ceil(2), "owners keep theirs");
        assert_eq!((rooms.activities.len(), rooms.events.len(), rooms.commits), (count, count, commits));
        assert!(rooms.activities.iter().all(|line| line.detail["fromTeam"] == json!(team_id(1))));
        assert!(rooms.events.iter().all(|event| event.data["assignedTeamId"].is_null()));
    }
}

#[tokio::test]
async fn a_team_that_is_not_there_is_not_removed_and_not_found() {
    let (ports, rooms) = ports(rooms());
    let error = DeleteTeam::new(ports.clone()).run(&system(), team_id(9)).await.expect_err("unknown");
    assert!(matches!(error, TeamError::Unknown));
    assert_eq!((error.code(), error.field(), error.retry_after()), ("team_not_found", None, None));
    let error = ListTeams::new(ports).find(&system(), team_id(9)).await.expect_err("unknown");
    assert_eq!(error.code(), "team_not_found");
    assert_eq!(rooms.lock().expect("not poisoned").commits, 0);
}

#[tokio::test]
async fn whoever_reads_the_inbox_reads_the_teams() {
    let (ports, _) = ports(rooms());
    let teams = ListTeams::new(ports);
    let reader = actor(&[Scope::InboxRead]);
    assert_eq!(teams.run(&reader).await.expect("a list"), rooms().teams);
    assert_eq!(teams.find(&reader, team_id(2)).await.expect("a team"), team(2, "South", &[]));
    assert_eq!(teams.run(&actor(&[Scope::MessagesSend])).await.expect_err("no scope").code(), "forbidden");
}

#[tokio::test]
async fn only_who_manages_members_runs_teams_and_others_open_no_session() {
    let (ports, rooms) = ports(rooms());
    let update = UpdateTeam::new(ports.clone());
    for scopes in [&[Scope::InboxWrite, Scope::InboxRead][..], &[Scope::ChannelsManage], &[]] {
        let actor = actor(scopes);
        let refused = [
            CreateTeam::new(ports.clone()).run(&actor, &create("East", &[])).await.map(|_| ()),
            update.run(&actor, team_id(1), &UpdateTeamCommand::default()).await.map(|_| ()),
            update.add_member(&actor, team_id(1), member_id(1)).await.map(|_| ()),
            update.remove_member(&actor, team_id(1), member_id(1)).await.map(|_| ()),
            DeleteTeam::new(ports.clone()).run(&actor, team_id(1)).await,
        ];
        assert!(refused.into_iter().all(|result| result.is_err_and(|error| error.code() == "forbidden")));
    }
    assert_eq!(rooms.lock().expect("not poisoned").begun, 0);
}

#[tokio::test]
async fn every_change_of_a_team_is_in_the_audit_log_and_what_is_no_change_is_not() {
    let (ports, rooms) = ports(rooms());
    let made = CreateTeam::new(ports.clone()).run(&system(), &create("East", &[3])).await.expect("made").team.id;
    let update = UpdateTeam::new(ports.clone());
    update.add_member(&system(), made, member_id(3)).await.expect("is of it already");
    update
        .run(&system(), made, &UpdateTeamCommand { name: Some("West".to_owned()), member_ids: None })
        .await
        .expect("renamed");
    update.remove_member(&system(), made, member_id(3)).await.expect("taken out");
    DeleteTeam::new(ports).run(&system(), made).await.expect("removed");
    let rooms = rooms.lock().expect("not poisoned");
    let told: Vec<_> =
        rooms.audit.iter().map(|entry| (entry.action, entry.before.clone(), entry.after.clone())).collect();
    let as_was = |name: &str, members: &[u128]| {
        let ids: Vec<_> = members.iter().copied().map(member_id).collect();
        Some(json!({"name": name, "memberIds": ids}))
    };
    assert_eq!(
        told,
        [
            (AuditAction::TeamCreated, None, as_was("East", &[3])),
            (AuditAction::TeamUpdated, as_was("East", &[3]), as_was("West", &[3])),
            (AuditAction::TeamUpdated, as_was("West", &[3]), as_was("West", &[])),
            (AuditAction::TeamDeleted, as_was("West", &[]), None),
        ]
    );
}

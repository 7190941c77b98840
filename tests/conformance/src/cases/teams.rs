//! Teams, and who is of them.

use futures_util::future::join_all;
use hubchat_domain::{Lead, LeadRecord, Member, MemberId, Team, TeamId, TenantId};
use hubchat_ports::{InsertOutcome, StorageError, TeamRoster};

use crate::StorageHarness;
use crate::specimens::{moments, short_texts};
use crate::world::{World, at};

/// Stored members, in the order of their ids.
async fn members(world: &World<'_>, tenant: TenantId, names: &[&str]) -> Vec<MemberId> {
    let members: Vec<Member> = names.iter().map(|name| world.new_member(tenant, name, at(0))).collect();
    world.hire(&members).await;
    members.iter().map(|member| member.id).collect()
}

async fn listed(world: &World<'_>, tenant: TenantId) -> Vec<TeamRoster> {
    world.begin(tenant).await.teams().list().await.unwrap()
}

pub async fn teams_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    for (number, name) in short_texts().into_iter().enumerate() {
        let team = Team {
            name,
            created_at: moments()[number % moments().len()],
            updated_at: moments()[(number + 1) % moments().len()],
            version: 41,
            ..world.new_team(tenant, "North")
        };
        world.found(&team, &[]).await;
        let session = world.begin(tenant).await;
        assert_eq!(session.teams().find(team.id).await.unwrap().as_ref(), Some(&team));
        assert_eq!(session.teams().find_by_name(&team.name).await.unwrap().as_ref(), Some(&team));
        assert!(session.teams().list().await.unwrap().iter().any(|roster| roster.team == team));
    }
}

pub async fn teams_are_listed_by_name_with_their_members(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let ids = members(&world, tenant, &["A", "B", "C"]).await;
    let teams = ["south", "East", "North"].map(|name| world.new_team(tenant, name));
    for (team, of_team) in teams.iter().zip([&ids[..2], &[], &ids[1..]]) {
        world.found(team, of_team).await;
    }
    let rosters = listed(&world, tenant).await;
    let names: Vec<&str> = rosters.iter().map(|roster| roster.team.name.as_str()).collect();
    assert_eq!(names, ["East", "North", "south"]);
    assert_eq!(rosters[0].member_ids, []);
    assert_eq!(rosters[1].member_ids, &ids[1..]);
    assert_eq!(rosters[2].member_ids, &ids[..2]);
}

pub async fn a_team_name_is_taken_once_within_a_tenant_whatever_its_case(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.tenant("one").await.id, world.tenant("two").await.id);
    world.found(&world.new_team(one, "Ärzte NORTH"), &[]).await;
    let rival = world.new_team(one, "äRZTE north");
    let session = world.begin(one).await;
    assert_eq!(session.teams().insert(&rival).await.unwrap(), InsertOutcome::AlreadyPresent);
    assert_eq!(session.teams().find(rival.id).await.unwrap(), None);
    session.commit().await.unwrap();
    let held = world.begin(one).await.teams().find_by_name(&rival.name).await.unwrap().unwrap();
    assert_eq!(held.name, "Ärzte NORTH");
    world.found(&world.new_team(two, "Ärzte NORTH"), &[]).await;
    let other = world.new_team(one, "South");
    world.found(&other, &[]).await;
    let session = world.begin(one).await;
    let taken = session.teams().update(&Team { name: "ärzte north".to_owned(), ..other }).await;
    assert!(matches!(taken, Err(StorageError::Stale)), "{taken:?}");
}

pub async fn a_team_is_updated_once_for_each_reading(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let first = world.new_team(tenant, "North");
    world.found(&first, &[]).await;
    let changed = Team { name: "ทีมเหนือ".to_owned(), updated_at: at(4), ..first.clone() };
    let session = world.begin(tenant).await;
    session.teams().update(&changed).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(tenant).await;
    let found = session.teams().find(first.id).await.unwrap().unwrap();
    assert!(found.version > 1);
    assert_eq!(Team { version: 1, ..found }, changed);
    let late = session.teams().update(&Team { name: "late".to_owned(), ..first }).await;
    assert!(matches!(late, Err(StorageError::Stale)));
}

pub async fn members_come_into_teams_and_leave_them_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let ids = members(&world, tenant, &["A", "B"]).await;
    let team = world.new_team(tenant, "North");
    world.found(&team, &[]).await;
    let session = world.begin(tenant).await;
    assert!(session.teams().add_member(team.id, ids[1]).await.unwrap());
    assert!(session.teams().add_member(team.id, ids[0]).await.unwrap());
    assert!(!session.teams().add_member(team.id, ids[1]).await.unwrap());
    session.commit().await.unwrap();
    let session = world.begin(tenant).await;
    assert_eq!(session.teams().members_of(team.id).await.unwrap(), ids);
    assert!(session.teams().remove_member(team.id, ids[0]).await.unwrap());
    assert!(!session.teams().remove_member(team.id, ids[0]).await.unwrap());
    session.commit().await.unwrap();
    assert_eq!(world.begin(tenant).await.teams().members_of(team.id).await.unwrap(), [ids[1]]);
}

pub async fn peers_are_all_who_share_a_team(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let ids = members(&world, tenant, &["A", "B", "C", "D", "E"]).await;
    let teams = ["North", "South", "East"].map(|name| world.new_team(tenant, name));
    for (team, of_team) in teams.iter().zip([&[ids[0], ids[1]][..], &[ids[0], ids[1], ids[2]], &[ids[2], ids[3]]]) {
        world.found(team, of_team).await;
    }
    let session = world.begin(tenant).await;
    for (who, of, peers) in [
        (0, vec![0, 1], vec![0, 1, 2]),
        (2, vec![1, 2], vec![0, 1, 2, 3]),
        (3, vec![2], vec![2, 3]),
        (4, vec![], vec![]),
    ] {
        let of: Vec<TeamId> = of.into_iter().map(|team: usize| teams[team].id).collect();
        let peers: Vec<MemberId> = peers.into_iter().map(|peer: usize| ids[peer]).collect();
        assert_eq!(session.teams().teams_of(ids[who]).await.unwrap(), of, "teams of {who}");
        assert_eq!(session.teams().peers_of(ids[who]).await.unwrap(), peers, "peers of {who}");
    }
}

pub async fn a_removed_team_takes_its_memberships_with_it(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let ids = members(&world, tenant, &["A"]).await;
    let (team, kept) = (world.new_team(tenant, "North"), world.new_team(tenant, "South"));
    world.found(&team, &ids).await;
    world.found(&kept, &ids).await;
    let session = world.begin(tenant).await;
    assert!(session.teams().delete(team.id).await.unwrap());
    assert!(!session.teams().delete(team.id).await.unwrap());
    session.commit().await.unwrap();
    let session = world.begin(tenant).await;
    assert_eq!(session.teams().find(team.id).await.unwrap(), None);
    assert_eq!(session.teams().teams_of(ids[0]).await.unwrap(), [kept.id]);
    assert_eq!(session.teams().members_of(team.id).await.unwrap(), []);
}

pub async fn a_team_that_has_leads_is_not_removed(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let tenant = shop.tenant.id;
    let team = world.new_team(tenant, "North");
    world.found(&team, &[]).await;
    let mut people = Vec::new();
    for number in 0..5 {
        let mut person = world.new_customer(&shop, &format!("U{number}"), at(number));
        if number != 2 {
            person.lead.assign_to_team(team.id, &[], at(10 + number));
        }
        people.push(person);
    }
    people[4].lead = Lead::restore(LeadRecord { closed_at: Some(at(9)), ..people[4].lead.record().clone() });
    world.enter(&people).await;
    let session = world.begin(tenant).await;
    assert!(session.teams().delete(team.id).await.is_err(), "leads name the team");
    drop(session);
    let session = world.begin(tenant).await;
    let found = session.leads().find_of_team(team.id, 3).await.unwrap();
    assert_eq!(found, [4, 3, 1].map(|number: usize| people[number].lead.clone()), "newest change first, closed or not");
    for mut lead in session.leads().find_of_team(team.id, 100).await.unwrap() {
        assert!(lead.leave_team(at(30)));
        session.leads().update(&lead).await.unwrap();
    }
    assert!(session.teams().delete(team.id).await.unwrap());
    session.commit().await.unwrap();
    assert_eq!(world.begin(tenant).await.leads().find_of_team(team.id, 100).await.unwrap(), []);
}

pub async fn a_lead_is_not_given_to_a_team_that_goes_at_the_same_time(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let tenant = shop.tenant.id;
    for round in 0..8 {
        let team = world.new_team(tenant, &format!("Team {round}"));
        world.found(&team, &[]).await;
        let customer = world.customer(&shop, &format!("U{round}"), at(round)).await;
        let give = async {
            let session = world.begin(tenant).await;
            let mut lead = customer.lead.clone();
            lead.assign_to_team(team.id, &[], at(100));
            session.leads().update(&lead).await?;
            session.commit().await
        };
        let remove = async {
            let session = world.begin(tenant).await;
            session.teams().delete(team.id).await?;
            session.commit().await
        };
        let outcomes: Vec<Result<(), StorageError>> =
            join_all([Box::pin(give) as futures_util::future::BoxFuture<'_, _>, Box::pin(remove)]).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let session = world.begin(tenant).await;
        let there = session.teams().find(team.id).await.unwrap().is_some();
        let lead = session.leads().find(customer.lead.record().id).await.unwrap().unwrap();
        assert_eq!(lead.record().assigned_team_id.is_some(), there);
    }
}

pub async fn turns_within_a_team_go_round_among_its_members(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let ids = members(&world, tenant, &["A", "B", "C"]).await;
    let (team, empty) = (world.new_team(tenant, "North"), world.new_team(tenant, "South"));
    world.found(&team, &ids[1..]).await;
    world.found(&empty, &[]).await;
    let turn = async |team: Option<TeamId>, seconds: i64| {
        let session = world.begin(tenant).await;
        let member = session.members().next_in_turn(team).await.unwrap()?;
        let name = member.name.clone();
        session.members().update(&Member { last_assigned_at: Some(at(seconds)), ..member }).await.unwrap();
        session.commit().await.unwrap();
        Some(name)
    };
    let mut order = String::new();
    for seconds in 0..3 {
        order += &turn(Some(team.id), seconds).await.unwrap();
    }
    assert_eq!(order, "BCB");
    assert_eq!(turn(Some(empty.id), 5).await, None);
    assert_eq!(turn(Some(world.id()), 5).await, None, "no such team");
    assert_eq!(turn(None, 6).await.as_deref(), Some("A"), "who never had one is next for everyone");
    assert_eq!(turn(None, 7).await.as_deref(), Some("C"), "turns in a team count");
}

pub async fn callers_of_one_team_at_the_same_time_get_different_members(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let ids = members(&world, tenant, &["A", "B", "C", "D"]).await;
    let team = world.new_team(tenant, "North");
    world.found(&team, &ids[..3]).await;
    let turns = join_all((0..3).map(async |seconds| {
        let session = world.begin(tenant).await;
        let member = session.members().next_in_turn(Some(team.id)).await.unwrap().unwrap();
        let name = member.name.clone();
        session.members().update(&Member { last_assigned_at: Some(at(seconds)), ..member }).await.unwrap();
        session.commit().await.unwrap();
        name
    }))
    .await;
    let mut served = turns;
    served.sort();
    assert_eq!(served, ["A", "B", "C"]);
}

pub async fn another_tenants_teams_can_be_neither_seen_nor_changed(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.shop("one").await, world.shop("two").await);
    let (mine, theirs) = (one.tenant.id, two.tenant.id);
    let ids = members(&world, mine, &["A"]).await;
    let stranger = members(&world, theirs, &["S"]).await[0];
    let team = world.new_team(mine, "North");
    world.found(&team, &ids).await;
    let mut customer = world.new_customer(&one, "U1", at(1));
    customer.lead.assign_to_team(team.id, &[], at(2));
    world.enter(std::slice::from_ref(&customer)).await;
    let session = world.begin(theirs).await;
    assert_eq!(session.teams().find(team.id).await.unwrap(), None);
    assert_eq!(session.teams().find_by_name("North").await.unwrap(), None);
    assert_eq!(session.teams().list().await.unwrap(), []);
    assert_eq!(session.teams().members_of(team.id).await.unwrap(), []);
    assert_eq!(session.teams().teams_of(ids[0]).await.unwrap(), []);
    assert_eq!(session.teams().peers_of(ids[0]).await.unwrap(), []);
    assert_eq!(session.leads().find_of_team(team.id, 10).await.unwrap(), []);
    assert_eq!(session.members().next_in_turn(Some(team.id)).await.unwrap(), None);
    assert!(!session.teams().remove_member(team.id, ids[0]).await.unwrap());
    assert!(!session.teams().delete(team.id).await.unwrap());
    let stale = session.teams().update(&Team { name: "Taken over".to_owned(), ..team.clone() }).await;
    assert!(matches!(stale, Err(StorageError::Stale)), "{stale:?}");
    drop(session);
    for (tenant, member) in [(theirs, stranger), (theirs, ids[0]), (mine, stranger)] {
        let session = world.begin(tenant).await;
        assert!(session.teams().add_member(team.id, member).await.is_err(), "a membership across tenants");
    }
    let session = world.begin(theirs).await;
    assert!(session.teams().insert(&Team { id: world.id(), ..team.clone() }).await.is_err(), "a row of another tenant");
    drop(session);
    assert_eq!(listed(&world, mine).await, [TeamRoster { team, member_ids: ids }]);
}

pub async fn who_counts_teams_at_the_same_time_counts_one_after_the_other(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (tenant, other) = (world.tenant("mali").await.id, world.tenant("pim").await.id);
    world.found(&world.new_team(other, "Strange"), &[]).await;
    // Each adds a team unless there are three: without waiting, all would have counted none.
    let add = async |number: u8| {
        let session = world.begin(tenant).await;
        if session.teams().count().await.unwrap() >= 3 {
            return false;
        }
        session.teams().insert(&world.new_team(tenant, &format!("Team {number}"))).await.unwrap();
        session.commit().await.unwrap();
        true
    };
    let added = join_all((0..6).map(add)).await;
    assert_eq!(added.into_iter().filter(|added| *added).count(), 3);
    assert_eq!(world.begin(tenant).await.teams().count().await.unwrap(), 3);
}

//! Members, and whose turn it is.

use futures_util::future::join_all;
use hubchat_domain::{Member, MemberRole, MemberStatus};
use hubchat_ports::{InsertOutcome, StorageError};

use crate::StorageHarness;
use crate::specimens::{moments, short_texts, texts};
use crate::world::{World, at};

pub async fn members_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    for (number, text) in texts().into_iter().enumerate() {
        let moment = moments()[number % moments().len()];
        let member = Member {
            name: text,
            email: short_texts().get(number).cloned().unwrap_or_else(|| format!("{number}@shop.example")),
            role: MemberRole::ALL[number % MemberRole::ALL.len()],
            status: MemberStatus::ALL[number % MemberStatus::ALL.len()],
            last_assigned_at: (number != 0).then_some(moment),
            updated_at: moments()[(number + 1) % moments().len()],
            version: 41,
            ..world.new_member(tenant, "Nok", moment)
        };
        world.hire(std::slice::from_ref(&member)).await;
        let session = world.begin(tenant).await;
        assert_eq!(session.members().find(member.id).await.unwrap().as_ref(), Some(&member));
        assert!(session.members().list().await.unwrap().contains(&member));
    }
}

pub async fn members_are_listed_by_name(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    world.hire(&["Malee", "Anong", "Nok"].map(|name| world.new_member(tenant, name, at(0)))).await;
    let listed = world.begin(tenant).await.members().list().await.unwrap();
    assert_eq!(listed.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), ["Anong", "Malee", "Nok"]);
}

pub async fn an_email_address_is_taken_once_within_a_tenant(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.tenant("one").await.id, world.tenant("two").await.id);
    world.hire(&[world.new_member(one, "Nok", at(0))]).await;
    let rival = world.new_member(one, "Nok", at(1));
    let session = world.begin(one).await;
    assert_eq!(session.members().insert(&rival).await.unwrap(), InsertOutcome::AlreadyPresent);
    assert_eq!(session.members().find(rival.id).await.unwrap(), None);
    session.commit().await.unwrap();
    assert_eq!(world.begin(one).await.members().list().await.unwrap().len(), 1);
    world.hire(&[world.new_member(two, "Nok", at(0))]).await;
}

pub async fn a_member_is_updated_once_for_each_reading(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let first = world.new_member(tenant, "Nok", at(0));
    world.hire(std::slice::from_ref(&first)).await;
    let changed = Member {
        name: "นก".to_owned(),
        role: MemberRole::Manager,
        status: MemberStatus::Disabled,
        last_assigned_at: Some(at(3)),
        updated_at: at(4),
        ..first.clone()
    };
    let session = world.begin(tenant).await;
    session.members().update(&changed).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(tenant).await;
    let found = session.members().find(first.id).await.unwrap().unwrap();
    assert!(found.version > 1);
    assert_eq!(Member { version: 1, ..found.clone() }, changed);
    let late = Member { name: "late".to_owned(), ..first.clone() };
    assert!(matches!(session.members().update(&late).await, Err(StorageError::Stale)));
    drop(session);
    let session = world.begin(tenant).await;
    assert_eq!(session.members().find(first.id).await.unwrap(), Some(found));
}

/// Gives the next member a lead at that moment.
async fn take_turn(world: &World<'_>, tenant: hubchat_domain::TenantId, seconds: i64) -> Option<String> {
    let session = world.begin(tenant).await;
    let member = session.members().next_in_turn(None).await.unwrap()?;
    let name = member.name.clone();
    session.members().update(&Member { last_assigned_at: Some(at(seconds)), ..member }).await.unwrap();
    session.commit().await.unwrap();
    Some(name)
}

pub async fn turns_go_round_from_the_oldest_member(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    assert_eq!(take_turn(&world, tenant, 1).await, None);
    let (c, a, b) = (
        world.new_member(tenant, "C", at(3)),
        world.new_member(tenant, "A", at(1)),
        world.new_member(tenant, "B", at(2)),
    );
    world.hire(&[c, a, b]).await;
    let mut order = String::new();
    for turn in 0..7 {
        order += &take_turn(&world, tenant, 10 + turn).await.unwrap();
    }
    assert_eq!(order, "ABCABCA");
    world.hire(&[world.new_member(tenant, "D", at(9))]).await;
    let mut order = String::new();
    for turn in 0..5 {
        order += &take_turn(&world, tenant, 20 + turn).await.unwrap();
    }
    assert_eq!(order, "DBCAD", "who never had one is next");
}

pub async fn turns_pass_over_members_who_take_no_leads(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (tenant, other) = (world.tenant("mali").await.id, world.tenant("other").await.id);
    world.hire(&[world.new_member(other, "Stranger", at(0))]).await;
    let disabled = Member { status: MemberStatus::Disabled, ..world.new_member(tenant, "Off", at(1)) };
    let viewer = Member { role: MemberRole::Viewer, ..world.new_member(tenant, "Viewer", at(1)) };
    world.hire(&[disabled, viewer]).await;
    assert_eq!(take_turn(&world, tenant, 5).await, None);
    let takers: Vec<Member> = [MemberRole::Owner, MemberRole::Admin, MemberRole::Manager, MemberRole::Sales]
        .into_iter()
        .map(|role| Member { role, ..world.new_member(tenant, role.as_str(), at(2)) })
        .collect();
    world.hire(&takers).await;
    let mut served = Vec::new();
    for turn in 0..8 {
        served.push(take_turn(&world, tenant, 10 + turn).await.unwrap());
    }
    served.sort();
    assert_eq!(served, ["ADMIN", "ADMIN", "MANAGER", "MANAGER", "OWNER", "OWNER", "SALES", "SALES"]);
}

pub async fn callers_at_the_same_time_get_different_members(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let members: Vec<Member> =
        ["A", "B", "C", "D", "E", "F"].iter().map(|name| world.new_member(tenant, name, at(1))).collect();
    world.hire(&members).await;
    for round in 0..5 {
        let turns = join_all((0..6).map(|turn| take_turn(&world, tenant, 10 * (round + 1) + turn))).await;
        let mut served: Vec<String> = turns.into_iter().flatten().collect();
        served.sort();
        assert_eq!(served, ["A", "B", "C", "D", "E", "F"], "round {round}");
    }
}

pub async fn the_only_member_serves_callers_at_the_same_time(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    world.hire(&[world.new_member(tenant, "A", at(1))]).await;
    let turns = join_all((0..4).map(|turn| take_turn(&world, tenant, 10 + turn))).await;
    assert_eq!(turns, vec![Some("A".to_owned()); 4]);
}

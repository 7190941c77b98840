//! Conversations always have the owner and the team of their lead.

use futures_util::future::join;
use hubchat_domain::{ConversationId, Lead, LeadId, LeadRecord, LeadStatus, MemberId, TeamId, TenantId, ThreadKey};

use hubchat_ports::Viewer;

use crate::StorageHarness;
use crate::world::{Customer, Shop, World, at};

type Owner = (Option<MemberId>, Option<TeamId>);

/// A shop with two members and two teams.
async fn staffed(world: &World<'_>) -> (Shop, [MemberId; 2], [TeamId; 2]) {
    let shop = world.shop("mali").await;
    let members = ["A", "B"].map(|name| world.new_member(shop.tenant.id, name, at(0)));
    world.hire(&members).await;
    let teams = ["North", "South"].map(|name| world.new_team(shop.tenant.id, name));
    for team in &teams {
        world.found(team, &[members[0].id]).await;
    }
    (shop, members.map(|member| member.id), teams.map(|team| team.id))
}

fn owned(lead: &Lead, (member, team): Owner) -> Lead {
    Lead::restore(LeadRecord { assigned_member_id: member, assigned_team_id: team, ..lead.record().clone() })
}

/// The owner of a conversation, as every way to read it tells.
async fn owner_of(world: &World<'_>, tenant: TenantId, id: ConversationId) -> Owner {
    let session = world.begin(tenant).await;
    let found = session.conversations().find(id).await.unwrap().unwrap();
    let owner = (found.record().assigned_member_id, found.record().assigned_team_id);
    let again = session.conversations().find_by_threads(&[found.record().thread.clone()]).await.unwrap();
    assert_eq!(again, [found]);
    drop(session);
    let row = world.inbox(tenant).find_conversation(&Viewer::SYSTEM, id).await.unwrap().unwrap();
    assert_eq!((row.conversation.assigned_member_id, row.conversation.assigned_team_id), owner);
    owner
}

/// Writes a lead as storage has it now, with this owner.
async fn give(world: &World<'_>, tenant: TenantId, id: LeadId, owner: Owner) {
    let session = world.begin(tenant).await;
    let lead = session.leads().find(id).await.unwrap().unwrap();
    session.leads().update(&owned(&lead, owner)).await.unwrap();
    session.commit().await.unwrap();
}

pub async fn a_conversation_begins_with_the_owner_of_its_lead(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, members, teams) = staffed(&world).await;
    let owners = [(None, None), (Some(members[0]), None), (None, Some(teams[1])), (Some(members[1]), Some(teams[0]))];
    for (number, owner) in owners.into_iter().enumerate() {
        let mut customer = world.new_customer(&shop, &format!("U{number}"), at(1));
        customer.lead = owned(&customer.lead, owner);
        // What the given record names is passed over.
        let mut lying = customer.conversation.record().clone();
        (lying.assigned_member_id, lying.assigned_team_id) = (Some(members[1]), Some(teams[1]));
        customer.conversation = hubchat_domain::Conversation::restore(lying);
        world.enter(std::slice::from_ref(&customer)).await;
        assert_eq!(owner_of(&world, shop.tenant.id, customer.conversation.record().id).await, owner);
    }
}

pub async fn conversations_follow_their_lead_from_owner_to_owner(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, members, teams) = staffed(&world).await;
    let tenant = shop.tenant.id;
    let (customer, bystander) = (world.customer(&shop, "U1", at(1)).await, world.customer(&shop, "U2", at(1)).await);
    let second = world.another_thread(&customer, "G1", at(2));
    let session = world.begin(tenant).await;
    session.conversations().insert_many(std::slice::from_ref(&second)).await.unwrap();
    session.commit().await.unwrap();
    let threads = [customer.conversation.record().id, second.record().id];
    for owner in [
        (Some(members[0]), None),
        (Some(members[0]), Some(teams[0])),
        (Some(members[1]), Some(teams[1])),
        (None, Some(teams[1])),
        (None, None),
    ] {
        give(&world, tenant, customer.lead.record().id, owner).await;
        for id in threads {
            assert_eq!(owner_of(&world, tenant, id).await, owner);
        }
    }
    let session = world.begin(tenant).await;
    let lead = session.leads().find(customer.lead.record().id).await.unwrap().unwrap();
    session.leads().update_many(&[owned(&lead, (Some(members[0]), None))]).await.unwrap();
    session.commit().await.unwrap();
    for id in threads {
        assert_eq!(owner_of(&world, tenant, id).await, (Some(members[0]), None), "in a batch");
    }
    let unmoved = world.begin(tenant).await.conversations().find(threads[0]).await.unwrap().unwrap();
    assert_eq!(unmoved.record().version, customer.conversation.record().version, "nobody's reading of it is stale");
    assert_eq!(owner_of(&world, tenant, bystander.conversation.record().id).await, (None, None));
}

pub async fn an_owner_that_is_not_committed_is_not_the_conversations(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, members, _) = staffed(&world).await;
    let customer = world.customer(&shop, "U1", at(1)).await;
    let id = customer.conversation.record().id;
    let session = world.begin(shop.tenant.id).await;
    session.leads().update(&owned(&customer.lead, (Some(members[0]), None))).await.unwrap();
    let within = session.conversations().find(id).await.unwrap().unwrap();
    assert_eq!(within.record().assigned_member_id, Some(members[0]), "the session itself sees it");
    drop(session);
    assert_eq!(owner_of(&world, shop.tenant.id, id).await, (None, None));
}

/// The customer's lead is lost, and the next one is opened.
async fn next_lead(world: &World<'_>, shop: &Shop, customer: &Customer, owner: Owner) -> Lead {
    let session = world.begin(shop.tenant.id).await;
    let mut former = session.leads().find(customer.lead.record().id).await.unwrap().unwrap();
    former.move_to(LeadStatus::Lost, at(5)).unwrap();
    session.leads().update(&former).await.unwrap();
    let account = shop.account.record();
    let source = (account.id, account.channel_type);
    let next = Lead::open(world.id(), shop.tenant.id, customer.contact.record().id, source, at(6));
    let next = owned(&next, owner);
    session.leads().insert_many(std::slice::from_ref(&next)).await.unwrap();
    session.commit().await.unwrap();
    next
}

pub async fn a_conversation_that_moves_has_the_owner_of_its_new_lead(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, members, teams) = staffed(&world).await;
    let tenant = shop.tenant.id;
    let owners = [(None, None), (Some(members[1]), Some(teams[1]))];
    for (number, to) in owners.into_iter().enumerate() {
        let customer = world.customer(&shop, &format!("U{number}"), at(1)).await;
        let (lead, id) = (customer.lead.record().id, customer.conversation.record().id);
        give(&world, tenant, lead, (Some(members[0]), Some(teams[0]))).await;
        let next = next_lead(&world, &shop, &customer, to).await;
        let session = world.begin(tenant).await;
        let mut thread = session.conversations().find(id).await.unwrap().unwrap();
        thread.move_to_lead(next.record().id, at(7));
        session.conversations().update_many(&[thread]).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(owner_of(&world, tenant, id).await, to);
        give(&world, tenant, lead, (Some(members[1]), None)).await;
        assert_eq!(owner_of(&world, tenant, id).await, to, "the former lead is no concern of it any more");
    }
}

pub async fn a_conversation_that_is_written_keeps_the_owner_of_its_lead(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, members, _) = staffed(&world).await;
    let tenant = shop.tenant.id;
    let customer = world.customer(&shop, "U1", at(1)).await;
    let id = customer.conversation.record().id;
    let session = world.begin(tenant).await;
    let mut before = session.conversations().find(id).await.unwrap().unwrap();
    drop(session);
    give(&world, tenant, customer.lead.record().id, (Some(members[0]), None)).await;
    before.refresh_snapshot(Some("Mali"), None, at(3));
    let session = world.begin(tenant).await;
    session.conversations().update(&before).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(owner_of(&world, tenant, id).await, (Some(members[0]), None));
}

pub async fn conversations_that_begin_while_their_lead_changes_hands_are_its_owners(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, members, teams) = staffed(&world).await;
    let tenant = shop.tenant.id;
    for round in 0..12 {
        let customer = world.customer(&shop, &format!("U{round}"), at(round)).await;
        let owner = (Some(members[usize::try_from(round % 2).unwrap()]), Some(teams[0]));
        let second = world.another_thread(&customer, &format!("G{round}"), at(round));
        let begin = async {
            let session = world.begin(tenant).await;
            let known = [ThreadKey { external_thread_id: "none".to_owned(), ..second.record().thread.clone() }];
            session.conversations().find_by_threads(&known).await.unwrap();
            session.conversations().insert_many(std::slice::from_ref(&second)).await.unwrap();
            session.commit().await.unwrap();
        };
        join(give(&world, tenant, customer.lead.record().id, owner), begin).await;
        assert_eq!(owner_of(&world, tenant, customer.conversation.record().id).await, owner);
        assert_eq!(owner_of(&world, tenant, second.record().id).await, owner, "round {round}");
    }
}

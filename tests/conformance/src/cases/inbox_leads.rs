//! Lists of leads: what a row shows, which rows a filter takes, and pages that stay put.

use hubchat_domain::{ChannelType, Lead, LeadId, LeadRecord, LeadStatus, Profile, Visibility};
use hubchat_ports::{InboxQueries, LeadFilter, PageRequest};

use crate::StorageHarness;
use crate::paging::{all_at_once, walk};
use crate::world::{Customer, Shop, World, at};

const PAGE: PageRequest = PageRequest { after: None, limit: 200 };

/// Customers whose leads changed at these moments.
async fn customers(world: &World<'_>, shop: &Shop, moments: &[i64]) -> Vec<Customer> {
    let customers: Vec<Customer> = moments
        .iter()
        .map(|moment| world.new_customer(shop, &format!("U{}", world.id::<LeadId>()), at(*moment)))
        .collect();
    world.enter(&customers).await;
    customers
}

async fn ids(inbox: &dyn InboxQueries, filter: &LeadFilter) -> Vec<LeadId> {
    inbox.list_leads(&Visibility::All, filter, PAGE).await.unwrap().items.iter().map(|row| row.lead.id).collect()
}

pub async fn a_lead_row_shows_contact_owner_and_newest_conversation(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let member = world.new_member(shop.tenant.id, "Nok", at(0));
    world.hire(std::slice::from_ref(&member)).await;
    let team = world.new_team(shop.tenant.id, "North");
    world.found(&team, &[member.id]).await;
    let profile = Profile {
        display_name: Some("มะลิ".to_owned()),
        avatar_url: Some("https://cdn.example/m.jpg".to_owned()),
        language: None,
    };
    let mut customer = world.new_customer(&shop, "U1", at(1));
    customer.contact.learn_profile(&profile, at(1));
    customer.lead.assign(member.id, Some(team.id), at(2));
    let message = world.new_message(&customer, 1, at(3));
    customer.conversation.note_message(&message, at(3));
    customer.conversation.refresh_snapshot(Some("Mali in the chat"), Some("https://cdn.example/c.jpg"), at(3));
    world.enter(std::slice::from_ref(&customer)).await;
    let bare = world.new_customer(&shop, "U2", at(0));
    let session = world.begin(shop.tenant.id).await;
    session.contacts().insert_many(&[bare.known()]).await.unwrap();
    session.leads().insert_many(std::slice::from_ref(&bare.lead)).await.unwrap();
    session.commit().await.unwrap();

    let inbox = world.inbox(shop.tenant.id);
    let rows = inbox.list_leads(&Visibility::All, &LeadFilter::default(), PAGE).await.unwrap().items;
    assert_eq!(rows.len(), 2);
    let row = &rows[0];
    assert_eq!(&row.lead, customer.lead.record());
    assert_eq!(row.contact_name.as_deref(), Some("มะลิ"));
    assert_eq!(row.contact_avatar_url.as_deref(), Some("https://cdn.example/m.jpg"));
    assert_eq!(row.assigned_member_name.as_deref(), Some("Nok"));
    assert_eq!(row.assigned_team_name.as_deref(), Some("North"));
    assert_eq!(row.conversation_id, Some(customer.conversation.record().id));
    assert_eq!(row.participant_name.as_deref(), Some("Mali in the chat"));
    assert_eq!(row.participant_avatar_url.as_deref(), Some("https://cdn.example/c.jpg"));
    assert_eq!(row.last_message_preview.as_deref(), Some("message 1"));
    assert_eq!(row.last_message_at, Some(at(3)));
    assert_eq!(row.unread_count, 1);
    let row = &rows[1];
    assert_eq!(&row.lead, bare.lead.record());
    assert_eq!((row.conversation_id, row.last_message_at, row.unread_count), (None, None, 0));
    assert_eq!((&row.contact_name, &row.assigned_member_name), (&None, &None));
    for row in &rows {
        assert_eq!(inbox.find_lead(&Visibility::All, row.lead.id).await.unwrap().as_ref(), Some(row));
    }
    assert_eq!(inbox.find_lead(&Visibility::All, world.id()).await.unwrap(), None);
}

pub async fn a_lead_of_several_conversations_has_one_row(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let customer = world.customer(&shop, "U1", at(1)).await;
    let mut newer = world.new_customer(&shop, "G1", at(5)).conversation.record().clone();
    newer.contact_id = customer.contact.record().id;
    newer.identity_id = customer.identity.record().id;
    newer.lead_id = customer.lead.record().id;
    let session = world.begin(shop.tenant.id).await;
    let newer = hubchat_domain::Conversation::restore(newer);
    session.conversations().insert_many(std::slice::from_ref(&newer)).await.unwrap();
    session.commit().await.unwrap();
    let inbox = world.inbox(shop.tenant.id);
    let rows = inbox.list_leads(&Visibility::All, &LeadFilter::default(), PAGE).await.unwrap().items;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].conversation_id, Some(newer.record().id));
}

pub async fn lead_filters_take_what_they_name(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let members = ["A", "B"].map(|name| world.new_member(shop.tenant.id, name, at(0)));
    world.hire(&members).await;
    let mut people: Vec<Customer> = (0..12).map(|n| world.new_customer(&shop, &format!("U{n}"), at(n))).collect();
    for (number, person) in people.iter_mut().enumerate() {
        person.lead = Lead::restore(LeadRecord {
            status: if number % 2 == 0 { LeadStatus::New } else { LeadStatus::Qualified },
            assigned_member_id: [None, Some(members[0].id), Some(members[1].id)][number % 3],
            source_channel: if number % 4 < 2 { ChannelType::Line } else { ChannelType::Shopee },
            ..person.lead.record().clone()
        });
    }
    world.enter(&people).await;
    let inbox = world.inbox(shop.tenant.id);
    let any = LeadFilter::default();
    let filters = [
        any.clone(),
        LeadFilter { status: Some(LeadStatus::New), ..any.clone() },
        LeadFilter { status: Some(LeadStatus::Won), ..any.clone() },
        LeadFilter { assigned_member_id: Some(members[0].id), ..any.clone() },
        LeadFilter { unassigned: true, ..any.clone() },
        LeadFilter { channel_type: Some(ChannelType::Shopee), ..any.clone() },
        LeadFilter { status: Some(LeadStatus::Qualified), unassigned: true, ..any.clone() },
        LeadFilter {
            teams_of: None,
            status: Some(LeadStatus::New),
            assigned_member_id: Some(members[1].id),
            unassigned: false,
            assigned_team_id: None,
            channel_type: Some(ChannelType::Line),
        },
    ];
    for filter in filters {
        let expected: Vec<LeadId> = people
            .iter()
            .rev()
            .map(|person| person.lead.record())
            .filter(|lead| {
                filter.status.is_none_or(|status| lead.status == status)
                    && filter.assigned_member_id.is_none_or(|id| lead.assigned_member_id == Some(id))
                    && (!filter.unassigned || lead.assigned_member_id.is_none())
                    && filter.channel_type.is_none_or(|channel| lead.source_channel == channel)
            })
            .map(|lead| lead.id)
            .collect();
        assert_eq!(ids(inbox.as_ref(), &filter).await, expected, "{filter:?}");
        let walked = walk(2, async |page| inbox.list_leads(&Visibility::All, &filter, page).await.unwrap()).await;
        assert_eq!(walked.iter().map(|row| row.lead.id).collect::<Vec<_>>(), expected, "{filter:?} in pages");
    }
}

pub async fn leads_of_one_moment_are_each_seen_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let people = customers(&world, &shop, &[1, 5, 5, 5, 5, 9, 5, 1]).await;
    let inbox = world.inbox(shop.tenant.id);
    let filter = LeadFilter::default();
    let mut expected: Vec<_> = people.iter().map(|person| person.lead.record()).collect();
    expected.sort_by_key(|lead| std::cmp::Reverse((lead.updated_at, lead.id)));
    let expected: Vec<LeadId> = expected.iter().map(|lead| lead.id).collect();
    assert_eq!(ids(inbox.as_ref(), &filter).await, expected);
    for limit in [1, 2, 3, 4, 7, 8, 9] {
        let walked = walk(limit, async |page| inbox.list_leads(&Visibility::All, &filter, page).await.unwrap()).await;
        assert_eq!(walked.iter().map(|row| row.lead.id).collect::<Vec<_>>(), expected, "pages of {limit}");
    }
}

pub async fn lead_pages_end_without_an_empty_one(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let inbox = world.inbox(shop.tenant.id);
    let filter = LeadFilter::default();
    let empty = inbox.list_leads(&Visibility::All, &filter, PAGE).await.unwrap();
    assert!(empty.items.is_empty() && empty.next.is_none());
    customers(&world, &shop, &[1, 2, 3, 4, 5, 6]).await;
    all_at_once(6, async |page| inbox.list_leads(&Visibility::All, &filter, page).await.unwrap()).await;
}

pub async fn lead_pages_stay_put_while_leads_come_and_change(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let people = customers(&world, &shop, &(0..40).map(|n| n / 3).collect::<Vec<_>>()).await;
    let inbox = world.inbox(shop.tenant.id);
    let filter = LeadFilter::default();
    let (mut seen, mut after, mut round) = (Vec::new(), None, 0);
    loop {
        let page = inbox.list_leads(&Visibility::All, &filter, PageRequest { after, limit: 3 }).await.unwrap();
        seen.extend(page.items.into_iter().map(|row| row.lead.id));
        after = page.next;
        if after.is_none() {
            break;
        }
        // A new lead at the top, one from below moves up, and one in the past appears.
        customers(&world, &shop, &[1_000 + round, 5]).await;
        if let Some(person) = people.get(usize::try_from(round).unwrap()) {
            let mut lead = person.lead.clone();
            lead.set_note("moved", at(2_000 + round));
            let session = world.begin(shop.tenant.id).await;
            session.leads().update(&lead).await.unwrap();
            session.commit().await.unwrap();
        }
        round += 1;
    }
    let moved = usize::try_from(round).unwrap();
    for person in &people[moved.min(people.len())..] {
        let id = person.lead.record().id;
        assert_eq!(seen.iter().filter(|other| **other == id).count(), 1, "a lead that did not change");
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "a lead came twice on the way down");
}

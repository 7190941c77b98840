//! Lists of conversations: what a row shows, which rows a filter takes, and pages that stay put.

use hubchat_domain::{
    ChannelType, Conversation, ConversationId, ConversationRecord, ConversationStatus, LeadStatus, Profile,
};
use hubchat_ports::{ConversationFilter, ConversationOrder, PageRequest, Viewer};

use crate::StorageHarness;
use crate::paging::{all_at_once, walk};
use crate::world::{Customer, Shop, World, at};

const PAGE: PageRequest = PageRequest { after: None, limit: 200 };

async fn customers(world: &World<'_>, shop: &Shop, moments: &[i64]) -> Vec<Customer> {
    let customers: Vec<Customer> = moments
        .iter()
        .map(|moment| world.new_customer(shop, &format!("U{}", world.id::<ConversationId>()), at(*moment)))
        .collect();
    world.enter(&customers).await;
    customers
}

pub async fn a_conversation_row_shows_account_customer_and_lead(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let member = world.new_member(shop.tenant.id, "Nok", at(0));
    world.hire(std::slice::from_ref(&member)).await;
    let team = world.new_team(shop.tenant.id, "North");
    world.found(&team, &[member.id]).await;
    let profile = |name: &str| Profile {
        display_name: Some(name.to_owned()),
        avatar_url: Some(format!("https://cdn.example/{name}")),
        language: None,
    };
    let mut customer = world.new_customer(&shop, "U1", at(1));
    customer.contact.learn_profile(&profile("contact"), at(1));
    customer.identity.learn_profile(&profile("identity"), at(1));
    customer.lead.assign(member.id, Some(team.id), at(2));
    let message = world.new_message(&customer, 1, at(3));
    customer.conversation.note_message(&message, at(3));
    world.enter(std::slice::from_ref(&customer)).await;
    let bare = world.customer(&shop, "U2", at(0)).await;

    let inbox = world.inbox(shop.tenant.id);
    let rows = inbox
        .list_conversations(&Viewer::SYSTEM, &ConversationFilter::default(), ConversationOrder::Latest, PAGE)
        .await
        .unwrap()
        .items;
    assert_eq!(rows.len(), 2);
    let row = &rows[0];
    let owned = ConversationRecord {
        assigned_member_id: Some(member.id),
        assigned_team_id: Some(team.id),
        ..customer.conversation.record().clone()
    };
    assert_eq!(row.conversation, owned);
    assert_eq!(row.account_name, shop.account.record().name);
    assert_eq!(row.identity_name.as_deref(), Some("identity"));
    assert_eq!(row.identity_avatar_url.as_deref(), Some("https://cdn.example/identity"));
    assert_eq!(row.external_user_id, "U1");
    assert_eq!(row.contact_name.as_deref(), Some("contact"));
    assert_eq!(row.contact_avatar_url.as_deref(), Some("https://cdn.example/contact"));
    assert_eq!(row.lead_status, LeadStatus::Assigned);
    let names = (row.assigned_member_name.as_deref(), row.assigned_team_name.as_deref());
    assert_eq!(names, (Some("Nok"), Some("North")));
    let row = &rows[1];
    assert_eq!(&row.conversation, bare.conversation.record());
    assert_eq!(
        (&row.identity_name, &row.contact_name, &row.assigned_member_name, &row.assigned_team_name),
        (&None, &None, &None, &None)
    );
    assert_eq!(row.lead_status, LeadStatus::New);
    for row in &rows {
        assert_eq!(inbox.find_conversation(&Viewer::SYSTEM, row.conversation.id).await.unwrap().as_ref(), Some(row));
    }
    assert_eq!(inbox.find_conversation(&Viewer::SYSTEM, world.id()).await.unwrap(), None);
}

pub async fn conversation_filters_take_what_they_name(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let second = Shop { tenant: shop.tenant.clone(), account: world.account(shop.tenant.id).await };
    let mut people: Vec<Customer> = (0..24)
        .map(|n| world.new_customer(if n % 2 == 0 { &shop } else { &second }, &format!("U{n}"), at(n)))
        .collect();
    for (number, person) in people.iter_mut().enumerate() {
        person.conversation = Conversation::restore(ConversationRecord {
            status: ConversationStatus::ALL[number % 3],
            channel_type: if number % 4 < 2 { ChannelType::Line } else { ChannelType::Shopee },
            unread_count: i32::from(number % 5 == 0) * 2,
            ..person.conversation.record().clone()
        });
    }
    world.enter(&people).await;
    let inbox = world.inbox(shop.tenant.id);
    let any = ConversationFilter::default();
    let filters = [
        any.clone(),
        ConversationFilter { status: Some(ConversationStatus::Pending), ..any.clone() },
        ConversationFilter { channel_type: Some(ChannelType::Shopee), ..any.clone() },
        ConversationFilter { channel_type: Some(ChannelType::Lazada), ..any.clone() },
        ConversationFilter { account_id: Some(second.account.record().id), ..any.clone() },
        ConversationFilter { lead_id: Some(people[3].lead.record().id), ..any.clone() },
        ConversationFilter { unread: true, ..any.clone() },
        ConversationFilter { unread: true, status: Some(ConversationStatus::Open), ..any.clone() },
        ConversationFilter {
            status: Some(ConversationStatus::Open),
            channel_type: Some(ChannelType::Line),
            account_id: Some(shop.account.record().id),
            lead_id: Some(people[0].lead.record().id),
            unread: true,
            ..any
        },
    ];
    for filter in filters {
        let expected: Vec<ConversationId> = people
            .iter()
            .rev()
            .map(|person| person.conversation.record())
            .filter(|thread| {
                filter.status.is_none_or(|status| thread.status == status)
                    && filter.channel_type.is_none_or(|channel| thread.channel_type == channel)
                    && filter.account_id.is_none_or(|id| thread.thread.account_id == id)
                    && filter.lead_id.is_none_or(|id| thread.lead_id == id)
                    && (!filter.unread || thread.unread_count > 0)
            })
            .map(|thread| thread.id)
            .collect();
        for limit in [1, 2, 3, 200] {
            let walked = walk(limit, async |page| {
                inbox.list_conversations(&Viewer::SYSTEM, &filter, ConversationOrder::Latest, page).await.unwrap()
            })
            .await;
            let ids: Vec<ConversationId> = walked.iter().map(|row| row.conversation.id).collect();
            assert_eq!(ids, expected, "{filter:?} in pages of {limit}");
        }
    }
}

pub async fn conversations_of_one_moment_are_each_seen_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let people = customers(&world, &shop, &[1, 5, 5, 5, 5, 9, 5, 1]).await;
    let inbox = world.inbox(shop.tenant.id);
    let mut expected: Vec<_> = people.iter().map(|person| person.conversation.record()).collect();
    expected.sort_by_key(|thread| std::cmp::Reverse((thread.last_message_at, thread.id)));
    let expected: Vec<ConversationId> = expected.iter().map(|thread| thread.id).collect();
    let filter = ConversationFilter::default();
    for limit in [1, 2, 3, 4, 7, 8, 9, 200] {
        let walked = walk(limit, async |page| {
            inbox.list_conversations(&Viewer::SYSTEM, &filter, ConversationOrder::Latest, page).await.unwrap()
        })
        .await;
        assert_eq!(walked.iter().map(|row| row.conversation.id).collect::<Vec<_>>(), expected, "pages of {limit}");
    }
}

pub async fn conversation_pages_end_without_an_empty_one(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let inbox = world.inbox(shop.tenant.id);
    let filter = ConversationFilter::default();
    let empty = inbox.list_conversations(&Viewer::SYSTEM, &filter, ConversationOrder::Latest, PAGE).await.unwrap();
    assert!(empty.items.is_empty() && empty.next.is_none());
    customers(&world, &shop, &[1, 2, 3, 4, 5, 6]).await;
    all_at_once(6, async |page| {
        inbox.list_conversations(&Viewer::SYSTEM, &filter, ConversationOrder::Latest, page).await.unwrap()
    })
    .await;
}

pub async fn conversation_pages_stay_put_while_messages_come(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let people = customers(&world, &shop, &(0..40).map(|n| n / 3).collect::<Vec<_>>()).await;
    let inbox = world.inbox(shop.tenant.id);
    let filter = ConversationFilter::default();
    let (mut seen, mut after, mut round) = (Vec::new(), None, 0);
    loop {
        let page = inbox
            .list_conversations(&Viewer::SYSTEM, &filter, ConversationOrder::Latest, PageRequest { after, limit: 3 })
            .await
            .unwrap();
        seen.extend(page.items.into_iter().map(|row| row.conversation.id));
        after = page.next;
        if after.is_none() {
            break;
        }
        customers(&world, &shop, &[1_000 + round, 5]).await;
        if let Some(person) = people.get(usize::try_from(round).unwrap()) {
            let mut thread = person.conversation.clone();
            thread.note_message(&world.new_message(person, 1, at(2_000 + round)), at(2_000 + round));
            let session = world.begin(shop.tenant.id).await;
            session.conversations().update(&thread).await.unwrap();
            session.commit().await.unwrap();
        }
        round += 1;
    }
    let moved = usize::try_from(round).unwrap();
    for person in &people[moved.min(people.len())..] {
        let id = person.conversation.record().id;
        assert_eq!(seen.iter().filter(|other| **other == id).count(), 1, "a conversation that did not change");
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "a conversation came twice on the way down");
}

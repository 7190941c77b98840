//! What each member has seen, who waits, what is put aside, and how the lanes count it.

use hubchat_domain::{
    Conversation, ConversationRecord, ConversationStatus, Media, MediaRecord, Member, MemberId, MemberStatus,
    Timestamp, Visibility,
};
use hubchat_ports::{
    ConversationFilter, ConversationOrder, Draft, DraftRow, LaneCount, LaneCounts, LaneFilter, Mention, PageRequest,
    ReadPosition, Viewer,
};

use crate::StorageHarness;
use crate::paging::walk;
use crate::world::{Customer, Shop, World, at, whole};

const PAGE: PageRequest = PageRequest { after: None, limit: 200 };

fn eyes(member: MemberId) -> Viewer {
    Viewer { visibility: Visibility::All, member: Some(member) }
}

/// A customer whose conversation was changed before it is stored.
fn customer(world: &World<'_>, shop: &Shop, number: usize, change: impl FnOnce(&mut ConversationRecord)) -> Customer {
    let mut customer = world.new_customer(shop, &format!("U{number}"), at(whole(number)));
    let mut record = customer.conversation.record().clone();
    change(&mut record);
    customer.conversation = Conversation::restore(record);
    customer
}

async fn read(world: &World<'_>, of: &Customer, member: MemberId, seen_inbound: i64) {
    let session = world.begin(of.contact.record().tenant_id).await;
    let conversation_id = of.conversation.record().id;
    let position = ReadPosition { conversation_id, member_id: member, seen_inbound, at: at(50) };
    session.readings().save_position(&position).await.unwrap();
    assert_eq!(session.readings().find_position(conversation_id, member).await.unwrap(), Some(position));
    session.commit().await.unwrap();
}

pub async fn what_one_member_has_seen_is_unread_for_the_others(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let (one, other) = (world.new_member(shop.tenant.id, "Nok", at(0)), world.new_member(shop.tenant.id, "Lek", at(0)));
    world.hire(&[one.clone(), other.clone()]).await;
    let written = |unread: i32, inbound: i64| {
        move |record: &mut ConversationRecord| {
            (record.unread_count, record.inbound_count) = (unread, inbound);
        }
    };
    let people = [
        customer(&world, &shop, 1, written(3, 8)),
        // Answered by somebody: read for all.
        customer(&world, &shop, 2, written(0, 5)),
        customer(&world, &shop, 3, written(2, 2)),
    ];
    world.enter(&people).await;
    read(&world, &people[0], one.id, 7).await;
    read(&world, &people[1], one.id, 2).await;
    read(&world, &people[2], one.id, 1).await;
    read(&world, &people[2], one.id, 2).await;
    let inbox = world.inbox(shop.tenant.id);
    for (viewer, expected) in [(eyes(one.id), [1, 0, 0]), (eyes(other.id), [3, 0, 2]), (Viewer::SYSTEM, [3, 0, 2])] {
        let mut unread = Vec::new();
        for (person, expected) in people.iter().zip(expected) {
            let id = person.conversation.record().id;
            let row = inbox.find_conversation(&viewer, id).await.unwrap().unwrap();
            assert_eq!(row.unread_count, expected, "{viewer:?}");
            if expected > 0 {
                unread.push(id);
            }
        }
        let filter = ConversationFilter { unread: true, ..ConversationFilter::default() };
        let rows = inbox.list_conversations(&viewer, &filter, ConversationOrder::Latest, PAGE).await.unwrap().items;
        let mut listed: Vec<_> = rows.iter().map(|row| row.conversation.id).collect();
        listed.sort();
        assert_eq!(listed, unread, "{viewer:?}");
    }
}

pub async fn who_waits_longest_comes_first_and_pages_give_each_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let waits = |since: i64| move |record: &mut ConversationRecord| record.waiting_since = Some(at(since));
    let mut people: Vec<Customer> =
        [40, 10, 10, 30, 20].iter().enumerate().map(|(n, since)| customer(&world, &shop, n, waits(*since))).collect();
    let waiting = people.len();
    people.push(customer(&world, &shop, 7, |_| ()));
    people.push(customer(&world, &shop, 8, |record| {
        (record.waiting_since, record.status) = (Some(at(1)), ConversationStatus::Resolved);
    }));
    people.push(customer(&world, &shop, 9, |record| {
        (record.waiting_since, record.snoozed_until) = (Some(at(1)), Some(at(99)));
    }));
    world.enter(&people).await;
    let mut expected: Vec<_> = people[..waiting]
        .iter()
        .map(|person| (person.conversation.record().waiting_since.unwrap(), person.conversation.record().id))
        .collect();
    expected.sort();
    let inbox = world.inbox(shop.tenant.id);
    let filter = ConversationFilter::default();
    for limit in [1, 2, 5, 200] {
        let rows = walk(limit, async |page| {
            inbox.list_conversations(&Viewer::SYSTEM, &filter, ConversationOrder::LongestWaiting, page).await.unwrap()
        })
        .await;
        let listed: Vec<_> =
            rows.iter().map(|row| (row.conversation.waiting_since.unwrap(), row.conversation.id)).collect();
        assert_eq!(listed, expected, "{limit}");
    }
    let filter = ConversationFilter { waiting: true, ..filter };
    let latest = inbox.list_conversations(&Viewer::SYSTEM, &filter, ConversationOrder::Latest, PAGE).await.unwrap();
    assert_eq!(latest.items.len(), waiting);
}

pub async fn lanes_count_what_their_lists_hold(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let (me, other) = (world.new_member(shop.tenant.id, "Nok", at(0)), world.new_member(shop.tenant.id, "Lek", at(0)));
    world.hire(&[me.clone(), other.clone()]).await;
    let (mine, theirs) = (world.new_team(shop.tenant.id, "North"), world.new_team(shop.tenant.id, "South"));
    world.found(&mine, &[me.id]).await;
    world.found(&theirs, &[other.id]).await;
    let mut people: Vec<Customer> = (0..48)
        .map(|n| {
            let status = [ConversationStatus::Open, ConversationStatus::Pending, ConversationStatus::Resolved][n % 3];
            let mut person = customer(&world, &shop, n, |record| {
                record.status = status;
                record.waiting_since = (n % 5 == 0).then(|| at(whole(n)));
                record.snoozed_until = (n % 7 == 0).then(|| at(999));
                (record.unread_count, record.inbound_count) = if n % 2 == 0 { (1, 4) } else { (0, 4) };
            });
            let owners =
                [(Some(me.id), Some(theirs.id)), (Some(other.id), Some(mine.id)), (Some(other.id), None), (None, None)];
            if let (Some(member), team) = owners[n % 4] {
                person.lead.assign(member, team, at(60));
            }
            person
        })
        .collect();
    people.rotate_left(5);
    world.enter(&people).await;
    for person in people.iter().step_by(3) {
        read(&world, person, me.id, 4).await;
    }
    let session = world.begin(shop.tenant.id).await;
    let mention = |of: &Customer, member: MemberId| Mention {
        message_id: world.id(),
        conversation_id: of.conversation.record().id,
        member_id: member,
        at: at(70),
    };
    let mentions: Vec<Mention> = people.iter().step_by(4).map(|person| mention(person, me.id)).collect();
    session.readings().add_mentions(&mentions).await.unwrap();
    session.readings().add_mentions(&mentions).await.unwrap();
    session.readings().add_mentions(&[mention(&people[1], other.id)]).await.unwrap();
    let seen = people[0].conversation.record().id;
    assert_eq!(session.readings().see_mentions(seen, me.id, at(71)).await.unwrap(), 1);
    assert_eq!(session.readings().see_mentions(seen, me.id, at(72)).await.unwrap(), 0);
    session.commit().await.unwrap();

    let inbox = world.inbox(shop.tenant.id);
    let viewer = eyes(me.id);
    let count = async |filter: ConversationFilter| {
        let filter = ConversationFilter { active: true, ..filter };
        let rows = inbox.list_conversations(&viewer, &filter, ConversationOrder::Latest, PAGE).await.unwrap().items;
        LaneCount { total: whole(rows.len()), unread: whole(rows.iter().filter(|row| row.unread_count > 0).count()) }
    };
    let awake = || ConversationFilter { snoozed: Some(false), ..ConversationFilter::default() };
    let expected = LaneCounts {
        mine: count(ConversationFilter { assigned_member_id: Some(me.id), ..awake() }).await,
        unassigned: count(ConversationFilter { unassigned: true, ..awake() }).await,
        team: count(ConversationFilter { teams_of: Some(me.id), ..awake() }).await,
        waiting: count(ConversationFilter { waiting: true, ..ConversationFilter::default() }).await,
        mentioned: count(ConversationFilter { mentioned: true, ..awake() }).await,
        snoozed: count(ConversationFilter { snoozed: Some(true), ..ConversationFilter::default() }).await,
        all: count(awake()).await,
    };
    let counted = inbox.count_lanes(&viewer, &LaneFilter::default()).await.unwrap();
    assert_eq!(counted, expected);
    for lane in [counted.mine, counted.unassigned, counted.team, counted.waiting, counted.mentioned, counted.snoozed] {
        assert!(lane.total > 0 && lane.total < counted.all.total, "a lane that tells nothing: {counted:?}");
    }
    assert!(counted.all.unread > 0 && counted.all.unread < counted.all.total, "{counted:?}");

    let second = world.account(shop.tenant.id).await;
    let elsewhere = LaneFilter { account_id: Some(second.record().id), channel_type: None };
    assert_eq!(inbox.count_lanes(&viewer, &elsewhere).await.unwrap(), LaneCounts::default());
    let system = inbox.count_lanes(&Viewer::SYSTEM, &LaneFilter::default()).await.unwrap();
    assert_eq!((system.mine, system.team, system.mentioned), Default::default());
    assert_eq!(system.all.total, counted.all.total);
}

pub async fn a_draft_is_its_writers_alone_and_goes_with_its_conversation(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let (me, other) = (world.new_member(shop.tenant.id, "Nok", at(0)), world.new_member(shop.tenant.id, "Lek", at(0)));
    world.hire(&[me.clone(), other.clone()]).await;
    let person = world.customer(&shop, "U1", at(1)).await;
    let id = person.conversation.record().id;
    let file = world.new_media(&world.new_message(&person, 1, at(1)));
    let file = Media::restore(MediaRecord { message_id: None, ..file.record().clone() });
    let draft = |text: &str, updated_at: Timestamp| Draft {
        conversation_id: id,
        member_id: me.id,
        text: text.to_owned(),
        note: true,
        media_id: Some(file.record().id),
        updated_at,
    };
    let inbox = world.inbox(shop.tenant.id);
    assert_eq!(inbox.find_draft(id, me.id).await.unwrap(), None);
    let last = draft("สวัสดี", at(3));
    for draft in [&draft("hello", at(2)), &last] {
        let session = world.begin(shop.tenant.id).await;
        session.readings().save_draft(draft).await.unwrap();
        session.commit().await.unwrap();
    }
    // Its file is told while there is one.
    assert_eq!(
        inbox.find_draft(id, me.id).await.unwrap(),
        Some(DraftRow { draft: last.clone(), file: None }),
        "the file is not there yet"
    );
    let session = world.begin(shop.tenant.id).await;
    session.media().insert_many(std::slice::from_ref(&file)).await.unwrap();
    session.commit().await.unwrap();
    let kept = DraftRow { draft: last.clone(), file: Some(file.record().clone()) };
    assert_eq!(inbox.find_draft(id, me.id).await.unwrap(), Some(kept));
    assert_eq!(inbox.find_draft(id, other.id).await.unwrap(), None);
    let session = world.begin(shop.tenant.id).await;
    assert!(!session.readings().delete_draft(id, other.id).await.unwrap());
    assert!(session.readings().delete_draft(id, me.id).await.unwrap());
    assert!(!session.readings().delete_draft(id, me.id).await.unwrap());
    session.readings().save_draft(&last).await.unwrap();
    session.commit().await.unwrap();
    read(&world, &person, me.id, 0).await;
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.purge().delete_empty_conversations(&[id]).await.unwrap(), 1);
    session.commit().await.unwrap();
    assert_eq!(inbox.find_draft(id, me.id).await.unwrap(), None);
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.readings().find_position(id, me.id).await.unwrap(), None);
}

pub async fn what_members_have_seen_and_write_is_of_one_tenant(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, stranger) = (world.shop("mali").await, world.shop("nok").await);
    let me = world.new_member(shop.tenant.id, "Nok", at(0));
    world.hire(std::slice::from_ref(&me)).await;
    let person = customer(&world, &shop, 1, |record| (record.unread_count, record.inbound_count) = (2, 2));
    world.enter(std::slice::from_ref(&person)).await;
    let id = person.conversation.record().id;
    read(&world, &person, me.id, 2).await;
    let session = world.begin(stranger.tenant.id).await;
    assert_eq!(session.readings().find_position(id, me.id).await.unwrap(), None);
    assert!(!session.readings().delete_draft(id, me.id).await.unwrap());
    let position = ReadPosition { conversation_id: id, member_id: me.id, seen_inbound: 0, at: at(9) };
    assert!(session.readings().save_position(&position).await.is_err(), "a conversation of another tenant");
    drop(session);
    let row = world.inbox(shop.tenant.id).find_conversation(&eyes(me.id), id).await.unwrap().unwrap();
    assert_eq!(row.unread_count, 0);
    let lanes = world.inbox(stranger.tenant.id).count_lanes(&eyes(me.id), &LaneFilter::default()).await.unwrap();
    assert_eq!(lanes, LaneCounts::default());
}

pub async fn what_a_disabled_member_read_and_wrote_goes(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, stranger) = (world.shop("mali").await, world.shop("nok").await);
    let mut kept = Vec::new();
    for (shop, names) in [(&shop, ["Nok", "Lek"]), (&stranger, ["Noi", "Dao"])] {
        let members = names.map(|name| world.new_member(shop.tenant.id, name, at(0)));
        world.hire(&members).await;
        for number in 0..2 {
            let person = world.customer(shop, &format!("U{number}"), at(1)).await;
            let note = world.new_message(&person, 1, at(2));
            world.say(std::slice::from_ref(&note)).await;
            let conversation_id = person.conversation.record().id;
            for member in &members {
                let (member_id, message_id) = (member.id, note.record().id);
                let session = world.begin(shop.tenant.id).await;
                let readings = session.readings();
                let position = ReadPosition { conversation_id, member_id, seen_inbound: 1, at: at(3) };
                readings.save_position(&position).await.unwrap();
                readings.add_mentions(&[Mention { message_id, conversation_id, member_id, at: at(3) }]).await.unwrap();
                let (text, note, media_id, updated_at) = ("x".to_owned(), false, None, at(3));
                let draft = Draft { conversation_id, member_id, text, note, media_id, updated_at };
                readings.save_draft(&draft).await.unwrap();
                session.commit().await.unwrap();
                kept.push((shop, member.clone(), conversation_id));
            }
        }
    }
    let forget = async |limit| {
        let session = world.begin(shop.tenant.id).await;
        let gone = session.purge().delete_left_behind(limit).await.unwrap();
        session.commit().await.unwrap();
        gone
    };
    assert_eq!(forget(100).await, 0, "everybody works");
    // Of each shop one leaves.
    for (tenant, name) in [(shop.tenant.id, "Nok"), (stranger.tenant.id, "Noi")] {
        let session = world.begin(tenant).await;
        let found = session.members().list().await.unwrap().into_iter().find(|member| member.name == name).unwrap();
        session.members().update(&Member { status: MemberStatus::Disabled, ..found }).await.unwrap();
        session.commit().await.unwrap();
    }
    assert_eq!([forget(1).await, forget(1).await, forget(1).await], [3, 3, 0], "one of each at a time");
    for (of, member, conversation) in kept {
        let stays = member.name != "Nok";
        let inbox = world.inbox(of.tenant.id);
        assert_eq!(inbox.find_draft(conversation, member.id).await.unwrap().is_some(), stays, "{}", member.name);
        let session = world.begin(of.tenant.id).await;
        let position = session.readings().find_position(conversation, member.id).await.unwrap();
        assert_eq!(position.is_some(), stays, "{}", member.name);
        let unseen = session.readings().see_mentions(conversation, member.id, at(9)).await.unwrap();
        assert_eq!(unseen, u64::from(stays), "{}", member.name);
    }
}

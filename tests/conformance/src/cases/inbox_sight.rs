//! What someone does not see is not there, in every query and whatever is asked for.

use hubchat_domain::{
    Activity, ActivityKind, Author, ChannelType, Conversation, ConversationRecord, ConversationStatus, Lead,
    LeadRecord, LeadStatus, MemberId, TeamId, Viewpoint, Visibility,
};
use hubchat_ports::{ConversationFilter, ConversationOrder, LeadFilter, PageRequest, Viewer};
use serde_json::json;

use crate::StorageHarness;
use crate::paging::walk;
use crate::world::{Customer, Dice, Shop, World, at, whole};

/// Someone who sees so far and is no member.
fn seeing(visibility: &Visibility) -> Viewer {
    Viewer { visibility: visibility.clone(), member: None }
}

const PAGE: PageRequest = PageRequest { after: None, limit: 200 };

/// A shop whose leads have every kind of owner, and some of everyone's eyes.
struct Scene {
    shop: Shop,
    members: Vec<MemberId>,
    teams: Vec<TeamId>,
    people: Vec<Customer>,
    sights: Vec<Visibility>,
}

async fn scene(world: &World<'_>) -> Scene {
    let shop = world.shop("mali").await;
    let members = ["A", "B", "C", "D"].map(|name| world.new_member(shop.tenant.id, name, at(0)));
    world.hire(&members).await;
    let members: Vec<MemberId> = members.iter().map(|member| member.id).collect();
    let teams = ["North", "South"].map(|name| world.new_team(shop.tenant.id, name));
    world.found(&teams[0], &members[..2]).await;
    world.found(&teams[1], &members[2..]).await;
    let teams: Vec<TeamId> = teams.iter().map(|team| team.id).collect();
    let mut dice = Dice::new(11);
    let mut people = Vec::new();
    for number in 0..90 {
        // Moments repeat, so that ids decide too.
        let mut person = world.new_customer(&shop, &format!("U{number}"), at(whole(dice.below(40))));
        let member = [None, None, Some(0), Some(1), Some(2), Some(3)][dice.below(6)];
        let team = [None, None, Some(0), Some(1)][dice.below(4)];
        let status = [LeadStatus::New, LeadStatus::Qualified][dice.below(2)];
        person.lead = Lead::restore(LeadRecord {
            assigned_member_id: member.map(|number: usize| members[number]),
            assigned_team_id: team.map(|number: usize| teams[number]),
            status,
            ..person.lead.record().clone()
        });
        person.conversation = Conversation::restore(ConversationRecord {
            status: ConversationStatus::ALL[dice.below(2)],
            unread_count: i32::from(dice.below(3) == 0),
            ..person.conversation.record().clone()
        });
        people.push(person);
    }
    world.enter(&people).await;
    let team = Viewpoint { members: members[..2].to_vec(), teams: vec![teams[0]], unassigned: true };
    let own = Viewpoint { members: vec![members[0]], ..Viewpoint::default() };
    let sights = vec![
        Visibility::All,
        Visibility::Only(team.clone()),
        Visibility::Only(own.clone()),
        Visibility::Only(Viewpoint { unassigned: true, ..own }),
        Visibility::Only(Viewpoint { unassigned: false, ..team }),
        Visibility::Only(Viewpoint { unassigned: true, ..Viewpoint::default() }),
        Visibility::Only(Viewpoint::default()),
    ];
    Scene { shop, members, teams, people, sights }
}

fn seen(visibility: &Visibility, person: &Customer) -> bool {
    let lead = person.lead.record();
    visibility.sees_owner(lead.assigned_member_id, lead.assigned_team_id)
}

/// Whose leads are asked for: member, team, those of no member.
fn owners(scene: &Scene) -> Vec<(Option<MemberId>, Option<TeamId>, bool)> {
    let mut owners = vec![(None, None, false), (None, None, true)];
    owners.extend([0, 1, 2].map(|number: usize| (Some(scene.members[number]), None, false)));
    for team in &scene.teams {
        owners.extend([
            (None, Some(*team), false),
            (None, Some(*team), true),
            (Some(scene.members[2]), Some(*team), false),
        ]);
    }
    owners
}

fn owned(person: &Customer, (member, team, unassigned): (Option<MemberId>, Option<TeamId>, bool)) -> bool {
    let lead = person.lead.record();
    member.is_none_or(|member| lead.assigned_member_id == Some(member))
        && team.is_none_or(|team| lead.assigned_team_id == Some(team))
        && (!unassigned || lead.assigned_member_id.is_none())
}

pub async fn lists_of_leads_hold_what_is_seen_and_nothing_else(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let scene = scene(&world).await;
    let inbox = world.inbox(scene.shop.tenant.id);
    for visibility in &scene.sights {
        for owner in owners(&scene) {
            for status in [None, Some(LeadStatus::Qualified)] {
                let filter = LeadFilter {
                    status,
                    assigned_member_id: owner.0,
                    assigned_team_id: owner.1,
                    unassigned: owner.2,
                    channel_type: Some(ChannelType::Line),
                };
                let mut expected: Vec<&LeadRecord> = scene
                    .people
                    .iter()
                    .filter(|person| seen(visibility, person) && owned(person, owner))
                    .map(|person| person.lead.record())
                    .filter(|lead| status.is_none_or(|status| lead.status == status))
                    .collect();
                expected.sort_by_key(|lead| std::cmp::Reverse((lead.updated_at, lead.id)));
                for limit in [7, 200] {
                    let walked =
                        walk(limit, async |page| inbox.list_leads(visibility, &filter, page).await.unwrap()).await;
                    let found: Vec<&LeadRecord> = walked.iter().map(|row| &row.lead).collect();
                    assert_eq!(found, expected, "{visibility:?} {filter:?} in pages of {limit}");
                }
            }
        }
    }
}

pub async fn lists_of_conversations_hold_what_is_seen_and_nothing_else(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let scene = scene(&world).await;
    let inbox = world.inbox(scene.shop.tenant.id);
    let some_lead = scene.people[3].lead.record().id;
    for visibility in &scene.sights {
        for owner in owners(&scene) {
            for (status, unread, lead_id) in [
                (None, false, None),
                (Some(ConversationStatus::Open), false, None),
                (None, true, None),
                (None, false, Some(some_lead)),
            ] {
                let filter = ConversationFilter {
                    status,
                    unread,
                    lead_id,
                    assigned_member_id: owner.0,
                    assigned_team_id: owner.1,
                    unassigned: owner.2,
                    ..ConversationFilter::default()
                };
                let mut expected: Vec<&Customer> = scene
                    .people
                    .iter()
                    .filter(|person| seen(visibility, person) && owned(person, owner))
                    .filter(|person| {
                        let thread = person.conversation.record();
                        status.is_none_or(|status| thread.status == status)
                            && (!unread || thread.unread_count > 0)
                            && lead_id.is_none_or(|id| thread.lead_id == id)
                    })
                    .collect();
                expected.sort_by_key(|person| {
                    let thread = person.conversation.record();
                    std::cmp::Reverse((thread.last_message_at, thread.id))
                });
                for limit in [7, 200] {
                    let walked = walk(limit, async |page| {
                        inbox
                            .list_conversations(&seeing(visibility), &filter, ConversationOrder::Latest, page)
                            .await
                            .unwrap()
                    })
                    .await;
                    let found: Vec<_> = walked.iter().map(|row| row.conversation.id).collect();
                    let expected: Vec<_> = expected.iter().map(|person| person.conversation.record().id).collect();
                    assert_eq!(found, expected, "{visibility:?} {filter:?} in pages of {limit}");
                    assert!(walked.iter().all(|row| {
                        let person =
                            scene.people.iter().find(|person| person.lead.record().id == row.conversation.lead_id);
                        let lead = person.unwrap().lead.record();
                        row.conversation.assigned_member_id == lead.assigned_member_id
                            && row.conversation.assigned_team_id == lead.assigned_team_id
                            && row.assigned_member_name.is_some() == lead.assigned_member_id.is_some()
                            && row.assigned_team_name.is_some() == lead.assigned_team_id.is_some()
                    }));
                }
            }
        }
    }
}

pub async fn what_is_not_seen_is_not_found_by_its_id(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let scene = scene(&world).await;
    let tenant = scene.shop.tenant.id;
    let people = &scene.people[..30];
    let messages: Vec<_> = people.iter().map(|person| world.new_message(person, 1, at(100))).collect();
    world.say(&messages).await;
    let lines: Vec<Activity> = people
        .iter()
        .map(|person| Activity {
            id: world.id(),
            lead_id: person.lead.record().id,
            kind: ActivityKind::LeadCreated,
            author: Author::System,
            detail: json!({}),
            at: at(100),
        })
        .collect();
    let session = world.begin(tenant).await;
    session.activities().append(&lines).await.unwrap();
    session.commit().await.unwrap();
    let (inbox, beyond) = (world.inbox(tenant), PageRequest { after: Some(world.bottom()), limit: 10 });
    let mut counts = Vec::new();
    for visibility in &scene.sights {
        let mut count = 0;
        for (person, message) in people.iter().zip(&messages) {
            let (lead, thread) = (person.lead.record().id, person.conversation.record().id);
            let expected = seen(visibility, person);
            let found = [
                inbox.find_lead(visibility, lead).await.unwrap().is_some(),
                inbox.find_conversation(&seeing(visibility), thread).await.unwrap().is_some(),
                inbox.find_message(visibility, message.record().id).await.unwrap().is_some(),
                inbox.list_activity(visibility, lead, PAGE).await.unwrap().is_some_and(|page| page.items.len() == 1),
                inbox.list_messages(visibility, thread, PAGE).await.unwrap().is_some_and(|page| page.items.len() == 1),
                // An empty page of what is there differs from what is not.
                inbox.list_activity(visibility, lead, beyond).await.unwrap().is_some_and(|page| page.items.is_empty()),
                inbox
                    .list_messages(visibility, thread, beyond)
                    .await
                    .unwrap()
                    .is_some_and(|page| page.items.is_empty()),
            ];
            assert_eq!(found, [expected; 7], "{visibility:?} {:?}", person.lead);
            count += usize::from(expected);
        }
        counts.push(count);
    }
    assert_eq!((counts[0], counts[6]), (30, 0));
    assert!(counts[1] > counts[2] && counts[2] > 0 && counts[1] < 30, "{counts:?}");
}

pub async fn what_is_seen_changes_with_the_owner_at_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let scene = scene(&world).await;
    let tenant = scene.shop.tenant.id;
    let (inbox, own) = (world.inbox(tenant), &scene.sights[2]);
    let mine = scene.people.iter().find(|person| seen(own, person)).unwrap();
    let (lead, thread) = (mine.lead.record().id, mine.conversation.record().id);
    assert!(inbox.find_conversation(&seeing(own), thread).await.unwrap().is_some());
    let session = world.begin(tenant).await;
    let mut given = session.leads().find(lead).await.unwrap().unwrap();
    given.assign(scene.members[1], None, at(200));
    session.leads().update(&given).await.unwrap();
    session.commit().await.unwrap();
    assert!(inbox.find_lead(own, lead).await.unwrap().is_none());
    assert!(inbox.find_conversation(&seeing(own), thread).await.unwrap().is_none());
    let listed = inbox
        .list_conversations(&seeing(own), &ConversationFilter::default(), ConversationOrder::Latest, PAGE)
        .await
        .unwrap();
    assert!(listed.items.iter().all(|row| row.conversation.id != thread));
}

pub async fn someone_with_hundreds_of_colleagues_sees_all_of_their_leads(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let members: Vec<_> =
        (0..600).map(|number| world.new_member(shop.tenant.id, &format!("M{number}"), at(0))).collect();
    world.hire(&members).await;
    let people: Vec<Customer> = (0..20)
        .map(|number: usize| {
            let mut person = world.new_customer(&shop, &format!("U{number}"), at(whole(number)));
            person.lead.assign(members[number * 30].id, None, at(whole(number)));
            person
        })
        .collect();
    world.enter(&people).await;
    let colleagues = members.iter().take(300).map(|member| member.id).collect();
    let visibility = Visibility::Only(Viewpoint { members: colleagues, teams: vec![], unassigned: true });
    let inbox = world.inbox(shop.tenant.id);
    let leads = walk(3, async |page| inbox.list_leads(&visibility, &LeadFilter::default(), page).await.unwrap()).await;
    let found: Vec<_> = leads.iter().map(|row| row.lead.id).collect();
    let expected: Vec<_> = people[..10].iter().rev().map(|person| person.lead.record().id).collect();
    assert_eq!(found, expected);
}

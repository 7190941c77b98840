//! What those read who follow a tenant along.

use futures_util::future::join_all;
use hubchat_domain::{ApiKeyRecord, DomainEvent, EventType, MemberRole, Scope, TenantId};
use hubchat_ports::{EventFeed, FeedHead, TenantPulse};
use serde_json::json;

use crate::StorageHarness;
use crate::world::{World, at};

fn events(count: usize) -> Vec<DomainEvent> {
    let event = |number| DomainEvent {
        event_type: EventType::MessageUpdated,
        lead_id: None,
        conversation_id: None,
        message_id: None,
        data: json!(number),
        at: at(1),
    };
    (0..count).map(event).collect()
}

async fn append(world: &World<'_>, tenant: TenantId, count: usize) {
    let session = world.begin(tenant).await;
    session.events().append(events(count)).await.unwrap();
    session.commit().await.unwrap();
}

fn feed(harness: &dyn StorageHarness, tenant: TenantId) -> Box<dyn EventFeed> {
    harness.repository().feed(tenant)
}

async fn pulse(harness: &dyn StorageHarness, tenant: TenantId) -> TenantPulse {
    let pulses = harness.directory().pulses(&[tenant]).await.unwrap();
    assert_eq!(pulses.len(), 1);
    pulses[0]
}

pub async fn the_head_tells_what_is_kept_and_what_was_last(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (tenant, other) = (world.tenant("mali").await.id, world.tenant("other").await.id);
    let head = async || feed(harness, tenant).head().await.unwrap();
    let epoch = head().await.epoch;
    assert_eq!(head().await, FeedHead { epoch, first: 1, last: 0 });
    append(&world, tenant, 5).await;
    append(&world, other, 3).await;
    assert_eq!(head().await, FeedHead { epoch, first: 1, last: 5 });
    let session = world.begin(tenant).await;
    assert_eq!(session.purge().delete_domain_events_before(at(2), 3).await.unwrap(), 3);
    session.commit().await.unwrap();
    assert_eq!(head().await, FeedHead { epoch, first: 4, last: 5 });
    let session = world.begin(tenant).await;
    assert_eq!(session.purge().delete_domain_events_before(at(2), 10).await.unwrap(), 2);
    session.commit().await.unwrap();
    assert_eq!(head().await, FeedHead { epoch, first: 6, last: 5 });
    append(&world, tenant, 1).await;
    assert_eq!(head().await, FeedHead { epoch, first: 6, last: 6 });
    assert_eq!(feed(harness, other).head().await.unwrap().last, 3);
}

pub async fn the_feed_gives_what_sessions_committed(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (tenant, other) = (world.tenant("mali").await.id, world.tenant("other").await.id);
    append(&world, tenant, 20).await;
    append(&world, other, 2).await;
    let open = world.begin(tenant).await;
    open.events().append(events(1)).await.unwrap();
    let all = feed(harness, tenant).list_after(0, 100).await.unwrap();
    drop(open);
    assert_eq!(all, world.begin(tenant).await.events().list_after(0, 100).await.unwrap());
    assert_eq!(all.iter().map(|stored| stored.seq).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
    assert_eq!(feed(harness, tenant).list_after(7, 5).await.unwrap(), all[7..12]);
    assert!(feed(harness, tenant).list_after(20, 5).await.unwrap().is_empty());
}

pub async fn another_epoch_is_told_by_the_head_and_by_the_pulse(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (tenant, other) = (world.tenant("mali").await.id, world.tenant("other").await.id);
    append(&world, tenant, 2).await;
    let before = pulse(harness, other).await;
    let dropped = world.begin(tenant).await;
    dropped.events().begin_epoch(7).await.unwrap();
    drop(dropped);
    assert_ne!(pulse(harness, tenant).await.epoch, 7);
    let session = world.begin(tenant).await;
    session.events().begin_epoch(1_767_225_600_123_457).await.unwrap();
    session.commit().await.unwrap();
    let head = feed(harness, tenant).head().await.unwrap();
    assert_eq!(head, FeedHead { epoch: 1_767_225_600_123_457, first: 1, last: 2 });
    let after = pulse(harness, tenant).await;
    assert_eq!((after.epoch, after.last), (head.epoch, head.last));
    assert_eq!(pulse(harness, other).await, before);
}

pub async fn rows_are_found_many_at_a_time_as_screens_show_them(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, rival) = (world.shop("mali").await, world.shop("rival").await);
    let tenant = shop.tenant.id;
    let mut customers = Vec::new();
    for number in 0..5 {
        customers.push(world.customer(&shop, &format!("U{number}"), at(number)).await);
    }
    let stranger = world.customer(&rival, "U0", at(0)).await;
    let said: Vec<_> = customers.iter().map(|customer| world.new_message(customer, 1, at(9))).collect();
    let secret = world.new_message(&stranger, 1, at(9));
    world.say(&said).await;
    world.say(std::slice::from_ref(&secret)).await;
    let feed = feed(harness, tenant);

    let mut threads: Vec<_> = customers.iter().map(|one| one.conversation.record().id).collect();
    threads.extend([stranger.conversation.record().id, world.id()]);
    let mut rows = feed.find_conversations(&threads).await.unwrap();
    rows.sort_by_key(|row| row.conversation.id);
    let mut known: Vec<_> = customers.iter().map(|one| one.conversation.record().id).collect();
    known.sort_unstable();
    assert_eq!(rows.iter().map(|row| row.conversation.id).collect::<Vec<_>>(), known);
    for row in &rows {
        assert_eq!(world.seen_by_all(tenant, row.conversation.id).await.as_ref(), Some(row));
    }

    let mut leads: Vec<_> = customers.iter().map(|one| one.lead.record().id).collect();
    leads.push(stranger.lead.record().id);
    let rows = feed.find_leads(&leads).await.unwrap();
    assert_eq!(rows.len(), customers.len());
    for row in &rows {
        let customer = customers.iter().find(|one| one.lead.record().id == row.lead.id).unwrap();
        assert_eq!(row.conversation_id, Some(customer.conversation.record().id));
        assert_eq!(row.lead, *customer.lead.record());
    }

    let mut messages: Vec<_> = said.iter().map(|message| message.record().id).collect();
    messages.push(secret.record().id);
    let rows = feed.find_messages(&messages).await.unwrap();
    assert_eq!(rows.len(), said.len());
    assert!(rows.iter().all(|row| said.iter().any(|message| *message.record() == row.message)));

    assert!(feed.find_conversations(&[]).await.unwrap().is_empty());
    assert!(feed.find_leads(&[]).await.unwrap().is_empty());
    assert!(feed.find_messages(&[]).await.unwrap().is_empty());
}

pub async fn memberships_are_those_of_the_teams(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (tenant, other) = (world.tenant("mali").await.id, world.tenant("other").await.id);
    let members = ["A", "B", "C"].map(|name| world.new_member(tenant, name, at(0)));
    world.hire(&members).await;
    let stranger = world.new_member(other, "S", at(0));
    world.hire(std::slice::from_ref(&stranger)).await;
    assert!(feed(harness, tenant).memberships().await.unwrap().is_empty());
    let (north, south) = (world.new_team(tenant, "North"), world.new_team(tenant, "South"));
    world.found(&north, &[members[0].id, members[1].id]).await;
    world.found(&south, &[members[1].id]).await;
    world.found(&world.new_team(other, "North"), &[stranger.id]).await;
    let mut memberships = feed(harness, tenant).memberships().await.unwrap();
    memberships.sort_unstable();
    let mut expected = vec![(north.id, members[0].id), (north.id, members[1].id), (south.id, members[1].id)];
    expected.sort_unstable();
    assert_eq!(memberships, expected);
}

pub async fn the_access_version_grows_with_roles_teams_and_settings_alone(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let (tenant, other) = (shop.tenant.id, world.tenant("other").await.id);
    let version = async || pulse(harness, tenant).await.access_version;
    let untouched = pulse(harness, other).await;
    let member = world.new_member(tenant, "A", at(0));
    let team = world.new_team(tenant, "North");
    let mut last = version().await;
    let mut grew = async |what: &str| {
        let now = version().await;
        assert!(now > last, "{what}");
        last = now;
    };
    world.hire(std::slice::from_ref(&member)).await;
    grew("a member came").await;
    let session = world.begin(tenant).await;
    let promoted = hubchat_domain::Member { role: MemberRole::Manager, ..member.clone() };
    session.members().update(&promoted).await.unwrap();
    session.commit().await.unwrap();
    grew("a role changed").await;
    world.found(&team, &[member.id]).await;
    grew("a member joined a team").await;
    let session = world.begin(tenant).await;
    session.teams().remove_member(team.id, member.id).await.unwrap();
    session.commit().await.unwrap();
    grew("a member left a team").await;
    let session = world.begin(tenant).await;
    assert!(session.teams().delete(team.id).await.unwrap());
    session.commit().await.unwrap();
    grew("a team went").await;
    let session = world.begin(tenant).await;
    session.settings().put(&[("salesSee", json!("OWN"))], at(1)).await.unwrap();
    session.events().append(events(2)).await.unwrap();
    session.commit().await.unwrap();
    grew("a setting changed").await;
    assert_eq!(pulse(harness, tenant).await.last, 2, "events of the same session are counted too");
    // What changes nothing about who may see what, and what is taken back.
    world.customer(&shop, "U1", at(1)).await;
    append(&world, tenant, 1).await;
    let dropped = world.begin(tenant).await;
    dropped.settings().put(&[("salesSee", json!("ALL"))], at(2)).await.unwrap();
    drop(dropped);
    assert_eq!(version().await, last);
    assert_eq!(pulse(harness, other).await, untouched);
}

pub async fn pulses_and_keys_are_found_many_at_a_time(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (mut tenants, mut keys) = (Vec::new(), Vec::new());
    for number in 0..4 {
        let tenant = world.tenant(&format!("t{number}")).await.id;
        append(&world, tenant, number).await;
        let key = ApiKeyRecord {
            id: world.id(),
            tenant_id: tenant,
            name: "k".to_owned(),
            prefix: format!("hck_{number}"),
            secret_hash: vec![1, 2, 3],
            scopes: vec![Scope::InboxRead],
            created_at: at(0),
            last_used_at: None,
            expires_at: Some(at(9)),
            revoked_at: None,
        };
        let session = world.begin(tenant).await;
        session.api_keys().insert(&key).await.unwrap();
        session.commit().await.unwrap();
        tenants.push(tenant);
        keys.push(key);
    }
    let asked = [tenants[3], tenants[1], world.id()];
    let mut pulses = harness.directory().pulses(&asked).await.unwrap();
    pulses.sort_by_key(|pulse| pulse.last);
    assert_eq!(
        pulses.iter().map(|pulse| (pulse.tenant_id, pulse.last)).collect::<Vec<_>>(),
        [(tenants[1], 1), (tenants[3], 3)]
    );
    assert!(harness.directory().pulses(&[]).await.unwrap().is_empty());
    let mut found = harness.directory().find_api_keys(&[keys[2].id, world.id(), keys[0].id]).await.unwrap();
    found.sort_by(|a, b| a.prefix.cmp(&b.prefix));
    assert_eq!(found, [keys[0].clone(), keys[2].clone()]);
}

pub async fn readers_of_the_feed_do_not_wait_for_a_writer(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    append(&world, tenant, 3).await;
    let writer = world.begin(tenant).await;
    writer.events().append(events(1)).await.unwrap();
    writer.events().begin_epoch(9).await.unwrap();
    let reads = join_all((0..3).map(|_| async { feed(harness, tenant).list_after(0, 10).await.unwrap().len() }));
    assert_eq!(crate::deadline::in_time("the feed is read beside a writer", reads).await, [3, 3, 3]);
    drop(writer);
}

//! What is taken away for good: all of it, nothing beside it, and nobody else's.

use bytes::Bytes;
use hubchat_domain::{
    Activity, ActivityKind, Author, ConversationRecord, ConversationStatus, DomainEvent, EventType, Media, MediaRecord,
    Message, MessageRecord, WebhookEventId,
};
use hubchat_ports::{
    EventOutcome, ExportKind, IdempotencyRecord, InboundLedger, InboxQueries, PageRequest, PurgeCounts, ReceivedEvent,
    StorageError,
};
use serde_json::{Value, json};

use crate::StorageHarness;
use crate::world::{Customer, Shop, World, at};

/// A customer with messages, one of which has two further parts and a file.
async fn talk(world: &World<'_>, shop: &Shop, name: &str, count: i64) -> (Customer, Vec<Message>, Media) {
    let customer = world.customer(shop, name, at(1)).await;
    let mut messages: Vec<Message> = (1..=count).map(|seq| world.new_message(&customer, seq, at(seq))).collect();
    let first = messages[0].record().clone();
    let parts = vec![format!("{name}-2"), format!("{name}-3")];
    messages[0] = Message::restore(MessageRecord { further_external_ids: parts, ..first });
    world.say(&messages).await;
    let plain = world.new_media(&messages[0]);
    let media = Media::restore(MediaRecord {
        storage_key: Some(format!("{name}/file")),
        thumbnail_key: Some(format!("{name}/file.thumbnail")),
        ..plain.record().clone()
    });
    let session = world.begin(shop.tenant.id).await;
    session.media().insert_many(std::slice::from_ref(&media)).await.unwrap();
    let activity = Activity {
        id: world.id(),
        lead_id: customer.lead.record().id,
        kind: ActivityKind::LeadCreated,
        author: Author::System,
        detail: json!({}),
        at: at(1),
    };
    session.activities().append(&[activity]).await.unwrap();
    session.commit().await.unwrap();
    (customer, messages, media)
}

/// Marks a conversation, with the time of its newest message.
async fn mark(world: &World<'_>, shop: &Shop, customer: &Customer, status: ConversationStatus, seconds: i64) {
    let session = world.begin(shop.tenant.id).await;
    let found = session.conversations().find(customer.conversation.record().id).await.unwrap().unwrap();
    let record = ConversationRecord { status, last_message_at: at(seconds), ..found.record().clone() };
    session.conversations().update(&hubchat_domain::Conversation::restore(record)).await.unwrap();
    session.commit().await.unwrap();
}

async fn rows(inbox: &dyn InboxQueries, kind: ExportKind) -> usize {
    inbox.export_page(kind, None, 1_000).await.unwrap().rows.len()
}

pub async fn only_closed_and_old_conversations_are_listed_and_counted(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, other) = (world.shop("mali").await, world.shop("pim").await);
    let (old, ..) = talk(&world, &shop, "U1", 3).await;
    let (older, ..) = talk(&world, &shop, "U2", 2).await;
    let (open, ..) = talk(&world, &shop, "U3", 1).await;
    let (new, ..) = talk(&world, &shop, "U4", 1).await;
    let (foreign, ..) = talk(&world, &other, "U5", 1).await;
    mark(&world, &shop, &old, ConversationStatus::Resolved, 20).await;
    mark(&world, &shop, &older, ConversationStatus::Resolved, 10).await;
    mark(&world, &shop, &open, ConversationStatus::Open, 10).await;
    mark(&world, &shop, &new, ConversationStatus::Resolved, 30).await;
    mark(&world, &other, &foreign, ConversationStatus::Resolved, 10).await;
    let session = world.begin(shop.tenant.id).await;
    let ids = [&older, &old].map(|customer| customer.conversation.record().id);
    assert_eq!(session.purge().list_closed_before(at(30), 10).await.unwrap(), ids);
    assert_eq!(session.purge().list_closed_before(at(30), 1).await.unwrap(), ids[..1]);
    let counted = session.purge().count_closed_before(at(30)).await.unwrap();
    assert_eq!(counted, PurgeCounts { conversations: 2, messages: 5, files: 2 });
}

pub async fn a_conversation_goes_in_steps_with_all_that_hangs_on_it(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let (customer, _, media) = talk(&world, &shop, "U1", 7).await;
    let (kept, ..) = talk(&world, &shop, "U2", 2).await;
    let ids = [customer.conversation.record().id];
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.purge().delete_empty_conversations(&ids).await.unwrap(), 0, "it has messages");
    let (mut messages, mut files, mut keys) = (0, 0, Vec::new());
    loop {
        let taken = session.purge().delete_messages(&ids, 3).await.unwrap();
        assert!(taken.messages <= 3);
        if taken.messages == 0 {
            break;
        }
        messages += taken.messages;
        files += taken.files;
        keys.extend(taken.storage_keys);
    }
    keys.sort();
    assert_eq!((messages, files), (7, 1));
    assert_eq!(keys, ["U1/file", "U1/file.thumbnail"]);
    assert_eq!(session.purge().delete_empty_conversations(&ids).await.unwrap(), 1);
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.conversations().find(ids[0]).await.unwrap(), None);
    assert_eq!(session.media().find(media.record().id).await.unwrap(), None);
    let part = ["U1-2".to_owned()];
    let account = shop.account.record().id;
    assert!(session.messages().find_by_external_ids(account, &part).await.unwrap().is_empty());
    drop(session);
    let page = PageRequest { after: None, limit: 10 };
    let left = world
        .inbox(shop.tenant.id)
        .list_messages(&hubchat_domain::Visibility::All, kept.conversation.record().id, page)
        .await
        .unwrap();
    assert_eq!(left.unwrap().items.len(), 2, "another conversation is not touched");
}

pub async fn a_contact_goes_last_and_leaves_nothing(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let (customer, ..) = talk(&world, &shop, "U1", 2).await;
    let (kept, ..) = talk(&world, &shop, "U2", 1).await;
    let contact = customer.contact.record().id;
    let session = world.begin(shop.tenant.id).await;
    let conversations = session.purge().conversations_of(contact, 10).await.unwrap();
    assert_eq!(conversations, [customer.conversation.record().id]);
    let identities = session.purge().identities_of(contact).await.unwrap();
    assert_eq!(identities, [customer.identity.record().clone()]);
    let leads = session.purge().leads_of(contact).await.unwrap();
    assert_eq!(leads, [customer.lead.record().id]);
    assert!(
        matches!(session.purge().delete_leads(&leads).await, Err(StorageError::Stale)),
        "a lead with a conversation cannot go"
    );
    drop(session);
    let session = world.begin(shop.tenant.id).await;
    session.purge().delete_messages(&conversations, 100).await.unwrap();
    session.purge().delete_empty_conversations(&conversations).await.unwrap();
    assert_eq!(session.purge().delete_leads(&leads).await.unwrap(), 1);
    assert!(session.purge().delete_contact(contact).await.unwrap());
    assert!(!session.purge().delete_contact(contact).await.unwrap());
    session.commit().await.unwrap();
    let inbox = world.inbox(shop.tenant.id);
    for kind in [
        ExportKind::Contacts,
        ExportKind::ContactIdentities,
        ExportKind::Leads,
        ExportKind::Activities,
        ExportKind::Conversations,
        ExportKind::Messages,
        ExportKind::Media,
    ] {
        assert_eq!(rows(&*inbox, kind).await, 1, "{} of the other contact stays, alone", kind.as_str());
    }
    let session = world.begin(shop.tenant.id).await;
    assert!(session.contacts().find(kept.contact.record().id).await.unwrap().is_some());
}

pub async fn nothing_of_another_tenant_is_taken_away(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, other) = (world.shop("mali").await, world.shop("pim").await);
    let (customer, ..) = talk(&world, &shop, "U1", 2).await;
    let contact = customer.contact.record().id;
    let conversations = [customer.conversation.record().id];
    let session = world.begin(other.tenant.id).await;
    let purge = session.purge();
    assert!(purge.conversations_of(contact, 10).await.unwrap().is_empty());
    assert!(purge.identities_of(contact).await.unwrap().is_empty());
    assert!(purge.leads_of(contact).await.unwrap().is_empty());
    assert_eq!(purge.delete_messages(&conversations, 10).await.unwrap().messages, 0);
    assert_eq!(purge.delete_empty_conversations(&conversations).await.unwrap(), 0);
    assert_eq!(purge.delete_leads(&[customer.lead.record().id]).await.unwrap(), 0);
    assert!(!purge.delete_contact(contact).await.unwrap());
    session.commit().await.unwrap();
    let inbox = world.inbox(shop.tenant.id);
    assert_eq!(rows(&*inbox, ExportKind::Messages).await, 2);
    assert_eq!(rows(&*inbox, ExportKind::Activities).await, 1);
    assert_eq!(rows(&*inbox, ExportKind::ContactIdentities).await, 1);
}

async fn receive(world: &World<'_>, harness: &dyn StorageHarness, shop: &Shop, raws: &[&str]) -> Vec<WebhookEventId> {
    let event = |raw: &&str| ReceivedEvent {
        id: world.id(),
        tenant_id: shop.tenant.id,
        account_id: shop.account.record().id,
        channel_type: shop.account.record().channel_type,
        event_key: (*raw).to_owned(),
        order_key: "thread".to_owned(),
        raw: Bytes::copy_from_slice(raw.as_bytes()),
        received_at: at(1),
    };
    let events: Vec<ReceivedEvent> = raws.iter().map(event).collect();
    let ids = events.iter().map(|event| event.id).collect();
    assert_eq!(harness.intake().record(events).await.unwrap().stored, raws.len());
    ids
}

pub async fn payloads_are_found_by_a_text_and_emptied_for_good(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, other) = (world.shop("mali").await, world.shop("pim").await);
    let ids = receive(&world, harness, &shop, &[r#"{"a":"U1"}"#, r#"{"b":"U2"}"#, r#"{"c":"U1"}"#]).await;
    receive(&world, harness, &other, &[r#"{"d":"U1"}"#]).await;
    let account = shop.account.record().id;
    let session = world.begin(shop.tenant.id).await;
    session.webhook_events().settle(&[(ids[0], EventOutcome::Processed)], at(2)).await.unwrap();
    let found = session.purge().list_events_with(account, "U1", None, 10).await.unwrap();
    assert_eq!(found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [ids[0], ids[2]]);
    assert_eq!(&found[0].1[..], br#"{"a":"U1"}"#);
    let rest = session.purge().list_events_with(account, "U1", Some(ids[0]), 1).await.unwrap();
    assert_eq!(rest.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [ids[2]]);
    assert_eq!(session.purge().empty_events(&[ids[0], ids[2]], at(3)).await.unwrap(), 2);
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    assert!(session.purge().list_events_with(account, "U1", None, 10).await.unwrap().is_empty());
    let waiting = session.webhook_events().find_pending(&ids).await.unwrap();
    assert_eq!(waiting.iter().map(|event| event.id).collect::<Vec<_>>(), [ids[1]], "what is emptied waits no more");
    drop(session);
    let ledger = harness.intake().ledger().await.unwrap();
    assert_eq!(ledger, InboundLedger { received: 4, processed: 1, ignored: 1, dead: 0 });
    let again = ReceivedEvent {
        id: world.id(),
        tenant_id: shop.tenant.id,
        account_id: account,
        channel_type: shop.account.record().channel_type,
        event_key: r#"{"a":"U1"}"#.to_owned(),
        order_key: "thread".to_owned(),
        raw: Bytes::from_static(b"{}"),
        received_at: at(9),
    };
    assert_eq!(harness.intake().record(vec![again]).await.unwrap().duplicates, 1, "it is still known");
}

pub async fn settled_events_go_once_they_are_old_and_waiting_ones_never(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let ids = receive(&world, harness, &shop, &["{\"a\":1}", "{\"b\":1}", "{\"c\":1}"]).await;
    let session = world.begin(shop.tenant.id).await;
    let outcomes = [(ids[0], EventOutcome::Processed), (ids[1], EventOutcome::Processed)];
    session.webhook_events().settle(&outcomes, at(10)).await.unwrap();
    assert_eq!(session.purge().delete_events_settled_before(at(10), 10).await.unwrap(), 0);
    assert_eq!(session.purge().delete_events_settled_before(at(11), 1).await.unwrap(), 1);
    assert_eq!(session.purge().delete_events_settled_before(at(11), 10).await.unwrap(), 1);
    assert_eq!(session.purge().delete_events_settled_before(at(99), 10).await.unwrap(), 0);
    assert_eq!(session.webhook_events().find_pending(&ids).await.unwrap().len(), 1);
}

pub async fn uploads_that_nobody_took_up_go_once_they_are_old(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let (_, messages, used) = talk(&world, &shop, "U1", 1).await;
    let upload = |seconds: i64, key: &str| {
        Media::restore(MediaRecord {
            id: world.id(),
            message_id: None,
            created_at: at(seconds),
            storage_key: Some(key.to_owned()),
            ..world.new_media(&messages[0]).record().clone()
        })
    };
    let (old, new) = (upload(1, "old"), upload(50, "new"));
    let session = world.begin(shop.tenant.id).await;
    session.media().insert_many(&[old.clone(), new.clone()]).await.unwrap();
    let taken = session.purge().delete_uploads_before(at(50), 10).await.unwrap();
    assert_eq!((taken.messages, taken.files, taken.storage_keys), (0, 1, vec!["old".to_owned()]));
    assert_eq!(session.media().find(old.record().id).await.unwrap(), None);
    for kept in [&new, &used] {
        assert!(session.media().find(kept.record().id).await.unwrap().is_some());
    }
}

pub async fn expired_answers_to_repeated_requests_go(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let record = |key: &str, seconds: i64| IdempotencyRecord {
        scope: "send".to_owned(),
        key: key.to_owned(),
        fingerprint: vec![1],
        resource_id: world.id(),
        expires_at: at(seconds),
    };
    let session = world.begin(shop.tenant.id).await;
    for record in [record("old", 10), record("new", 20)] {
        assert!(session.idempotency().claim(&record, at(1)).await.unwrap().is_none());
    }
    assert_eq!(session.purge().delete_idempotency_before(at(15), 10).await.unwrap(), 1);
    assert!(session.idempotency().claim(&record("new", 99), at(1)).await.unwrap().is_some(), "it is still there");
    assert_eq!(session.purge().delete_idempotency_before(at(15), 10).await.unwrap(), 0);
}

pub async fn old_domain_events_go_from_the_first_on_without_a_gap(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let event = |seconds: i64| DomainEvent {
        event_type: EventType::LeadUpdated,
        lead_id: None,
        conversation_id: None,
        message_id: None,
        data: Value::Null,
        at: at(seconds),
    };
    let session = world.begin(shop.tenant.id).await;
    // The clock of one of the writers was behind: what is behind a younger event stays.
    session.events().append(vec![event(1), event(2), event(9), event(3)]).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.purge().delete_domain_events_before(at(5), 1).await.unwrap(), 1);
    assert_eq!(session.purge().delete_domain_events_before(at(5), 10).await.unwrap(), 1);
    assert_eq!(session.purge().delete_domain_events_before(at(5), 10).await.unwrap(), 0);
    let left: Vec<i64> = session.events().list_after(0, 10).await.unwrap().iter().map(|event| event.seq).collect();
    assert_eq!(left, [3, 4]);
}

pub async fn every_row_is_handed_out_once_page_by_page(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (shop, other) = (world.shop("mali").await, world.shop("pim").await);
    talk(&world, &other, "U9", 3).await;
    for name in ["U1", "U2", "U3"] {
        talk(&world, &shop, name, 5).await;
    }
    let member = world.new_member(shop.tenant.id, "Nok", at(0));
    world.hire(std::slice::from_ref(&member)).await;
    let hands: Vec<_> = (0..2).map(|n: u8| world.new_member(shop.tenant.id, &n.to_string(), at(0))).collect();
    world.hire(&hands).await;
    for name in ["North", "South", "West"] {
        let of_team = [member.id, hands[0].id, hands[1].id];
        world.found(&world.new_team(shop.tenant.id, name), if name == "West" { &[] } else { &of_team }).await;
    }
    let strange = world.new_member(other.tenant.id, "Stranger", at(0));
    world.hire(std::slice::from_ref(&strange)).await;
    world.found(&world.new_team(other.tenant.id, "North"), &[strange.id]).await;
    let inbox = world.inbox(shop.tenant.id);
    for (kind, expected) in [
        (ExportKind::ChannelAccounts, 1),
        (ExportKind::Members, 3),
        (ExportKind::Teams, 3),
        (ExportKind::TeamMembers, 6),
        (ExportKind::Contacts, 3),
        (ExportKind::ContactIdentities, 3),
        (ExportKind::Leads, 3),
        (ExportKind::Activities, 3),
        (ExportKind::Conversations, 3),
        (ExportKind::Messages, 15),
        (ExportKind::Media, 3),
    ] {
        let (mut ids, mut after) = (Vec::new(), None);
        loop {
            let page = inbox.export_page(kind, after, 2).await.unwrap();
            assert!(page.rows.len() <= 2);
            ids.extend(page.rows.iter().map(|row| match row.get("id") {
                Some(id) => id.as_str().unwrap().to_owned(),
                None => format!("{} {}", row["team_id"], row["member_id"]),
            }));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(ids.len(), expected, "{}", kind.as_str());
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), expected, "{}", kind.as_str());
    }
    let accounts = inbox.export_page(ExportKind::ChannelAccounts, None, 10).await.unwrap();
    assert!(!serde_json::to_string(&accounts.rows).unwrap().contains("sealed-"), "secrets are no part of it");
    for kind in [ExportKind::Leads, ExportKind::TeamMembers] {
        assert!(inbox.export_page(kind, Some("nonsense".to_owned()), 10).await.is_err());
    }
}

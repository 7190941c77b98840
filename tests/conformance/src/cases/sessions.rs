//! Sessions: all or nothing, seen by others once committed.

use std::time::Duration;

use hubchat_domain::{Activity, ActivityKind, Author, DomainEvent, EventType, LeadStatus, Visibility};
use hubchat_ports::{
    ConversationFilter, ConversationOrder, IdempotencyRecord, InsertOutcome, Lane, LeadFilter, NewJob, PageRequest,
    ReserveRequest, Viewer,
};
use serde_json::json;

use crate::StorageHarness;
use crate::deadline::in_time;
use crate::world::{LONG, World, at};

const PAGE: PageRequest = PageRequest { after: None, limit: 50 };

pub async fn a_dropped_session_leaves_no_trace_in_any_store(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let tenant = shop.tenant.id;
    let old = world.customer(&shop, "old", at(1)).await;
    let new = world.new_customer(&shop, "new", at(2));
    let message = world.new_message(&new, 1, at(2));
    let media = world.new_media(&message);
    let member = world.new_member(tenant, "Nok", at(0));
    world.introduce(&member).await;
    let account = world.new_account(tenant);
    let activity = Activity {
        id: world.id(),
        lead_id: new.lead.record().id,
        kind: ActivityKind::LeadCreated,
        author: Author::System,
        detail: json!({}),
        at: at(2),
    };
    let claim = IdempotencyRecord {
        scope: "send".to_owned(),
        key: "k".to_owned(),
        fingerprint: vec![1],
        resource_id: world.id(),
        expires_at: at(1_000),
    };
    let event = DomainEvent {
        event_type: EventType::LeadCreated,
        lead_id: Some(new.lead.record().id),
        conversation_id: None,
        message_id: None,
        data: json!({}),
        at: at(2),
    };

    let session = world.begin(tenant).await;
    assert_eq!(session.accounts().insert(&account).await.unwrap(), InsertOutcome::Inserted);
    session.members().insert(&member).await.unwrap();
    session.contacts().insert_many(&[new.known()]).await.unwrap();
    session.leads().insert_many(std::slice::from_ref(&new.lead)).await.unwrap();
    session.conversations().insert_many(std::slice::from_ref(&new.conversation)).await.unwrap();
    session.messages().insert_many(std::slice::from_ref(&message)).await.unwrap();
    session.media().insert_many(std::slice::from_ref(&media)).await.unwrap();
    session.activities().append(&[activity]).await.unwrap();
    session.events().append(vec![event]).await.unwrap();
    session.jobs().append(&[job()]).await.unwrap();
    assert_eq!(session.idempotency().claim(&claim, at(3)).await.unwrap(), None);
    let mut lead = old.lead.clone();
    lead.move_to(LeadStatus::Lost, at(5)).unwrap();
    session.leads().update(&lead).await.unwrap();
    drop(session);

    let session = world.begin(tenant).await;
    assert!(session.accounts().find(account.account.record().id).await.unwrap().is_none());
    assert!(session.members().list().await.unwrap().is_empty());
    assert!(session.contacts().find(new.contact.record().id).await.unwrap().is_none());
    let keys = [new.identity.record().key.clone()];
    assert!(session.contacts().find_by_keys(&keys).await.unwrap().is_empty());
    assert!(session.leads().find(new.lead.record().id).await.unwrap().is_none());
    assert_eq!(session.leads().find(old.lead.record().id).await.unwrap(), Some(old.lead.clone()));
    assert!(session.conversations().find(new.conversation.record().id).await.unwrap().is_none());
    assert!(session.messages().find(message.record().id).await.unwrap().is_none());
    assert!(session.media().find(media.record().id).await.unwrap().is_none());
    assert!(session.events().list_after(0, 10).await.unwrap().is_empty());
    assert_eq!(session.idempotency().claim(&claim, at(3)).await.unwrap(), None, "the claim is free again");
    drop(session);
    assert!(harness.queue().reserve(any_job()).await.unwrap().is_empty());
    let inbox = world.inbox(tenant);
    assert_eq!(inbox.list_leads(&Visibility::All, &LeadFilter::default(), PAGE).await.unwrap().items.len(), 1);
    assert_eq!(
        inbox
            .list_conversations(&Viewer::SYSTEM, &ConversationFilter::default(), ConversationOrder::Latest, PAGE)
            .await
            .unwrap()
            .items
            .len(),
        1
    );
    assert!(inbox.list_activity(&Visibility::All, new.lead.record().id, PAGE).await.unwrap().is_none());
}

pub async fn a_session_sees_its_own_writes_and_screens_see_them_after_the_commit(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let tenant = shop.tenant.id;
    let known = world.customer(&shop, "known", at(0)).await;
    let new = world.new_customer(&shop, "new", at(1));
    let message = world.new_message(&new, 1, at(1));
    let inbox = world.inbox(tenant);

    let session = world.begin(tenant).await;
    session.contacts().insert_many(&[new.known()]).await.unwrap();
    session.leads().insert_many(std::slice::from_ref(&new.lead)).await.unwrap();
    session.conversations().insert_many(std::slice::from_ref(&new.conversation)).await.unwrap();
    session.messages().insert_many(std::slice::from_ref(&message)).await.unwrap();
    let mut changed = known.lead.clone();
    assert!(changed.set_note("call back", at(9)));
    session.leads().update(&changed).await.unwrap();

    assert_eq!(session.contacts().find(new.contact.record().id).await.unwrap(), Some(new.contact.clone()));
    assert_eq!(session.leads().find(new.lead.record().id).await.unwrap(), Some(new.lead.clone()));
    let thread = new.conversation.record().id;
    assert_eq!(session.conversations().find(thread).await.unwrap(), Some(new.conversation.clone()));
    assert_eq!(session.messages().find(message.record().id).await.unwrap(), Some(message.clone()));
    let note = session.leads().find(known.lead.record().id).await.unwrap().unwrap().record().note.clone();
    assert_eq!(note.as_deref(), Some("call back"));

    let early = in_time("a reader does not wait for a writer", async {
        (
            inbox.find_lead(&Visibility::All, new.lead.record().id).await.unwrap(),
            inbox.find_conversation(&Viewer::SYSTEM, thread).await.unwrap(),
            inbox.find_message(&Visibility::All, message.record().id).await.unwrap(),
            inbox.find_lead(&Visibility::All, known.lead.record().id).await.unwrap().unwrap().lead.note,
        )
    })
    .await;
    assert_eq!(early, (None, None, None, None));

    session.commit().await.unwrap();
    assert!(inbox.find_lead(&Visibility::All, new.lead.record().id).await.unwrap().is_some());
    assert!(inbox.find_conversation(&Viewer::SYSTEM, thread).await.unwrap().is_some());
    assert!(inbox.find_message(&Visibility::All, message.record().id).await.unwrap().is_some());
    let note = inbox.find_lead(&Visibility::All, known.lead.record().id).await.unwrap().unwrap().lead.note;
    assert_eq!(note.as_deref(), Some("call back"));
}

pub async fn a_session_without_writes_commits(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    world.begin(shop.tenant.id).await.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    assert!(session.members().list().await.unwrap().is_empty());
    session.commit().await.unwrap();
}

pub async fn many_dropped_sessions_leave_room_for_the_next(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let member = world.new_member(shop.tenant.id, "Nok", at(0));
    world.introduce(&member).await;
    in_time("sessions that are dropped give their connection back", async {
        for _ in 0..100 {
            let session = world.begin(shop.tenant.id).await;
            assert_eq!(session.members().insert(&member).await.unwrap(), InsertOutcome::Inserted);
        }
        world.hire(std::slice::from_ref(&member)).await;
    })
    .await;
}

pub async fn empty_batches_are_no_error(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let account = shop.account.record().id;
    let session = world.begin(shop.tenant.id).await;
    assert!(session.accounts().find_many(&[]).await.unwrap().is_empty());
    assert!(session.contacts().find_by_keys(&[]).await.unwrap().is_empty());
    assert!(session.contacts().insert_many(&[]).await.unwrap().is_empty());
    assert!(session.leads().find_latest_of_contacts(&[]).await.unwrap().is_empty());
    session.leads().insert_many(&[]).await.unwrap();
    session.leads().update_many(&[]).await.unwrap();
    assert!(session.conversations().find_by_threads(&[]).await.unwrap().is_empty());
    session.conversations().insert_many(&[]).await.unwrap();
    session.conversations().update_many(&[]).await.unwrap();
    assert!(session.messages().find_by_external_ids(account, &[]).await.unwrap().is_empty());
    assert!(session.messages().insert_many(&[]).await.unwrap().is_empty());
    session.media().insert_many(&[]).await.unwrap();
    session.activities().append(&[]).await.unwrap();
    session.events().append(Vec::new()).await.unwrap();
    session.jobs().append(&[]).await.unwrap();
    assert!(session.webhook_events().find_pending(&[]).await.unwrap().is_empty());
    session.webhook_events().settle(&[], at(1)).await.unwrap();
    assert_eq!(session.webhook_events().reopen(&[]).await.unwrap(), 0);
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    assert!(session.events().list_after(0, 10).await.unwrap().is_empty());
}

fn job() -> NewJob {
    NewJob {
        lane: Lane::Outbound,
        order_key: "a".to_owned(),
        kind: "test.v1".to_owned(),
        payload: "{}".to_owned(),
        delay: Duration::ZERO,
    }
}

fn any_job() -> ReserveRequest {
    ReserveRequest { lane: Lane::Outbound, max_jobs: 10, max_per_key: 10, lease: LONG }
}

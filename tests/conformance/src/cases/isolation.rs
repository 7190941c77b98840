//! Tenants apart: whatever id is asked for, another tenant's row is not there and does not change.

use hubchat_domain::{
    Activity, ActivityKind, Author, ChannelAccount, ChannelAccountRecord, Contact, ContactIdentity,
    ContactIdentityRecord, ContactRecord, Conversation, ConversationRecord, ConversationStatus, DomainEvent, EventType,
    Lead, LeadRecord, Media, MediaRecord, Member, Message, MessageContent, MessageRecord, TenantId, Visibility,
};
use hubchat_ports::{
    ConversationFilter, ConversationOrder, IdempotencyRecord, LeadFilter, PageRequest, SealedSecrets, StorageError,
    UnitOfWork, Viewer,
};
use serde_json::json;

use crate::StorageHarness;
use crate::world::{Customer, Shop, World, at};

const PAGE: PageRequest = PageRequest { after: None, limit: 200 };

/// One tenant's rows, one of every kind.
struct Household {
    shop: Shop,
    customer: Customer,
    message: Message,
    media: Media,
    member: Member,
}

async fn household(world: &World<'_>, slug: &str) -> Household {
    let shop = world.shop(slug).await;
    let customer = world.customer(&shop, "U1", at(1)).await;
    let plain = world.new_message(&customer, 1, at(1));
    // Both tenants' providers give the same ids.
    let message = Message::restore(MessageRecord {
        client_message_id: None,
        external_message_id: Some("m1".to_owned()),
        further_external_ids: vec!["m2".to_owned()],
        ..plain.record().clone()
    });
    let media = world.new_media(&message);
    let member = world.new_member(shop.tenant.id, "Nok", at(0));
    world.hire(std::slice::from_ref(&member)).await;
    world.say(std::slice::from_ref(&message)).await;
    let session = world.begin(shop.tenant.id).await;
    session.media().insert_many(std::slice::from_ref(&media)).await.unwrap();
    let activity = Activity {
        id: world.id(),
        lead_id: customer.lead.record().id,
        kind: ActivityKind::LeadCreated,
        author: Author::System,
        detail: json!(slug),
        at: at(1),
    };
    session.activities().append(&[activity]).await.unwrap();
    let event = DomainEvent {
        event_type: EventType::LeadCreated,
        lead_id: None,
        conversation_id: None,
        message_id: None,
        data: json!(slug),
        at: at(1),
    };
    session.events().append(vec![event]).await.unwrap();
    session.commit().await.unwrap();
    Household { shop, customer, message, media, member }
}

/// Looks for everything of a household by id, in a session.
async fn seen(session: &dyn UnitOfWork, of: &Household) -> Vec<&'static str> {
    let customer = &of.customer;
    let account = of.shop.account.record().id;
    let mut seen = Vec::new();
    let mut note = |what, there: bool| seen.extend(there.then_some(what));
    note("account", session.accounts().find(account).await.unwrap().is_some());
    note("accounts by id", !session.accounts().find_many(&[account]).await.unwrap().is_empty());
    let listed = session.accounts().list().await.unwrap();
    note("accounts", listed.contains(&of.shop.account));
    note("contact", session.contacts().find(customer.contact.record().id).await.unwrap().is_some());
    note("identity", session.contacts().find_identity(customer.identity.record().id).await.unwrap().is_some());
    let keys = [customer.identity.record().key.clone()];
    note("identity by key", !session.contacts().find_by_keys(&keys).await.unwrap().is_empty());
    note("lead", session.leads().find(customer.lead.record().id).await.unwrap().is_some());
    let contacts = [customer.contact.record().id];
    note("latest lead", !session.leads().find_latest_of_contacts(&contacts).await.unwrap().is_empty());
    let threads = [customer.conversation.record().thread.clone()];
    let store = session.conversations();
    note("conversation", store.find(customer.conversation.record().id).await.unwrap().is_some());
    note("conversation by thread", !store.find_by_threads(&threads).await.unwrap().is_empty());
    let of_identity = store.find_of_identity(customer.identity.record().id).await.unwrap();
    note("conversations of the identity", !of_identity.is_empty());
    let latest = store.find_latest_of_lead(customer.lead.record().id).await.unwrap();
    note("latest conversation", latest.is_some());
    note("message", session.messages().find(of.message.record().id).await.unwrap().is_some());
    note("message of a list", !session.messages().find_many(&[of.message.record().id]).await.unwrap().is_empty());
    for (what, id) in [("message by provider id", "m1"), ("message by part", "m2")] {
        let found = session.messages().find_by_external_ids(account, &[id.to_owned()]).await.unwrap();
        note(what, !found.is_empty());
    }
    note("file", session.media().find(of.media.record().id).await.unwrap().is_some());
    note("member", session.members().find(of.member.id).await.unwrap().is_some());
    note("members", session.members().list().await.unwrap().contains(&of.member));
    let turn = session.members().next_in_turn(None).await.unwrap();
    note("member in turn", turn.is_some_and(|member| member.id == of.member.id));
    let events = session.events().list_after(0, 100).await.unwrap();
    note("events", events.iter().any(|stored| stored.event.data == json!(of.shop.tenant.slug.as_str())));
    seen
}

pub async fn another_tenants_rows_are_invisible_to_every_store(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (household(&world, "one").await, household(&world, "two").await);
    for (mine, other) in [(&one, &two), (&two, &one)] {
        let session = world.begin(mine.shop.tenant.id).await;
        assert_eq!(seen(session.as_ref(), mine).await.len(), 21, "a session sees its own tenant's rows");
        assert_eq!(seen(session.as_ref(), other).await, Vec::<&str>::new());
    }
}

pub async fn another_tenants_rows_are_invisible_to_every_list_and_find(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (household(&world, "one").await, household(&world, "two").await);
    for (mine, other) in [(&one, &two), (&two, &one)] {
        let inbox = world.inbox(mine.shop.tenant.id);
        let leads = inbox.list_leads(&Visibility::All, &LeadFilter::default(), PAGE).await.unwrap();
        let ids: Vec<_> = leads.items.iter().map(|row| row.lead.id).collect();
        assert_eq!(ids, [mine.customer.lead.record().id]);
        let owned = LeadFilter { assigned_member_id: Some(other.member.id), ..LeadFilter::default() };
        assert!(inbox.list_leads(&Visibility::All, &owned, PAGE).await.unwrap().items.is_empty());
        let threads = inbox
            .list_conversations(&Viewer::SYSTEM, &ConversationFilter::default(), ConversationOrder::Latest, PAGE)
            .await
            .unwrap();
        let ids: Vec<_> = threads.items.iter().map(|row| row.conversation.id).collect();
        assert_eq!(ids, [mine.customer.conversation.record().id]);
        for filter in [
            ConversationFilter { account_id: Some(other.shop.account.record().id), ..ConversationFilter::default() },
            ConversationFilter { lead_id: Some(other.customer.lead.record().id), ..ConversationFilter::default() },
        ] {
            assert!(
                inbox
                    .list_conversations(&Viewer::SYSTEM, &filter, ConversationOrder::Latest, PAGE)
                    .await
                    .unwrap()
                    .items
                    .is_empty()
            );
        }
        for (of, there) in [(mine, true), (other, false)] {
            let (lead, thread) = (of.customer.lead.record().id, of.customer.conversation.record().id);
            assert_eq!(inbox.find_lead(&Visibility::All, lead).await.unwrap().is_some(), there);
            assert_eq!(inbox.list_activity(&Visibility::All, lead, PAGE).await.unwrap().is_some(), there);
            assert_eq!(inbox.find_conversation(&Viewer::SYSTEM, thread).await.unwrap().is_some(), there);
            assert_eq!(inbox.list_messages(&Visibility::All, thread, PAGE).await.unwrap().is_some(), there);
            assert_eq!(inbox.find_message(&Visibility::All, of.message.record().id).await.unwrap().is_some(), there);
            assert_eq!(inbox.find_outgoing(&[of.message.record().id]).await.unwrap().len(), usize::from(there));
        }
    }
}

/// A household's rows with changes, and named as another tenant's when told so.
struct Changed {
    account: ChannelAccount,
    contact: Contact,
    identity: ContactIdentity,
    lead: Lead,
    conversation: Conversation,
    message: Message,
    media: Media,
    member: Member,
}

fn changed(of: &Household, tenant_id: TenantId) -> Changed {
    let name = Some("changed".to_owned());
    Changed {
        account: ChannelAccount::restore(ChannelAccountRecord {
            tenant_id,
            name: "changed".to_owned(),
            ..of.shop.account.record().clone()
        }),
        contact: Contact::restore(ContactRecord {
            tenant_id,
            display_name: name.clone(),
            ..of.customer.contact.record().clone()
        }),
        identity: ContactIdentity::restore(ContactIdentityRecord {
            tenant_id,
            display_name: name.clone(),
            ..of.customer.identity.record().clone()
        }),
        lead: Lead::restore(LeadRecord { tenant_id, note: name.clone(), ..of.customer.lead.record().clone() }),
        conversation: Conversation::restore(ConversationRecord {
            tenant_id,
            status: ConversationStatus::Resolved,
            ..of.customer.conversation.record().clone()
        }),
        message: Message::restore(MessageRecord {
            tenant_id,
            content: MessageContent::System { text: "changed".to_owned() },
            ..of.message.record().clone()
        }),
        media: Media::restore(MediaRecord { tenant_id, failure: name, ..of.media.record().clone() }),
        member: Member { tenant_id, name: "changed".to_owned(), ..of.member.clone() },
    }
}

pub async fn an_update_of_another_tenants_row_is_refused_and_changes_nothing(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (household(&world, "one").await, household(&world, "two").await);
    let intruder = two.shop.tenant.id;
    for named in [one.shop.tenant.id, intruder] {
        let rows = changed(&one, named);
        let session = world.begin(intruder).await;
        let outcomes = [
            ("account", session.accounts().update(&rows.account).await),
            ("contact", session.contacts().update(&rows.contact).await),
            ("identity", session.contacts().update_identity(&rows.identity).await),
            ("lead", session.leads().update(&rows.lead).await),
            ("conversation", session.conversations().update(&rows.conversation).await),
            ("message", session.messages().update(&rows.message).await),
            ("file", session.media().update(&rows.media).await),
            ("member", session.members().update(&rows.member).await),
        ];
        // A row that says itself that it is another's may be refused as a defect too.
        let refused = |outcome: &Result<(), StorageError>| match outcome {
            Err(StorageError::Stale) => true,
            Err(_) => named != intruder,
            Ok(()) => false,
        };
        for (what, outcome) in outcomes {
            assert!(refused(&outcome), "{what}: {outcome:?}");
        }
        // Whatever it answers, it must not reach the other's secrets.
        drop(session.accounts().replace_secrets(rows.account.record().id, &SealedSecrets("x".to_owned()), 1).await);
        drop(session.commit().await);
        let session = world.begin(intruder).await;
        let many = session.leads().update_many(std::slice::from_ref(&rows.lead)).await;
        assert!(refused(&many), "leads: {many:?}");
        drop(session);
        let session = world.begin(intruder).await;
        let many = session.messages().update_many(std::slice::from_ref(&rows.message)).await;
        assert!(refused(&many), "messages: {many:?}");
        drop(session);
        let session = world.begin(intruder).await;
        let many = session.conversations().update_many(std::slice::from_ref(&rows.conversation)).await;
        assert!(refused(&many), "conversations: {many:?}");
    }

    let session = world.begin(one.shop.tenant.id).await;
    let account = session.accounts().find(one.shop.account.record().id).await.unwrap().unwrap();
    assert_eq!(account.account, one.shop.account);
    assert!(account.sealed.0.starts_with("sealed-"), "another tenant replaced the secrets");
    let customer = &one.customer;
    let known = session.contacts().find_identity(customer.identity.record().id).await.unwrap().unwrap();
    assert_eq!((&known.contact, &known.identity), (&customer.contact, &customer.identity));
    assert_eq!(session.leads().find(customer.lead.record().id).await.unwrap().as_ref(), Some(&customer.lead));
    let thread = session.conversations().find(customer.conversation.record().id).await.unwrap();
    assert_eq!(thread.as_ref(), Some(&customer.conversation));
    assert_eq!(session.messages().find(one.message.record().id).await.unwrap().as_ref(), Some(&one.message));
    assert_eq!(session.media().find(one.media.record().id).await.unwrap().as_ref(), Some(&one.media));
    assert_eq!(session.members().find(one.member.id).await.unwrap().as_ref(), Some(&one.member));
}

pub async fn another_tenants_claims_are_not_seen(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.tenant("one").await.id, world.tenant("two").await.id);
    let claim = |resource_id| IdempotencyRecord {
        scope: "send".to_owned(),
        key: "k".to_owned(),
        fingerprint: vec![1],
        resource_id,
        expires_at: at(1_000),
    };
    let (first, second) = (claim(world.id()), claim(world.id()));
    for (tenant, record) in [(one, &first), (two, &second)] {
        let session = world.begin(tenant).await;
        assert_eq!(session.idempotency().claim(record, at(1)).await.unwrap(), None);
        session.commit().await.unwrap();
    }
    for (tenant, record) in [(one, &first), (two, &second)] {
        let session = world.begin(tenant).await;
        assert_eq!(session.idempotency().claim(&claim(world.id()), at(1)).await.unwrap().as_ref(), Some(record));
    }
}

pub async fn a_row_that_names_another_tenant_never_lands_there(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (household(&world, "one").await, world.tenant("two").await.id);
    let stranger = world.new_customer(&one.shop, "stranger", at(2));
    let member = world.new_member(one.shop.tenant.id, "Stranger", at(2));
    world.introduce(&member).await;
    // Whether it is refused or kept under the session's own tenant is the adapter's affair.
    let session = world.begin(two).await;
    drop(session.contacts().insert_many(&[stranger.known()]).await);
    drop(session.commit().await);
    let session = world.begin(two).await;
    drop(session.members().insert(&member).await);
    drop(session.commit().await);
    let session = world.begin(one.shop.tenant.id).await;
    assert!(session.contacts().find(stranger.contact.record().id).await.unwrap().is_none());
    assert!(session.contacts().find_by_keys(&[stranger.identity.record().key.clone()]).await.unwrap().is_empty());
    assert!(session.members().find(member.id).await.unwrap().is_none());
}

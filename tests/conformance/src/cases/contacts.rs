//! Contacts and their identities.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use hubchat_domain::{
    ChannelType, Contact, ContactIdentity, ContactIdentityRecord, ContactRecord, IdentityKey, Profile,
};
use hubchat_ports::{InsertOutcome, KnownIdentity, StorageError};

use crate::StorageHarness;
use crate::specimens::{moments, short_texts, texts};
use crate::world::{Customer, Shop, World, at};

pub async fn contacts_and_identities_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let mut written = Vec::new();
    for (number, text) in texts().into_iter().enumerate() {
        let moment = moments()[number % moments().len()];
        let user = short_texts().get(number).cloned().unwrap_or_else(|| format!("user {number}"));
        let plain = world.new_customer(&shop, &user, moment);
        let some = (number != 0).then(|| text.clone());
        let contact = ContactRecord {
            display_name: some.clone(),
            avatar_url: some.clone(),
            updated_at: moments()[(number + 1) % moments().len()],
            version: 41,
            ..plain.contact.record().clone()
        };
        let identity = ContactIdentityRecord {
            alias: some.as_ref().map(|_| format!("alias {number}")),
            channel_type: ChannelType::ALL[number % ChannelType::ALL.len()],
            display_name: some.clone(),
            avatar_url: some.clone(),
            language: some.clone(),
            reachable: number % 2 == 0,
            profile_fetched_at: some.map(|_| moment),
            version: 42,
            ..plain.identity.record().clone()
        };
        written
            .push(KnownIdentity { identity: ContactIdentity::restore(identity), contact: Contact::restore(contact) });
    }
    let session = world.begin(shop.tenant.id).await;
    session.contacts().insert_many(&written).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    let keys: Vec<IdentityKey> = written.iter().map(|known| known.identity.record().key.clone()).collect();
    let found = session.contacts().find_by_keys(&keys).await.unwrap();
    assert_eq!(found.len(), written.len());
    for known in &written {
        let record = known.identity.record();
        let by_key = found.iter().find(|other| other.identity.record().key == record.key).unwrap();
        let by_id = session.contacts().find_identity(record.id).await.unwrap().unwrap();
        for other in [by_key, &by_id] {
            assert_eq!((&other.identity, &other.contact), (&known.identity, &known.contact));
        }
        let contact = session.contacts().find(known.contact.record().id).await.unwrap();
        assert_eq!(contact.as_ref(), Some(&known.contact));
    }
}

pub async fn an_identity_exists_once_for_each_account(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let first = world.customer(&shop, "U1", at(1)).await;
    let again = world.new_customer(&shop, "U1", at(2));
    let other = world.new_customer(&shop, "U2", at(2));
    let twin = world.new_customer(&shop, "U2", at(3));
    let other_case = world.new_customer(&shop, "u1", at(3));
    let second_account = Shop { tenant: shop.tenant.clone(), account: world.account(shop.tenant.id).await };
    let elsewhere = world.new_customer(&second_account, "U1", at(2));

    let session = world.begin(shop.tenant.id).await;
    let batch = [&again, &other, &twin, &other_case, &elsewhere].map(Customer::known);
    let outcomes = session.contacts().insert_many(&batch).await.unwrap();
    let (new, old) = (InsertOutcome::Inserted, InsertOutcome::AlreadyPresent);
    assert_eq!(outcomes, [old, new, old, new, new]);
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    for loser in [&again, &twin] {
        assert!(session.contacts().find(loser.contact.record().id).await.unwrap().is_none(), "half of a pair is kept");
        assert!(session.contacts().find_identity(loser.identity.record().id).await.unwrap().is_none());
    }
    let found = session.contacts().find_by_keys(&[first.identity.record().key.clone()]).await.unwrap();
    assert_eq!((found.len(), &found[0].contact), (1, &first.contact));
}

pub async fn an_identity_raced_for_is_added_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let rivals: Vec<KnownIdentity> = (0..8).map(|n| world.new_customer(&shop, "U1", at(n)).known()).collect();
    let outcomes = join_all(rivals.iter().map(|known| async {
        let session = world.begin(shop.tenant.id).await;
        let outcome = session.contacts().insert_many(std::slice::from_ref(known)).await.unwrap()[0];
        session.commit().await.unwrap();
        outcome
    }))
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == InsertOutcome::Inserted).count(), 1);
    let session = world.begin(shop.tenant.id).await;
    let found = session.contacts().find_by_keys(&[rivals[0].identity.record().key.clone()]).await.unwrap();
    let winner = outcomes.iter().position(|outcome| *outcome == InsertOutcome::Inserted).unwrap();
    assert_eq!((found.len(), &found[0].contact), (1, &rivals[winner].contact));
    for (number, known) in rivals.iter().enumerate() {
        let kept = session.contacts().find(known.contact.record().id).await.unwrap().is_some();
        assert_eq!(kept, number == winner);
    }
}

pub async fn contacts_and_identities_are_updated_once_for_each_reading(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let (contact_id, identity_id) = (known.contact.record().id, known.identity.record().id);
    let profile = |name: &str| Profile {
        display_name: Some(name.to_owned()),
        avatar_url: Some(format!("https://cdn.example/{name}")),
        language: Some("th".to_owned()),
    };
    let (mut contact, mut identity) = (known.contact.clone(), known.identity.clone());
    contact.learn_profile(&profile("มะลิ"), at(5));
    identity.learn_profile(&profile("มะลิ"), at(5));
    identity.set_reachable(false, at(6));
    let session = world.begin(shop.tenant.id).await;
    session.contacts().update(&contact).await.unwrap();
    session.contacts().update_identity(&identity).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    let found = session.contacts().find_identity(identity_id).await.unwrap().unwrap();
    assert!(found.contact.record().version > 1 && found.identity.record().version > 1);
    assert_eq!(&ContactRecord { version: 1, ..found.contact.record().clone() }, contact.record());
    assert_eq!(&ContactIdentityRecord { version: 1, ..found.identity.record().clone() }, identity.record());

    let (mut late, mut late_identity) = (known.contact.clone(), known.identity.clone());
    late.learn_profile(&profile("late"), at(7));
    late_identity.learn_profile(&profile("late"), at(7));
    assert!(matches!(session.contacts().update(&late).await, Err(StorageError::Stale)));
    assert!(matches!(session.contacts().update_identity(&late_identity).await, Err(StorageError::Stale)));
    drop(session);

    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.contacts().find(contact_id).await.unwrap(), Some(found.contact.clone()));
    session.contacts().update(&found.contact).await.unwrap();
    session.contacts().update_identity(&found.identity).await.unwrap();
}

pub async fn an_update_of_what_is_not_there_is_stale(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let absent = world.new_customer(&shop, "U1", at(1));
    let message = world.new_message(&absent, 1, at(1));
    let session = world.begin(shop.tenant.id).await;
    assert!(matches!(session.contacts().update(&absent.contact).await, Err(StorageError::Stale)));
    assert!(matches!(session.contacts().update_identity(&absent.identity).await, Err(StorageError::Stale)));
    assert!(matches!(session.leads().update(&absent.lead).await, Err(StorageError::Stale)));
    assert!(matches!(session.conversations().update(&absent.conversation).await, Err(StorageError::Stale)));
    assert!(matches!(session.messages().update(&message).await, Err(StorageError::Stale)));
    assert!(matches!(session.media().update(&world.new_media(&message)).await, Err(StorageError::Stale)));
    let member = world.new_member(shop.tenant.id, "Nok", at(0));
    assert!(matches!(session.members().update(&member).await, Err(StorageError::Stale)));
    let account = world.new_account(shop.tenant.id).account;
    assert!(matches!(session.accounts().update(&account).await, Err(StorageError::Stale)));
}

pub async fn hundreds_of_contacts_fit_in_one_batch(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U250", at(1)).await;
    let batch: Vec<KnownIdentity> =
        (0..500).map(|n| world.new_customer(&shop, &format!("U{n}"), at(2)).known()).collect();
    let session = world.begin(shop.tenant.id).await;
    let outcomes = session.contacts().insert_many(&batch).await.unwrap();
    for (number, outcome) in outcomes.iter().enumerate() {
        assert_eq!(*outcome == InsertOutcome::AlreadyPresent, number == 250, "contact {number}");
    }
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let keys: Vec<IdentityKey> = batch.iter().map(|known| known.identity.record().key.clone()).collect();
    let found = session.contacts().find_by_keys(&keys).await.unwrap();
    let ids: BTreeSet<_> = found.iter().map(|known| known.contact.record().id).collect();
    assert_eq!((found.len(), ids.len()), (500, 500));
    assert!(ids.contains(&known.contact.record().id));
}

pub async fn a_person_is_found_by_their_other_name(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "66810000001", at(1)).await;
    let account_id = known.identity.record().key.account_id;
    let mut identity = known.identity.clone();
    identity.set_alias(Some("TH.1"), at(2));
    let session = world.begin(shop.tenant.id).await;
    session.contacts().update_identity(&identity).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    for (name, found) in [("66810000001", true), ("TH.1", true), ("TH.2", false)] {
        let key = IdentityKey { account_id, external_user_id: name.to_owned() };
        let people = session.contacts().find_by_keys(&[key]).await.unwrap();
        assert_eq!(!people.is_empty(), found, "{name}");
        assert!(people.iter().all(|person| person.identity.record().id == identity.record().id));
    }
}

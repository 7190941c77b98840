//! Data keys of a tenant, and the secrets that follow them.

use hubchat_ports::{DataKey, InsertOutcome, SealedSecrets, StorageError, WrappedKey};

use crate::StorageHarness;
use crate::world::{World, at, data_key};

pub async fn data_keys_keep_every_field_and_the_newest_is_current(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let other = world.tenant("other").await.id;
    let second = DataKey { key: data_key(tenant, 2), created_at: at(5), retired_at: None };
    let session = world.begin(tenant).await;
    assert_eq!(session.data_keys().insert(&second).await.unwrap(), InsertOutcome::Inserted);
    assert_eq!(session.data_keys().insert(&second).await.unwrap(), InsertOutcome::AlreadyPresent);
    session.data_keys().retire_before(2, at(6)).await.unwrap();
    session.data_keys().retire_before(2, at(9)).await.unwrap();
    session.commit().await.unwrap();
    let first = DataKey { key: data_key(tenant, 1), created_at: at(0), retired_at: Some(at(6)) };
    let session = world.begin(tenant).await;
    assert_eq!(session.data_keys().list().await.unwrap(), [first, second.clone()]);
    assert_eq!(session.data_keys().current().await.unwrap(), Some(second));
    drop(session);
    let session = world.begin(other).await;
    assert_eq!(session.data_keys().list().await.unwrap().len(), 1, "another tenant's are not seen");
}

pub async fn a_tenant_without_data_keys_has_none(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let session = world.begin(world.id()).await;
    assert_eq!(session.data_keys().current().await.unwrap(), None);
    assert!(session.data_keys().list().await.unwrap().is_empty());
}

pub async fn a_wrapping_is_replaced_once_for_each_reading(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let tenant = shop.tenant.id;
    let (from, to) = (data_key(tenant, 1), WrappedKey { wrapped: "w1.new.x".to_owned(), ..data_key(tenant, 1) });
    let session = world.begin(tenant).await;
    session.data_keys().replace(&from, &to).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(tenant).await;
    let late = WrappedKey { wrapped: "w1.late.x".to_owned(), ..from.clone() };
    assert!(matches!(session.data_keys().replace(&from, &late).await, Err(StorageError::Stale)));
    drop(session);
    // Whoever reads a secret reads its key as it is now.
    let id = shop.account.record().id;
    let stored = world.begin(tenant).await.accounts().find(id).await.unwrap().unwrap();
    assert_eq!(stored.key, to);
    let key = &shop.account.record().webhook_key;
    assert_eq!(harness.directory().find_account_by_webhook_key(key).await.unwrap().unwrap().key, to);
}

pub async fn secrets_of_former_keys_are_found_and_sealed_anew_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let tenant = shop.tenant.id;
    world.account(tenant).await;
    world.shop("other").await;
    let session = world.begin(tenant).await;
    let second = DataKey { key: data_key(tenant, 2), created_at: at(5), retired_at: None };
    assert_eq!(session.data_keys().insert(&second).await.unwrap(), InsertOutcome::Inserted);
    assert_eq!(session.data_keys().count_former_seals(1).await.unwrap(), 0);
    assert_eq!(session.data_keys().count_former_seals(2).await.unwrap(), 2);
    assert_eq!(session.data_keys().list_former_seals(2, 1).await.unwrap().len(), 1, "as many as asked for");
    let former = session.data_keys().list_former_seals(2, 100).await.unwrap();
    assert!(former.iter().all(|seal| seal.key == data_key(tenant, 1)));
    let anew = SealedSecrets("anew".to_owned());
    assert!(session.data_keys().reseal(&former[0], &anew, 2).await.unwrap());
    assert!(!session.data_keys().reseal(&former[0], &anew, 2).await.unwrap(), "it is not what was read any more");
    session.commit().await.unwrap();
    let session = world.begin(tenant).await;
    let stored = session.accounts().find(former[0].account_id).await.unwrap().unwrap();
    assert_eq!((stored.sealed, stored.key), (anew, data_key(tenant, 2)));
    let left: Vec<_> = session.data_keys().list_former_seals(2, 100).await.unwrap();
    assert_eq!(left, former[1..]);
}

pub async fn a_secret_has_a_data_key_that_is_there(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let id = shop.account.record().id;
    let session = world.begin(shop.tenant.id).await;
    assert!(session.accounts().replace_secrets(id, &SealedSecrets("x".to_owned()), 7).await.is_err());
    drop(session);
    let found = world.begin(shop.tenant.id).await.accounts().find(id).await.unwrap();
    assert!(found.is_some_and(|stored| stored.key.version == 1));
}

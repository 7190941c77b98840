//! The API keys of a tenant.

use hubchat_domain::{ApiKeyRecord, Scope};
use hubchat_ports::PageRequest;

use super::directory::{insert, key};
use crate::StorageHarness;
use crate::world::{World, at};

pub async fn a_key_is_found_by_id_with_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let record = ApiKeyRecord {
        scopes: Scope::ALL.to_vec(),
        last_used_at: Some(at(1)),
        expires_at: Some(at(2)),
        revoked_at: Some(at(3)),
        ..key(&world, tenant, "hk_1")
    };
    insert(&world, &record).await;
    let session = world.begin(tenant).await;
    assert_eq!(session.api_keys().find(record.id).await.unwrap(), Some(record));
    assert_eq!(session.api_keys().find(world.id()).await.unwrap(), None);
}

pub async fn keys_are_listed_newest_first_a_page_at_a_time(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let mut expected = Vec::new();
    for number in 0..7 {
        // Several of one moment.
        let prefix = format!("hk_{number}");
        let record = ApiKeyRecord { created_at: at(number / 3), ..key(&world, tenant, &prefix) };
        insert(&world, &record).await;
        expected.insert(0, record);
    }
    let session = world.begin(tenant).await;
    for limit in [1, 3, 7, 200] {
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let page = session.api_keys().list(PageRequest { after, limit }).await.unwrap();
            assert!(page.items.len() <= limit as usize && !page.items.is_empty());
            listed.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(listed, expected, "{limit} a page");
    }
}

pub async fn a_key_is_revoked_once_and_for_good(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let record = key(&world, tenant, "hk_1");
    insert(&world, &record).await;
    for (moment, now) in [(5, true), (9, false)] {
        let session = world.begin(tenant).await;
        assert_eq!(session.api_keys().revoke(record.id, at(moment)).await.unwrap(), now);
        assert!(!session.api_keys().revoke(world.id(), at(moment)).await.unwrap());
        session.commit().await.unwrap();
        let found = harness.directory().find_api_key("hk_1").await.unwrap().unwrap();
        assert_eq!(found.revoked_at, Some(at(5)));
    }
}

pub async fn another_tenants_keys_are_neither_seen_nor_revoked(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.tenant("mali").await.id, world.tenant("nok").await.id);
    let record = key(&world, one, "hk_1");
    insert(&world, &record).await;
    let session = world.begin(two).await;
    assert_eq!(session.api_keys().find(record.id).await.unwrap(), None);
    assert!(session.api_keys().list(PageRequest { after: None, limit: 200 }).await.unwrap().items.is_empty());
    assert!(!session.api_keys().revoke(record.id, at(5)).await.unwrap());
    session.commit().await.unwrap();
    let session = world.begin(two).await;
    drop(session.api_keys().insert(&key(&world, one, "hk_2")).await);
    drop(session.commit().await);
    assert_eq!(harness.directory().find_api_key("hk_1").await.unwrap(), Some(record));
    assert_eq!(harness.directory().find_api_key("hk_2").await.unwrap(), None);
}

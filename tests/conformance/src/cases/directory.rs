//! The unscoped door: tenants and API keys.

use hubchat_domain::{ApiKeyRecord, ChannelType, Scope, Tenant, TenantId, TenantSlug};
use hubchat_ports::InsertOutcome;
use uuid::Uuid;

use crate::StorageHarness;
use crate::specimens::{moments, short_texts, texts};
use crate::world::{World, at};

fn key(world: &World<'_>, tenant: TenantId, prefix: &str) -> ApiKeyRecord {
    ApiKeyRecord {
        id: world.id(),
        tenant_id: tenant,
        name: "website".to_owned(),
        prefix: prefix.to_owned(),
        secret_hash: (0..=255).collect(),
        scopes: vec![Scope::InboxRead],
        created_at: at(0),
        last_used_at: None,
        revoked_at: None,
    }
}

pub async fn the_readiness_check_passes_on_a_migrated_database(harness: &dyn StorageHarness) {
    harness.directory().ping().await.unwrap();
}

pub async fn a_tenant_is_found_by_slug_and_by_id(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let directory = harness.directory();
    for (number, text) in texts().into_iter().enumerate() {
        let tenant = Tenant {
            public_reply_text: Some(Tenant::USUAL_PUBLIC_REPLY.to_owned()),
            id: world.id(),
            slug: TenantSlug::parse(&format!("shop-{number}")).unwrap(),
            name: text,
            created_at: moments()[number % moments().len()],
        };
        assert_eq!(world.found(&tenant).await, InsertOutcome::Inserted);
        assert_eq!(directory.find_tenant(&tenant.slug).await.unwrap(), Some(tenant.clone()));
        assert_eq!(directory.find_tenant_by_id(tenant.id).await.unwrap(), Some(tenant));
    }
    let absent = TenantSlug::parse("shop").unwrap();
    assert_eq!(directory.find_tenant(&absent).await.unwrap(), None);
    assert_eq!(directory.find_tenant_by_id(world.id()).await.unwrap(), None);
}

pub async fn a_slug_is_taken_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let first = world.tenant("mali").await;
    let second = Tenant { id: world.id(), name: "Another".to_owned(), ..first.clone() };
    assert_eq!(world.found(&second).await, InsertOutcome::AlreadyPresent);
    assert_eq!(harness.directory().find_tenant(&first.slug).await.unwrap(), Some(first));
    assert_eq!(harness.directory().find_tenant_by_id(second.id).await.unwrap(), None);
}

pub async fn a_tenant_is_added_in_its_own_session_only(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let first = world.tenant("mali").await;
    let other = Tenant { id: world.id(), slug: TenantSlug::parse("nok").unwrap(), ..first.clone() };
    let session = world.begin(first.id).await;
    assert!(session.tenants().insert(&other).await.is_err());
    assert!(session.commit().await.is_err());
    assert_eq!(harness.directory().find_tenant_by_id(other.id).await.unwrap(), None);
}

pub async fn a_slug_raced_for_is_taken_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let slug = TenantSlug::parse("mali").unwrap();
    let rivals: Vec<Tenant> = (0..8)
        .map(|n| Tenant {
            id: world.id(),
            slug: slug.clone(),
            name: n.to_string(),
            public_reply_text: None,
            created_at: at(n),
        })
        .collect();
    let outcomes = futures_util::future::join_all(rivals.iter().map(|tenant| world.found(tenant))).await;
    let winners: Vec<&Tenant> = rivals
        .iter()
        .zip(outcomes)
        .filter(|(_, outcome)| *outcome == InsertOutcome::Inserted)
        .map(|(tenant, _)| tenant)
        .collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(harness.directory().find_tenant(&slug).await.unwrap().as_ref(), Some(winners[0]));
}

pub async fn an_api_key_is_found_by_its_prefix_with_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    for (number, text) in short_texts().into_iter().enumerate() {
        let moment = moments()[number % moments().len()];
        let record = ApiKeyRecord {
            name: texts()[number].clone(),
            scopes: Scope::ALL.to_vec(),
            created_at: moment,
            last_used_at: Some(moment),
            revoked_at: Some(moment),
            ..key(&world, tenant, &text)
        };
        harness.directory().insert_api_key(&record).await.unwrap();
        assert_eq!(harness.directory().find_api_key(&text).await.unwrap(), Some(record));
    }
    let plain = ApiKeyRecord { scopes: Vec::new(), ..key(&world, tenant, "hk_1") };
    harness.directory().insert_api_key(&plain).await.unwrap();
    assert_eq!(harness.directory().find_api_key("hk_1").await.unwrap(), Some(plain));
    assert_eq!(harness.directory().find_api_key("hk_").await.unwrap(), None);
    assert_eq!(harness.directory().find_api_key("HK_1").await.unwrap(), None);
}

pub async fn a_use_of_a_key_never_moves_back(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let record = key(&world, world.tenant("mali").await.id, "hk_1");
    let other = key(&world, record.tenant_id, "hk_2");
    let directory = harness.directory();
    directory.insert_api_key(&record).await.unwrap();
    directory.insert_api_key(&other).await.unwrap();
    for (used, kept) in [(5, 5), (9, 9), (7, 9)] {
        directory.touch_api_key(record.id, at(used)).await.unwrap();
        let found = directory.find_api_key("hk_1").await.unwrap().unwrap();
        assert_eq!(found, ApiKeyRecord { last_used_at: Some(at(kept)), ..record.clone() });
    }
    directory.touch_api_key(world.id(), at(9)).await.unwrap();
    assert_eq!(directory.find_api_key("hk_2").await.unwrap(), Some(other));
}

pub async fn accounts_are_found_by_webhook_key_and_by_external_id(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.shop("one").await, world.shop("two").await);
    let directory = harness.directory();
    for shop in [&one, &two] {
        let record = shop.account.record();
        let found = directory.find_account_by_webhook_key(&record.webhook_key).await.unwrap().unwrap();
        assert_eq!(found.account, shop.account);
        assert_eq!(found.sealed.0, format!("sealed-{}", record.id));
        let external_id = record.external_id.as_deref().unwrap();
        let found = directory.find_account_by_external_id(ChannelType::Line, external_id).await.unwrap().unwrap();
        assert_eq!(found.account, shop.account);
        let elsewhere = directory.find_account_by_external_id(ChannelType::Facebook, external_id).await.unwrap();
        assert!(elsewhere.is_none(), "the same id on another channel is another account");
    }
    let absent = format!("bot-{}", Uuid::nil());
    assert!(directory.find_account_by_webhook_key("").await.unwrap().is_none());
    assert!(directory.find_account_by_webhook_key("key-%").await.unwrap().is_none());
    assert!(directory.find_account_by_external_id(ChannelType::Line, &absent).await.unwrap().is_none());
}

pub async fn a_public_answer_is_set_and_taken_away(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (tenant, other) = (world.tenant("mali").await, world.tenant("nok").await);
    for text in texts().into_iter().map(Some).chain([None]) {
        harness.directory().set_public_reply(tenant.id, text.clone()).await.unwrap();
        let found = harness.directory().find_tenant_by_id(tenant.id).await.unwrap().unwrap();
        assert_eq!(found, Tenant { public_reply_text: text, ..tenant.clone() });
    }
    assert_eq!(harness.directory().find_tenant_by_id(other.id).await.unwrap(), Some(other));
}

pub async fn tenants_are_walked_through_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let mut expected = Vec::new();
    for slug in ["nok", "mali", "ploy"] {
        expected.push(world.tenant(slug).await);
    }
    expected.sort_by_key(|tenant| tenant.id);
    let (mut walked, mut after) = (Vec::new(), None);
    loop {
        let page = harness.directory().list_tenants(after, 2).await.unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        walked.extend(page);
    }
    assert_eq!(walked, expected);
}

pub async fn accounts_of_all_tenants_are_walked_through_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let mut expected = Vec::new();
    for slug in ["mali", "nok", "ploy"] {
        let shop = world.shop(slug).await;
        expected.push((shop.tenant.id, shop.account.record().id));
    }
    let (removed_tenant, removed) = expected.pop().unwrap();
    let session = world.begin(removed_tenant).await;
    let mut account = session.accounts().find(removed).await.unwrap().unwrap().account;
    account.remove(at(9));
    session.accounts().update(&account).await.unwrap();
    session.commit().await.unwrap();
    let (mut walked, mut after) = (Vec::new(), None);
    loop {
        let page = harness.directory().list_accounts(after, 1).await.unwrap();
        assert!(page.len() <= 1);
        let Some((_, last)) = page.last() else { break };
        after = Some(*last);
        walked.extend(page);
    }
    expected.sort_by_key(|(_, id)| *id);
    assert_eq!(walked, expected, "each once, and none that was removed");
}

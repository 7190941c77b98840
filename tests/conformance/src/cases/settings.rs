//! What tenants decide for themselves.

use futures_util::future::join_all;
use hubchat_domain::{Sight, Tenant, TenantId, TenantName, TenantSettings, WebOrigin};
use hubchat_ports::StoredSettings;
use serde_json::{Value, json};

use crate::StorageHarness;
use crate::specimens::texts;
use crate::world::{World, at};

async fn put(world: &World<'_>, tenant: TenantId, values: &[(&'static str, Value)]) {
    let session = world.begin(tenant).await;
    session.settings().lock().await.unwrap();
    session.settings().put(values, at(1)).await.unwrap();
    session.commit().await.unwrap();
}

/// As a session tells them, and as screens read them.
async fn kept(world: &World<'_>, tenant: TenantId) -> StoredSettings {
    let session = world.begin(tenant).await;
    let found = session.settings().find().await.unwrap();
    drop(session);
    assert_eq!(world.inbox(tenant).settings().await.unwrap(), found);
    found
}

/// The settings of a tenant that set nothing.
fn untouched(tenant: &Tenant) -> TenantSettings {
    TenantSettings { name: Some(TenantName::parse(&tenant.name).unwrap()), ..TenantSettings::default() }
}

/// Whether the setting takes the text at all.
fn is_taken(text: &str) -> bool {
    TenantSettings::default().set("publicReplyText", &json!(text)).is_ok()
}

pub async fn a_tenant_that_set_nothing_has_the_defaults(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await;
    assert_eq!(kept(&world, tenant.id).await, StoredSettings { settings: untouched(&tenant), version: 0 });
}

pub async fn a_tenant_is_called_what_its_settings_say(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (tenant, other) = (world.tenant("mali").await, world.tenant("nok").await);
    for name in texts().iter().filter_map(|text| TenantName::parse(text).ok()) {
        let before = kept(&world, tenant.id).await.version;
        put(&world, tenant.id, &[("name", json!(name))]).await;
        let stored = kept(&world, tenant.id).await;
        assert!(stored.version > before);
        assert_eq!(stored.settings.name.as_ref(), Some(&name));
        let found = harness.directory().find_tenant_by_id(tenant.id).await.unwrap().unwrap();
        assert_eq!(found, Tenant { name: name.into(), ..tenant.clone() });
    }
    assert_eq!(kept(&world, other.id).await, StoredSettings { settings: untouched(&other), version: 0 });
    let dropped = world.begin(other.id).await;
    dropped.settings().put(&[("name", json!("Nok"))], at(1)).await.unwrap();
    drop(dropped);
    assert_eq!(kept(&world, other.id).await, StoredSettings { settings: untouched(&other), version: 0 });
}

pub async fn settings_come_back_as_they_were_put(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await;
    let (mut expected, tenant) = (untouched(&tenant), tenant.id);
    for text in texts().into_iter().filter(|text| is_taken(text)) {
        put(&world, tenant, &[("publicReplyText", json!(text))]).await;
        expected.public_reply_text = Some(text);
        assert_eq!(kept(&world, tenant).await.settings, expected);
    }
    let values = [
        ("publicReplyText", Value::Null),
        ("salesSee", json!("OWN")),
        ("allowedOrigins", json!(["https://a.example"])),
    ];
    put(&world, tenant, &values).await;
    let expected = TenantSettings {
        public_reply_text: None,
        sales_see: Sight::Own,
        allowed_origins: vec![WebOrigin::parse("https://a.example").unwrap()],
        ..expected
    };
    assert_eq!(kept(&world, tenant).await.settings, expected);
}

pub async fn every_change_makes_the_version_grow(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let mut version = kept(&world, tenant).await.version;
    for values in [
        vec![("retentionDays", json!(1))],
        vec![("retentionDays", json!(2))],
        vec![("salesSee", json!("OWN")), ("retentionDays", json!(1))],
        vec![("salesSee", json!("ALL"))],
    ] {
        put(&world, tenant, &values).await;
        let next = kept(&world, tenant).await.version;
        assert!(next > version, "{next} after {version}");
        version = next;
    }
}

pub async fn settings_of_a_dropped_session_are_not_kept(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await;
    let session = world.begin(tenant.id).await;
    session.settings().put(&[("allowedOrigins", json!(["https://a.example"]))], at(1)).await.unwrap();
    drop(session);
    assert_eq!(kept(&world, tenant.id).await, StoredSettings { settings: untouched(&tenant), version: 0 });
    let origin = WebOrigin::parse("https://a.example").unwrap();
    assert!(!harness.directory().is_origin_listed(&origin).await.unwrap());
}

pub async fn settings_of_tenants_are_apart(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, second) = (world.tenant("mali").await.id, world.tenant("nok").await);
    let two = second.id;
    put(&world, one, &[("retentionDays", json!(1))]).await;
    assert_eq!(kept(&world, two).await, StoredSettings { settings: untouched(&second), version: 0 });
    put(&world, two, &[("retentionDays", json!(2))]).await;
    assert_eq!(kept(&world, one).await.settings.retention_days, Some(1));
    assert_eq!(kept(&world, two).await.settings.retention_days, Some(2));
}

pub async fn who_locked_the_settings_is_the_only_one_to_change_them(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    // Each adds one to what it read: were two to read the same, one would be lost.
    let adders = (0..8).map(|_| async {
        let session = world.begin(tenant).await;
        let known = session.settings().lock().await.unwrap().settings.retention_days.unwrap_or(0);
        session.settings().put(&[("retentionDays", json!(known + 1))], at(1)).await.unwrap();
        session.commit().await.unwrap();
    });
    join_all(adders).await;
    assert_eq!(kept(&world, tenant).await.settings.retention_days, Some(8));
}

pub async fn an_origin_is_listed_while_a_tenant_lists_it(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.tenant("mali").await.id, world.tenant("nok").await.id);
    let listed =
        async |origin: &str| harness.directory().is_origin_listed(&WebOrigin::parse(origin).unwrap()).await.unwrap();
    assert!(!listed("https://a.example").await);
    put(&world, one, &[("allowedOrigins", json!(["https://a.example", "https://b.example"]))]).await;
    put(&world, two, &[("allowedOrigins", json!(["https://a.example"]))]).await;
    assert!(listed("https://a.example").await && listed("https://b.example").await);
    assert!(!listed("https://a.example:8443").await && !listed("https://www.a.example").await);
    put(&world, one, &[("allowedOrigins", json!([]))]).await;
    assert!(listed("https://a.example").await, "the other still lists it");
    assert!(!listed("https://b.example").await);
    put(&world, two, &[("allowedOrigins", json!(["https://c.example"]))]).await;
    assert!(!listed("https://a.example").await && listed("https://c.example").await);
}

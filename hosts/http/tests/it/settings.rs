//! A tenant's settings over HTTP.

use serde_json::json;

use crate::shops::Shops;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_read_and_changed_all_or_nothing() {
    let shops = Shops::open().await;
    let read = shops.as_admin("GET", "/api/settings", "", None).await;
    assert_eq!((read.status, read.header("etag")), (200, "\"0\""));
    assert_eq!(read.json()["salesSee"], "TEAM_AND_UNASSIGNED");
    let patch = json!({"salesSee": "OWN", "publicReplyText": null, "retentionDays": 365});
    let changed = shops.as_admin("PATCH", "/api/settings", "if-match: \"0\"\r\n", Some(&patch)).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"3\""));
    assert_eq!((&changed.json()["salesSee"], &changed.json()["publicReplyText"]), (&json!("OWN"), &json!(null)));
    for (patch, field) in [
        (json!({"salesSee": "ALL", "colour": "red"}), "colour"),
        (json!({"salesSee": "ALL", "retentionDays": 0}), "retentionDays"),
        (json!({"allowedOrigins": ["https://a.example/"]}), "allowedOrigins"),
    ] {
        let refused = shops.as_admin("PATCH", "/api/settings", "", Some(&patch)).await;
        assert_eq!((refused.problem().1.as_str(), &refused.json()["field"]), ("validation_failed", &json!(field)));
    }
    let read = shops.as_admin("GET", "/api/settings", "", None).await;
    assert_eq!((read.header("etag"), &read.json()["salesSee"]), ("\"3\"", &json!("OWN")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_gets_another_name_by_its_settings() {
    let shops = Shops::open().await;
    let named = shops.as_admin("GET", "/api/settings", "", None).await.json();
    assert_eq!(named["name"], shops.as_admin("GET", "/api/me", "", None).await.json()["tenant"]["name"]);
    let patch = json!({"name": "  ร้านมาลี "});
    let changed = shops.as_admin("PATCH", "/api/settings", "", Some(&patch)).await;
    assert_eq!((changed.status, &changed.json()["name"]), (200, &json!("ร้านมาลี")));
    let me = shops.as_admin("GET", "/api/me", "", None).await.json();
    assert_eq!((&me["tenant"]["name"], &me["tenant"]["slug"]), (&json!("ร้านมาลี"), &json!("ours")));
    let entries = shops.as_admin("GET", "/api/audit?action=SETTINGS_CHANGED", "", None).await.json();
    assert_eq!(entries["items"][0]["before"], json!({"name": named["name"]}));
    assert_eq!(entries["items"][0]["after"], json!({"name": "ร้านมาลี"}));
    for wrong in [json!(""), json!(" "), json!("x".repeat(201)), json!(null), json!(7)] {
        let refused = shops.as_admin("PATCH", "/api/settings", "", Some(&json!({"name": wrong}))).await;
        assert_eq!((refused.problem().1.as_str(), &refused.json()["field"]), ("validation_failed", &json!("name")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_over_another_one_is_refused_when_the_caller_asks_for_that() {
    let shops = Shops::open().await;
    let patch = json!({"showTyping": false});
    let changed = shops.as_admin("PATCH", "/api/settings", "if-match: *\r\n", Some(&patch)).await;
    assert_eq!(changed.header("etag"), "\"1\"");
    let stale =
        shops.as_admin("PATCH", "/api/settings", "if-match: \"0\"\r\n", Some(&json!({"showTyping": true}))).await;
    assert_eq!(stale.problem(), (412, "settings_changed".to_owned()));
    let odd = shops.as_admin("PATCH", "/api/settings", "if-match: W/\"1\"\r\n", Some(&patch)).await;
    assert_eq!(odd.problem(), (422, "validation_failed".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_may_not_manage_settings_is_refused_and_tenants_are_apart() {
    let shops = Shops::open().await;
    let patch = json!({"retentionDays": 1});
    let refused = shops.as_key(&shops.ours.key, "PATCH", "/api/settings", "", Some(&patch)).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    assert_eq!(shops.as_admin("PATCH", "/api/settings", "", Some(&patch)).await.status, 200);
    let theirs = hubchat_core::Actor::system(shops.theirs.tenant);
    let theirs = shops.hubchat.get_settings.run(&theirs).await.expect("settings");
    assert_eq!((theirs.version, theirs.settings.retention_days), (0, None));
}

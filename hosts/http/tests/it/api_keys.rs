//! API keys over HTTP.

use serde_json::json;

use crate::shops::Shops;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_made_shown_once_listed_used_and_revoked() {
    let shops = Shops::open().await;
    let body = json!({"name": "site", "scopes": ["inbox:read"], "expiresAt": "2099-01-01T00:00:00Z"});
    let made = shops.as_admin("POST", "/api/keys", "", Some(&body)).await;
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    let (key, id) = (made["key"].as_str().expect("a key"), made["apiKey"]["id"].as_str().expect("an id"));
    assert_eq!(shops.as_key(key, "GET", "/api/leads", "", None).await.status, 200);
    let listed = shops.as_admin("GET", "/api/keys?limit=200", "", None).await;
    let text = String::from_utf8_lossy(&listed.body).into_owned();
    assert!(!text.contains(key) && !text.contains("secret"), "the secret is shown once");
    let listed = listed.json();
    let item = listed["items"].as_array().expect("items").iter().find(|item| item["id"] == id).expect("the key");
    assert_eq!((&item["name"], &item["scopes"]), (&json!("site"), &json!(["inbox:read"])));
    assert!(item["lastUsedAt"].is_string() && item["expiresAt"].is_string() && item.get("revokedAt").is_none());
    for _ in 0..2 {
        let revoked = shops.as_admin("DELETE", &format!("/api/keys/{id}"), "", None).await;
        assert_eq!((revoked.status, revoked.body.len()), (204, 0));
        assert_eq!(shops.as_key(key, "GET", "/api/leads", "", None).await.status, 401);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_made_or_revoked_is_told() {
    let shops = Shops::open().await;
    for (body, field) in [
        (json!({"name": "", "scopes": ["inbox:read"]}), json!(null)),
        (json!({"name": "x", "scopes": []}), json!(null)),
        (json!({"name": "x", "scopes": ["everything"]}), json!("scopes[0]")),
        (json!({"name": "x", "scopes": ["inbox:read"], "expiresAt": "2020-01-01T00:00:00Z"}), json!("expiresAt")),
        (json!({"name": "x", "scopes": ["inbox:read"], "expiresAt": "tomorrow"}), json!("expiresAt")),
        (json!({"name": "x", "scopes": ["inbox:read"], "tenantId": shops.theirs.tenant}), json!("tenantId")),
    ] {
        let refused = shops.as_admin("POST", "/api/keys", "", Some(&body)).await;
        assert_eq!((refused.problem().1.as_str(), &refused.json()["field"]), ("validation_failed", &field), "{body}");
    }
    let refused = shops.as_key(&shops.ours.key, "GET", "/api/keys", "", None).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    let theirs = hubchat_core::Actor::system(shops.theirs.tenant);
    let page = hubchat_core::port::PageRequest { after: None, limit: 1 };
    let key = shops.hubchat.list_api_keys.run(&theirs, page).await.expect("keys").items.pop().expect("a key");
    let id = key.id.to_string();
    for id in [id.as_str(), "00000000-0000-0000-0000-000000000001", "nonsense"] {
        let refused = shops.as_admin("DELETE", &format!("/api/keys/{id}"), "", None).await;
        assert_eq!(refused.problem(), (404, "key_not_found".to_owned()), "{id}");
    }
    assert_eq!(shops.as_key(&shops.theirs.key, "GET", "/api/leads", "", None).await.status, 200);
}

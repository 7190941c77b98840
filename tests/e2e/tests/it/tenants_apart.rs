//! A tenant never sees, touches or guesses another tenant's things.

use hubchat_core::{Actor, domain::Scope};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{
    on_both_databases,
    webhook::{body, post, text_event, user},
};

on_both_databases! {
    async fn another_tenants_things_are_not_found(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        post(&hub.client, &url, body(&[text_event(&user(1), "1", "secret talk")])).await;
        let conversation = hub.conversation("the conversation", |_| true).await;
        let message = hub.messages(&conversation).await.remove(0);
        let other = hub.wired.hubchat.create_tenant.run("other", "Other").await.unwrap();
        let stranger = Actor::system(other.id);
        let key = hub.wired.hubchat.create_api_key.run(&stranger, "other", &[Scope::Admin], None).await.unwrap().key;
        let id = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let (conversation_id, lead_id) = (id(&conversation["id"]), id(&conversation["leadId"]));
        let text = json!({"type": "text", "content": "x"});
        let cases = [
            (Method::GET, format!("/api/conversations/{conversation_id}"), None),
            (Method::PATCH, format!("/api/conversations/{conversation_id}"), Some(json!({"status": "RESOLVED"}))),
            (Method::GET, format!("/api/conversations/{conversation_id}/messages"), None),
            (Method::POST, format!("/api/conversations/{conversation_id}/messages"), Some(text.clone())),
            (Method::POST, format!("/api/conversations/{conversation_id}/mark-read"), None),
            (Method::POST, "/api/messages/send".to_owned(), Some(json!({"conversationId": conversation_id, "type": "text", "content": "x"}))),
            (Method::POST, "/api/messages/send".to_owned(), Some(json!({"leadId": lead_id, "type": "text", "content": "x"}))),
            (Method::GET, format!("/api/messages/{}", id(&message["id"])), None),
            (Method::GET, format!("/api/leads/{lead_id}"), None),
            (Method::PATCH, format!("/api/leads/{lead_id}"), Some(json!({"note": "x"}))),
            (Method::POST, format!("/api/leads/{lead_id}/assign"), Some(json!({"mode": "AUTO_ROUND_ROBIN"}))),
            (Method::GET, format!("/api/leads/{lead_id}/activity"), None),
            (Method::POST, format!("/api/channels/{}/test", hub.channel_id), Some(json!({}))),
            (Method::PATCH, format!("/api/channels/{}", hub.channel_id), Some(json!({"status": "PAUSED"}))),
        ];
        for (method, path, body) in cases {
            let (status, problem) = hub.call_as(Some(&key), method.clone(), &path, body.clone()).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{method} {path}: {problem}");
            assert!(!problem.to_string().contains("secret talk"));
            let (status, _) = hub.call_as(None, method.clone(), &path, body).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path} without a key");
        }
        for list in ["/api/conversations", "/api/leads", "/api/channels"] {
            let (status, page) = hub.call_as(Some(&key), Method::GET, list, None).await;
            assert_eq!((status, page["items"].as_array().map(Vec::len)), (StatusCode::OK, Some(0)), "{list}");
        }
        let reader = hub.wired.hubchat.create_api_key.run(&hub.tenant, "reader", &[Scope::InboxRead], None).await.unwrap().key;
        let path = format!("/api/conversations/{conversation_id}/messages");
        let (status, problem) = hub.call_as(Some(&reader), Method::POST, &path, Some(text)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")));
        let (status, _) = hub.call_as(Some(&reader), Method::GET, &path, None).await;
        assert_eq!(status, StatusCode::OK);
    }
}

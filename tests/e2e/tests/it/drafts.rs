//! Drafts: a member's alone, wherever they log in, with their file, and gone when the member is.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, PASSWORD, member, owner},
    hub::Hub,
    on_both_databases,
    webhook::{body, post, text_event, user},
};

const BOUNDARY: &str = "draft";
const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";

/// The conversation of a customer who wrote.
async fn thread(hub: &Hub) -> String {
    let url = format!("{}{}", hub.url, hub.webhook_path);
    post(&hub.client, &url, body(&[text_event(&user(1), "1", "hello")])).await;
    hub.drained().await;
    let thread = hub.conversation("the thread", |_| true).await;
    thread["id"].as_str().expect("an id").to_owned()
}

/// Uploads a file as a member; answers its id.
async fn upload(by: &Browser, thread: &str) -> String {
    let mut form = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"prices.pdf\"\r\n\
         content-type: application/pdf\r\n\r\n"
    )
    .into_bytes();
    form.extend_from_slice(PDF);
    form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let request = by
        .client
        .post(format!("{}/api/media?conversationId={thread}", by.url))
        .bearer_auth(by.token.as_deref().expect("a token"))
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(form);
    let answer = request.send().await.expect("hubchat answers");
    assert_eq!(answer.status(), StatusCode::CREATED);
    let uploaded: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
    uploaded["mediaId"].as_str().expect("an id").to_owned()
}

on_both_databases! {
    async fn a_draft_comes_back_with_its_file_on_another_device_and_to_nobody_else(hub: Hub) {
        let mut owner = owner(hub).await;
        let (mut nok, _) = member(hub, &mut owner, "nok@shop.example", "SALES").await;
        let thread = thread(hub).await;
        let path = format!("/api/conversations/{thread}/draft");
        let none = nok.call(Method::GET, &path, None).await;
        assert_eq!((none.status, none.body), (StatusCode::NO_CONTENT, Value::String(String::new())));
        let missing = nok.call(Method::GET, "/api/conversations/01890000-0000-7000-8000-000000000000/draft", None).await;
        assert_eq!((missing.status, &missing.body["code"]), (StatusCode::NOT_FOUND, &json!("conversation_not_found")));

        let file = upload(&nok, &thread).await;
        let kept = nok.call(Method::PUT, &path, Some(json!({"text": "look:", "mediaId": file}))).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
        let mut elsewhere = Browser::of(hub);
        elsewhere.log_in("nok@shop.example", PASSWORD).await;
        let found = elsewhere.call(Method::GET, &path, None).await.body;
        assert_eq!((&found["text"], &found["mediaId"]), (&json!("look:"), &json!(file)));
        let shown = &found["file"];
        assert_eq!((&shown["name"], &shown["type"], &shown["size"]), (&json!("prices.pdf"), &json!("application/pdf"), &json!(PDF.len())));
        assert_eq!(shown["mediaId"], json!(file));
        let url = shown["url"].as_str().expect("a link");
        let url = if url.starts_with('/') { format!("{}{url}", hub.url) } else { url.to_owned() };
        let bytes = hub.client.get(url).send().await.expect("the file").bytes().await.expect("bytes");
        assert_eq!(&bytes[..], PDF);
        assert_eq!(owner.call(Method::GET, &path, None).await.status, StatusCode::NO_CONTENT, "another's draft");

        let invented = json!({"text": "x", "mediaId": "01890000-0000-7000-8000-000000000001"});
        let refused = nok.call(Method::PUT, &path, Some(invented)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert_eq!((&refused.body["code"], &refused.body["field"]), (&json!("invalid_content"), &json!("mediaId")));
        assert_eq!(nok.call(Method::GET, &path, None).await.body["text"], "look:", "what was kept stays");
        nok.call(Method::DELETE, &path, None).await;
        assert_eq!(nok.call(Method::GET, &path, None).await.status, StatusCode::NO_CONTENT);
    }

    async fn what_a_disabled_member_wrote_is_gone_when_they_come_back(hub: Hub) {
        let mut owner = owner(hub).await;
        let (mut nok, id) = member(hub, &mut owner, "nok@shop.example", "SALES").await;
        let thread = thread(hub).await;
        let path = format!("/api/conversations/{thread}/draft");
        for by in [&mut nok, &mut owner] {
            assert_eq!(by.call(Method::PUT, &path, Some(json!({"text": "mine"}))).await.status, StatusCode::OK);
        }
        let member = format!("/api/members/{id}");
        for status in ["DISABLED", "ACTIVE"] {
            let page = owner.call(Method::PATCH, &member, Some(json!({ "status": status }))).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        }
        nok.log_in("nok@shop.example", PASSWORD).await;
        assert_eq!(nok.call(Method::GET, &path, None).await.status, StatusCode::NO_CONTENT);
        assert_eq!(owner.call(Method::GET, &path, None).await.body["text"], "mine");
    }

    async fn whoever_reads_the_inbox_knows_its_accounts(hub: Hub) {
        let mut owner = owner(hub).await;
        let (mut nok, _) = member(hub, &mut owner, "nok@shop.example", "VIEWER").await;
        let channel = hub.list("/api/channels").await.remove(0);
        assert_eq!(nok.call(Method::GET, "/api/channels", None).await.status, StatusCode::FORBIDDEN);
        let accounts = nok.call(Method::GET, "/api/inbox/accounts", None).await.body;
        let (id, name) = (&channel["id"], &channel["name"]);
        assert_eq!(accounts, json!({"items": [{"id": id, "channelType": "LINE", "name": name, "status": "ACTIVE"}]}));
        let test = format!("/api/channels/{}/test", id.as_str().expect("an id"));
        assert_eq!(hub.call(Method::POST, &test, None).await.0, StatusCode::OK);
        let checked = hub.list("/api/channels").await.remove(0);
        assert!(checked["lastCheckedAt"].is_string(), "{checked}");
        assert_eq!(checked["updatedAt"], channel["updatedAt"], "to look is no change");
        assert_eq!(hub.call(Method::DELETE, &format!("/api/channels/{}", id.as_str().unwrap()), None).await.0, StatusCode::OK);
        let after = nok.call(Method::GET, "/api/inbox/accounts", None).await.body;
        assert_eq!(after["items"][0]["status"], "REMOVED", "what was said there stays");
    }
}

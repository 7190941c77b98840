//! Every kind of message and event of LINE, all the way in.

use hubchat_sandbox::{Media, Say, SayKind};
use reqwest::StatusCode;
use serde_json::json;

use crate::{
    deadline::eventually,
    on_both_databases,
    webhook::{body, event, post, text_event, user},
};

on_both_databases! {
    async fn files_are_copied_with_a_thumbnail_and_handed_out_by_signed_links(hub: Hub) {
        let still_preparing = Media { processing_polls: 1, ..Media::default() };
        let file = SayKind::File { file_name: "ใบเสร็จ.pdf".to_owned(), media: Media::default() };
        let image = SayKind::Image(Media::default());
        for kind in [image, SayKind::Video(still_preparing), SayKind::Audio(Media::default()), file] {
            assert_eq!(hub.sandbox.line().say(Say::new(kind)).await.unwrap().status, 200);
        }
        let conversation = hub.conversation("the conversation", |row| row["unreadCount"] == 4).await;
        let messages = eventually("all files are stored", || async {
            let messages = hub.messages(&conversation).await;
            messages.iter().all(|message| message["media"]["status"] == "STORED").then_some(messages)
        }).await;
        let kinds: Vec<&str> = messages.iter().map(|message| message["messageType"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["IMAGE", "VIDEO", "AUDIO", "FILE"]);
        let image = &messages[0]["media"];
        for link in ["url", "thumbnailUrl"] {
            let link = image[link].as_str().unwrap();
            let response = hub.client.get(link).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{link}");
            assert_eq!(response.headers()["x-content-type-options"], "nosniff");
            assert!(response.headers()["content-type"].to_str().unwrap().starts_with("image/"));
            assert!(!response.bytes().await.unwrap().is_empty());
            let forged = link.replace("signature=", "signature=0");
            assert_eq!(hub.client.get(&forged).send().await.unwrap().status(), StatusCode::NOT_FOUND);
        }
        let file = messages[3]["media"]["url"].as_str().unwrap();
        let response = hub.client.get(file).send().await.unwrap();
        assert!(response.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    }

    async fn stickers_places_buttons_and_friendship_become_lines_of_the_thread(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let customer = user(1);
        let line = |id: &str, particulars: serde_json::Value| event(&customer, id, &particulars);
        let events = [
            line("1", json!({"type": "follow", "follow": {"isUnblocked": false}, "replyToken": "0".repeat(32)})),
            line("2", json!({"type": "message", "message": {"type": "sticker", "id": "2", "packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC", "keywords": ["hi"]}})),
            line("3", json!({"type": "message", "message": {"type": "location", "id": "3", "title": "ร้าน", "address": "กรุงเทพฯ", "latitude": 13.7, "longitude": 100.5}})),
            line("4", json!({"type": "postback", "postback": {"data": "action=buy"}})),
            line("5", json!({"type": "unfollow"})),
        ];
        assert_eq!(post(&hub.client, &url, body(&events)).await, Some(StatusCode::OK));
        hub.drained().await;
        let conversation = hub.conversation("the conversation", |_| true).await;
        let messages = hub.messages(&conversation).await;
        let kinds: Vec<&str> = messages.iter().map(|message| message["messageType"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["SYSTEM", "STICKER", "LOCATION", "TEMPLATE", "SYSTEM"]);
        assert_eq!(messages[2]["content"], "ร้าน, กรุงเทพฯ");
        assert_eq!(conversation["unreadCount"], 3, "what the customer said counts, notices do not");
    }

    async fn what_a_customer_takes_back_is_gone_in_any_order(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let unsend = |customer: usize, id: &str| {
            event(&user(customer), &format!("un{id}"), &json!({"type": "unsend", "unsend": {"messageId": id}}))
        };
        post(&hub.client, &url, body(&[text_event(&user(1), "1", "oops"), unsend(1, "1")])).await;
        post(&hub.client, &url, body(&[unsend(2, "2")])).await;
        hub.drained().await;
        post(&hub.client, &url, body(&[text_event(&user(2), "2", "oops")])).await;
        hub.drained().await;
        let conversations = hub.list("/api/conversations").await;
        assert_eq!(conversations.len(), 2);
        for conversation in conversations {
            assert!(!conversation.to_string().contains("oops"), "{conversation}");
            let messages = hub.messages(&conversation).await;
            assert_eq!(messages.len(), 1);
            assert!(messages[0]["content"].is_null() && messages[0]["unsentAt"].is_string(), "{messages:?}");
        }
    }

    async fn groups_are_one_conversation_with_many_writers(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let group = "Ca1b2c3d4e5f60718293a4b5c6d7e8f90";
        let mut events = vec![event(&user(1), "1", &json!({"type": "join", "source": {"type": "group", "groupId": group}}))];
        for n in 2..4_usize {
            let mut written = text_event(&user(n), &n.to_string(), "hello all");
            written["source"] = json!({"type": "group", "groupId": group, "userId": user(n)});
            events.push(written);
        }
        post(&hub.client, &url, body(&events)).await;
        hub.drained().await;
        let conversations = hub.list("/api/conversations").await;
        assert_eq!(conversations.len(), 1);
        assert_eq!(hub.messages(&conversations[0]).await.len(), 3);
    }

    async fn a_thread_that_another_system_owns_is_shown_but_not_answered(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let mut standby = text_event(&user(1), "1", "to another module");
        standby["mode"] = json!("standby");
        post(&hub.client, &url, body(&[standby])).await;
        let conversation = hub.conversation("the conversation", |_| true).await;
        let path = format!("/api/conversations/{}/messages", conversation["id"].as_str().unwrap());
        let text = json!({"type": "text", "content": "x"});
        let (status, problem) = hub.call(reqwest::Method::POST, &path, Some(text)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("conversation_standby")));
    }
}

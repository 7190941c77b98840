//! Duplicates of anything are harmless.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    webhook::{body, post, text_event, user},
};

on_both_databases! {
    async fn each_webhook_delivered_three_times_at_once_gives_one_message(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let deliveries = (0..100).flat_map(|n| {
            let body = body(&[text_event(&user(n % 10), &n.to_string(), &format!("message {n}"))]);
            [body.clone(), body.clone(), body]
        });
        let answers = join_all(deliveries.map(|body| post(&hub.client, &url, body))).await;
        assert!(answers.iter().all(|status| *status == Some(StatusCode::OK)), "{answers:?}");
        hub.drained().await;
        let mut texts = BTreeSet::new();
        let mut count = 0;
        for conversation in hub.list("/api/conversations?limit=200").await {
            for message in hub.messages(&conversation).await {
                texts.insert(message["content"].as_str().unwrap().to_owned());
                count += 1;
            }
            assert_eq!(conversation["unreadCount"], 10);
        }
        assert_eq!((texts.len(), count), (100, 100));
        assert_eq!(hub.list("/api/leads?limit=200").await.len(), 10);
    }

    async fn first_messages_of_a_new_contact_that_come_together_make_one_conversation(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let (contacts, each) = (40, 16);
        let deliveries = (0..contacts * each).map(|n| {
            post(&hub.client, &url, body(&[text_event(&user(n % contacts), &n.to_string(), "hello")]))
        });
        let answers = join_all(deliveries).await;
        assert!(answers.iter().all(|status| *status == Some(StatusCode::OK)));
        hub.drained().await;
        let conversations = hub.list("/api/conversations?limit=200").await;
        assert_eq!(conversations.len(), contacts);
        assert!(conversations.iter().all(|row| row["unreadCount"] == each), "every message counted once");
        assert_eq!(hub.list("/api/leads?limit=200").await.len(), contacts);
    }

    async fn a_send_with_the_same_key_is_made_once(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        post(&hub.client, &url, body(&[text_event(&user(1), "1", "hi")])).await;
        let conversation = hub.conversation("the conversation", |_| true).await;
        let path = format!("{}/api/conversations/{}/messages", hub.url, conversation["id"].as_str().unwrap());
        let send = |content: &'static str| {
            use secrecy::ExposeSecret;
            hub.client
                .request(Method::POST, &path)
                .bearer_auth(hub.key.expose_secret())
                .header("idempotency-key", "order-1")
                .json(&json!({"type": "text", "content": content}))
                .send()
        };
        let answers = join_all((0..8).map(|_| send("once"))).await;
        let mut ids = BTreeSet::new();
        for answer in answers {
            let answer = answer.unwrap();
            assert_eq!(answer.status(), StatusCode::ACCEPTED);
            ids.insert(answer.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(ids.len(), 1, "one message");
        let other = send("something else").await.unwrap();
        assert_eq!(other.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(other.json::<Value>().await.unwrap()["code"], "idempotency_key_reused");
        hub.drained().await;
        assert_eq!(hub.effects().len(), 1);
    }

    async fn a_channel_with_the_same_key_is_connected_once(hub: Hub) {
        let connect = async |secret: &str| {
            use secrecy::ExposeSecret;
            let credentials = json!({"channelSecret": secret, "accessToken": "token"});
            let body = json!({"channelType": "LINE", "name": "Second", "destination": "U2", "credentials": credentials});
            let request = hub.client.request(Method::POST, format!("{}/api/channels", hub.url));
            let request = request.bearer_auth(hub.key.expose_secret()).header("idempotency-key", "connect-1");
            let answer = request.json(&body).send().await.unwrap();
            let replayed = answer.headers().get("idempotency-replayed").map(|value| value.to_str().unwrap().to_owned());
            (answer.status().as_u16(), replayed, answer.json::<Value>().await.unwrap())
        };
        let (status, replayed, first) = connect("secret").await;
        assert_eq!((status, replayed), (201, None), "{first}");
        let (status, replayed, second) = connect("secret").await;
        assert_eq!((status, replayed.as_deref(), &second["id"]), (201, Some("true"), &first["id"]));
        let (status, _, other) = connect("another secret").await;
        assert_eq!((status, &other["code"]), (422, &json!("idempotency_key_reused")));
        assert_eq!(hub.list("/api/channels").await.len(), 2);
    }

    async fn a_poisonous_event_does_not_touch_its_siblings(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let mut events: Vec<Value> = (0..7).map(|n| text_event(&user(n), &n.to_string(), "fine")).collect();
        events.insert(3, json!({"type": "message", "message": 5, "webhookEventId": "Epoison"}));
        events.push(crate::webhook::event(&user(1), "8", &json!({"type": "somethingNew"})));
        assert_eq!(post(&hub.client, &url, body(&events)).await, Some(StatusCode::OK));
        hub.drained().await;
        assert_eq!(hub.list("/api/conversations").await.len(), 7);
        let ledger = hub.wired.hubchat.ports.intake.ledger().await.unwrap();
        assert_eq!((ledger.received, ledger.processed, ledger.ignored, ledger.dead), (9, 7, 1, 1));
        let filter = hubchat_core::port::DeadLetterFilter { limit: 10, ..Default::default() };
        let dead = hub.wired.hubchat.dead_letters.list(&filter).await.unwrap();
        assert_eq!(dead.len(), 1);
        hub.wired.hubchat.dead_letters.replay(dead[0].id).await.unwrap();
        hub.drained().await;
        let again = hub.wired.hubchat.dead_letters.list(&filter).await.unwrap();
        assert_eq!(again.len(), 1, "still poisonous, still kept");
        hub.wired.hubchat.dead_letters.discard(again[0].id).await.unwrap();
        assert!(hub.wired.hubchat.dead_letters.list(&filter).await.unwrap().is_empty());
        let ledger = hub.wired.hubchat.ports.intake.ledger().await.unwrap();
        assert_eq!(ledger.received, ledger.processed + ledger.ignored + ledger.dead);
    }
}

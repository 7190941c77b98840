//! The control endpoints, as another process uses them.

use serde_json::{Value, json};

use crate::harness::{BOT, Harness, PUSH, SECRET, TOKEN, USER, status_and_json};

impl Harness {
    async fn control(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}/_sandbox/line{path}", self.url);
        let request = self.client.request(method.parse().unwrap(), url);
        status_and_json(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }
}

#[tokio::test]
async fn a_channel_is_invented_shown_once_and_used() {
    let sandbox = Harness::start().await;
    let (status, made) = sandbox.control("POST", "/channels", Some(json!({}))).await;
    assert_eq!(status, 201);
    let token = made["accessToken"].as_str().unwrap();
    let info = sandbox.client.get(format!("{}/v2/bot/info", sandbox.url)).bearer_auth(token);
    assert_eq!(status_and_json(info).await.1["userId"], made["destination"]);

    let (_, listed) = sandbox.control("GET", "/channels", None).await;
    assert_eq!(listed["channels"].as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains(token));
    let change = json!({ "destination": BOT, "webhookUrl": "http://127.0.0.1:1/" });
    let (_, changed) = sandbox.control("POST", "/channels", Some(change)).await;
    assert_eq!((&changed["channelSecret"], &changed["accessToken"]), (&json!(SECRET), &json!(TOKEN)));
    assert_eq!(changed["webhookUrl"], "http://127.0.0.1:1/");
}

#[tokio::test]
async fn what_is_said_and_answered_shows_in_the_chat_and_the_effects() {
    let sandbox = Harness::start().await;
    let hello = json!({ "userId": USER, "text": "hello" });
    let (status, said) = sandbox.control("POST", "/say", Some(hello)).await;
    assert_eq!((status, &said["status"]), (200, &json!(200)));
    let again = json!({ "webhookEventId": said["webhookEventId"], "times": 2, "concurrently": true });
    assert_eq!(sandbox.control("POST", "/redeliver", Some(again)).await.1, json!({ "statuses": [200, 200] }));
    assert_eq!(sandbox.hub.posts().len(), 3);
    assert_eq!(status_and_json(sandbox.reply(said["replyToken"].as_str().unwrap())).await.0, 200);
    assert_eq!(status_and_json(sandbox.push("more")).await.0, 200);

    let (_, chat) = sandbox.control("GET", &format!("/chats/{USER}"), None).await;
    let by: Vec<&str> = chat["entries"].as_array().unwrap().iter().map(|e| e["by"].as_str().unwrap()).collect();
    assert_eq!(by, ["customer", "channel", "channel"]);
    let (_, effects) = sandbox.control("GET", "/effects?after=1&limit=5", None).await;
    assert_eq!(effects["total"], 2);
    assert_eq!(effects["effects"].as_array().unwrap().len(), 1);
    assert_eq!(effects["effects"][0]["messages"][0]["text"], "more");
    let (_, requests) = sandbox.control("GET", "/requests", None).await;
    let push = json!({ "path": format!("POST {PUSH}"), "status": 200, "count": 1 });
    assert!(requests["requests"].as_array().unwrap().contains(&push));
}

#[tokio::test]
async fn kinds_and_raw_events_can_be_said() {
    let sandbox = Harness::start().await;
    for (request, expected) in [
        (json!({ "kind": { "type": "image", "processingPolls": 1, "state": "gone" } }), "message"),
        (json!({ "kind": { "type": "sticker", "packageId": "1", "stickerId": "2" } }), "message"),
        (json!({ "kind": { "type": "follow" } }), "follow"),
        (json!({ "event": { "type": "beacon" } }), "beacon"),
    ] {
        let (status, said) = sandbox.control("POST", "/say", Some(request)).await;
        assert_eq!((status, &said["event"]["type"]), (200, &json!(expected)));
    }
}

#[tokio::test]
async fn mistakes_are_named() {
    let sandbox = Harness::start().await;
    for (method, path, body, expected) in [
        ("POST", "/say", Some(json!({})), 400),
        ("POST", "/say", Some(json!({ "text": "a", "typo": 1 })), 400),
        ("POST", "/say", Some(json!({ "text": "a", "destination": "Unone" })), 404),
        ("POST", "/redeliver", Some(json!({ "webhookEventId": "none" })), 404),
        ("POST", "/faults", Some(json!({ "action": { "type": "nonsense" } })), 400),
        ("GET", "/effects?after=x", None, 400),
        ("GET", "/nothing", None, 404),
    ] {
        let (status, answer) = sandbox.control(method, path, body).await;
        assert_eq!(status, expected, "{method} {path}");
        assert!(answer["error"].is_string());
    }
    sandbox.line.set_webhook_url(BOT, "http://127.0.0.1:1/");
    assert_eq!(sandbox.control("POST", "/say", Some(json!({ "text": "a" }))).await.0, 502);
}

#[tokio::test]
async fn faults_are_set_and_cleared() {
    let sandbox = Harness::start().await;
    let fault = json!({ "path": PUSH, "to": USER, "action": { "type": "status", "code": 503 }, "times": 2 });
    let (status, set) = sandbox.control("POST", "/faults", Some(fault)).await;
    assert_eq!((status, &set["faults"][0]["times"]), (201, &json!(2)));
    assert_eq!(status_and_json(sandbox.push("x")).await.0, 503);
    assert_eq!(sandbox.control("GET", "/faults", None).await.1["faults"][0]["times"], 1);
    sandbox.control("DELETE", "/faults", None).await;
    assert_eq!(status_and_json(sandbox.push("x")).await.0, 200);
    let truncated = json!({ "action": { "type": "truncated2xx" } });
    assert_eq!(sandbox.control("POST", "/faults", Some(truncated)).await.0, 201);
}

#[tokio::test]
async fn the_first_page_lists_the_paths() {
    let sandbox = Harness::start().await;
    let page = sandbox.client.get(&sandbox.url).send().await.unwrap().text().await.unwrap();
    for path in ["/v2/bot/message/push", "/_sandbox/line/say", "/_sandbox/line/effects"] {
        assert!(page.contains(path), "{path}");
    }
}

//! The phone: its page, its customers, and the timeline that the page follows.

use std::time::Duration;

use hubchat_sandbox::{
    InstagramAccount, LineChannel, MetaObject, MetaPage, Sandbox, SandboxConfig, TelegramBot, WhatsappNumber,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::harness::{Harness, status_and_json};

const PAGE: &str = "100200300400500";
const BOT: &str = "7000000001:AAphone";

/// A sandbox with an account of every channel, whose webhooks whatever answers takes.
struct Desk {
    sandbox: Sandbox,
    url: String,
    client: reqwest::Client,
    _hub: Harness,
    _stop: DropGuard,
}

impl Desk {
    async fn start() -> Self {
        let hub = Harness::start().await;
        let hears = hub.line.channels()[0].webhook_url.clone().unwrap();
        let sandbox = Sandbox::new(SandboxConfig { allow_loopback_http_media: true, ..SandboxConfig::default() });
        sandbox.line().add_channel(LineChannel {
            webhook_url: Some(hears.clone()),
            ..LineChannel::new("Uf00d0000000000000000000000000001", "secret", "line-token")
        });
        sandbox.telegram().add_bot(TelegramBot { webhook_url: Some(hears.clone()), ..TelegramBot::new(BOT) });
        let meta = sandbox.meta();
        meta.add_page(MetaPage::new(PAGE, "page-token"));
        meta.add_instagram(InstagramAccount::new("17841400000000001", "ig-token"));
        meta.add_number(WhatsappNumber::new("106540352240001", "102000000000321", "wa-token"));
        for object in [MetaObject::Page, MetaObject::Instagram, MetaObject::Whatsapp] {
            meta.set_callback_unchecked(object, &hears);
        }
        sandbox.add_sample_customers();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let (server, stopping) = (sandbox.clone(), stop.clone());
        tokio::spawn(async move { server.serve(listener, stopping).await });
        Self { sandbox, url, client: hub.client.clone(), _hub: hub, _stop: stop.drop_guard() }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        status_and_json(self.client.get(format!("{}/_sandbox/phone{path}", self.url))).await
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        status_and_json(self.client.post(format!("{}/_sandbox/phone{path}", self.url)).json(body)).await
    }

    /// The first sample customer's id at a channel.
    async fn customer(&self, channel: &str) -> String {
        self.get("").await.1["customers"][0]["ids"][channel].as_str().unwrap().to_owned()
    }

    async fn say(&self, channel: &str, deed: Value) -> (u16, Value) {
        let person = self.customer(channel).await;
        self.post("/say", &json!({"channel": channel, "personId": person, "do": deed})).await
    }

    async fn entries(&self) -> Vec<Value> {
        self.get("/timeline").await.1["entries"].as_array().unwrap().clone()
    }

    /// The bytes behind a path of the sandbox.
    async fn file(&self, path: &str) -> Vec<u8> {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.bytes().await.unwrap().to_vec()
    }
}

#[tokio::test]
async fn the_page_and_all_it_names_are_served_and_nothing_from_elsewhere() {
    let desk = Desk::start().await;
    let answer = desk.client.get(format!("{}/phone", desk.url)).send().await.unwrap();
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'self';"));
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let mut unread = vec![answer.text().await.unwrap()];
    let mut seen = Vec::new();
    while let Some(text) = unread.pop() {
        assert!(!text.contains("innerHTML"), "text is only ever set as text");
        let names = text
            .split(|letter: char| letter == '"' || letter.is_whitespace())
            .filter(|word| matches!(word.rsplit_once('.'), Some((_, "js" | "css"))));
        for name in names {
            let name = name.trim_start_matches("./").trim_start_matches("/phone/").to_owned();
            if !seen.contains(&name) {
                let asset = desk.client.get(format!("{}/phone/{name}", desk.url)).send().await.unwrap();
                assert_eq!(asset.status().as_u16(), 200, "{name}");
                let kind = asset.headers()["content-type"].to_str().unwrap().to_owned();
                assert!(kind.starts_with(if name.contains(".js") { "text/javascript" } else { "text/css" }), "{name}");
                unread.push(asset.text().await.unwrap());
                seen.push(name);
            }
        }
    }
    assert!(seen.len() >= 13, "{seen:?}");
    let missing = desk.client.get(format!("{}/phone/none.js", desk.url)).send().await.unwrap();
    assert_eq!(missing.status().as_u16(), 404);
}

#[tokio::test]
async fn there_is_a_channel_for_each_account_and_a_customer_with_an_id_at_each() {
    let desk = Desk::start().await;
    let (_, look) = desk.get("").await;
    let channels: Vec<&str> =
        look["channels"].as_array().unwrap().iter().map(|c| c["channel"].as_str().unwrap()).collect();
    assert_eq!(channels, ["line", "messenger", "comment", "instagram", "instagram_comment", "whatsapp", "telegram"]);
    let (status, made) = desk.post("/customers", &json!({"name": "  Jane   Doe "})).await;
    assert_eq!((status, &made["name"]), (201, &json!("Jane Doe")));
    assert_eq!(desk.post("/customers", &json!({"name": "Jane Doe"})).await.1, made, "one name is one customer");
    for name in ["", "   ", &"x".repeat(61)] {
        assert_eq!(desk.post("/customers", &json!({ "name": name })).await.0, 400);
    }
    let line = made["ids"]["line"].as_str().unwrap();
    let profile = desk.client.get(format!("{}/v2/bot/profile/{line}", desk.url)).bearer_auth("line-token");
    assert_eq!(status_and_json(profile).await.1["displayName"], "Jane Doe", "providers tell the name");
    let comment = made["ids"]["comment"].as_str().unwrap();
    let scoped = hubchat_sandbox::FakeMeta::page_scoped_id(PAGE, comment);
    assert_eq!(made["ids"]["messenger"], json!(scoped), "whoever comments is the same person in Messenger");
}

#[tokio::test]
async fn what_both_sides_do_is_on_the_timeline_at_every_channel() {
    let desk = Desk::start().await;
    for channel in ["line", "messenger", "instagram", "whatsapp", "telegram"] {
        let (status, said) = desk.say(channel, json!({"type": "text", "text": "สวัสดี"})).await;
        assert_eq!((status, &said["status"]), (200, &json!(200)), "{channel}: {said}");
    }
    let to = desk.customer("line").await;
    let push = json!({"to": to, "messages": [{"type": "text", "text": "ค่ะ"}]});
    let sends = [
        ("/v2/bot/message/push".to_owned(), "line-token", push),
        (
            format!("/v25.0/{PAGE}/messages"),
            "page-token",
            json!({"recipient": {"id": desk.customer("messenger").await}, "message": {"text": "ค่ะ"}}),
        ),
        (
            "/v25.0/17841400000000001/messages".to_owned(),
            "ig-token",
            json!({"recipient": {"id": desk.customer("instagram").await}, "message": {"text": "ค่ะ"}}),
        ),
        (
            "/v25.0/106540352240001/messages".to_owned(),
            "wa-token",
            json!({"messaging_product": "whatsapp", "to": desk.customer("whatsapp").await, "type": "text", "text": {"body": "ค่ะ"}}),
        ),
        (
            format!("/bot{BOT}/sendMessage"),
            "",
            json!({"chat_id": desk.customer("telegram").await.parse::<i64>().unwrap(), "text": "ค่ะ"}),
        ),
    ];
    for (path, token, body) in &sends {
        let asked = desk.client.post(format!("{}{path}", desk.url)).bearer_auth(token).json(body);
        let (status, answer) = status_and_json(asked).await;
        assert_eq!(status, 200, "{path}: {answer}");
    }
    let entries = desk.entries().await;
    for channel in ["line", "messenger", "instagram", "whatsapp", "telegram"] {
        let of: Vec<&Value> = entries.iter().filter(|entry| entry["channel"] == channel).collect();
        let by: Vec<&Value> = of.iter().map(|entry| &entry["by"]).collect();
        assert_eq!(by, ["customer", "business"], "{channel}");
        let person = desk.customer(channel).await;
        for entry in of {
            assert_eq!(entry["personId"], json!(person), "{channel}");
            let content = entry["content"].to_string();
            assert!(content.contains("สวัสดี") || content.contains("ค่ะ"), "{channel}: {content}");
            assert!(entry["id"].as_str().is_some_and(|id| !id.is_empty()), "{channel}: a message has an id");
        }
    }
}

#[tokio::test]
async fn whoever_follows_hears_of_the_next_entry_and_of_a_new_run() {
    let desk = Desk::start().await;
    let (_, first) = desk.get("/timeline").await;
    let epoch = first["epoch"].as_str().unwrap();
    let waits = desk.client.get(format!("{}/_sandbox/phone/timeline?epoch={epoch}&after=0&wait=20000", desk.url));
    let waiting = tokio::spawn(status_and_json(waits));
    desk.say("line", json!({"type": "text", "text": "hello"})).await;
    let (_, told) = tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap();
    assert_eq!((told["entries"].as_array().unwrap().len(), &told["last"]), (1, &json!(1)));
    let (_, anew) = desk.get("/timeline?epoch=other&after=1&wait=20000").await;
    assert_eq!(anew["entries"].as_array().unwrap().len(), 1, "numbers of another run are not gone on from");
    assert_eq!(desk.get("/timeline?after=x").await.0, 400);
}

#[tokio::test]
async fn a_picture_is_seen_by_the_customer_who_sent_it() {
    let desk = Desk::start().await;
    let sample = json!({"type": "picture", "file": {"sample": "dress.jpg"}});
    let dress = desk.file("/phone/pictures/dress.jpg").await;
    let paths = [
        ("line", "/message/id"),
        ("messenger", "/message/attachments/0/payload/url"),
        ("telegram", "/message/photo/0/file_id"),
        ("whatsapp", "/value/messages/0/image/id"),
    ];
    for (channel, pointer) in paths {
        assert_eq!(desk.say(channel, sample.clone()).await.0, 200, "{channel}");
        let entry = desk.entries().await.pop().unwrap();
        let named = entry["content"].pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        let path = match channel {
            "line" => format!("/_sandbox/line/contents/{named}"),
            "telegram" => format!("/_sandbox/telegram/files/{named}"),
            "whatsapp" => format!("/_cdn/{named}"),
            _ => named.strip_prefix(&desk.url).unwrap().to_owned(),
        };
        assert_eq!(desk.file(&path).await, dress, "{channel}");
    }
    let own = json!({"type": "picture", "file": {"contentType": "image/png", "data": "iVBORw0KGgo="}});
    assert_eq!(desk.say("line", own).await.0, 200);
    for wrong in [json!({"sample": "none.jpg"}), json!({"contentType": "image/png", "data": "?"}), json!({})] {
        assert_eq!(desk.say("line", json!({"type": "picture", "file": wrong})).await.0, 400);
    }
}

#[tokio::test]
async fn only_files_that_were_sent_are_fetched() {
    let desk = Desk::start().await;
    desk.say("line", json!({"type": "text", "text": "hello"})).await;
    let url = format!("{}/phone/pictures/cat.jpg", desk.url);
    let image = json!({"type": "image", "originalContentUrl": url, "previewImageUrl": url});
    let push = json!({"to": desk.customer("line").await, "messages": [image]});
    let pushed = desk.client.post(format!("{}/v2/bot/message/push", desk.url)).bearer_auth("line-token").json(&push);
    assert_eq!(status_and_json(pushed).await.0, 200);
    let query = |url: &str| url::form_urlencoded::Serializer::new(String::new()).append_pair("url", url).finish();
    let shown = desk.file(&format!("/_sandbox/phone/media/2?{}", query(&url))).await;
    assert_eq!(shown, desk.file("/phone/pictures/cat.jpg").await);
    for (seq, other) in [(1, url.clone()), (2, format!("{}/phone/pictures/slip.jpg", desk.url)), (9, url)] {
        assert_eq!(desk.get(&format!("/media/{seq}?{}", query(&other))).await.0, 404, "{seq} {other}");
    }
}

#[tokio::test]
async fn a_customer_can_do_what_the_channel_knows_and_nothing_else() {
    let desk = Desk::start().await;
    let text = json!({"type": "text", "text": "first"});
    for (channel, can, cannot) in [
        ("line", "unsend", "edit"),
        ("telegram", "edit", "unsend"),
        ("messenger", "react", "unsend"),
        ("instagram", "unsend", "edit"),
        ("whatsapp", "react", "sticker"),
    ] {
        let id = desk.say(channel, text.clone()).await.1["id"].clone();
        let deed = |kind: &str| match kind {
            "edit" => json!({"type": "edit", "messageId": id, "text": "changed"}),
            "react" => json!({"type": "react", "messageId": id, "emoji": "👍"}),
            "sticker" => json!({"type": "sticker", "packageId": "1", "stickerId": "2"}),
            _ => json!({"type": "unsend", "messageId": id}),
        };
        assert_eq!(desk.say(channel, deed(can)).await.0, 200, "{channel} {can}");
        let (status, refused) = desk.say(channel, deed(cannot)).await;
        assert!(status == 400 && refused["error"].is_string(), "{channel} {cannot}: {refused}");
    }
}

#[tokio::test]
async fn a_comment_its_public_answer_and_the_private_one_reach_the_same_customer() {
    let desk = Desk::start().await;
    let post = desk.get("").await.1["channels"][2]["postId"].clone();
    let (_, said) = desk.say("comment", json!({"type": "comment", "on": post, "text": "price?"})).await;
    let id = said["id"].as_str().unwrap();
    let call = |path: String, body: Value| {
        desk.client.post(format!("{}{path}", desk.url)).bearer_auth("page-token").json(&body)
    };
    let public = call(format!("/v25.0/{id}/comments"), json!({"message": "590"}));
    assert_eq!(status_and_json(public).await.0, 200);
    let private = json!({"recipient": {"comment_id": id}, "message": {"text": "590, just for you"}});
    assert_eq!(status_and_json(call(format!("/v25.0/{PAGE}/messages"), private)).await.0, 200);
    let entries = desk.entries().await;
    let shown: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| (entry["channel"].as_str().unwrap(), entry["operation"].as_str().unwrap()))
        .collect();
    assert_eq!(shown, [("comment", "said"), ("comment", "public_reply"), ("messenger", "private_reply")]);
    assert_eq!(entries[1]["personId"], json!(desk.customer("comment").await));
    assert_eq!(entries[2]["personId"], json!(desk.customer("messenger").await));
}

#[tokio::test]
async fn a_comment_at_instagram_is_answered_in_public_and_in_private_to_the_same_customer() {
    let desk = Desk::start().await;
    let (_, look) = desk.get("").await;
    let channels = look["channels"].as_array().unwrap();
    let channel = channels.iter().find(|one| one["channel"] == "instagram_comment").unwrap();
    let on = json!({"type": "comment", "on": channel["postId"], "text": "price?"});
    let (status, said) = desk.say("instagram_comment", on).await;
    assert_eq!((status, &said["status"]), (200, &json!(200)), "{said}");
    let id = said["id"].as_str().unwrap();
    let answer =
        desk.say("instagram_comment", json!({"type": "comment", "on": id, "text": "anybody?"})).await.1["id"].clone();
    let call =
        |path: String, body: Value| desk.client.post(format!("{}{path}", desk.url)).bearer_auth("ig-token").json(&body);
    let public = call(format!("/v25.0/{id}/replies"), json!({"message": "590"}));
    assert_eq!(status_and_json(public).await.0, 200);
    let private = json!({"recipient": {"comment_id": id}, "message": {"text": "590, just for you"}});
    assert_eq!(status_and_json(call("/v25.0/17841400000000001/messages".to_owned(), private)).await.0, 200);
    let entries = desk.entries().await;
    let shown: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| (entry["channel"].as_str().unwrap(), entry["operation"].as_str().unwrap()))
        .collect();
    let comments = "instagram_comment";
    let expected = [(comments, "said"), (comments, "said"), (comments, "public_reply"), ("instagram", "private_reply")];
    assert_eq!(shown, expected);
    assert_eq!(entries[1]["content"]["value"]["parent_id"], json!(id));
    assert!(entries.iter().all(|entry| entry["personId"] == json!(look["customers"][0]["ids"]["instagram"])));
    assert_eq!(entries[2]["content"]["to"], json!(id));
    for deed in [
        json!({"type": "edit", "messageId": answer, "text": "x"}),
        json!({"type": "unsend", "messageId": answer}),
        json!({"type": "text", "text": "x"}),
        json!({"type": "block"}),
    ] {
        assert_eq!(desk.say(comments, deed.clone()).await.0, 400, "Instagram tells of no such thing: {deed}");
    }
    assert_eq!(desk.say("instagram", json!({"type": "comment", "on": id, "text": "x"})).await.0, 400);
}

#[tokio::test]
async fn a_fault_is_for_one_channel_and_ends_alone() {
    let desk = Desk::start().await;
    for channel in ["messenger", "whatsapp"] {
        desk.say(channel, json!({"type": "text", "text": "hello"})).await;
    }
    let faults = |query: &str| format!("{}/_sandbox/meta/faults{query}", desk.url);
    for (name, account) in [("one", PAGE), ("two", "106540352240001")] {
        let fault = json!({"name": name, "path": "/messages", "account": account, "sends": true, "action": {"type": "rejectBeforeEffect500"}});
        assert_eq!(status_and_json(desk.client.post(faults("")).json(&fault)).await.0, 201);
    }
    let person = desk.customer("messenger").await;
    let message = json!({"recipient": {"id": person}, "message": {"text": "x"}});
    let seen = json!({"recipient": {"id": person}, "sender_action": "mark_seen"});
    let page = |body: &Value| {
        desk.client.post(format!("{}/v25.0/{PAGE}/messages", desk.url)).bearer_auth("page-token").json(body)
    };
    assert_eq!(status_and_json(page(&seen)).await.0, 200, "marking as read sends nothing");
    assert_eq!(status_and_json(page(&message)).await.0, 500);
    let (_, left) = status_and_json(desk.client.delete(faults("?name=one"))).await;
    assert_eq!(left["faults"].as_array().unwrap().len(), 1);
    assert_eq!(status_and_json(page(&message)).await.0, 200);
    let number = json!({"messaging_product": "whatsapp", "to": desk.customer("whatsapp").await, "type": "text", "text": {"body": "x"}});
    let asked =
        desk.client.post(format!("{}/v25.0/106540352240001/messages", desk.url)).bearer_auth("wa-token").json(&number);
    assert_eq!(status_and_json(asked).await.0, 500, "the other channel's fault stays");
}

#[tokio::test]
async fn pages_of_other_sites_are_turned_away() {
    let desk = Desk::start().await;
    let foreign = desk.client.get(format!("{}/_sandbox/phone", desk.url)).header("sec-fetch-site", "cross-site");
    assert_eq!(status_and_json(foreign).await.0, 403);
    let fault = desk.client.delete(format!("{}/_sandbox/line/faults", desk.url)).header("sec-fetch-site", "same-site");
    assert_eq!(status_and_json(fault).await.0, 403);
    let own = desk.client.get(format!("{}/_sandbox/phone", desk.url)).header("sec-fetch-site", "same-origin");
    assert_eq!(status_and_json(own).await.0, 200);
    let form = desk.client.post(format!("{}/_sandbox/phone/customers", desk.url)).header("content-type", "text/plain");
    assert_eq!(status_and_json(form.body("{\"name\":\"x\"}")).await.0, 415);
    assert!(desk.sandbox.line().effects().is_empty());
}

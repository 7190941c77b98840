//! What the sandbox posts.

use std::time::Duration;

use hubchat_sandbox::{ImageSet, Media, SandboxConfig, SandboxError, Say, SayKind, Signature, line_signature};
use serde_json::{Value, json};

use crate::harness::{BOT, GROUP, Harness, SECRET, USER};

#[test]
fn the_signature_is_that_of_lines_own_example() {
    let body = br#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
    assert_eq!(line_signature(SECRET, body), "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=");
}

#[tokio::test]
async fn a_text_is_posted_signed_and_in_lines_shape() {
    let sandbox = Harness::start().await;
    let said = sandbox.line.say(Say::text("สวัสดี 🍎").from(USER)).await.unwrap();
    assert_eq!(said.status, 200);
    let posts = sandbox.hub.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].signature.as_deref(), Some(line_signature(SECRET, &posts[0].bytes).as_str()));
    let body = posts[0].body();
    assert_eq!(body["destination"], BOT);
    let event = &body["events"][0];
    assert_eq!(event["type"], "message");
    assert_eq!(event["message"]["text"], "สวัสดี 🍎");
    assert_eq!(event["message"]["id"], json!(said.message_id));
    assert_eq!(event["source"], json!({ "type": "user", "userId": USER }));
    assert_eq!(event["webhookEventId"], said.webhook_event_id);
    assert_eq!(said.webhook_event_id.len(), 26);
    assert_eq!(event["deliveryContext"], json!({ "isRedelivery": false }));
    assert_eq!(event["mode"], "active");
    assert_eq!(event["replyToken"].as_str().unwrap().len(), 32);
    assert!(event["timestamp"].is_i64());
}

#[tokio::test]
async fn each_kind_of_event_has_its_own_fields() {
    let sandbox = Harness::start().await;
    let set = ImageSet { id: "S".to_owned(), index: 1, total: 2 };
    let image = Media { image_set: Some(set), ..Media::default() };
    let external = Some(("https://e.com/o.jpg".to_owned(), "https://e.com/p.jpg".to_owned()));
    let members = vec![USER.to_owned()];
    // Kind, the place to look at, what is there, whether one can reply.
    let table: Vec<(SayKind, &str, Value, bool)> = vec![
        (SayKind::Image(image), "/message/imageSet/total", json!(2), true),
        (
            SayKind::Image(Media { external, ..Media::default() }),
            "/message/contentProvider/originalContentUrl",
            json!("https://e.com/o.jpg"),
            true,
        ),
        (SayKind::Video(Media::default()), "/message/contentProvider", json!({ "type": "line" }), true),
        (SayKind::Audio(Media { duration_ms: Some(9), ..Media::default() }), "/message/duration", json!(9), true),
        (
            SayKind::File { file_name: "ใบเสร็จ.pdf".to_owned(), media: Media::default() },
            "/message/fileName",
            json!("ใบเสร็จ.pdf"),
            true,
        ),
        (
            SayKind::Sticker { package_id: "446".to_owned(), sticker_id: "1988".to_owned() },
            "/message/stickerId",
            json!("1988"),
            true,
        ),
        (
            SayKind::Location { title: "t".to_owned(), address: "a".to_owned(), latitude: 13.5, longitude: 100.5 },
            "/message/latitude",
            json!(13.5),
            true,
        ),
        (SayKind::Postback { data: "a=1".to_owned(), params: None }, "/postback", json!({ "data": "a=1" }), true),
        (SayKind::Follow { is_unblocked: true }, "/follow/isUnblocked", json!(true), true),
        (SayKind::Unfollow, "/type", json!("unfollow"), false),
        (SayKind::Join(GROUP.to_owned()), "/source", json!({ "type": "group", "groupId": GROUP }), true),
        (SayKind::Leave(GROUP.to_owned()), "/type", json!("leave"), false),
        (SayKind::MemberJoined { group_id: GROUP.to_owned(), members }, "/joined/members/0/userId", json!(USER), true),
        (SayKind::Unsend { message_id: "1".to_owned() }, "/unsend/messageId", json!("1"), false),
        (SayKind::Raw(json!({ "type": "new", "mode": "standby" })), "/mode", json!("standby"), false),
    ];
    for (kind, pointer, expected, can_reply) in table {
        let said = sandbox.line.say(Say::new(kind.clone()).from(USER)).await.unwrap();
        let event = sandbox.hub.posts().last().unwrap().body()["events"][0].clone();
        assert_eq!(event.pointer(pointer), Some(&expected), "{kind:?}: {event}");
        assert_eq!(event.get("replyToken").is_some(), can_reply, "{kind:?}");
        assert_eq!(event, said.event);
    }
}

#[tokio::test]
async fn several_events_go_in_one_body_in_order() {
    let sandbox = Harness::start().await;
    let says = vec![Say::text("1").from(USER), Say::text("2").from(USER), Say::new(SayKind::Unfollow)];
    let said = sandbox.line.say_batch(says).await.unwrap();
    let posts = sandbox.hub.posts();
    assert_eq!(posts.len(), 1);
    let events: Vec<Value> = said.into_iter().map(|said| said.event).collect();
    assert_eq!(posts[0].body()["events"], json!(events));
}

#[tokio::test]
async fn a_redelivery_changes_nothing_but_its_mark() {
    let sandbox = Harness::start().await;
    sandbox.hub.answer_with(500);
    let said = sandbox.line.say(Say::text("hello")).await.unwrap();
    assert_eq!(said.status, 500);
    sandbox.hub.answer_with(200);
    assert_eq!(sandbox.line.redeliver(&said.webhook_event_id, 2).await.unwrap(), [200, 200]);
    let concurrent = sandbox.line.deliver_concurrently(&said.webhook_event_id, 8).await.unwrap();
    assert_eq!(concurrent, [200; 8]);
    let posts = sandbox.hub.posts();
    assert_eq!(posts.len(), 11);
    for post in &posts[1..] {
        let mut event = post.body()["events"][0].clone();
        assert_eq!(event["deliveryContext"]["isRedelivery"], true);
        event["deliveryContext"]["isRedelivery"] = json!(false);
        assert_eq!(event, said.event);
        assert_eq!(post.signature.as_deref(), Some(line_signature(SECRET, &post.bytes).as_str()));
    }
    let unknown = sandbox.line.redeliver("01ARZ3NDEKTSV4RRFFQ69G5FAV", 1).await.unwrap_err();
    assert!(matches!(unknown, SandboxError::UnknownEvent(_)));
}

#[tokio::test]
async fn any_bytes_can_be_posted_with_any_signature() {
    let sandbox = Harness::start().await;
    let body = "{not json";
    let right = line_signature(SECRET, body.as_bytes());
    for signature in
        [Signature::Right, Signature::Wrong, Signature::Missing, Signature::Exactly("no base64!".to_owned())]
    {
        sandbox.line.post_bytes(Some(BOT), body, signature).await.unwrap();
    }
    let posts = sandbox.hub.posts();
    assert!(posts.iter().all(|post| post.bytes == body.as_bytes()));
    assert_eq!(posts[0].signature, Some(right.clone()));
    assert!(posts[1].signature.as_ref().is_some_and(|wrong| *wrong != right && wrong.len() == right.len()));
    assert_eq!(posts[2].signature, None);
    assert_eq!(posts[3].signature.as_deref(), Some("no base64!"));
}

#[tokio::test]
async fn a_webhook_that_is_silent_or_away_is_an_error() {
    let config = SandboxConfig { webhook_timeout: Duration::from_millis(100), ..SandboxConfig::default() };
    let sandbox = Harness::with(config).await;
    sandbox.hub.hangs.cancel();
    let silent = sandbox.line.say(Say::text("hello")).await.unwrap_err();
    assert!(matches!(silent, SandboxError::WebhookTimeout));
    sandbox.line.set_webhook_url(BOT, "http://127.0.0.1:1/");
    let away = sandbox.line.say(Say::text("hello")).await.unwrap_err();
    assert!(matches!(away, SandboxError::WebhookUnreachable(_)));
    let unknown = sandbox.line.say(Say::text("hello").to("Unone")).await.unwrap_err();
    assert!(matches!(unknown, SandboxError::UnknownDestination(_)));
}

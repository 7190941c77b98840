//! Sending by pages and Instagram accounts of the fake Meta.

use std::time::Duration;

use hubchat_sandbox::{FakeMeta, Fault, FaultAction, MetaPage, MetaSay};
use serde_json::{Value, json};

use crate::meta::{
    ALMOST_A_DAY, COMMENTER, DAY, IGSID, INSTAGRAM, OTHER_PAGE, PAGE, PSID, Running, answered, comment, fixture, shape,
    text, token,
};

fn words(to: &str, text: &str) -> Value {
    json!({"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": {"text": text}})
}

fn tagged(to: &str) -> Value {
    json!({
        "recipient": {"id": to}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": {"text": "x"},
    })
}

fn to_page() -> String {
    format!("{PAGE}/messages")
}

/// An error as far as a client may decide on it.
fn decisive(answer: (u16, Value)) -> (u16, Value, Value) {
    let (status, body) = answer;
    (status, body["error"]["code"].clone(), body["error"]["error_subcode"].clone())
}

fn recorded(fixture: &Value) -> (u16, Value, Value) {
    let response = &fixture["response"];
    let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
    decisive((status, response["body"].clone()))
}

#[tokio::test]
async fn what_was_sent_answers_as_recorded_and_is_kept_as_the_person_got_it() {
    let sandbox = Running::start().await;
    sandbox.say(PAGE, PSID, text("hello")).await;
    sandbox.say(INSTAGRAM, IGSID, text("hello")).await;
    for (account, path, channel, fixture) in [
        (PAGE, to_page(), "messenger", fixture!("messenger/send/text")),
        (INSTAGRAM, format!("{INSTAGRAM}/messages"), "instagram", fixture!("instagram/send/text")),
    ] {
        let (status, answer) = sandbox.post(account, &path, &fixture["request"]["body"]).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(shape(&answer), shape(&fixture["response"]["body"]));
        let effect = sandbox.meta.effects().pop().unwrap();
        assert_eq!((effect.account_id.as_str(), effect.channel, effect.operation), (account, channel, "message"));
        assert_eq!(answer, json!({"recipient_id": effect.to, "message_id": effect.id}));
        assert_eq!(effect.body, fixture["request"]["body"]);
    }
    let typing = fixture!("messenger/send/typing_on");
    let (_, answer) = sandbox.post(PAGE, &to_page(), &typing["request"]["body"]).await;
    assert_eq!(answer, typing["response"]["body"]);
    assert_eq!(sandbox.meta.effects().pop().unwrap().operation, "sender_action");
}

#[tokio::test]
async fn the_window_closes_after_a_day_and_for_staff_after_a_week() {
    let sandbox = Running::start().await;
    let window = recorded(&fixture!("messenger/send/error_10_window"));
    sandbox.say(PAGE, PSID, text("hello")).await;
    sandbox.clock.advance(ALMOST_A_DAY);
    assert_eq!(sandbox.post(PAGE, &to_page(), &words(PSID, "x")).await.0, 200);
    sandbox.clock.advance(Duration::from_millis(1));
    assert_eq!(decisive(sandbox.post(PAGE, &to_page(), &words(PSID, "x")).await), window);
    assert_eq!(sandbox.post(PAGE, &to_page(), &tagged(PSID)).await.0, 200);
    sandbox.clock.advance(6 * DAY);
    assert_eq!(decisive(sandbox.post(PAGE, &to_page(), &tagged(PSID)).await), window);
    let postback = MetaSay::Postback { title: "x".to_owned(), payload: "X".to_owned() };
    sandbox.say(PAGE, PSID, postback).await;
    assert_eq!(sandbox.post(PAGE, &to_page(), &words(PSID, "x")).await.0, 200, "a button opens it again");

    sandbox.say(INSTAGRAM, IGSID, text("hello")).await;
    sandbox.clock.advance(DAY);
    let path = format!("{INSTAGRAM}/messages");
    let refused = decisive(sandbox.post(INSTAGRAM, &path, &words(IGSID, "x")).await);
    assert_eq!(refused, recorded(&fixture!("instagram/send/error_window")));
    sandbox.say(INSTAGRAM, IGSID, MetaSay::Read { ids: vec!["m".to_owned()] }).await;
    assert_eq!(sandbox.post(INSTAGRAM, &path, &words(IGSID, "x")).await.0, 400, "having seen it opens nothing");
}

#[tokio::test]
async fn strangers_and_who_blocked_cannot_be_reached() {
    let sandbox = Running::start().await;
    assert_eq!(decisive(sandbox.post(PAGE, &to_page(), &words(PSID, "x")).await), (400, json!(100), json!(2_018_001)));
    sandbox.say(PAGE, PSID, text("hello")).await;
    sandbox.meta.set_blocked(PAGE, PSID, true);
    assert_eq!(decisive(sandbox.post(PAGE, &to_page(), &words(PSID, "x")).await), (400, json!(551), json!(1_545_041)));
    sandbox.meta.set_blocked(PAGE, PSID, false);
    assert_eq!(sandbox.post(PAGE, &to_page(), &words(PSID, "x")).await.0, 200);
    let other = format!("{OTHER_PAGE}/messages");
    assert_eq!(sandbox.post(OTHER_PAGE, &other, &words(PSID, "x")).await.0, 400, "a stranger to the other page");
}

#[tokio::test]
async fn what_the_provider_does_not_take_is_refused() {
    let sandbox = Running::start().await;
    sandbox.say(PAGE, PSID, text("hello")).await;
    sandbox.say(INSTAGRAM, IGSID, text("hello")).await;
    let file = |kind: &str, url: &str| json!({"attachment": {"type": kind, "payload": {"url": url}}});
    let replies = |count: usize| {
        let one = json!({"content_type": "text", "title": "a", "payload": "A"});
        json!({"text": "x", "quick_replies": vec![one; count]})
    };
    let cases = [
        (json!({"text": "ก".repeat(1_999)}), 200),
        (json!({"text": "ก".repeat(2_000)}), 400),
        (json!({"text": " "}), 400),
        (json!({}), 400),
        (json!({"text": "x", "attachment": file("image", "https://files.example/a.jpg")["attachment"]}), 400),
        (file("image", "https://files.example/a.jpg"), 200),
        (file("image", "http://files.example/a.jpg"), 400),
        (file("picture", "https://files.example/a.jpg"), 400),
        (replies(13), 200),
        (replies(14), 400),
        (json!({"text": "x", "metadata": "m".repeat(1_000)}), 400),
        (json!({"attachment": {"type": "image", "payload": {"attachment_id": "none"}}}), 400),
    ];
    for (message, expected) in cases {
        let body = json!({"recipient": {"id": PSID}, "messaging_type": "RESPONSE", "message": message});
        let (status, answer) = sandbox.post(PAGE, &to_page(), &body).await;
        assert_eq!(status, expected, "{message} {answer}");
    }
    let path = format!("{INSTAGRAM}/messages");
    assert_eq!(sandbox.post(INSTAGRAM, &path, &words(IGSID, &"ก".repeat(333))).await.0, 200);
    assert_eq!(sandbox.post(INSTAGRAM, &path, &words(IGSID, &"ก".repeat(334))).await.0, 400, "1002 bytes");
    let old_tag = json!({
        "recipient": {"id": PSID}, "messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE", "message": {"text": "x"},
    });
    assert_eq!(sandbox.post(PAGE, &to_page(), &old_tag).await.0, 400);
}

#[tokio::test]
async fn a_comment_is_answered_in_private_once_within_a_week_and_opens_no_window() {
    let sandbox = Running::start().await;
    let (id, _) = sandbox.say(PAGE, COMMENTER, comment("ราคา")).await;
    let reply = |id: &str| json!({"recipient": {"comment_id": id}, "message": {"text": "สวัสดี"}});
    let invalid = recorded(&fixture!("facebook-comments/send/error_private_reply_invalid"));
    let elsewhere = sandbox.post(OTHER_PAGE, &format!("{OTHER_PAGE}/messages"), &reply(&id)).await;
    assert_eq!(decisive(elsewhere), invalid, "not the other page's comment");
    let with_file = json!({"recipient": {"comment_id": id}, "message": {
        "attachment": {"type": "image", "payload": {"url": "https://files.example/a.jpg"}},
    }});
    assert_eq!(sandbox.post(PAGE, &to_page(), &with_file).await.0, 400);
    let (status, answer) = sandbox.post(PAGE, &to_page(), &reply(&id)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(shape(&answer), shape(&fixture!("facebook-comments/send/private_reply")["response"]["body"]));
    let psid = FakeMeta::page_scoped_id(PAGE, COMMENTER);
    assert_eq!(answer["recipient_id"], json!(psid));
    let effect = sandbox.meta.effects().pop().unwrap();
    assert_eq!((effect.operation, &effect.to), ("private_reply", &psid));
    let again = decisive(sandbox.post(PAGE, &to_page(), &reply(&id)).await);
    assert_eq!(again, (400, json!(10_900), Value::Null));
    let after = decisive(sandbox.post(PAGE, &to_page(), &words(&psid, "x")).await);
    assert_eq!(after, (400, json!(10), json!(2_018_278)), "the person has not written yet");
    sandbox.say(PAGE, &psid, text("ค่ะ")).await;
    assert_eq!(sandbox.post(PAGE, &to_page(), &words(&psid, "x")).await.0, 200);
    let (late, _) = sandbox.say(PAGE, COMMENTER, comment("อีกที")).await;
    sandbox.clock.advance(7 * DAY);
    assert_eq!(decisive(sandbox.post(PAGE, &to_page(), &reply(&late)).await), invalid);
}

#[tokio::test]
async fn answers_in_public_come_back_as_the_accounts_own_comments() {
    let sandbox = Running::start().await;
    sandbox.meta.set_echoes(true);
    let (on_page, _) = sandbox.say(PAGE, COMMENTER, comment("ราคา")).await;
    let (status, answer) = sandbox.post(PAGE, &format!("{on_page}/comments"), &json!({"message": "ตอบแล้ว"})).await;
    assert_eq!(status, 200, "{answer}");
    let echo = sandbox.hub.wait_for(2).await.pop().unwrap().body();
    let value = &echo["entry"][0]["changes"][0]["value"];
    assert_eq!((&value["from"]["id"], &value["comment_id"]), (&json!(PAGE), &answer["id"]));
    assert_eq!(shape(&echo), shape(&fixture!("facebook-comments/comment_reply")));
    let own = json!({"recipient": {"comment_id": answer["id"]}, "message": {"text": "x"}});
    assert_eq!(sandbox.post(PAGE, &to_page(), &own).await.1["error"]["error_subcode"], 2_534_025);

    let (on_instagram, _) = sandbox.say(INSTAGRAM, IGSID, comment("ราคา")).await;
    let path = format!("{on_instagram}/replies");
    let (status, answer) = sandbox.post(INSTAGRAM, &path, &json!({"message": "ตอบแล้ว"})).await;
    assert_eq!(status, 200, "{answer}");
    let echo = sandbox.hub.wait_for(4).await.pop().unwrap().body();
    assert_eq!(shape(&echo), shape(&fixture!("instagram/comment_own")));
    assert_eq!(sandbox.post(INSTAGRAM, &format!("{on_instagram}/comments"), &json!({"message": "x"})).await.0, 400);
    let below = format!("{}/replies", answer["id"].as_str().unwrap());
    assert_eq!(sandbox.post(INSTAGRAM, &below, &json!({"message": "x"})).await.0, 400, "top-level comments only");
    let profile = sandbox.get(INSTAGRAM, IGSID).await;
    assert_eq!(profile.0, 400, "who only commented is nobody to ask about");
}

#[tokio::test]
async fn echoes_carry_what_pages_said_about_their_messages() {
    let sandbox = Running::start().await;
    sandbox.say(PAGE, PSID, text("hello")).await;
    sandbox.meta.set_echoes(true);
    let sent = fixture!("messenger/send/text");
    let (_, answer) = sandbox.post(PAGE, &to_page(), &sent["request"]["body"]).await;
    let echo = sandbox.hub.wait_for(2).await.pop().unwrap().body();
    assert_eq!(shape(&echo), shape(&fixture!("messenger/echo_own_app")));
    let message = &echo["entry"][0]["messaging"][0]["message"];
    assert_eq!((&message["mid"], &message["metadata"]), (&answer["message_id"], &json!("hubchat:msg_01HXYZ")));
    assert_eq!(message["app_id"], json!(4_000_000_000_000_001_i64));
}

#[tokio::test]
async fn tokens_are_checked_and_another_accounts_is_counted() {
    let sandbox = Running::start().await;
    sandbox.say(PAGE, PSID, text("hello")).await;
    let ok = words(PSID, "x");
    assert_eq!(decisive(sandbox.post("nobody", &to_page(), &ok).await).1, json!(190));
    assert_eq!(sandbox.meta.wrong_token_calls(), 0, "a token nobody has is another mistake");
    assert_eq!(decisive(sandbox.post(OTHER_PAGE, &to_page(), &ok).await).1, json!(10));
    assert_eq!(decisive(sandbox.get(OTHER_PAGE, PSID).await), (400, json!(100), json!(33)));
    assert_eq!(sandbox.get(INSTAGRAM, PAGE).await.0, 400);
    let (comment_id, _) = sandbox.say(PAGE, COMMENTER, comment("x")).await;
    assert_eq!(sandbox.post(OTHER_PAGE, &format!("{comment_id}/comments"), &json!({"message": "x"})).await.0, 400);
    assert_eq!(sandbox.meta.wrong_token_calls(), 4);
    assert!(sandbox.meta.effects().is_empty());

    let url = format!("{}/v25.0/{}", sandbox.url, to_page());
    let in_query = sandbox.client.post(format!("{url}?access_token={}", token(PAGE))).json(&ok);
    assert_eq!(answered(in_query).await.0, 200);
    let mut with_token = ok.clone();
    with_token["access_token"] = json!(token(PAGE));
    assert_eq!(answered(sandbox.client.post(&url).json(&with_token)).await.0, 200);
    // HMAC-SHA256 of the token with the default app's secret.
    let right = hubchat_sandbox::meta_signature("sandbox-app-secret", token(PAGE).as_bytes()).replace("sha256=", "");
    assert_eq!(sandbox.post(PAGE, &format!("{}?appsecret_proof={right}", to_page()), &ok).await.0, 200);
    let (status, refused) = sandbox.post(PAGE, &format!("{}?appsecret_proof=0f", to_page()), &ok).await;
    assert_eq!((status, &refused["error"]["type"]), (400, &json!("GraphMethodException")));

    sandbox.meta.set_token(PAGE, "fresh");
    let ended = decisive(sandbox.post(PAGE, &to_page(), &ok).await);
    assert_eq!(ended, recorded(&fixture!("messenger/send/error_190_token")));
    assert_eq!(answered(sandbox.client.post(&url).bearer_auth("fresh").json(&ok)).await.0, 200);
    assert_eq!(sandbox.meta.wrong_token_calls(), 4);
}

#[tokio::test]
async fn a_page_speaks_for_its_instagram_account() {
    let sandbox = Running::start().await;
    sandbox.meta.add_page(MetaPage { instagram_id: Some(INSTAGRAM.to_owned()), ..MetaPage::new(PAGE, &token(PAGE)) });
    sandbox.say(INSTAGRAM, IGSID, text("hello")).await;
    let (status, answer) = sandbox.post(PAGE, &to_page(), &words(IGSID, "x")).await;
    assert_eq!(status, 200, "{answer}");
    let effect = sandbox.meta.effects().pop().unwrap();
    assert_eq!((effect.account_id.as_str(), effect.channel), (INSTAGRAM, "instagram"));
    assert_eq!(sandbox.get(PAGE, IGSID).await.0, 200);
    assert_eq!(sandbox.meta.wrong_token_calls(), 0);
}

#[tokio::test]
async fn look_ups_tell_what_was_asked() {
    let sandbox = Running::start().await;
    sandbox.say(PAGE, PSID, text("hello")).await;
    sandbox.say(INSTAGRAM, IGSID, text("hello")).await;
    let keys = |answer: (u16, Value)| answer.1.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let profile = sandbox.get(PAGE, &format!("{PSID}?fields=first_name,last_name,profile_pic")).await;
    let picture = sandbox.client.get(profile.1["profile_pic"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(picture.status().as_u16(), 200);
    assert_eq!(keys(profile), ["first_name", "id", "last_name", "profile_pic"]);
    assert_eq!(
        keys(sandbox.get(INSTAGRAM, &format!("{IGSID}?fields=name,username")).await),
        ["id", "name", "username"]
    );
    assert_eq!(sandbox.get(PAGE, &format!("{PAGE}?fields=id,name")).await.1["id"], json!(PAGE));
    let (_, me) = sandbox.get(INSTAGRAM, "me?fields=user_id,username").await;
    assert_eq!(me["user_id"], json!(INSTAGRAM));
    let debug = |token: &str| {
        let url = format!("{}/debug_token?input_token={token}", sandbox.url);
        answered(sandbox.client.get(url).bearer_auth("4000000000000001|sandbox-app-secret"))
    };
    let (status, told) = debug(&token(PAGE)).await;
    assert_eq!((status, &told["data"]["profile_id"]), (200, &json!(PAGE)));
    let recorded = fixture!("messenger/send/debug_token");
    for field in recorded["response"]["body"]["data"].as_object().unwrap().keys() {
        assert!(told["data"].get(field).is_some(), "{field}");
    }
    assert_eq!(debug("nonsense").await.1["data"]["is_valid"], json!(false));
}

#[tokio::test]
async fn faults_are_for_the_last_segment_of_the_path() {
    let sandbox = Running::start().await;
    sandbox.say(PAGE, PSID, text("hello")).await;
    let ok = words(PSID, "x");
    sandbox.meta.set_fault(Fault::on("/messages", FaultAction::RejectBeforeEffect500).times(1));
    let (status, answer) = sandbox.post(PAGE, &to_page(), &ok).await;
    let transient = fixture!("messenger/send/error_2_transient");
    assert_eq!(status, 500);
    assert_eq!(answer["error"]["is_transient"], transient["response"]["body"]["error"]["is_transient"]);
    assert!(sandbox.meta.effects().is_empty());
    sandbox.meta.set_fault(Fault::on("/messages", FaultAction::LostAnswerAfterEffect).to(PSID).times(1));
    let url = format!("{}/v25.0/{}", sandbox.url, to_page());
    assert!(sandbox.client.post(url).bearer_auth(token(PAGE)).json(&ok).send().await.is_err());
    assert_eq!(sandbox.meta.effects().len(), 1);
    sandbox.meta.set_fault(Fault::on("/messages", FaultAction::rate_limited()).to("5"));
    sandbox.meta.set_fault(Fault::on("/comments", FaultAction::rate_limited()));
    assert_eq!(sandbox.post(PAGE, &to_page(), &ok).await.0, 200, "another person's, another path's");
    let (id, _) = sandbox.say(PAGE, COMMENTER, comment("x")).await;
    let (status, answer) = sandbox.post(PAGE, &format!("{id}/comments"), &json!({"message": "x"})).await;
    assert_eq!((status, &answer["error"]["code"]), (429, &json!(4)));
}

//! Push, reply, retry keys, quota.

use std::time::Duration;

use hubchat_sandbox::{SandboxClock, SandboxConfig, Say, SayKind, Via};
use serde_json::{Value, json};

use crate::harness::{GROUP, Harness, KEY, PUSH, REPLY, TOKEN, USER, status_and_json};

/// Request and expected answer of calls whose answer does not hang on a fault.
const RECORDED: [(&str, &str); 15] = [
    ("push_audio", include_str!("../../fixtures/line/send/push_audio.json")),
    ("push_confirm_template", include_str!("../../fixtures/line/send/push_confirm_template.json")),
    ("push_flex_card", include_str!("../../fixtures/line/send/push_flex_card.json")),
    ("push_image", include_str!("../../fixtures/line/send/push_image.json")),
    ("push_location", include_str!("../../fixtures/line/send/push_location.json")),
    ("push_pdf_as_link", include_str!("../../fixtures/line/send/push_pdf_as_link.json")),
    ("push_quick_reply", include_str!("../../fixtures/line/send/push_quick_reply.json")),
    ("push_text", include_str!("../../fixtures/line/send/push_text.json")),
    ("push_text_quote", include_str!("../../fixtures/line/send/push_text_quote.json")),
    ("push_video", include_str!("../../fixtures/line/send/push_video.json")),
    ("reply_text", include_str!("../../fixtures/line/send/reply_text.json")),
    ("get_bot_info", include_str!("../../fixtures/line/send/get_bot_info.json")),
    ("get_profile", include_str!("../../fixtures/line/send/get_profile.json")),
    ("get_group_member_profile", include_str!("../../fixtures/line/send/get_group_member_profile.json")),
    ("error_401", include_str!("../../fixtures/line/send/error_401.json")),
];

/// The same keys at every depth; values may differ, for ids and names are invented.
fn same_shape(expected: &Value, got: &Value, at: &str) {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            let keys = |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(expected), keys(got), "{at}");
            for (key, value) in expected {
                same_shape(value, &got[key], &format!("{at}.{key}"));
            }
        }
        (Value::Array(expected), Value::Array(got)) => {
            assert_eq!(expected.len(), got.len(), "{at}");
            for (expected, got) in expected.iter().zip(got) {
                same_shape(expected, got, at);
            }
        }
        (expected, got) => {
            assert_eq!(std::mem::discriminant(expected), std::mem::discriminant(got), "{at}");
        }
    }
}

#[tokio::test]
async fn recorded_requests_get_answers_of_the_recorded_shape() {
    for (name, recorded) in RECORDED {
        let sandbox = Harness::start().await;
        let reply_token = json!({ "type": "postback", "replyToken": "0000000000000000000000000abc0001" });
        sandbox.line.say(Say::new(SayKind::Raw(reply_token)).from(USER)).await.unwrap();
        let recorded: Value = serde_json::from_str(recorded).unwrap();
        let request = &recorded["request"];
        let method = request["method"].as_str().unwrap().parse().unwrap();
        let mut call = sandbox.client.request(method, format!("{}{}", sandbox.url, request["path"].as_str().unwrap()));
        for (header, value) in request["headers"].as_object().unwrap() {
            let token = if name == "error_401" { "another-token" } else { TOKEN };
            call = call.header(header, value.as_str().unwrap().replace("{channel_access_token}", token));
        }
        if let Some(body) = request.get("body") {
            call = call.body(body.to_string());
        }
        let answer = call.send().await.unwrap();
        let expected = &recorded["response"];
        assert_eq!(json!(answer.status().as_u16()), expected["status"], "{name}");
        assert!(answer.headers().contains_key("x-line-request-id"), "{name}");
        let body: Value = answer.json().await.unwrap();
        same_shape(&expected["body"], &body, name);
        if name == "error_401" {
            assert_eq!(body, expected["body"]);
        }
        if let Some(messages) = request.pointer("/body/messages") {
            let effects = sandbox.line.effects();
            if name == "error_401" {
                assert!(effects.is_empty());
            } else {
                assert_eq!(json!(effects[0].message_values()), *messages, "{name}");
                assert_eq!(effects[0].to, USER, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_push_is_one_effect_with_the_ids_of_the_answer() {
    let sandbox = Harness::start().await;
    let body = json!({ "to": GROUP, "messages": [
        { "type": "text", "text": "one" }, { "type": "text", "text": "two" },
    ]});
    let answer = sandbox.post(PUSH).header("X-Line-Retry-Key", KEY).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let request_id = answer.headers()["x-line-request-id"].to_str().unwrap().to_owned();
    let answer: Value = answer.json().await.unwrap();
    let effects = sandbox.line.effects();
    assert_eq!(effects.len(), 1);
    let effect = &effects[0];
    assert_eq!((effect.seq, effect.to.as_str(), effect.via, effect.blocked), (1, GROUP, Via::Push, false));
    assert_eq!(effect.request_id.to_string(), request_id);
    assert_eq!(effect.retry_key.unwrap().to_string(), KEY);
    assert_eq!(json!(effect.sent_messages), answer["sentMessages"]);
    assert_eq!(effect.message_values()[1]["text"], "two");
    assert_eq!(sandbox.line.effects_after(1, 10).len(), 0);
}

#[tokio::test]
async fn the_same_retry_key_again_is_refused_with_the_first_answers_ids() {
    let clock = SandboxClock::manual(1_767_225_600_000);
    let sandbox = Harness::with(SandboxConfig { clock: clock.clone(), ..SandboxConfig::default() }).await;
    let first = sandbox.push("x").header("X-Line-Retry-Key", KEY).send().await.unwrap();
    let first_id = first.headers()["x-line-request-id"].clone();
    let first: Value = first.json().await.unwrap();

    clock.advance(Duration::from_secs(24 * 3600 - 1));
    let again = sandbox.push("x").header("X-Line-Retry-Key", KEY).send().await.unwrap();
    assert_eq!(again.status(), 409);
    assert_eq!(again.headers()["x-line-accepted-request-id"], first_id);
    assert_ne!(again.headers()["x-line-request-id"], first_id);
    let again: Value = again.json().await.unwrap();
    assert_eq!(again["message"], "The retry key is already accepted");
    assert_eq!(again["sentMessages"], first["sentMessages"]);
    assert_eq!(sandbox.line.effect_count(), 1);

    clock.advance(Duration::from_secs(1));
    let next_day = sandbox.push("x").header("X-Line-Retry-Key", KEY).send().await.unwrap();
    assert_eq!(next_day.status(), 200);
    assert_eq!(sandbox.line.effect_count(), 2);
}

#[tokio::test]
async fn one_retry_key_at_the_same_moment_gives_one_effect() {
    let sandbox = Harness::start().await;
    let sends = (0..32).map(|_| sandbox.push("x").header("X-Line-Retry-Key", KEY).send());
    let answers = futures_util::future::join_all(sends).await;
    let mut statuses: Vec<u16> = answers.into_iter().map(|answer| answer.unwrap().status().as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses[1], statuses[31]), (200, 409, 409));
    assert_eq!(sandbox.line.effect_count(), 1);
}

#[tokio::test]
async fn a_refused_push_does_not_use_its_retry_key_up() {
    let sandbox = Harness::start().await;
    let (status, _) = status_and_json(sandbox.push("").header("X-Line-Retry-Key", KEY)).await;
    assert_eq!(status, 400);
    let (status, _) = status_and_json(sandbox.push("x").header("X-Line-Retry-Key", KEY)).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn retry_keys_must_be_uuids_and_are_not_for_replies() {
    let sandbox = Harness::start().await;
    let said = sandbox.line.say(Say::text("hello").from(USER)).await.unwrap();
    let token = said.reply_token.unwrap();
    for request in [
        sandbox.push("x").header("X-Line-Retry-Key", "not-a-uuid"),
        sandbox.push("x").header("X-Line-Retry-Key", KEY.replace('-', "")),
        sandbox.reply(&token).header("X-Line-Retry-Key", KEY),
    ] {
        assert_eq!(status_and_json(request).await.0, 400);
    }
    assert_eq!(sandbox.line.effect_count(), 0);
    assert_eq!(status_and_json(sandbox.reply(&token)).await.0, 200);
}

#[tokio::test]
async fn a_reply_token_works_once_and_reaches_who_spoke() {
    let sandbox = Harness::start().await;
    let said = sandbox.line.say(Say::text("hello").from(USER).in_group(GROUP)).await.unwrap();
    let token = said.reply_token.unwrap();
    assert_eq!(status_and_json(sandbox.reply(&token)).await.0, 200);
    let refused = (400, json!({ "message": "Invalid reply token" }));
    assert_eq!(status_and_json(sandbox.reply(&token)).await, refused);
    assert_eq!(status_and_json(sandbox.reply("0000")).await, refused);
    let effects = sandbox.line.effects();
    assert_eq!(effects.len(), 1);
    assert_eq!((effects[0].to.as_str(), effects[0].via), (GROUP, Via::Reply));
}

#[tokio::test]
async fn a_reply_token_ends_after_a_minute_and_lives_again_with_a_redelivery() {
    let clock = SandboxClock::manual(1_767_225_600_000);
    let sandbox = Harness::with(SandboxConfig { clock: clock.clone(), ..SandboxConfig::default() }).await;
    let said = sandbox.line.say(Say::text("hello")).await.unwrap();
    let late = sandbox.line.say(Say::text("again")).await.unwrap();
    let (token, late_token) = (said.reply_token.unwrap(), late.reply_token.unwrap());
    clock.advance(Duration::from_mins(1));
    assert_eq!(status_and_json(sandbox.reply(&token)).await.0, 400);
    sandbox.line.redeliver(&said.webhook_event_id, 1).await.unwrap();
    assert_eq!(status_and_json(sandbox.reply(&token)).await.0, 200);
    clock.advance(Duration::from_mins(20));
    sandbox.line.redeliver(&late.webhook_event_id, 1).await.unwrap();
    assert_eq!(status_and_json(sandbox.reply(&late_token)).await.0, 400);
}

#[tokio::test]
async fn a_push_to_a_user_who_blocked_the_channel_is_accepted_but_not_seen() {
    let sandbox = Harness::start().await;
    sandbox.line.say(Say::new(SayKind::Unfollow).from(USER)).await.unwrap();
    assert_eq!(status_and_json(sandbox.push("x")).await.0, 200);
    assert!(sandbox.line.effects()[0].blocked);
    let by_channel = |entries: &[hubchat_sandbox::ChatEntry]| entries.iter().filter(|e| e.by == "channel").count();
    assert_eq!(by_channel(&sandbox.line.chat(USER)), 0);

    sandbox.line.say(Say::new(SayKind::Follow { is_unblocked: true }).from(USER)).await.unwrap();
    assert_eq!(status_and_json(sandbox.push("x")).await.0, 200);
    assert!(!sandbox.line.effects()[1].blocked);
    assert_eq!(by_channel(&sandbox.line.chat(USER)), 1);
}

#[tokio::test]
async fn the_quota_ends_pushes_but_not_replies() {
    let sandbox = Harness::with(SandboxConfig { monthly_quota: Some(1), ..SandboxConfig::default() }).await;
    let said = sandbox.line.say(Say::text("hello")).await.unwrap();
    assert_eq!(status_and_json(sandbox.push("x")).await.0, 200);
    let recorded: Value =
        serde_json::from_str(include_str!("../../fixtures/line/send/error_429_monthly_limit.json")).unwrap();
    assert_eq!(status_and_json(sandbox.push("x")).await, (429, recorded["response"]["body"].clone()));
    assert_eq!(status_and_json(sandbox.reply(&said.reply_token.unwrap())).await.0, 200);
    let quota = status_and_json(sandbox.get("/v2/bot/message/quota")).await;
    assert_eq!(quota, (200, json!({ "type": "limited", "value": 1 })));
    let used = status_and_json(sandbox.get("/v2/bot/message/quota/consumption")).await;
    assert_eq!(used, (200, json!({ "totalUsage": 1 })));
}

#[tokio::test]
async fn only_the_newest_effects_are_kept_and_numbers_go_on() {
    let sandbox = Harness::with(SandboxConfig { kept_effects: 2, ..SandboxConfig::default() }).await;
    for _ in 0..3 {
        assert_eq!(status_and_json(sandbox.push("x")).await.0, 200);
    }
    let kept = sandbox.line.wait_for_effects(3, Duration::from_secs(5)).await;
    assert_eq!(kept.iter().map(|effect| effect.seq).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(sandbox.line.effects_after(2, 10).len(), 1);
    assert_eq!(sandbox.line.effect_count(), 3);
}

#[tokio::test]
async fn requests_that_are_no_json_or_too_large_are_refused_before_anything_else() {
    let sandbox = Harness::start().await;
    let huge = "x".repeat(2 * 1024 * 1024 + 1);
    let json_type = "application/json";
    for (content_type, body, expected) in [
        (json_type, "{\"to\":", 400),
        (json_type, "", 400),
        (json_type, "{\"to\": 5}", 400),
        ("text/plain", "{}", 415),
        (json_type, huge.as_str(), 413),
    ] {
        let request = sandbox.post(PUSH).header("content-type", content_type).body(body.to_owned());
        let (status, answer) = status_and_json(request).await;
        assert_eq!(status, expected);
        assert!(answer["message"].is_string());
    }
    assert_eq!(sandbox.post(REPLY).body("{}").send().await.unwrap().status(), 415);
    let counts = sandbox.line.requests();
    let bad = counts.iter().find(|count| count.path.ends_with("/push") && count.status == 400).unwrap();
    assert_eq!(bad.count, 3);
}

//! Faults set on purpose.

use std::time::Duration;

use hubchat_sandbox::{Fault, FaultAction, Say};
use serde_json::{Value, json};

use crate::harness::{Harness, KEY, PUSH, USER, status_and_json};

#[tokio::test]
async fn a_status_fault_answers_lines_own_body_and_has_no_effect() {
    let recorded = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    for (action, expected) in [
        (FaultAction::unauthorized(), recorded(include_str!("../../fixtures/line/send/error_401.json"))),
        (FaultAction::rate_limited(), recorded(include_str!("../../fixtures/line/send/error_429_rate.json"))),
        (FaultAction::monthly_quota(), recorded(include_str!("../../fixtures/line/send/error_429_monthly_limit.json"))),
    ] {
        let sandbox = Harness::start().await;
        sandbox.line.set_fault(Fault::on(PUSH, action).times(1));
        let (status, body) = status_and_json(sandbox.push("x")).await;
        assert_eq!(json!(status), expected["response"]["status"]);
        assert_eq!(body, expected["response"]["body"]);
        assert_eq!(sandbox.line.effect_count(), 0);
        assert_eq!(status_and_json(sandbox.push("x")).await.0, 200);
    }
}

#[tokio::test]
async fn a_rejected_push_can_be_sent_again_with_the_same_key() {
    let sandbox = Harness::start().await;
    sandbox.line.set_fault(Fault::on(PUSH, FaultAction::RejectBeforeEffect500).times(1));
    assert_eq!(status_and_json(sandbox.push("x").header("X-Line-Retry-Key", KEY)).await.0, 500);
    assert_eq!(sandbox.line.effect_count(), 0);
    assert_eq!(status_and_json(sandbox.push("x").header("X-Line-Retry-Key", KEY)).await.0, 200);
}

#[tokio::test]
async fn a_lost_answer_breaks_the_connection_after_the_effect() {
    let sandbox = Harness::start().await;
    assert_eq!(status_and_json(sandbox.push("warms the connection up")).await.0, 200);
    sandbox.line.set_fault(Fault::on(PUSH, FaultAction::LostAnswerAfterEffect).times(1));
    let lost = sandbox.push("x").header("X-Line-Retry-Key", KEY).send().await.unwrap_err();
    assert!(!lost.is_timeout());
    assert_eq!(sandbox.line.effect_count(), 2);
    assert_eq!(status_and_json(sandbox.push("x").header("X-Line-Retry-Key", KEY)).await.0, 409);
    assert_eq!(sandbox.line.effect_count(), 2);
    let lost = sandbox.line.requests().into_iter().find(|count| count.status == 0).unwrap();
    assert_eq!((lost.path, lost.count), ("POST /v2/bot/message/push", 1));
}

#[tokio::test]
async fn a_hanging_answer_and_one_lost_before_the_effect_differ_only_in_the_effect() {
    let sandbox = Harness::start().await;
    sandbox.line.set_fault(Fault::on(PUSH, FaultAction::HangAfterEffect { ms: 60_000 }).times(1));
    let hung = sandbox.push("x").timeout(Duration::from_millis(200)).send().await.unwrap_err();
    assert!(hung.is_timeout());
    assert_eq!(sandbox.line.effect_count(), 1);
    sandbox.line.set_fault(Fault::on(PUSH, FaultAction::LostBeforeEffect).times(1));
    sandbox.push("x").send().await.unwrap_err();
    assert_eq!(sandbox.line.effect_count(), 1);
}

#[tokio::test]
async fn a_truncated_answer_has_its_status_but_not_its_body() {
    let sandbox = Harness::start().await;
    sandbox.line.set_fault(Fault::on(PUSH, FaultAction::Truncated2xx).times(1));
    let answer = sandbox.push("x").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap_err();
    assert_eq!(sandbox.line.effect_count(), 1);
}

#[tokio::test]
async fn a_slow_answer_has_its_effect_although_the_client_left() {
    let sandbox = Harness::start().await;
    sandbox.line.set_fault(Fault::on(PUSH, FaultAction::Delay { ms: 300 }).times(1));
    let slow = sandbox.push("x").timeout(Duration::from_millis(50)).send().await.unwrap_err();
    assert!(slow.is_timeout());
    assert_eq!(sandbox.line.wait_for_effects(1, Duration::from_secs(10)).await.len(), 1);
}

#[tokio::test]
async fn a_fault_for_one_user_meets_their_pushes_and_replies_only() {
    let sandbox = Harness::start().await;
    let other = "U99990000aaaabbbbccccddddeeeeffff";
    let mine = sandbox.line.say(Say::text("hello").from(USER)).await.unwrap();
    let theirs = sandbox.line.say(Say::text("hello").from(other)).await.unwrap();
    sandbox.line.set_fault(Fault::on("/v2/bot/message", FaultAction::RejectBeforeEffect500).to(USER));
    assert_eq!(status_and_json(sandbox.push("x")).await.0, 500);
    assert_eq!(status_and_json(sandbox.reply(&mine.reply_token.unwrap())).await.0, 500);
    assert_eq!(status_and_json(sandbox.reply(&theirs.reply_token.unwrap())).await.0, 200);
    sandbox.line.clear_faults();
    assert_eq!(status_and_json(sandbox.push("x")).await.0, 200);
}

#[tokio::test]
async fn every_third_request_fails_until_the_times_are_over() {
    let sandbox = Harness::start().await;
    sandbox.line.set_fault(Fault::on(PUSH, FaultAction::Status { code: 503, body: None }).every(3).times(2));
    let mut statuses = Vec::new();
    for _ in 0..9 {
        statuses.push(status_and_json(sandbox.push("x")).await.0);
    }
    assert_eq!(statuses, [200, 200, 503, 200, 200, 503, 200, 200, 200]);
}

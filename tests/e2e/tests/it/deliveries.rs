//! Deliveries through a provider that misbehaves: nothing lost, nothing twice, order kept.

use hubchat_sandbox::{Fault, FaultAction};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    deadline::eventually,
    hub::ACCESS_TOKEN,
    on_both_databases,
    webhook::{body, post, text_event, user},
};

/// A conversation whose right to reply is used up, so that everything goes by push.
async fn conversation_for_pushes(hub: &crate::hub::Hub, customer: usize) -> Value {
    let url = format!("{}{}", hub.url, hub.webhook_path);
    post(&hub.client, &url, body(&[text_event(&user(customer), &format!("first{customer}"), "hi")])).await;
    eventually("the customer's conversation", || async {
        hub.list("/api/conversations?limit=200").await.into_iter().find(|row| row["externalThreadId"] == user(customer))
    })
    .await
}

fn texts_to(hub: &crate::hub::Hub, customer: usize) -> Vec<String> {
    let effects = hub.effects();
    let mine = effects.iter().filter(|effect| effect.to == user(customer));
    mine.flat_map(|effect| {
        effect.message_values().into_iter().map(|m| m["text"].as_str().unwrap_or_default().to_owned())
    })
    .collect()
}

on_both_databases! {
    async fn a_lost_answer_is_asked_again_under_the_same_key(hub: Hub) {
        let conversation = conversation_for_pushes(hub, 1).await;
        hub.sandbox.line().set_fault(Fault::on("/v2/bot/message/push", FaultAction::LostAnswerAfterEffect).times(2));
        let message = hub.send_text(&conversation, "exactly once").await;
        let message = hub.settled(&message, &["SENT", "FAILED", "UNCERTAIN"]).await;
        assert_eq!(message["deliveryStatus"], "SENT");
        assert_eq!(texts_to(hub, 1), ["exactly once"]);
    }

    async fn errors_that_pass_cost_nothing_but_time(hub: Hub) {
        let conversation = conversation_for_pushes(hub, 1).await;
        for action in [
            FaultAction::RejectBeforeEffect500,
            FaultAction::rate_limited(),
            FaultAction::Truncated2xx,
            FaultAction::Delay { ms: 200 },
        ] {
            hub.sandbox.line().set_fault(Fault::on("/v2/bot/message/push", action).times(1));
            let message = hub.send_text(&conversation, "through").await;
            let message = hub.settled(&message, &["SENT", "FAILED", "UNCERTAIN"]).await;
            assert_eq!(message["deliveryStatus"], "SENT", "{message}");
            hub.sandbox.line().clear_faults();
        }
        assert_eq!(texts_to(hub, 1).len(), 4);
    }

    async fn a_used_up_quota_is_shown_with_its_reason(hub: Hub) {
        let conversation = conversation_for_pushes(hub, 1).await;
        hub.sandbox.line().set_fault(Fault::on("/v2/bot/message/push", FaultAction::monthly_quota()));
        let message = hub.send_text(&conversation, "too much").await;
        let message = hub.settled(&message, &["SENT", "FAILED"]).await;
        assert_eq!((&message["deliveryStatus"], &message["failure"]["code"]), (&json!("FAILED"), &json!("quota_exhausted")));
        assert!(texts_to(hub, 1).is_empty());
    }

    async fn refused_credentials_make_sends_wait_and_new_ones_let_them_go_in_order(hub: Hub) {
        let conversation = conversation_for_pushes(hub, 1).await;
        hub.sandbox.line().set_fault(Fault::on("/v2/bot", FaultAction::unauthorized()));
        let texts = ["one", "two", "three"];
        let mut last = Value::Null;
        for text in texts {
            last = hub.send_text(&conversation, text).await;
        }
        let channel = |status: &'static str| async move {
            let channels = hub.list("/api/channels").await;
            channels.into_iter().find(|channel| channel["status"] == status)
        };
        let paused = eventually("the account waits for credentials", || channel("UNAUTHORIZED")).await;
        assert!(paused["statusReason"].is_string());
        assert_eq!(hub.get(&format!("/api/messages/{}", last["id"].as_str().unwrap())).await["deliveryStatus"], "QUEUED");
        hub.sandbox.line().clear_faults();
        let path = format!("/api/channels/{}/test", hub.channel_id);
        let (status, report) = hub.call(Method::POST, &path, Some(json!({}))).await;
        assert_eq!(status, StatusCode::OK, "{report}");
        assert!(channel("ACTIVE").await.is_some());
        hub.settled(&last, &["SENT"]).await;
        assert_eq!(texts_to(hub, 1), texts);
        assert!(!report.to_string().contains(ACCESS_TOKEN));
    }

    async fn a_new_token_sends_what_waited_for_it_in_order(hub: Hub) {
        let conversation = conversation_for_pushes(hub, 1).await;
        let path = format!("/api/channels/{}", hub.channel_id);
        let credentials = |token: &str| json!({"credentials": {"accessToken": token}});
        // Another's token is refused by the provider and changes nothing.
        let (status, problem) = hub.call(Method::PATCH, &path, Some(credentials("revoked"))).await;
        assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("channel_credentials_refused")), "{problem}");
        // The provider changes the token; ours is refused from now on.
        let rotate = |token: &str| {
            hub.sandbox.line().add_channel(hubchat_sandbox::LineChannel::new(
                crate::hub::DESTINATION,
                crate::hub::CHANNEL_SECRET,
                token,
            ));
        };
        rotate("rotated-token");
        let texts = ["one", "two", "three"];
        let mut last = Value::Null;
        for text in texts {
            last = hub.send_text(&conversation, text).await;
        }
        eventually("the account waits for credentials", || async {
            let channels = hub.list("/api/channels").await;
            channels.iter().any(|channel| channel["status"] == "UNAUTHORIZED").then_some(())
        })
        .await;
        let (status, account) = hub.call(Method::PATCH, &path, Some(credentials("rotated-token"))).await;
        assert_eq!((status, &account["status"]), (StatusCode::OK, &json!("ACTIVE")), "{account}");
        assert!(!account.to_string().contains("rotated-token"));
        hub.settled(&last, &["SENT"]).await;
        assert_eq!(texts_to(hub, 1), texts);
    }

    async fn a_paused_account_receives_and_its_sends_wait(hub: Hub) {
        let conversation = conversation_for_pushes(hub, 1).await;
        let path = format!("/api/channels/{}", hub.channel_id);
        let (status, account) = hub.call(Method::PATCH, &path, Some(json!({"status": "PAUSED", "name": "Closed"}))).await;
        assert_eq!((status, &account["status"], &account["name"]), (StatusCode::OK, &json!("PAUSED"), &json!("Closed")));
        let message = hub.send_text(&conversation, "later").await;
        let heard = conversation["inboundCount"].as_i64().unwrap();
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let webhook = crate::webhook::body(&[crate::webhook::text_event(&user(1), "while-paused", "still here?")]);
        assert_eq!(crate::webhook::post(&hub.client, &url, webhook).await, Some(StatusCode::OK));
        hub.conversation("what came meanwhile", |row| row["inboundCount"].as_i64() > Some(heard)).await;
        assert_eq!(hub.get(&format!("/api/messages/{}", message["id"].as_str().unwrap())).await["deliveryStatus"], "QUEUED");
        assert!(texts_to(hub, 1).is_empty());
        for wrong in [json!({"status": "UNAUTHORIZED"}), json!({"name": " "}), json!({"credentials": {"unknown": "x"}})] {
            let (status, problem) = hub.call(Method::PATCH, &path, Some(wrong)).await;
            assert_eq!(status.as_u16(), 422, "{problem}");
        }
        let (status, _) = hub.call(Method::PATCH, &path, Some(json!({"status": "ACTIVE"}))).await;
        assert_eq!(status, StatusCode::OK);
        hub.settled(&message, &["SENT"]).await;
        assert_eq!(texts_to(hub, 1), ["later"]);
    }

    async fn one_stuck_conversation_holds_up_nobody_else(hub: Hub) {
        let stuck = conversation_for_pushes(hub, 0).await;
        hub.sandbox.line().set_fault(Fault::on("/v2/bot/message/push", FaultAction::Status { code: 503, body: None }).to(&user(0)));
        let head = hub.send_text(&stuck, "stuck").await;
        let mut others = Vec::new();
        for customer in 1..20 {
            let conversation = conversation_for_pushes(hub, customer).await;
            others.push(hub.send_text(&conversation, "free").await);
        }
        for message in &others {
            hub.settled(message, &["SENT"]).await;
        }
        assert_eq!(hub.get(&format!("/api/messages/{}", head["id"].as_str().unwrap())).await["deliveryStatus"], "QUEUED");
        let successor = hub.send_text(&stuck, "after it").await;
        hub.sandbox.line().clear_faults();
        hub.settled(&head, &["SENT"]).await;
        hub.settled(&successor, &["SENT"]).await;
        assert_eq!(texts_to(hub, 0), ["stuck", "after it"]);
    }

    async fn long_texts_go_out_in_parts_of_one_request(hub: Hub) {
        let conversation = conversation_for_pushes(hub, 1).await;
        let long = "ก".repeat(12_000);
        let message = hub.send_text(&conversation, &long).await;
        hub.settled(&message, &["SENT"]).await;
        let effects = hub.effects();
        assert_eq!(effects.len(), 1);
        assert_eq!(effects[0].message_values().len(), 3);
        assert_eq!(texts_to(hub, 1).concat(), long);
    }
}

//! Telegram end to end, in both directions.

use std::time::Duration;

use hubchat_sandbox::{Fault, FaultAction, TelegramBot, TelegramFile, TelegramSay};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{deadline::eventually, on_both_databases};

const TOKEN: &str = "7000000001:e2e-bot-token";
const CUSTOMER: i64 = 900_100_200;

impl crate::hub::Hub {
    /// Connects a bot over the API and lets hubchat tell Telegram its webhook.
    async fn connect_bot(&self, token: &str) -> Value {
        self.sandbox.telegram().add_bot(TelegramBot::new(token));
        let body = json!({"channelType": "TELEGRAM", "name": "Bot", "credentials": {"botToken": token}});
        let (status, account) = self.call(Method::POST, "/api/channels", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{account}");
        let path = format!("/api/channels/{}/test", account["id"].as_str().unwrap());
        let (status, report) = self.call(Method::POST, &path, Some(json!({"setWebhook": true}))).await;
        assert_eq!(status, StatusCode::OK, "{report}");
        assert_eq!(report["healthy"], true, "{report}");
        account
    }

    async fn tell(&self, user: i64, say: TelegramSay) -> hubchat_sandbox::TelegramUpdate {
        let said = self.sandbox.telegram().say(None, user, say).await.unwrap();
        assert_eq!(said.status, 200);
        said
    }

    async fn telegram_thread(&self) -> Value {
        self.conversation("the Telegram conversation", |row| row["channelType"] == "TELEGRAM").await
    }

    fn got(&self) -> Vec<String> {
        let effects = self.sandbox.telegram().effects();
        effects.iter().map(|effect| effect.body["text"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

on_both_databases! {
    async fn a_customer_of_a_bot_becomes_a_lead_and_is_answered_with_a_quote(hub: Hub) {
        hub.connect_bot(TOKEN).await;
        let said = hub.tell(CUSTOMER, TelegramSay::Text("สวัสดีครับ".to_owned())).await;
        let thread = eventually("the profile is known", || async {
            let thread = hub.telegram_thread().await;
            (thread["participantDisplayName"] == "Somchai K.").then_some(thread)
        })
        .await;
        assert_eq!((&thread["unreadCount"], &thread["lastMessagePreview"]), (&json!(1), &json!("สวัสดีครับ")));
        let path = format!("/api/conversations/{}/messages", thread["id"].as_str().unwrap());
        let question = hub.messages(&thread).await.remove(0);
        let body = json!({"type": "text", "content": "ยินดีครับ", "replyTo": question["id"]});
        let (status, message) = hub.call(Method::POST, &path, Some(body)).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{message}");
        let message = hub.settled(&message, &["SENT"]).await;
        let effects = hub.sandbox.telegram().effects();
        let [effect] = effects.as_slice() else { panic!("one message: {effects:?}") };
        assert_eq!((effect.chat_id, &effect.body["text"]), (CUSTOMER, &json!("ยินดีครับ")));
        assert_eq!(effect.body["reply_parameters"]["message_id"], said.message_id);
        assert_eq!(message["externalMessageId"], format!("{CUSTOMER}:{}", effect.message_id));
    }

    async fn an_update_that_comes_again_counts_once_and_a_foreign_one_not_at_all(hub: Hub) {
        let account = hub.connect_bot(TOKEN).await;
        let said = hub.tell(CUSTOMER, TelegramSay::Text("once".to_owned())).await;
        for _ in 0..3 {
            assert_eq!(hub.sandbox.telegram().redeliver(said.update_id).await.unwrap(), 200);
        }
        hub.drained().await;
        assert_eq!(hub.messages(&hub.telegram_thread().await).await.len(), 1);
        let url = format!("{}{}", hub.url, account["webhookPath"].as_str().unwrap());
        for secret in [None, Some(""), Some("guessed")] {
            let mut request = hub.client.post(&url).json(&json!({"update_id": 1, "message": {"text": "forged"}}));
            if let Some(secret) = secret {
                request = request.header("x-telegram-bot-api-secret-token", secret);
            }
            assert_eq!(request.send().await.unwrap().status(), StatusCode::UNAUTHORIZED, "{secret:?}");
        }
        assert_eq!(hub.messages(&hub.telegram_thread().await).await.len(), 1);
    }

    async fn pictures_edits_buttons_and_blocking_come_through(hub: Hub) {
        hub.connect_bot(TOKEN).await;
        let said = hub.tell(CUSTOMER, TelegramSay::Text("first".to_owned())).await;
        hub.tell(CUSTOMER, TelegramSay::Edit { message_id: said.message_id, text: "changed".to_owned() }).await;
        let file = TelegramFile::picture();
        hub.tell(CUSTOMER, TelegramSay::Photo { file, caption: Some("แบบนี้".to_owned()) }).await;
        hub.tell(CUSTOMER, TelegramSay::Press { message_id: said.message_id, data: "order:1".to_owned() }).await;
        let thread = hub.telegram_thread().await;
        let messages = eventually("the picture is kept", || async {
            let messages = hub.messages(&thread).await;
            let kept = messages.iter().any(|message| message["media"]["status"] == "STORED");
            kept.then_some(messages)
        })
        .await;
        let content: Vec<(&str, &str)> = messages
            .iter()
            .map(|message| (message["messageType"].as_str().unwrap(), message["content"].as_str().unwrap_or_default()))
            .collect();
        assert!(content.contains(&("TEXT", "changed")) && !content.contains(&("TEXT", "first")), "{content:?}");
        assert!(content.contains(&("TEXT", "แบบนี้")) && content.contains(&("TEMPLATE", "order:1")), "{content:?}");
        // Until a press is answered, the customer's app shows that it waits.
        eventually("the press is answered", || async {
            let signals = hub.sandbox.telegram().signals();
            signals.iter().any(|signal| signal.method == "answerCallbackQuery").then_some(())
        })
        .await;
        let path = format!("/api/conversations/{}/typing", thread["id"].as_str().unwrap());
        let (_, typing) = hub.call(Method::POST, &path, None).await;
        assert_eq!(typing["shown"], true, "{typing}");
        // Telegram may know that a bot is blocked before its update comes.
        hub.sandbox.telegram().set_blocked(7_000_000_001, CUSTOMER, true);
        let message = hub.send_text(&thread, "are you there?").await;
        let message = hub.settled(&message, &["FAILED"]).await;
        assert_eq!(message["failure"]["code"], "recipient_unreachable", "{message}");
        hub.tell(CUSTOMER, TelegramSay::Block).await;
        hub.drained().await;
        let (status, problem) = hub.try_send(&thread, json!({"type": "text", "content": "and now?"})).await;
        assert_eq!((status, problem["code"].as_str()), (409, Some("recipient_unreachable")), "{problem}");
        hub.tell(CUSTOMER, TelegramSay::Unblock).await;
        hub.drained().await;
        let message = hub.send_text(&thread, "welcome back").await;
        hub.settled(&message, &["SENT"]).await;
    }

    /// Telegram recognises no repetition, so what may have arrived is never sent again.
    async fn a_lost_answer_is_shown_and_never_repeated(hub: Hub) {
        hub.connect_bot(TOKEN).await;
        hub.tell(CUSTOMER, TelegramSay::Text("hello".to_owned())).await;
        let thread = hub.telegram_thread().await;
        for action in [FaultAction::LostAnswerAfterEffect, FaultAction::Truncated2xx, FaultAction::RejectBeforeEffect500] {
            hub.sandbox.telegram().set_fault(Fault::on("/sendMessage", action).times(1));
            let message = hub.send_text(&thread, "once").await;
            hub.settled(&message, &["UNCERTAIN"]).await;
        }
        let after = hub.send_text(&thread, "after").await;
        hub.settled(&after, &["SENT"]).await;
        assert_eq!(hub.got(), ["once", "once", "after"], "the refused one never arrived, none came twice");
    }

    async fn a_full_bot_waits_as_long_as_telegram_asks_and_keeps_the_order(hub: Hub) {
        hub.connect_bot(TOKEN).await;
        hub.tell(CUSTOMER, TelegramSay::Text("hello".to_owned())).await;
        let thread = hub.telegram_thread().await;
        hub.sandbox.telegram().set_fault(Fault::on("/sendMessage", FaultAction::rate_limited()).times(1));
        let began = tokio::time::Instant::now();
        let mut last = Value::Null;
        for n in 1..=3 {
            last = hub.send_text(&thread, &format!("{n}")).await;
        }
        hub.settled(&last, &["SENT"]).await;
        assert!(began.elapsed() >= Duration::from_secs(1), "retry_after is obeyed");
        assert_eq!(hub.got(), ["1", "2", "3"]);
    }
}

//! Messenger and Instagram end to end, in both directions.

use hubchat_sandbox::{
    Fault, FaultAction, InstagramAccount, MetaEffect, MetaEvent, MetaFile, MetaObject, MetaPage, MetaSay,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::{deadline::eventually, hub::Hub, on_both_databases};

pub const PAGE: &str = "100200300400500";
pub const PERSON: &str = "7254519988800011";
const INSTAGRAM: &str = "17841400000000001";

impl Hub {
    /// Subscribes our webhook at the fake Meta, hand-shake included.
    pub async fn subscribe(&self, object: MetaObject, channel: &str) {
        let url = format!("{}/webhooks/{channel}", self.url);
        assert_eq!(self.sandbox.meta().set_callback(object, &url).await.unwrap(), 200);
    }

    /// Connects an account over the API.
    pub async fn connect(&self, channel: &str, id: &str, credentials: Value) -> Value {
        let body = json!({"channelType": channel, "name": channel, "destination": id, "credentials": credentials});
        let (status, account) = self.call(Method::POST, "/api/channels", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{account}");
        assert!(account.get("unchecked").is_none_or(Value::is_null), "{account}");
        account
    }

    pub async fn connect_page(&self) -> Value {
        self.sandbox.meta().add_page(MetaPage::new(PAGE, "page-token"));
        self.subscribe(MetaObject::Page, "facebook").await;
        self.connect("FACEBOOK", PAGE, json!({"accessToken": "page-token"})).await
    }

    pub async fn says(&self, account: &str, person: &str, say: MetaSay) -> MetaEvent {
        let said = self.sandbox.meta().say(account, person, say).await.unwrap();
        assert_eq!(said.status, 200);
        said
    }

    pub async fn thread_on(&self, channel: &str) -> Value {
        self.conversation(channel, |row| row["channelType"] == channel).await
    }

    /// What people got as messages, in order.
    pub fn meta_effects(&self) -> Vec<Arc<MetaEffect>> {
        let effects = self.sandbox.meta().effects();
        let messages = ["message", "private_reply", "public_reply", "template"];
        effects.into_iter().filter(|effect| messages.contains(&effect.operation)).collect()
    }

    /// Sends; answers the status and what was answered.
    pub async fn try_send(&self, thread: &Value, body: Value) -> (u16, Value) {
        let path = format!("/api/conversations/{}/messages", thread["id"].as_str().unwrap());
        let (status, answer) = self.call(Method::POST, &path, Some(body)).await;
        (status.as_u16(), answer)
    }

    pub async fn send_options(&self, thread: &Value) -> Value {
        self.get(&format!("/api/conversations/{}/send-options", thread["id"].as_str().unwrap())).await
    }
}

/// Types and words of messages.
fn kinds(messages: &[Value]) -> Vec<(&str, &str)> {
    messages
        .iter()
        .map(|message| {
            (message["messageType"].as_str().unwrap_or_default(), message["content"].as_str().unwrap_or_default())
        })
        .collect()
}

on_both_databases! {
    async fn a_customer_of_a_page_becomes_a_lead_and_sees_the_answer(hub: Hub) {
        hub.connect_page().await;
        let said = hub.says(PAGE, PERSON, MetaSay::Text("สวัสดีค่ะ".to_owned())).await;
        let thread = hub.thread_on("FACEBOOK").await;
        let question = hub.messages(&thread).await.remove(0);
        let body = json!({"type": "text", "content": "ยินดีค่ะ", "replyTo": question["id"]});
        let (status, message) = hub.try_send(&thread, body).await;
        assert_eq!(status, 202, "{message}");
        let message = hub.settled(&message, &["SENT"]).await;
        let effects = hub.meta_effects();
        let [effect] = effects.as_slice() else { panic!("one message: {effects:?}") };
        assert_eq!((effect.to.as_str(), &effect.body["message"]["text"]), (PERSON, &json!("ยินดีค่ะ")));
        assert_eq!(effect.body["messaging_type"], "RESPONSE");
        assert_eq!(effect.body["reply_to"]["mid"], said.id.as_str());
        assert_eq!(message["externalMessageId"], effect.id.as_str());
        // Receipts only ever move it forward.
        hub.says(PAGE, PERSON, MetaSay::Read { ids: vec![effect.id.clone()] }).await;
        hub.settled(&message, &["READ"]).await;
        hub.says(PAGE, PERSON, MetaSay::Delivered { ids: vec![effect.id.clone()] }).await;
        hub.drained().await;
        hub.settled(&message, &["READ"]).await;
        assert_eq!(hub.sandbox.meta().wrong_token_calls(), 0);
    }

    async fn every_kind_of_event_has_its_place_in_the_thread(hub: Hub) {
        hub.connect_page().await;
        let said = hub.says(PAGE, PERSON, MetaSay::AdText { text: "interested".to_owned(), ad_id: "604".to_owned() }).await;
        hub.says(PAGE, PERSON, MetaSay::Edit { id: said.id.clone(), text: "very interested".to_owned() }).await;
        hub.says(PAGE, PERSON, MetaSay::Image { file: MetaFile::picture(), caption: None }).await;
        hub.says(PAGE, PERSON, MetaSay::QuickReply { text: "ดำ".to_owned(), payload: "BLACK".to_owned() }).await;
        hub.says(PAGE, PERSON, MetaSay::Postback { title: "สั่งซื้อ".to_owned(), payload: "BUY".to_owned() }).await;
        hub.says(PAGE, PERSON, MetaSay::React { to: said.id.clone(), emoji: Some("❤️".to_owned()) }).await;
        hub.drained().await;
        let thread = hub.thread_on("FACEBOOK").await;
        let messages = eventually("the picture is kept", || async {
            let messages = hub.messages(&thread).await;
            messages.iter().any(|message| message["media"]["status"] == "STORED").then_some(messages)
        })
        .await;
        let told = kinds(&messages);
        for expected in [("TEXT", "very interested"), ("TEMPLATE", "ดำ"), ("TEMPLATE", "สั่งซื้อ"), ("REACTION", "❤️")] {
            assert!(told.contains(&expected), "{expected:?} in {told:?}");
        }
        assert_eq!(told.len(), 5, "{told:?}");
        assert_eq!(thread["unreadCount"], 4, "a reaction asks for nothing");
        let lead = hub.get(&format!("/api/leads/{}", thread["leadId"].as_str().unwrap())).await;
        assert_eq!(lead["referral"]["adId"], "604", "{lead}");
    }

    /// What is answered in the page's own inbox is shown once, and what we sent is not shown twice.
    async fn echoes_show_others_answers_and_never_double_ours(hub: Hub) {
        hub.connect_page().await;
        hub.sandbox.meta().set_echoes(true);
        hub.says(PAGE, PERSON, MetaSay::Text("hello".to_owned())).await;
        let thread = hub.thread_on("FACEBOOK").await;
        for n in 0..5 {
            let message = hub.send_text(&thread, &format!("ours {n}")).await;
            hub.settled(&message, &["SENT"]).await;
        }
        let native = hub.says(PAGE, PERSON, MetaSay::NativeReply { text: "from the page's inbox".to_owned() }).await;
        hub.sandbox.meta().redeliver(&native.event_id).await.unwrap();
        hub.drained().await;
        let messages = hub.messages(&thread).await;
        let told = kinds(&messages);
        assert_eq!(told.len(), 7, "{told:?}");
        let shown = messages.iter().find(|message| message["content"] == "from the page's inbox").unwrap();
        assert_eq!((&shown["direction"], &shown["sender"]["type"]), (&json!("OUTBOUND"), &json!("nativeApp")));
        assert_eq!(hub.meta_effects().len(), 5);
    }

    /// Meta recognises no repetition: a lost answer is never sent again, and the echo settles it.
    async fn a_lost_answer_is_uncertain_until_its_echo_comes(hub: Hub) {
        hub.connect_page().await;
        hub.says(PAGE, PERSON, MetaSay::Text("hello".to_owned())).await;
        let thread = hub.thread_on("FACEBOOK").await;
        hub.sandbox.meta().set_fault(Fault::on("/messages", FaultAction::LostAnswerAfterEffect).times(1));
        let message = hub.send_text(&thread, "once").await;
        let message = hub.settled(&message, &["UNCERTAIN"]).await;
        let effects = hub.meta_effects();
        let [effect] = effects.as_slice() else { panic!("one message: {effects:?}") };
        let echo = json!({
            "sender": {"id": PAGE}, "recipient": {"id": PERSON}, "timestamp": 1_767_225_639_123_i64,
            "message": {
                "mid": effect.id, "text": "once", "is_echo": true, "app_id": 1,
                "metadata": effect.body["message"]["metadata"],
            },
        });
        hub.says(PAGE, PERSON, MetaSay::Raw(echo)).await;
        let message = hub.settled(&message, &["SENT"]).await;
        assert_eq!(message["externalMessageId"], effect.id.as_str());
        hub.sandbox.meta().set_fault(Fault::on("/messages", FaultAction::RejectBeforeEffect500).times(1));
        let refused = hub.send_text(&thread, "refused").await;
        hub.settled(&refused, &["UNCERTAIN", "SENT"]).await;
        let after = hub.send_text(&thread, "after").await;
        hub.settled(&after, &["SENT"]).await;
        let texts: Vec<Value> = hub.meta_effects().iter().map(|effect| effect.body["message"]["text"].clone()).collect();
        assert_eq!(texts.iter().filter(|text| *text == "once").count(), 1, "{texts:?}");
        assert_eq!(hub.messages(&thread).await.len(), 4, "nothing is shown twice");
    }

    async fn the_free_window_is_told_and_kept(hub: Hub) {
        hub.connect_page().await;
        let now = hub.wired.hubchat.ports.clock.now().as_millis();
        let yesterday = now - 25 * 3_600 * 1_000;
        let old = json!({
            "sender": {"id": PERSON}, "recipient": {"id": PAGE}, "timestamp": yesterday,
            "message": {"mid": "m_old", "text": "yesterday"},
        });
        hub.says(PAGE, PERSON, MetaSay::Raw(old)).await;
        let thread = hub.thread_on("FACEBOOK").await;
        let options = hub.send_options(&thread).await;
        assert_eq!(options["options"][0]["mode"], "HUMAN_AGENT", "{options}");
        assert_eq!((&options["refusal"]["code"], &options["allowed"]), (&json!("PERSONS_ONLY"), &json!(true)));
        let (status, problem) = hub.try_send(&thread, json!({"type": "text", "content": "robot"})).await;
        assert_eq!((status, problem["code"].as_str()), (409, Some("persons_only")), "{problem}");
        let body = json!({"type": "text", "content": "sorry to be late", "writtenBy": "PERSON"});
        let (status, message) = hub.try_send(&thread, body).await;
        assert_eq!(status, 202, "{message}");
        hub.settled(&message, &["SENT", "FAILED"]).await;
        let tagged = hub.meta_effects().iter().all(|effect| effect.body["tag"] == "HUMAN_AGENT");
        assert!(tagged, "{:?}", hub.meta_effects());
        hub.says(PAGE, PERSON, MetaSay::Text("I am here".to_owned())).await;
        hub.drained().await;
        let options = hub.send_options(&thread).await;
        assert_eq!(options["options"][0]["mode"], "STANDARD", "{options}");
        assert!(options["options"][0]["until"].is_string() && options.get("refusal").is_none_or(Value::is_null));
    }

    async fn instagram_in_both_directions(hub: Hub) {
        hub.sandbox.meta().add_instagram(InstagramAccount::new(INSTAGRAM, "ig-token"));
        hub.subscribe(MetaObject::Instagram, "instagram").await;
        hub.connect("INSTAGRAM", INSTAGRAM, json!({"accessToken": "ig-token"})).await;
        let said = hub.says(INSTAGRAM, PERSON, MetaSay::Text("ราคาเท่าไหร่คะ".to_owned())).await;
        let thread = hub.thread_on("INSTAGRAM").await;
        // 1,000 bytes a part, 333 Thai letters: two parts, in order.
        let long = "ก".repeat(500);
        let (status, message) = hub.try_send(&thread, json!({"type": "text", "content": long})).await;
        assert_eq!(status, 202, "{message}");
        let message = hub.settled(&message, &["SENT"]).await;
        let effects = hub.meta_effects();
        let parts: Vec<&str> = effects.iter().map(|effect| effect.body["message"]["text"].as_str().unwrap()).collect();
        assert_eq!((parts.len(), parts.concat()), (2, long));
        let last = effects.last().unwrap().id.clone();
        hub.says(INSTAGRAM, PERSON, MetaSay::Read { ids: vec![last] }).await;
        hub.settled(&message, &["READ"]).await;
        hub.says(INSTAGRAM, PERSON, MetaSay::Unsend { id: said.id }).await;
        hub.drained().await;
        let first = hub.messages(&thread).await.remove(0);
        assert!(first["unsentAt"].is_string() && first["content"].is_null(), "{first}");
        let (status, problem) = hub.try_send(&thread, json!({"type": "sticker", "packageId": "1", "stickerId": "2"})).await;
        assert_eq!((status, problem["code"].as_str()), (422, Some("invalid_content")), "{problem}");
    }
}

//! WhatsApp end to end, in both directions.

use hubchat_sandbox::{MetaFile, MetaObject, MetaSay, WhatsappNumber, WhatsappTemplate};
use serde_json::{Value, json};

use crate::{deadline::eventually, on_both_databases};

const NUMBER: &str = "106540352240001";
const BUSINESS: &str = "102000000000321";
const PERSON: &str = "66810000001";

impl crate::hub::Hub {
    async fn connect_number(&self) -> Value {
        self.sandbox.meta().add_number(WhatsappNumber::new(NUMBER, BUSINESS, "wa-token"));
        self.subscribe(MetaObject::Whatsapp, "whatsapp").await;
        self.connect("WHATSAPP", NUMBER, json!({"accessToken": "wa-token", "wabaId": BUSINESS})).await
    }
}

on_both_databases! {
    async fn a_customer_becomes_a_lead_and_statuses_move_the_answer_forward_only(hub: Hub) {
        hub.connect_number().await;
        let said = hub.says(NUMBER, PERSON, MetaSay::Text("มีของไหมครับ".to_owned())).await;
        let thread = hub.thread_on("WHATSAPP").await;
        assert!(!thread["participantDisplayName"].as_str().unwrap().is_empty());
        let question = hub.messages(&thread).await.remove(0);
        let body = json!({"type": "text", "content": "มีครับ", "replyTo": question["id"]});
        let (status, message) = hub.try_send(&thread, body).await;
        assert_eq!(status, 202, "{message}");
        let message = hub.settled(&message, &["SENT"]).await;
        let effect = hub.meta_effects().pop().unwrap();
        assert_eq!((&effect.body["text"]["body"], &effect.body["context"]["message_id"]), (&json!("มีครับ"), &json!(said.id)));
        assert_eq!(effect.body["biz_opaque_callback_data"], message["id"]);
        hub.says(NUMBER, PERSON, MetaSay::Read { ids: vec![effect.id.clone()] }).await;
        hub.settled(&message, &["READ"]).await;
        hub.says(NUMBER, PERSON, MetaSay::Delivered { ids: vec![effect.id.clone()] }).await;
        hub.drained().await;
        hub.settled(&message, &["READ"]).await;
    }

    async fn a_verdict_that_comes_later_is_shown_with_its_reason(hub: Hub) {
        hub.connect_number().await;
        hub.says(NUMBER, PERSON, MetaSay::Text("hello".to_owned())).await;
        let thread = hub.thread_on("WHATSAPP").await;
        let message = hub.send_text(&thread, "are you there?").await;
        let message = hub.settled(&message, &["SENT"]).await;
        let id = message["externalMessageId"].as_str().unwrap().to_owned();
        let failed = MetaSay::Failed { id, code: 131_026, title: "Message undeliverable".to_owned() };
        hub.says(NUMBER, PERSON, failed).await;
        let message = hub.settled(&message, &["FAILED"]).await;
        assert_eq!(message["failure"]["code"], "recipient_unreachable", "{message}");
    }

    async fn outside_the_window_only_templates_go_out(hub: Hub) {
        let account = hub.connect_number().await;
        let template = WhatsappTemplate::new("order_update", "th", "คุณ {{1}} พัสดุ {{2}} ออกแล้ว");
        hub.sandbox.meta().add_template(BUSINESS, template);
        let now = hub.wired.hubchat.ports.clock.now().as_millis() / 1_000;
        let old = json!({
            "from": PERSON, "id": "wamid.old", "timestamp": (now - 25 * 3_600).to_string(),
            "type": "text", "text": {"body": "yesterday"},
        });
        hub.says(NUMBER, PERSON, MetaSay::Raw(old)).await;
        let thread = hub.thread_on("WHATSAPP").await;
        let (status, problem) = hub.try_send(&thread, json!({"type": "text", "content": "late"})).await;
        assert_eq!((status, problem["code"].as_str()), (409, Some("template_only")), "{problem}");
        let path = format!("/api/channels/{}/templates", account["id"].as_str().unwrap());
        let templates = hub.list(&path).await;
        let known = templates.iter().find(|template| template["name"] == "order_update").expect("the template");
        assert_eq!((&known["bodyParameters"], &known["status"]), (&json!(2), &json!("APPROVED")), "{known}");
        let parameters = json!(["สมชาย", "TH1234"]);
        let body = json!({"type": "template", "template": {"name": "order_update", "language": "th", "parameters": parameters}});
        let (status, message) = hub.try_send(&thread, body).await;
        assert_eq!(status, 202, "{message}");
        hub.settled(&message, &["SENT"]).await;
        let effect = hub.meta_effects().pop().unwrap();
        assert_eq!((effect.operation, &effect.body["template"]["name"]), ("template", &json!("order_update")));
        let wrong = json!({"type": "template", "template": {"name": "order_update", "language": "th", "parameters": ["one"]}});
        let (_, message) = hub.try_send(&thread, wrong).await;
        let message = hub.settled(&message, &["FAILED"]).await;
        assert_eq!(message["failure"]["code"], "template_refused", "{message}");
    }

    async fn files_come_in_with_the_accounts_token_and_go_out_by_address(hub: Hub) {
        hub.connect_number().await;
        hub.says(NUMBER, PERSON, MetaSay::Image { file: MetaFile::picture(), caption: Some("แบบนี้".to_owned()) }).await;
        let thread = hub.thread_on("WHATSAPP").await;
        let messages = eventually("the picture is kept", || async {
            let messages = hub.messages(&thread).await;
            messages.iter().any(|message| message["media"]["status"] == "STORED").then_some(messages)
        })
        .await;
        assert!(messages.iter().any(|message| message["content"] == "แบบนี้"), "{messages:?}");
        let media = messages.iter().find_map(|message| message["media"]["id"].as_str()).unwrap();
        let (status, message) = hub.try_send(&thread, json!({"type": "image", "mediaId": media})).await;
        assert_eq!(status, 202, "{message}");
        hub.settled(&message, &["SENT"]).await;
        let link = hub.meta_effects().pop().unwrap().body["image"]["link"].as_str().unwrap().to_owned();
        assert!(link.starts_with(&hub.url), "{link}");
        assert_eq!(hub.client.get(&link).send().await.unwrap().status(), 200, "the provider can fetch it");
        assert_eq!(hub.sandbox.meta().wrong_token_calls(), 0);
    }

    async fn choices_typing_and_reading_reach_the_customer(hub: Hub) {
        hub.connect_number().await;
        hub.says(NUMBER, PERSON, MetaSay::Text("hello".to_owned())).await;
        let thread = hub.thread_on("WHATSAPP").await;
        let replies = json!([{"title": "M", "payload": "size_m"}, {"title": "L", "payload": "size_l"}]);
        let (status, message) = hub.try_send(&thread, json!({"type": "text", "content": "ไซซ์ไหน", "quickReplies": replies})).await;
        assert_eq!(status, 202, "{message}");
        hub.settled(&message, &["SENT"]).await;
        assert_eq!(hub.meta_effects().pop().unwrap().body["interactive"]["type"], "button");
        let path = format!("/api/conversations/{}", thread["id"].as_str().unwrap());
        let (_, typing) = hub.call(reqwest::Method::POST, &format!("{path}/typing"), None).await;
        assert_eq!(typing["shown"], true, "{typing}");
        hub.call(reqwest::Method::POST, &format!("{path}/mark-read"), None).await;
        eventually("the customer sees that it was read", || async {
            let effects = hub.sandbox.meta().effects();
            (effects.iter().filter(|effect| effect.operation == "read").count() >= 2).then_some(())
        })
        .await;
    }
}

//! Bad days at Meta: poison in a batch, late and repeated events, one customer's limit, an answer lost at the worst
//! moment.

use hubchat_sandbox::{DeliveryTrouble, FakeMeta, Fault, FaultAction, MetaApp, MetaSay, meta_signature};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{
    deadline::eventually,
    meta::{PAGE, PERSON},
    on_both_databases,
};

impl crate::hub::Hub {
    /// Posts a body as Meta does.
    async fn post_signed(&self, body: &Value) -> u16 {
        let bytes = body.to_string().into_bytes();
        let signature = meta_signature(MetaApp::default().app_secret.expose_secret(), &bytes);
        let request = self.client.post(format!("{}/webhooks/facebook", self.url));
        let request = request.header("x-hub-signature-256", signature).body(bytes);
        request.send().await.unwrap().status().as_u16()
    }
}

fn text(mid: &str, at: i64) -> Value {
    json!({
        "sender": {"id": PERSON}, "recipient": {"id": PAGE}, "timestamp": at,
        "message": {"mid": mid, "text": mid},
    })
}

on_both_databases! {
    /// One body, ten events: what is wrong with three of them costs the other seven nothing.
    async fn poison_in_a_batch_costs_its_siblings_nothing(hub: Hub) {
        hub.connect_page().await;
        let now = hub.wired.hubchat.ports.clock.now().as_millis();
        let mut items: Vec<Value> = (0..7).map(|n| text(&format!("m_{n}"), now + n)).collect();
        items.insert(2, json!(5));
        items.insert(5, json!({"sender": {"id": PERSON}, "recipient": {"id": PAGE}, "timestamp": now, "new_kind": {}}));
        let body = json!({"object": "page", "entry": [
            {"id": PAGE, "time": now, "messaging": items},
            {"id": "999", "time": now, "messaging": [text("m_misrouted", now)]},
        ]});
        assert_eq!(hub.post_signed(&body).await, 200);
        hub.drained().await;
        let ledger = hub.wired.hubchat.ports.intake.ledger().await.unwrap();
        assert_eq!((ledger.received, ledger.processed, ledger.ignored, ledger.dead), (9, 7, 2, 0));
        let intake = &hub.wired.hubchat.ports.intake;
        let kept = intake.list_unrouted(hubchat_core::domain::ChannelType::Facebook, "999", 10).await.unwrap();
        assert_eq!(kept.len(), 1, "kept for whoever connects that page");
        let thread = hub.thread_on("FACEBOOK").await;
        let messages = hub.messages(&thread).await;
        let texts: Vec<&str> = messages.iter().map(|message| message["content"].as_str().unwrap()).collect();
        assert_eq!(texts, ["m_0", "m_1", "m_2", "m_3", "m_4", "m_5", "m_6"]);
    }

    async fn signatures_that_are_not_metas_write_nothing(hub: Hub) {
        hub.connect_page().await;
        let body = json!({"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [text("m_forged", 1)]}]});
        let bytes = body.to_string().into_bytes();
        let good = meta_signature(MetaApp::default().app_secret.expose_secret(), &bytes);
        let other = meta_signature("another-secret", &bytes);
        let upper = good.to_ascii_uppercase();
        let wrong = [None, Some(""), Some("sha256="), Some(&good[7..]), Some(&other), Some(&upper), Some(&good[..70])];
        for path in ["/webhooks/facebook", "/api/webhook/facebook"] {
            for signature in wrong {
                let mut request = hub.client.post(format!("{}{path}", hub.url)).body(bytes.clone());
                if let Some(signature) = signature {
                    request = request.header("x-hub-signature-256", signature);
                }
                assert_eq!(request.send().await.unwrap().status(), 401, "{path} {signature:?}");
            }
            let twice = hub.client.post(format!("{}{path}", hub.url)).body(bytes.clone());
            let twice = twice.header("x-hub-signature-256", &good).header("x-hub-signature-256", &good);
            assert_eq!(twice.send().await.unwrap().status(), 401, "{path}: one proof, not two");
        }
        assert_eq!(hub.wired.hubchat.ports.intake.ledger().await.unwrap().received, 0);
    }

    /// What comes late has its place by its own time, and what comes again changes nothing.
    async fn late_and_repeated_events_find_their_place_once(hub: Hub) {
        hub.connect_page().await;
        let now = hub.wired.hubchat.ports.clock.now().as_millis();
        let hour = 3_600_000;
        for (mid, at) in [("m_new", now), ("m_late", now - 70 * hour), ("m_later", now - 30 * hour)] {
            hub.says(PAGE, PERSON, MetaSay::Raw(text(mid, at))).await;
        }
        let old = hub.says(PAGE, PERSON, MetaSay::Raw(text("m_week", now - 7 * 24 * hour))).await;
        hub.drained().await;
        let thread = hub.thread_on("FACEBOOK").await;
        assert_eq!(thread["lastMessagePreview"], "m_new", "a late message is no news");
        let order = |messages: Vec<Value>| -> Vec<String> {
            messages.iter().map(|message| message["content"].as_str().unwrap().to_owned()).collect()
        };
        let expected = ["m_week", "m_late", "m_later", "m_new"];
        assert_eq!(order(hub.messages(&thread).await), expected);
        let path = format!("/api/conversations/{}/mark-read", thread["id"].as_str().unwrap());
        hub.call(reqwest::Method::POST, &path, None).await;
        for _ in 0..3 {
            assert_eq!(hub.sandbox.meta().redeliver(&old.event_id).await.unwrap(), 200);
        }
        hub.drained().await;
        let thread = hub.thread_on("FACEBOOK").await;
        assert_eq!(thread["unreadCount"], 0, "what was read stays read");
        assert_eq!(order(hub.messages(&thread).await), expected);
    }

    /// What comes twice counts once, and what is overtaken finds its place.
    async fn doubled_and_overtaken_deliveries_change_nothing(hub: Hub) {
        hub.connect_page().await;
        let now = hub.wired.hubchat.ports.clock.now().as_millis();
        hub.sandbox.deliveries().trouble(DeliveryTrouble::Duplicate, 4);
        hub.sandbox.deliveries().trouble(DeliveryTrouble::Reorder, 2);
        for pair in 0..2 {
            let say = |n: i64| hub.says(PAGE, PERSON, MetaSay::Raw(text(&format!("m_{n}"), now + n)));
            tokio::join!(say(pair * 2), say(pair * 2 + 1));
        }
        hub.drained().await;
        assert_eq!(hub.sandbox.deliveries().left(), (0, 0));
        let thread = hub.thread_on("FACEBOOK").await;
        let messages = hub.messages(&thread).await;
        let texts: Vec<&str> = messages.iter().map(|message| message["content"].as_str().unwrap()).collect();
        assert_eq!(texts, ["m_0", "m_1", "m_2", "m_3"]);
        assert_eq!((&thread["unreadCount"], &thread["lastMessagePreview"]), (&json!(4), &json!("m_3")));
    }

    /// One customer's limit holds up nobody else, and costs no attempt.
    async fn a_limit_for_one_customer_holds_up_no_other(hub: Hub) {
        hub.connect_page().await;
        let people: Vec<String> = (0..20).map(|n| format!("72545199888{n:05}")).collect();
        for person in &people {
            hub.says(PAGE, person, MetaSay::Text("hello".to_owned())).await;
        }
        hub.drained().await;
        let limit = json!({"error": {"message": "(#613) Calls to this api have exceeded the rate limit.", "code": 613}});
        let action = FaultAction::Status { code: 400, body: Some(limit) };
        hub.sandbox.meta().set_fault(Fault::on("/messages", action).to(&people[0]).times(1));
        let threads = hub.list("/api/conversations?limit=50").await;
        let mut messages = Vec::new();
        for thread in &threads {
            messages.push((thread["externalThreadId"] == people[0].as_str(), hub.send_text(thread, "answer").await));
        }
        for (limited, message) in &messages {
            if !limited {
                hub.settled(message, &["SENT"]).await;
            }
        }
        let (_, limited) = messages.iter().find(|(limited, _)| *limited).unwrap();
        let path = format!("/api/messages/{}", limited["id"].as_str().unwrap());
        assert_eq!(hub.get(&path).await["deliveryStatus"], "QUEUED", "it waits as long as Meta wants, a minute at least");
        let to_others = hub.meta_effects().iter().filter(|effect| effect.to != people[0]).count();
        assert_eq!((to_others, hub.meta_effects().len()), (19, 19));
    }

    /// The answer to a private reply is lost, and with it the person's id: the echo tells both.
    async fn a_lost_private_reply_is_linked_by_its_echo(hub: Hub) {
        hub.connect_page().await;
        let commenter = "24680135791113";
        let comment = MetaSay::Comment { post_id: format!("{PAGE}_1221"), text: "how much?".to_owned() };
        hub.says(PAGE, commenter, comment).await;
        let thread = hub.thread_on("FACEBOOK").await;
        hub.sandbox.meta().set_fault(Fault::on("/messages", FaultAction::LostAnswerAfterEffect).times(1));
        let message = hub.send_text(&thread, "590").await;
        hub.settled(&message, &["UNCERTAIN"]).await;
        let effect = hub.meta_effects().pop().unwrap();
        let person = FakeMeta::page_scoped_id(PAGE, commenter);
        let echo = json!({
            "sender": {"id": PAGE}, "recipient": {"id": person}, "timestamp": 1_767_225_639_123_i64,
            "message": {"mid": effect.id, "text": "590", "is_echo": true, "metadata": effect.body["message"]["metadata"]},
        });
        hub.says(PAGE, &person, MetaSay::Raw(echo)).await;
        hub.settled(&message, &["SENT"]).await;
        hub.says(PAGE, &person, MetaSay::Text("I take it".to_owned())).await;
        hub.drained().await;
        assert_eq!(hub.list("/api/conversations").await.len(), 1, "one thread, though the answer was lost");
        let after = hub.send_text(&thread, "thank you").await;
        hub.settled(&after, &["SENT"]).await;
        assert_eq!(hub.meta_effects().pop().unwrap().to, person);
        eventually("the thread knows of the reply", || async {
            hub.thread_on("FACEBOOK").await["privateReplyAt"].is_string().then_some(())
        })
        .await;
    }
}

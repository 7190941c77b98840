//! The main job: a LINE message comes in, becomes a lead with a conversation, and is answered.

use hubchat_sandbox::{Say, Via};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{
    deadline::eventually,
    on_both_databases,
    webhook::{body, post, text_event, user},
};

on_both_databases! {
    async fn a_message_becomes_a_lead_and_is_answered(hub: Hub) {
        let said = hub.sandbox.line().say(Say::text("สวัสดีค่ะ มีไซซ์ M ไหมคะ 🍎")).await.unwrap();
        assert_eq!(said.status, 200);
        let conversation = hub.conversation("the conversation with its profile", |row| {
            row["contactIdentityDisplayName"].is_string()
        }).await;
        assert_eq!(conversation["channelType"], "LINE");
        assert_eq!(conversation["status"], "OPEN");
        assert_eq!(conversation["unreadCount"], 1);
        assert_eq!(conversation["lastMessagePreview"], "สวัสดีค่ะ มีไซซ์ M ไหมคะ 🍎");
        assert_eq!(conversation["lastMessageType"], "TEXT");
        assert_eq!(conversation["participantDisplayName"], conversation["contactIdentityDisplayName"]);

        let message = hub.messages(&conversation).await.remove(0);
        assert_eq!((&message["direction"], &message["messageType"]), (&json!("INBOUND"), &json!("TEXT")));
        assert_eq!(message["content"], "สวัสดีค่ะ มีไซซ์ M ไหมคะ 🍎");

        let lead = hub.list("/api/leads").await.remove(0);
        assert_eq!((&lead["id"], &lead["status"]), (&conversation["leadId"], &json!("NEW")));

        let sent = hub.send_text(&conversation, "มีค่ะ").await;
        assert_eq!(sent["deliveryStatus"], "QUEUED");
        let sent = hub.settled(&sent, &["SENT"]).await;
        let effects = hub.effects();
        assert_eq!(effects.len(), 1, "the customer got one message");
        let effect = &effects[0];
        assert_eq!(effect.message_values()[0]["text"], "มีค่ะ");
        assert_eq!(effect.via, Via::Reply, "the free reply token is used first");
        assert_eq!(sent["externalMessageId"].as_str(), effect.message_ids().next());

        let pushed = hub.send_text(&conversation, "สนใจไหมคะ").await;
        hub.settled(&pushed, &["SENT"]).await;
        let effects = hub.effects();
        assert_eq!((effects.len(), effects[1].via), (2, Via::Push));
        assert_eq!(effects[1].retry_key.map(|key| key.to_string()).as_deref(), pushed["id"].as_str());
    }

    async fn an_agent_works_the_lead_to_won_and_the_next_message_opens_a_new_one(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let customer = user(1);
        assert_eq!(post(&hub.client, &url, body(&[text_event(&customer, "1", "hi")])).await, Some(StatusCode::OK));
        let conversation = hub.conversation("the conversation", |_| true).await;
        let lead = format!("/api/leads/{}", conversation["leadId"].as_str().unwrap());
        let (nok, malee) = (hub.add_member("Nok").await, hub.add_member("Malee").await);

        let mut owners = Vec::new();
        for mode in [json!({"mode": "AUTO_ROUND_ROBIN"}), json!({"mode": "AUTO_ROUND_ROBIN"})] {
            let (status, row) = hub.call(Method::POST, &format!("{lead}/assign"), Some(mode)).await;
            assert_eq!((status, &row["status"]), (StatusCode::OK, &json!("ASSIGNED")), "{row}");
            owners.push(row["assignedMemberId"].as_str().unwrap().to_owned());
        }
        owners.sort();
        let mut both = vec![nok.clone(), malee];
        both.sort();
        assert_eq!(owners, both, "round-robin goes round");
        let manual = json!({"mode": "MANUAL", "memberId": nok});
        let (_, row) = hub.call(Method::POST, &format!("{lead}/assign"), Some(manual)).await;
        assert_eq!(row["assignedMemberId"].as_str(), Some(nok.as_str()));

        let (status, problem) = hub.call(Method::PATCH, &lead, Some(json!({"status": "WON"}))).await;
        assert_eq!(status, StatusCode::CONFLICT);
        let told = problem["detail"].as_str().unwrap();
        assert!(told.contains("ASSIGNED") && told.contains("WON"), "{told}");
        for step in ["CONTACTED", "QUALIFIED", "PROPOSAL_SENT", "NEGOTIATION", "WON", "WON"] {
            let (status, row) = hub.call(Method::PATCH, &lead, Some(json!({"status": step}))).await;
            assert_eq!((status, &row["status"]), (StatusCode::OK, &json!(step)), "{row}");
        }
        let (status, row) = hub.call(Method::PATCH, &lead, Some(json!({"tags": ["vip"], "note": "paid"}))).await;
        assert_eq!((status, &row["tags"], &row["note"]), (StatusCode::OK, &json!(["vip"]), &json!("paid")));

        let log = hub.list(&format!("{lead}/activity?limit=200")).await;
        let count = |kind: &str| log.iter().filter(|line| line["type"] == kind).count();
        assert_eq!((count("STATUS_CHANGED"), count("ASSIGNED"), count("MESSAGE_RECEIVED")), (5, 3, 1));
        assert_eq!(count("NOTE_ADDED"), 1);

        post(&hub.client, &url, body(&[text_event(&customer, "2", "again")])).await;
        let moved = hub.conversation("a new lead", |row| row["leadId"] != conversation["leadId"]).await;
        assert_eq!(moved["id"], conversation["id"], "the thread goes on");
        let fresh = hub.get(&format!("/api/leads/{}", moved["leadId"].as_str().unwrap())).await;
        assert_eq!(fresh["status"], "NEW");
    }

    async fn a_resolved_conversation_reopens_and_reading_clears_the_count(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        post(&hub.client, &url, body(&[text_event(&user(1), "1", "one"), text_event(&user(1), "2", "two")])).await;
        let conversation = hub.conversation("two unread", |row| row["unreadCount"] == 2).await;
        let path = format!("/api/conversations/{}", conversation["id"].as_str().unwrap());
        let (status, row) = hub.call(Method::POST, &format!("{path}/mark-read"), None).await;
        assert_eq!((status, &row["unreadCount"]), (StatusCode::OK, &json!(0)), "{row}");
        let (status, row) = hub.call(Method::PATCH, &path, Some(json!({"status": "RESOLVED"}))).await;
        assert_eq!((status, &row["status"]), (StatusCode::OK, &json!("RESOLVED")), "{row}");
        post(&hub.client, &url, body(&[text_event(&user(1), "3", "three")])).await;
        hub.conversation("open again", |row| row["status"] == "OPEN" && row["unreadCount"] == 1).await;
    }

    async fn the_counts_of_received_events_add_up(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let unknown = crate::webhook::event(&user(1), "9", &json!({"type": "brandNew"}));
        let broken = crate::webhook::event(&user(1), "8", &json!({"type": "message", "message": {"type": "text"}}));
        post(&hub.client, &url, body(&[text_event(&user(1), "1", "one"), unknown, broken])).await;
        hub.drained().await;
        let page = eventually("the metrics add up", || async {
            let page = hub.client.get(format!("{}/metrics", hub.url)).send().await.ok()?.text().await.ok()?;
            page.contains("hubchat_inbound_events{state=\"received\"} 3").then_some(page)
        }).await;
        for (state, count) in [("pending", 0), ("processed", 1), ("ignored", 1), ("dead", 1)] {
            let line = format!("hubchat_inbound_events{{state=\"{state}\"}} {count}");
            assert!(page.contains(&line), "{line} in {page}");
        }
    }
}

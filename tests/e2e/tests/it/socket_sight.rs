//! What somebody follows is what they may see, at every moment.

use std::time::Duration;

use hubchat_core::{
    Actor, AssignTo,
    domain::{LeadId, MemberId, Scope},
};
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    browser::{member, owner},
    following::said,
    hub::Hub,
    on_both_databases,
    socket::Socket,
};

fn id<T: From<Uuid>>(value: &Value) -> T {
    value.as_str().unwrap().parse::<Uuid>().unwrap().into()
}

async fn assign(hub: &Hub, lead: &Value, to: AssignTo) {
    let lead: LeadId = id(lead);
    hub.wired.hubchat.assign_lead.run(&hub.tenant, lead, to).await.unwrap();
}

/// Everything that a socket and the feed over HTTP told, as one text.
async fn told(socket: &mut Socket, hub: &Hub, credential: &str, after: &str) -> (Vec<Value>, String) {
    let frames = socket.all_within(Duration::from_secs(2)).await;
    let answer = hub.client.get(format!("{}/api/events?after={after}&limit=200", hub.url)).bearer_auth(credential);
    let page: Value = answer.send().await.unwrap().json().await.unwrap();
    let text = format!("{} {page}", json!(frames));
    (frames, text)
}

on_both_databases! {
    async fn who_sees_their_own_leads_follows_those_alone(hub: Hub) {
        let mut boss = owner(hub).await;
        let see_own = json!({"salesSee": "OWN"});
        assert_eq!(hub.call(Method::PATCH, "/api/settings", Some(see_own)).await.0, StatusCode::OK);
        let (nok, nok_id) = member(hub, &mut boss, "nok@shop.example", "SALES").await;
        let (lek, lek_id) = member(hub, &mut boss, "lek@shop.example", "SALES").await;
        let (nok_id, lek_id): (MemberId, MemberId) = (id(&json!(nok_id)), id(&json!(lek_id)));
        let (nok, lek) = (nok.token.unwrap(), lek.token.unwrap());
        said(hub, 1, "1", "for Nok").await;
        let row = hub.conversation("the thread", |row| row["lastMessagePreview"] == "for Nok").await;
        assign(hub, &row["leadId"], AssignTo::Member(nok_id)).await;
        hub.drained().await;
        let topic = format!("conversation:{}", row["id"].as_str().unwrap());
        let topics = ["inbox", "presence", topic.as_str()];
        let (mut mine, ready) = Socket::open(&hub.client, &hub.url, &nok, None, &topics).await;
        let (mut theirs, _) = Socket::open(&hub.client, &hub.url, &lek, None, &topics).await;
        let start = ready["cursor"].as_str().unwrap();
        said(hub, 1, "2", "canary one").await;
        said(hub, 2, "3", "canary of nobody").await;
        mine.say(json!({"type": "presence", "conversationId": row["id"], "state": "typing"})).await;
        theirs.say(json!({"type": "presence", "conversationId": row["id"], "state": "typing"})).await;
        let event = mine.event("the message", |event| event["type"] == "message.created").await;
        assert_eq!(event["message"]["content"], "canary one");
        let (frames, everything) = told(&mut mine, hub, &nok, start).await;
        assert!(!everything.contains("canary of nobody"), "{everything}");
        let present: Vec<&Value> = frames.iter().filter(|frame| frame["type"] == "presence").collect();
        assert!(present.iter().all(|frame| frame["members"].as_array().unwrap().iter().all(|one| one["memberId"] == json!(nok_id))), "{present:?}");
        let (frames, everything) = told(&mut theirs, hub, &lek, start).await;
        assert!(frames.is_empty() && !everything.contains("canary"), "{everything}");
        assert!(!everything.contains(row["id"].as_str().unwrap()) && !everything.contains(row["leadId"].as_str().unwrap()));
        // It changes hands: who had it learns that it is gone and no more, who gets it gets it whole.
        assign(hub, &row["leadId"], AssignTo::Member(lek_id)).await;
        let hidden = mine.event("it is hidden", |_| true).await;
        assert_eq!((&hidden["type"], &hidden["leadId"]), (&json!("lead.hidden"), &row["leadId"]));
        let fields: Vec<&str> = hidden.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["at", "cursor", "data", "leadId", "type"]);
        let got = theirs.event("it is there", |_| true).await;
        assert_eq!((&got["type"], &got["lead"]["id"], &got["conversation"]["id"]), (&json!("lead.updated"), &row["leadId"], &row["id"]));
        said(hub, 1, "4", "canary two").await;
        theirs.event("the message", |event| event["message"]["content"] == "canary two").await;
        let (frames, everything) = told(&mut mine, hub, &nok, hidden["cursor"].as_str().unwrap()).await;
        assert!(frames.iter().all(|frame| frame["type"] == "presence") && !everything.contains("canary two"), "{everything}");
    }

    async fn a_change_of_role_team_or_settings_changes_what_a_socket_sees(hub: Hub) {
        let mut boss = owner(hub).await;
        let (nok, nok_id) = member(hub, &mut boss, "nok@shop.example", "MANAGER").await;
        let (_, lek_id) = member(hub, &mut boss, "lek@shop.example", "SALES").await;
        let nok = nok.token.unwrap();
        said(hub, 1, "1", "for Lek").await;
        let row = hub.conversation("the thread", |row| row["lastMessagePreview"] == "for Lek").await;
        assign(hub, &row["leadId"], AssignTo::Member(id(&json!(lek_id)))).await;
        hub.drained().await;
        let (mut socket, _) = Socket::open(&hub.client, &hub.url, &nok, None, &["inbox"]).await;
        said(hub, 1, "2", "seen by a manager").await;
        socket.event("the message", |event| event["message"]["content"] == "seen by a manager").await;
        let begun = std::time::Instant::now();
        let mut changed = async |method, path: String, body| {
            let (status, answer) = hub.call(method, &path, body).await;
            assert!(status.is_success(), "{answer}");
            let reset = socket.of_type("reset").await;
            assert_eq!(reset["reason"], "sight");
            reset["cursor"].as_str().unwrap().to_owned()
        };
        changed(Method::PATCH, format!("/api/members/{nok_id}"), Some(json!({"role": "SALES"}))).await;
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        let team = json!({"name": "North", "memberIds": [nok_id, lek_id]});
        changed(Method::POST, "/api/teams".to_owned(), Some(team)).await;
        changed(Method::PATCH, "/api/settings".to_owned(), Some(json!({"salesSee": "OWN"}))).await;
        said(hub, 1, "3", "not for Nok any more").await;
        let message = hub.conversation("it came", |row| row["lastMessagePreview"] == "not for Nok any more").await;
        assert_eq!(message["id"], row["id"]);
        let frames = socket.all_within(Duration::from_secs(2)).await;
        assert!(frames.is_empty(), "{frames:?}");
        let (status, _) = hub.call(Method::PATCH, "/api/settings", Some(json!({"salesSee": "ALL"}))).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(socket.of_type("reset").await["reason"], "sight");
        said(hub, 1, "4", "for everybody").await;
        socket.event("the message", |event| event["message"]["content"] == "for everybody").await;
    }

    async fn another_tenants_events_are_told_to_nobody(hub: Hub) {
        let hubchat = &hub.wired.hubchat;
        let other = hubchat.create_tenant.run("other", "Other").await.unwrap();
        let stranger = Actor::system(other.id);
        let key = hubchat.create_api_key.run(&stranger, "other", &[Scope::Admin], None).await.unwrap().key;
        let key = key.expose_secret();
        said(hub, 1, "1", "canary before").await;
        let row = hub.conversation("the thread", |row| row["lastMessagePreview"] == "canary before").await;
        let topic = format!("conversation:{}", row["id"].as_str().unwrap());
        let (mut socket, ready) = Socket::open(&hub.client, &hub.url, key, None, &["inbox", "presence", &topic]).await;
        // A cursor of the first tenant tells nothing in the second.
        let cursor = hub.get("/api/events").await["cursor"].as_str().unwrap().to_owned();
        let answer = hub.client.get(format!("{}/api/events?after={cursor}", hub.url)).bearer_auth(key).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::GONE);
        let boss = owner(hub).await;
        let (mut ours, _) = Socket::open(&hub.client, &hub.url, boss.token.as_ref().unwrap(), None, &["inbox", &topic]).await;
        ours.say(json!({"type": "presence", "conversationId": row["id"], "state": "viewing"})).await;
        ours.of_type("presence").await;
        said(hub, 1, "2", "canary after").await;
        ours.event("the message", |event| event["message"]["content"] == "canary after").await;
        let (frames, everything) = told(&mut socket, hub, key, ready["cursor"].as_str().unwrap()).await;
        assert!(frames.is_empty() && !everything.contains("canary"), "{everything}");
    }
}

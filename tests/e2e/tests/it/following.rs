//! Following along: over HTTP and over the socket, from one moment to the next and after a break.

use std::time::Duration;

use hubchat_core::domain::Timestamp;
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::{
    browser::{member, owner},
    on_both_databases,
    socket::{Got, Socket, ticket},
    webhook::{body, post, text_event, user},
};

/// A customer of that number says something.
pub async fn said(hub: &crate::hub::Hub, number: usize, id: &str, text: &str) {
    let url = format!("{}{}", hub.url, hub.webhook_path);
    let status = post(&hub.client, &url, body(&[text_event(&user(number), id, text)])).await;
    assert_eq!(status, Some(StatusCode::OK));
}

fn seqs(events: &[Value]) -> Vec<i64> {
    events.iter().map(|event| seq(event["cursor"].as_str().unwrap())).collect()
}

fn seq(cursor: &str) -> i64 {
    cursor.split_once('.').unwrap().1.parse().unwrap()
}

on_both_databases! {
    async fn a_message_comes_as_an_event_with_its_rows_at_once(hub: Hub) {
        let mut boss = owner(hub).await;
        let token = boss.token.clone().unwrap();
        // Known already, so that nothing else is learnt of the customer meanwhile.
        said(hub, 1, "0", "hello").await;
        hub.drained().await;
        let (mut socket, ready) = Socket::open(&hub.client, &hub.url, &token, None, &["inbox"]).await;
        assert_eq!((&ready["type"], &ready["missed"], &ready["heartbeatSeconds"]), (&json!("ready"), &json!(0), &json!(25)));
        said(hub, 1, "1", "is it still there?").await;
        let created = socket.event("the message", |event| event["type"] == "message.created").await;
        assert_eq!(created["message"]["content"], "is it still there?");
        assert_eq!(created["message"]["id"], created["messageId"]);
        assert_eq!(created["conversation"]["lastMessagePreview"], "is it still there?");
        assert_eq!(created["conversation"]["id"], created["conversationId"]);
        let conversation = boss.call(Method::GET, &format!("/api/conversations/{}", created["conversationId"].as_str().unwrap()), None).await.body;
        assert_eq!(created["conversation"], conversation, "the row is the one of the list");
        let status = hub.call(Method::PATCH, &format!("/api/leads/{}", created["leadId"].as_str().unwrap()), Some(json!({"note": "calls back"}))).await.0;
        assert_eq!(status, StatusCode::OK);
        let changed = socket.event("the lead", |event| event["type"] == "lead.updated").await;
        assert_eq!(changed["lead"]["note"], "calls back");
        assert_eq!(changed["conversation"]["id"], created["conversationId"], "the newest one of the lead");
        assert!(changed["data"].get("previousMemberId").is_none(), "the owner stays: {changed}");
    }

    async fn who_comes_back_gets_what_was_missed_once_and_in_order(hub: Hub) {
        let key = hub.key.expose_secret();
        let (socket, ready) = Socket::open(&hub.client, &hub.url, key, None, &["inbox"]).await;
        drop(socket);
        for number in 1..=5 {
            said(hub, number, &number.to_string(), &format!("hello {number}")).await;
        }
        hub.drained().await;
        let from = ready["cursor"].as_str().unwrap();
        let (mut socket, missed, again) = Socket::resume(&hub.client, &hub.url, key, Some(from), &["inbox"]).await;
        assert_eq!((&again["type"], again["missed"].as_u64().unwrap()), (&json!("ready"), missed.len() as u64));
        let places = seqs(&missed);
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
        let new = |event: &&Value| event["type"] == "message.created";
        let mut texts: Vec<_> = missed.iter().filter(new).map(|event| event["message"]["content"].as_str().unwrap()).collect();
        texts.sort_unstable();
        assert_eq!(texts, ["hello 1", "hello 2", "hello 3", "hello 4", "hello 5"]);
        // The same over HTTP, a few at a time.
        let (mut after, mut read) = (from.to_owned(), Vec::new());
        loop {
            let page = hub.get(&format!("/api/events?after={after}&limit=3")).await;
            read.extend(page["items"].as_array().unwrap().clone());
            after = page["cursor"].as_str().unwrap().to_owned();
            if page["more"] == false {
                break;
            }
        }
        let shown = |events: &[Value]| -> Vec<Value> { events.iter().filter(|event| event["type"] != "message.updated").cloned().collect() };
        assert_eq!(seqs(&shown(&read)), places, "both are the same sequence");
        said(hub, 6, "6", "one more").await;
        let next = socket.event("the next one", |event| event["type"] == "message.created").await;
        assert!(seq(next["cursor"].as_str().unwrap()) > *places.last().unwrap());
    }

    async fn a_conversation_is_followed_in_detail_by_who_asks_for_it(hub: Hub) {
        let key = hub.key.expose_secret();
        said(hub, 1, "1", "hello").await;
        let row = hub.conversation("hello", |row| row["lastMessagePreview"] == "hello").await;
        hub.drained().await;
        let topic = format!("conversation:{}", row["id"].as_str().unwrap());
        let (mut list, _) = Socket::open(&hub.client, &hub.url, key, None, &["inbox"]).await;
        let (mut thread, _) = Socket::open(&hub.client, &hub.url, key, None, &[&topic]).await;
        let sent = hub.send_text(&row, "of course").await;
        hub.settled(&sent, &["SENT"]).await;
        let of_message = |event: &Value| event["messageId"] == sent["id"];
        let created = thread.event("created", of_message).await;
        let updated = thread.event("sent", of_message).await;
        assert_eq!((&created["type"], &updated["type"]), (&json!("message.created"), &json!("message.updated")));
        assert_eq!(updated["message"]["deliveryStatus"], "SENT");
        said(hub, 2, "2", "somebody else").await;
        let other = list.event("the other's message", |event| event["message"]["content"] == "somebody else").await;
        assert_ne!(other["conversationId"], row["id"]);
        let here = thread.all_within(Duration::from_millis(500)).await;
        assert!(here.iter().all(|frame| frame["event"]["conversationId"] == row["id"]), "{here:?}");
        // From now on it follows no more.
        thread.say(json!({"type": "unsubscribe", "topic": topic})).await;
        thread.say(json!({"type": "subscribe", "topic": "presence"})).await;
        said(hub, 1, "3", "still there?").await;
        list.event("the message", |event| event["message"]["content"] == "still there?").await;
        assert_eq!(thread.all_within(Duration::from_millis(300)).await, Vec::<Value>::new());
    }

    async fn what_cannot_be_told_one_by_one_is_said_to_be_gone(hub: Hub) {
        let key = hub.key.expose_secret();
        said(hub, 1, "1", "hello").await;
        hub.drained().await;
        let now = hub.get("/api/events").await;
        assert_eq!((&now["items"], &now["more"]), (&json!([]), &json!(false)));
        let last = seq(now["cursor"].as_str().unwrap());
        let (epoch, _) = now["cursor"].as_str().unwrap().split_once('.').unwrap();
        let ports = &hub.wired.hubchat.ports;
        // From the future, of another sequence.
        for cursor in [format!("{epoch}.{}", last + 1), format!("77.{last}")] {
            let (status, problem) = hub.call(Method::GET, &format!("/api/events?after={cursor}"), None).await;
            assert_eq!((status, &problem["code"]), (StatusCode::GONE, &json!("events_gone")), "{cursor}");
            let (_, reset) = Socket::open(&hub.client, &hub.url, key, Some(&cursor), &["inbox"]).await;
            assert_eq!((&reset["type"], &reset["reason"], &reset["cursor"]), (&json!("reset"), &json!("gone"), &now["cursor"]));
        }
        let (status, problem) = hub.call(Method::GET, "/api/events?after=nonsense", None).await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("invalid_cursor")));
        // Purged.
        let session = ports.repository.begin(hub.tenant.tenant_id()).await.unwrap();
        let gone = session.purge().delete_domain_events_before(Timestamp::from_micros(i64::MAX), 2).await.unwrap();
        assert_eq!(gone, 2);
        session.commit().await.unwrap();
        let (_, reset) = Socket::open(&hub.client, &hub.url, key, Some(&format!("{epoch}.1")), &["inbox"]).await;
        assert_eq!((&reset["type"], &reset["reason"]), (&json!("reset"), &json!("gone")));
        let (_, missed, ready) = Socket::resume(&hub.client, &hub.url, key, Some(&format!("{epoch}.2")), &["inbox"]).await;
        assert_eq!((&ready["type"], missed.is_empty()), (&json!("ready"), false));
        // A restore begins another sequence: whoever is there is told, and goes on.
        let (mut socket, _) = Socket::open(&hub.client, &hub.url, key, None, &["inbox"]).await;
        let session = ports.repository.begin(hub.tenant.tenant_id()).await.unwrap();
        session.events().begin_epoch(1_767_225_600_000_000).await.unwrap();
        session.commit().await.unwrap();
        let reset = socket.of_type("reset").await;
        assert_eq!((&reset["reason"], reset["cursor"].as_str()), (&json!("gone"), Some(format!("1767225600000000.{last}").as_str())));
        said(hub, 1, "2", "after the restore").await;
        let event = socket.event("the message", |event| event["type"] == "message.created").await;
        assert!(event["cursor"].as_str().unwrap().starts_with("1767225600000000."));
    }

    async fn frames_that_nobody_understands_and_too_many_of_them_end_a_socket(hub: Hub) {
        let key = hub.key.expose_secret();
        for first in ["", "[]", "{}", r#"{"type":"hello"}"#, r#"{"type":"hello","topics":["nothing"]}"#, r#"{"type":"subscribe","topic":"inbox"}"#] {
            let ticket = ticket(&hub.client, &hub.url, key).await;
            let mut socket = Socket::connect(&hub.url, &ticket, None).await.unwrap();
            socket.try_say(first).await;
            assert_eq!(socket.closed().await, 4400, "{first}");
        }
        for (frame, code) in [
            (r#"{"type":"dance"}"#.to_owned(), 4400),
            (r#"{"type":"hello","topics":[]}"#.to_owned(), 4400),
            (format!(r#"{{"type":"subscribe","topic":"{}"}}"#, "x".repeat(17_000)), 4400),
            (r#"{"type":"renew","ticket":"hct_00000000000000000000000000000000"}"#.to_owned(), 4401),
            (r#"{"type":"presence","conversationId":"01890000-0000-7000-8000-000000000000","state":"typing"}"#.to_owned(), 4403),
        ] {
            let (mut socket, _) = Socket::open(&hub.client, &hub.url, key, None, &["inbox"]).await;
            socket.try_say(&frame).await;
            let ended = socket.closed().await;
            assert!(ended == code || (frame.len() > 16_384 && ended == 1006), "{ended} {frame}");
        }
        let (mut socket, _) = Socket::open(&hub.client, &hub.url, key, None, &["inbox"]).await;
        for _ in 0..60 {
            if !socket.try_say(r#"{"type":"subscribe","topic":"inbox"}"#).await {
                break;
            }
        }
        assert_eq!(socket.closed().await, 4429);
    }

    async fn colleagues_see_who_is_at_a_conversation(hub: Hub) {
        let mut boss = owner(hub).await;
        let (nok, id) = member(hub, &mut boss, "nok@shop.example", "MANAGER").await;
        said(hub, 1, "1", "hello").await;
        let row = hub.conversation("hello", |row| row["lastMessagePreview"] == "hello").await;
        let conversation = row["id"].as_str().unwrap();
        let topic = format!("conversation:{conversation}");
        let (mut watching, _) = Socket::open(&hub.client, &hub.url, boss.token.as_ref().unwrap(), None, &[&topic]).await;
        let (mut there, _) = Socket::open(&hub.client, &hub.url, nok.token.as_ref().unwrap(), None, &["inbox"]).await;
        for state in ["viewing", "typing"] {
            there.say(json!({"type": "presence", "conversationId": conversation, "state": state})).await;
            let shown = watching.of_type("presence").await;
            assert_eq!(shown["members"], json!([{"memberId": id, "name": "Nok", "state": state}]));
        }
        // Who comes later sees it too, and a socket that goes takes its presence along.
        let (_late, shown) = {
            let (mut late, _) = Socket::open(&hub.client, &hub.url, hub.key.expose_secret(), None, &["presence"]).await;
            let shown = late.of_type("presence").await;
            (late, shown)
        };
        assert_eq!(shown["members"][0]["memberId"], json!(id));
        drop(there);
        let shown = watching.of_type("presence").await;
        assert_eq!((&shown["conversationId"], &shown["members"]), (&json!(conversation), &json!([])));
    }

    async fn a_stop_tells_every_socket_to_come_again(hub: Hub) {
        let other = crate::socket_hosts::OtherHost::start(hub, |_| ()).await;
        let (mut socket, _) = Socket::open(&hub.client, &other.url, hub.key.expose_secret(), None, &["inbox"]).await;
        other.stop().await;
        assert!(matches!(socket.next().await, Got::Closed(1012)));
    }
}

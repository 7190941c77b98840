//! Taking a webhook apart: every entry, every event of it. What is kept of an event is Meta's own text of it, within
//! the id and the time of its entry.

use std::fmt::Write as _;

use bytes::Bytes;
use hubchat_ports::{MalformedBody, RawEvent, WebhookBatch};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::Family;
use crate::keys::{digest_key, keepable};

/// The order key of events that name nobody.
const ACCOUNT: &str = "account";

#[derive(Deserialize)]
struct Envelope<'a> {
    object: String,
    #[serde(borrow)]
    entry: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    id: String,
    #[serde(default)]
    time: Option<i64>,
    #[serde(borrow, default)]
    messaging: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    standby: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    changes: Vec<&'a RawValue>,
}

/// Takes a body apart.
pub(crate) fn split(family: Family, body: &Bytes) -> Result<WebhookBatch, MalformedBody> {
    let whole = || WebhookBatch {
        destination: None,
        events: vec![RawEvent {
            event_key: digest_key(body),
            order_key: ACCOUNT.to_owned(),
            destination: None,
            raw: body.clone(),
        }],
    };
    // What serde_json skips it does not read: a text within it may be anything.
    let text = std::str::from_utf8(body).map_err(|_| MalformedBody)?;
    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(text) else {
        serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|_| MalformedBody)?;
        return Ok(whole());
    };
    if envelope.object != family.object() {
        return Ok(whole());
    }
    let mut events = Vec::new();
    for entry in envelope.entry {
        match serde_json::from_str::<Entry<'_>>(entry.get()) {
            Ok(entry) => {
                let kinds = [("messaging", entry.messaging), ("standby", entry.standby), ("change", entry.changes)];
                for (kind, items) in kinds {
                    events.extend(items.into_iter().map(|item| event(&entry.id, entry.time, kind, item.get())));
                }
            }
            Err(_) => events.push(RawEvent {
                event_key: digest_key(entry.get().as_bytes()),
                order_key: ACCOUNT.to_owned(),
                destination: None,
                raw: Bytes::copy_from_slice(entry.get().as_bytes()),
            }),
        }
    }
    Ok(WebhookBatch { destination: None, events })
}

fn event(entry: &str, time: Option<i64>, kind: &str, item: &str) -> RawEvent {
    let value: Value = serde_json::from_str(item).unwrap_or_default();
    let key = if kind == "change" { change_key(&value) } else { messaging_key(&value) };
    let order = if kind == "change" { change_order(&value) } else { messaging_order(entry, &value) };
    let mut raw = String::with_capacity(item.len() + 80);
    // A string always has its JSON.
    let id = serde_json::to_string(entry).unwrap_or_default();
    let time = time.map_or_else(|| "null".to_owned(), |time| time.to_string());
    let _ = write!(raw, r#"{{"entry":{id},"time":{time},"{kind}":{item}}}"#);
    RawEvent {
        event_key: key.map_or_else(|| digest_key(item.as_bytes()), keepable),
        order_key: order.map_or_else(|| ACCOUNT.to_owned(), keepable),
        destination: Some(entry.to_owned()),
        raw: raw.into(),
    }
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

/// Messages have ids; of the rest, what makes them unique follows from what they tell.
fn messaging_key(item: &Value) -> Option<String> {
    let sender = text(&item["sender"]["id"]).unwrap_or_default();
    if let Some(mid) = text(&item["message"]["mid"]) {
        // A message that was taken back comes under the id of the message.
        return Some(if item["message"]["is_deleted"] == true { format!("deleted:{mid}") } else { mid.to_owned() });
    }
    if let Some(mid) = text(&item["postback"]["mid"]) {
        return Some(format!("postback:{mid}"));
    }
    if let (Some(mid), Some(number)) = (text(&item["message_edit"]["mid"]), item["message_edit"]["num_edit"].as_i64()) {
        return Some(format!("edit:{mid}:{number}"));
    }
    let reaction = &item["reaction"];
    if let Some(mid) = text(&reaction["mid"]) {
        let action = text(&reaction["action"]).unwrap_or_default();
        return Some(format!("reaction:{mid}:{sender}:{action}:{}", item["timestamp"]));
    }
    None
}

/// Whoever the thread is with: the sender, or for echoes the recipient.
fn messaging_order(entry: &str, item: &Value) -> Option<String> {
    let ids = [&item["sender"]["id"], &item["recipient"]["id"]];
    ids.into_iter().filter_map(text).find(|id| *id != entry).map(str::to_owned)
}

fn change_key(change: &Value) -> Option<String> {
    let value = &change["value"];
    if let (Some(id), Some(verb)) = (text(&value["comment_id"]), text(&value["verb"])) {
        // The same comment may be edited twice within a second.
        let said = digest_key(value["message"].as_str().unwrap_or_default().as_bytes());
        return Some(format!("{id}:{verb}:{}:{}", value["created_time"], &said[..23]));
    }
    let is_comment = matches!(change["field"].as_str(), Some("comments" | "live_comments"));
    text(&value["id"]).filter(|_| is_comment).map(|id| format!("comment:{id}"))
}

/// One person's comments are taken in order.
fn change_order(change: &Value) -> Option<String> {
    let value = &change["value"];
    let whose = [&value["from"]["id"], &value["comment_id"], &value["id"]];
    whose.into_iter().find_map(text).map(|id| format!("comments:{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::webhook;

    fn of(family: Family, file: &str) -> Vec<RawEvent> {
        split(family, &webhook(file).into()).expect("JSON").events
    }

    #[test]
    fn every_entry_and_every_event_of_it_is_taken() {
        let events = of(Family::Facebook, "messenger/batch_two_pages.json");
        let told: Vec<_> = events.iter().map(|e| (e.destination.as_deref().unwrap(), e.order_key.as_str())).collect();
        assert_eq!(
            told,
            [
                ("100200300400500", "7254519988800011"),
                ("100200300400599", "7254519988800022"),
                ("100200300400599", "7254519988800022"),
            ]
        );
        assert!(events[0].event_key.starts_with("m_hubMsgr00044"));
        assert_eq!(of(Family::Facebook, "facebook-comments/batch_two_changes.json").len(), 2);
    }

    #[test]
    fn an_echo_belongs_to_the_customers_thread() {
        let events = of(Family::Facebook, "messenger/echo_own_app.json");
        assert_eq!(
            (events[0].order_key.as_str(), events[0].event_key.as_str()),
            ("7254519988800011", "m_hubSent00001")
        );
    }

    #[test]
    fn two_states_of_a_comment_are_two_events() {
        let keys: Vec<String> = ["add", "edited", "remove", "hide", "unhide"]
            .iter()
            .map(|verb| of(Family::Facebook, &format!("facebook-comments/comment_{verb}.json")).remove(0).event_key)
            .collect();
        let distinct: std::collections::BTreeSet<&String> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len(), "{keys:?}");
    }

    #[test]
    fn what_is_not_of_the_family_is_one_event_of_no_account() {
        let events = of(Family::Instagram, "messenger/text.json");
        assert_eq!((events.len(), &events[0].destination), (1, &None));
        assert!(split(Family::Facebook, &Bytes::from_static(b"{")).is_err());
        assert_eq!(split(Family::Facebook, &Bytes::from_static(b"[1]")).unwrap().events.len(), 1);
        assert!(
            split(Family::Facebook, &Bytes::from_static(br#"{"object":"page","entry":[]}"#)).unwrap().events.is_empty()
        );
        let odd = split(
            Family::Facebook,
            &Bytes::from_static(br#"{"object":"page","entry":[1,{"id":"1","messaging":[2]}]}"#),
        );
        assert_eq!(odd.unwrap().events.len(), 2);
    }
}

//! Taking a webhook apart: every message and every status of every change. What is kept of one is Meta's own text of
//! it, within what its change tells beside it.

use std::fmt::Write as _;

use bytes::Bytes;
use hubchat_ports::{MalformedBody, RawEvent, WebhookBatch};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

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
    #[serde(borrow, default)]
    changes: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    value: &'a RawValue,
}

#[derive(Deserialize, Default)]
struct Items<'a> {
    #[serde(default)]
    metadata: Metadata,
    #[serde(borrow, default)]
    contacts: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    messages: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    message_echoes: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    statuses: Vec<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct Metadata {
    #[serde(default)]
    phone_number_id: Option<String>,
}

fn whole(bytes: &[u8], destination: Option<String>) -> RawEvent {
    RawEvent {
        event_key: digest_key(bytes),
        order_key: ACCOUNT.to_owned(),
        destination,
        raw: Bytes::copy_from_slice(bytes),
    }
}

/// Takes a body apart.
pub(super) fn split(body: &Bytes) -> Result<WebhookBatch, MalformedBody> {
    let only = |event| Ok(WebhookBatch { destination: None, events: vec![event] });
    // What serde_json skips it does not read: a text within it may be anything.
    let text = std::str::from_utf8(body).map_err(|_| MalformedBody)?;
    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(text) else {
        serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|_| MalformedBody)?;
        return only(whole(body, None));
    };
    if envelope.object != "whatsapp_business_account" {
        return only(whole(body, None));
    }
    let mut events = Vec::new();
    for entry in envelope.entry {
        match serde_json::from_str::<Entry<'_>>(entry.get()) {
            Ok(entry) => {
                for change in entry.changes {
                    events.extend(of_change(&entry.id, change.get()));
                }
            }
            Err(_) => events.push(whole(entry.get().as_bytes(), None)),
        }
    }
    Ok(WebhookBatch { destination: None, events })
}

fn of_change(business: &str, raw: &str) -> Vec<RawEvent> {
    let Ok(change) = serde_json::from_str::<Change<'_>>(raw) else { return vec![whole(raw.as_bytes(), None)] };
    let items: Items<'_> = serde_json::from_str(change.value.get()).unwrap_or_default();
    let Some(number) = items.metadata.phone_number_id else {
        // Of the business account and not of a number: nobody's inbox, but kept.
        return vec![whole(raw.as_bytes(), Some(business.to_owned()))];
    };
    let contacts: Vec<Value> =
        items.contacts.iter().filter_map(|contact| serde_json::from_str(contact.get()).ok()).collect();
    let mut events = Vec::new();
    for (kind, list) in [("message", items.messages), ("echo", items.message_echoes), ("status", items.statuses)] {
        events.extend(list.into_iter().map(|item| event(&number, kind, item.get(), &contacts)));
    }
    if events.is_empty() {
        events.push(whole(raw.as_bytes(), Some(number)));
    }
    events
}

fn event(number: &str, kind: &str, item: &str, contacts: &[Value]) -> RawEvent {
    let value: Value = serde_json::from_str(item).unwrap_or_default();
    let text = |name: &str| value[name].as_str().filter(|text| !text.is_empty());
    let person = match kind {
        "message" => text("from").or_else(|| text("from_user_id")),
        "echo" => text("to"),
        _ => text("recipient_id"),
    };
    let key = text("id").map(|id| match (kind, text("status")) {
        ("status", status) => format!("status:{id}:{}", status.unwrap_or_default()),
        _ => id.to_owned(),
    });
    let contact = contacts.iter().find(|contact| {
        let is = |name: &str, other: &str| contact[name].is_string() && contact[name] == value[other];
        is("wa_id", "from") || is("user_id", "from_user_id")
    });
    let mut raw = String::with_capacity(item.len() + 160);
    let number_json = Value::from(number);
    let contact = contact.map_or(Value::Null, Value::clone);
    let _ = write!(raw, r#"{{"number":{number_json},"contact":{contact},"{kind}":{item}}}"#);
    RawEvent {
        event_key: key.map_or_else(|| digest_key(item.as_bytes()), keepable),
        order_key: person.map_or_else(|| ACCOUNT.to_owned(), |person| keepable(person.to_owned())),
        destination: Some(number.to_owned()),
        raw: raw.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::webhook;

    fn of(file: &str) -> Vec<RawEvent> {
        split(&webhook(file).into()).expect("JSON").events
    }

    #[test]
    fn every_message_and_status_of_a_batch_is_taken() {
        let events = of("whatsapp/batch_messages_and_status.json");
        let told: Vec<(&str, bool)> =
            events.iter().map(|e| (e.order_key.as_str(), e.event_key.starts_with("status:"))).collect();
        assert_eq!(told, [("66810000001", false), ("66810000001", false), ("66810000001", true)]);
        assert!(events.iter().all(|event| event.destination.as_deref() == Some("106540352240001")));
    }

    #[test]
    fn what_concerns_the_business_account_is_kept_under_its_id() {
        let events = of("whatsapp/template_status_approved.json");
        assert_eq!((events.len(), events[0].destination.as_deref()), (1, Some("102000000000321")));
    }

    #[test]
    fn each_state_of_a_message_is_an_event() {
        let keys: Vec<String> = ["sent", "delivered"]
            .map(|state| of(&format!("whatsapp/status_{state}.json")).remove(0).event_key)
            .to_vec();
        assert_ne!(keys[0], keys[1]);
    }
}

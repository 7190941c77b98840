//! Taking a webhook apart into its events, without understanding them: the hot path.

use std::borrow::Cow;

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use hubchat_ports::{MalformedBody, RawEvent, WebhookBatch};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    destination: Cow<'a, str>,
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Keys<'a> {
    #[serde(borrow, default)]
    webhook_event_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    source: Option<Source<'a>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow, default, rename = "userId")]
    user: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "groupId")]
    group: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "roomId")]
    room: Option<Cow<'a, str>>,
}

/// The most bytes of a key that a provider may name; a longer one is no id.
const MOST_KEY_BYTES: usize = 200;

pub(crate) fn split(body: &Bytes) -> Result<WebhookBatch, MalformedBody> {
    let Ok(envelope) = serde_json::from_slice::<Envelope<'_>>(body) else {
        // Not LINE's shape. Any JSON is kept, whole; anything else is refused.
        let text = std::str::from_utf8(body).map_err(|_| MalformedBody)?;
        serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|_| MalformedBody)?;
        let event = RawEvent {
            event_key: digest_key(body),
            order_key: ACCOUNT.to_owned(),
            destination: None,
            raw: body.clone(),
        };
        return Ok(WebhookBatch { destination: None, events: vec![event] });
    };
    let events = envelope.events.iter().map(|raw| event(body, raw.get())).collect();
    Ok(WebhookBatch { destination: Some(envelope.destination.into_owned()), events })
}

/// Names the thread of events that have none.
const ACCOUNT: &str = "account";

fn event(body: &Bytes, raw: &str) -> RawEvent {
    let keys: Keys<'_> = serde_json::from_str(raw).unwrap_or_default();
    let id = keys.webhook_event_id.filter(|id| !id.is_empty() && id.len() <= MOST_KEY_BYTES && !id.contains('\0'));
    let event_key = id.map_or_else(|| digest_key(raw.as_bytes()), Cow::into_owned);
    let thread = keys.source.and_then(|source| source.group.or(source.room).or(source.user));
    let thread = thread.filter(|thread| thread.len() <= MOST_KEY_BYTES && !thread.contains('\0'));
    let order_key = thread.map_or_else(|| ACCOUNT.to_owned(), Cow::into_owned);
    RawEvent { event_key, order_key, destination: None, raw: body.slice_ref(raw.as_bytes()) }
}

fn digest_key(bytes: &[u8]) -> String {
    let mut key = String::from("sha256:");
    for byte in digest(&SHA256, bytes).as_ref() {
        key.extend([byte >> 4, byte & 0xf].into_iter().filter_map(|digit| char::from_digit(digit.into(), 16)));
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{webhook, webhooks};

    fn batch(bytes: &[u8]) -> WebhookBatch {
        split(&Bytes::copy_from_slice(bytes)).expect("JSON")
    }

    #[test]
    fn every_event_keeps_its_bytes_and_gets_its_keys() {
        let body = webhook("batch_two_users.json");
        let batch = batch(&body);
        assert_eq!(batch.destination.as_deref(), Some("U0f1e2d3c4b5a69788796a5b4c3d2e1f0"));
        let keys: Vec<&str> = batch.events.iter().map(|event| event.event_key.as_str()).collect();
        let expected = ["01KDWHUBCHAT00000000000024", "01KDWHUBCHAT00000000000025", "01KDWHUBCHAT00000000000026"];
        assert_eq!(keys, expected);
        let [first, second, third] = batch.events.as_slice() else { panic!("three events") };
        assert_eq!(second.order_key, third.order_key);
        assert_ne!(first.order_key, second.order_key);
        let text = String::from_utf8(body).unwrap();
        assert!(batch.events.iter().all(|event| text.contains(std::str::from_utf8(&event.raw).unwrap())));
    }

    #[test]
    fn a_redelivery_has_the_key_of_the_first() {
        let (first, again) = (batch(&webhook("text.json")), batch(&webhook("text_redelivery.json")));
        assert_eq!(first.events[0].event_key, again.events[0].event_key);
    }

    #[test]
    fn the_test_of_lines_console_holds_no_event() {
        assert!(batch(&webhook("verify_empty.json")).events.is_empty());
    }

    #[test]
    fn foreign_shapes_are_kept_whole_and_what_is_no_json_is_refused() {
        for shape in ["[]", "5", "null", "{}", r#"{"events":5}"#, r#"{"destination":5,"events":[]}"#] {
            let batch = batch(shape.as_bytes());
            assert_eq!((batch.destination, batch.events.len()), (None, 1), "{shape}");
            assert_eq!(batch.events[0].raw, shape.as_bytes());
        }
        let odd =
            batch(br#"{"destination":"U","events":[5,{"webhookEventId":7},{"source":"x"},{"webhookEventId":""}]}"#);
        assert!(odd.events.iter().all(|event| event.event_key.starts_with("sha256:")));
        assert_eq!(odd.events.len(), 4);
        for wrong in [b"".as_slice(), b"hello", b"{", b"\xff\xfe", b"{} {}"] {
            assert_eq!(split(&Bytes::copy_from_slice(wrong)), Err(MalformedBody));
        }
    }

    #[test]
    fn every_fixture_splits() {
        for file in webhooks() {
            assert!(batch(&webhook(&file)).destination.is_some(), "{file}");
        }
    }
}

//! Taking a webhook apart: Telegram posts one update a request.

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use hubchat_ports::{MalformedBody, RawEvent, WebhookBatch};
use serde::Deserialize;

#[derive(Deserialize, Default)]
struct Keys {
    #[serde(default)]
    update_id: Option<i64>,
    #[serde(default)]
    message: Option<InChat>,
    #[serde(default)]
    edited_message: Option<InChat>,
    #[serde(default)]
    callback_query: Option<Callback>,
    #[serde(default)]
    my_chat_member: Option<InChat>,
}

#[derive(Deserialize)]
struct InChat {
    chat: Id,
}

#[derive(Deserialize)]
struct Callback {
    #[serde(default)]
    message: Option<InChat>,
    from: Id,
}

#[derive(Deserialize)]
struct Id {
    id: i64,
}

/// Names the thread of updates that have none.
const ACCOUNT: &str = "account";

pub(crate) fn split(body: &Bytes) -> Result<WebhookBatch, MalformedBody> {
    let text = std::str::from_utf8(body).map_err(|_| MalformedBody)?;
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|_| MalformedBody)?;
    let keys: Keys = serde_json::from_str(text).unwrap_or_default();
    let event_key = keys.update_id.map_or_else(|| digest_key(body), |id| id.to_string());
    let chat = keys.message.or(keys.edited_message).or(keys.my_chat_member).map(|in_chat| in_chat.chat.id);
    let pressed = |callback: Callback| callback.message.map_or(callback.from.id, |message| message.chat.id);
    let chat = chat.or_else(|| keys.callback_query.map(pressed));
    let order_key = chat.map_or_else(|| ACCOUNT.to_owned(), |chat| chat.to_string());
    // The body names no bot: the address does.
    Ok(WebhookBatch {
        destination: None,
        events: vec![RawEvent { event_key, order_key, destination: None, raw: body.clone() }],
    })
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

    fn only(bytes: &[u8]) -> RawEvent {
        let mut batch = split(&Bytes::copy_from_slice(bytes)).expect("JSON");
        assert_eq!((&batch.destination, batch.events.len()), (&None, 1));
        batch.events.remove(0)
    }

    #[test]
    fn updates_are_known_by_their_number_and_ordered_by_their_chat() {
        let event = only(&webhook("message_text.json"));
        assert_eq!((event.event_key.as_str(), event.order_key.as_str()), ("810000002", "900100200"));
        assert_eq!(event.raw, webhook("message_text.json"));
        assert_eq!(only(&webhook("edited_message.json")).order_key, "900100200");
        for file in webhooks() {
            let event = only(&webhook(&file));
            assert!(event.event_key.bytes().all(|byte| byte.is_ascii_digit()), "{file}");
            assert_ne!(event.order_key, ACCOUNT, "{file}");
        }
    }

    #[test]
    fn foreign_shapes_are_kept_whole_and_what_is_no_json_is_refused() {
        for shape in ["[]", "5", "null", "{}", r#"{"update_id":"x"}"#, r#"{"update_id":1.5,"message":5}"#] {
            let event = only(shape.as_bytes());
            assert!(event.event_key.starts_with("sha256:"), "{shape}");
            assert_eq!((event.order_key.as_str(), &event.raw[..]), (ACCOUNT, shape.as_bytes()));
        }
        for wrong in [b"".as_slice(), b"hello", b"{", b"\xff\xfe", b"{} {}"] {
            assert_eq!(split(&Bytes::copy_from_slice(wrong)), Err(MalformedBody));
        }
    }
}

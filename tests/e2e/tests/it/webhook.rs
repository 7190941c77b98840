//! LINE webhooks as LINE would send them, signed.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::hub::{CHANNEL_SECRET, DESTINATION};

/// The signature of a body.
pub fn sign(secret: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, body).as_ref())
}

/// A LINE user id made from a number.
pub fn user(number: usize) -> String {
    format!("U{number:032x}")
}

/// Milliseconds since the epoch, now.
pub fn now_millis() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "a provider has a clock of its own")]
    let now = std::time::SystemTime::now();
    i64::try_from(now.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis()).expect("before 9999")
}

/// A text event. `id` names the event and the message.
pub fn text_event(user_id: &str, id: &str, text: &str) -> Value {
    event(user_id, id, &json!({"type": "message", "message": {"type": "text", "id": id, "text": text}}))
}

/// An event of any kind with the common fields.
pub fn event(user_id: &str, id: &str, particulars: &Value) -> Value {
    let mut event = json!({
        "webhookEventId": format!("E{id}"),
        "deliveryContext": {"isRedelivery": false},
        "timestamp": now_millis(),
        "source": {"type": "user", "userId": user_id},
        "mode": "active",
    });
    for (name, value) in particulars.as_object().expect("an object") {
        event[name] = value.clone();
    }
    event
}

/// The body of a webhook.
pub fn body(events: &[Value]) -> Vec<u8> {
    json!({"destination": DESTINATION, "events": events}).to_string().into_bytes()
}

/// Posts a body, signed; answers the status, or nothing when hubchat could not be reached.
pub async fn post(client: &reqwest::Client, url: &str, body: Vec<u8>) -> Option<StatusCode> {
    let signature = sign(CHANNEL_SECRET, &body);
    let sent = client
        .post(url)
        .header("content-type", "application/json")
        .header("x-line-signature", signature)
        .body(body)
        .send()
        .await;
    sent.ok().map(|response| response.status())
}

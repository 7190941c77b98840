//! Webhook bodies: their envelope, their escapes, their signature, and the hand-shake of a callback URL.

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use bytes::Bytes;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::accounts::{Account, MetaObject};
use super::{FakeMeta, MetaState};
use crate::error::SandboxError;
use crate::ids::stable_number;

/// The value of `X-Hub-Signature-256` over these bytes.
pub fn meta_signature(app_secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hmac_hex(app_secret, body))
}

pub(super) fn hmac_hex(secret: &str, bytes: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hex(hmac::sign(&key, bytes).as_ref())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// One thing that a webhook tells.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) account: Account,
    pub(super) part: Part,
    /// What a subscription must have for this to be told; `None` to tell it anyway.
    pub(super) field: Option<&'static str>,
    /// The message or comment, empty where it is about none.
    pub(super) id: String,
}

#[derive(Debug, Clone)]
pub(super) enum Part {
    Messaging(Value),
    Change(Value),
}

/// A body ready to be posted.
#[derive(Debug, Clone)]
pub(super) struct Envelope {
    pub(super) object: MetaObject,
    pub(super) entry_id: String,
    pub(super) body: Bytes,
}

/// Puts things into one body, an entry for each account.
pub(super) fn envelope(told: &[Told], now_ms: i64) -> Option<Envelope> {
    let first = told.first()?;
    let object = first.account.object();
    let mut entries: Vec<Value> = Vec::new();
    for one in told {
        let id = one.account.entry_id();
        let (list, item, time) = match &one.part {
            Part::Messaging(item) => ("messaging", item, now_ms),
            Part::Change(change) => ("changes", change, now_ms / 1_000),
        };
        let same = entries.iter_mut().find(|entry| entry["id"] == id && entry.get(list).is_some());
        if let Some(Value::Array(items)) = same.and_then(|entry| entry.get_mut(list)) {
            items.push(item.clone());
            continue;
        }
        let mut entry = json!({ "id": id });
        entry[list] = json!([item]);
        // WhatsApp gives a time to what is about the business account only.
        if object != MetaObject::Whatsapp || item["field"] != "messages" {
            entry["time"] = json!(time);
        }
        entries.push(entry);
    }
    let body = ascii_json(&json!({ "object": object.word(), "entry": entries }));
    Some(Envelope { object, entry_id: first.account.entry_id().to_owned(), body: body.into() })
}

/// JSON with everything beyond ASCII escaped, which is the form that Meta signs.
fn ascii_json(value: &Value) -> String {
    let plain = value.to_string();
    if plain.is_ascii() {
        return plain;
    }
    let mut escaped = String::with_capacity(plain.len() * 2);
    for letter in plain.chars() {
        if letter.is_ascii() {
            escaped.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

impl MetaState {
    pub(super) async fn post(&self, envelope: &Envelope) -> Result<u16, SandboxError> {
        let url = self
            .subscriptions
            .callback(envelope.object, &envelope.entry_id)
            .ok_or_else(|| SandboxError::NoWebhookUrl(envelope.entry_id.clone()))?;
        let signature = meta_signature(self.accounts.app().app_secret.expose_secret(), &envelope.body);
        self.client.post(&url, envelope.body.clone(), &[("x-hub-signature-256", &signature)]).await
    }

    /// Tells the callback of something an account did itself, without waiting for it.
    pub(super) fn tell_later(&self, told: Told) {
        let heard = told.field.is_none_or(|field| self.subscriptions.hears(&told.account, field));
        let Some(envelope) = envelope(&[told], self.now_ms()).filter(|_| heard) else { return };
        let Some(url) = self.subscriptions.callback(envelope.object, &envelope.entry_id) else { return };
        let signature = meta_signature(self.accounts.app().app_secret.expose_secret(), &envelope.body);
        let client = self.client.clone();
        tokio::spawn(async move {
            if let Err(error) = client.post(&url, envelope.body, &[("x-hub-signature-256", &signature)]).await {
                tracing::debug!(%error, "nobody heard the echo");
            }
        });
    }

    /// Asks a callback URL for the challenge; the status, and whether the right answer came.
    pub(super) async fn shake_hands(&self, url: &str, verify_token: &str) -> Result<(u16, bool), SandboxError> {
        let challenge = (stable_number(&self.ids.long_token()) % 10_000_000_000).to_string();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("hub.mode", "subscribe")
            .append_pair("hub.verify_token", verify_token)
            .append_pair("hub.challenge", &challenge)
            .finish();
        let joint = if url.contains('?') { '&' } else { '?' };
        let (status, content_type, body) = self.client.get(&format!("{url}{joint}{query}")).await?;
        let right = status == 200 && content_type.starts_with("text/plain") && body == challenge.as_bytes();
        Ok((status, right))
    }
}

impl FakeMeta {
    /// Sets the callback URL of an object after the hand-shake, and answers the status of that. The URL is kept
    /// only when the challenge came back as plain text with 200.
    ///
    /// # Errors
    /// When the URL did not answer at all.
    pub async fn set_callback(&self, object: MetaObject, url: &str) -> Result<u16, SandboxError> {
        let verify_token = self.state.accounts.app().verify_token.clone();
        let (status, right) = self.state.shake_hands(url, &verify_token).await?;
        if right {
            self.set_callback_unchecked(object, url);
        }
        Ok(status)
    }

    /// Sets the callback URL of an object without a hand-shake.
    pub fn set_callback_unchecked(&self, object: MetaObject, url: &str) {
        self.state.subscriptions.set_callback(object, url);
    }
}

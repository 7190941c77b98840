//! Webhooks of a channel: proven, taken apart and understood, whatever the bytes are.

use std::collections::BTreeSet;

use bytes::Bytes;
use hubchat_domain::InboundEventKind;
use hubchat_ports::{ChannelSecrets, VerifyError, WebhookHeaders};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::world::Dice;
use crate::{ChannelAdapterHarness, WebhookSample};

fn headers(sample: &WebhookSample) -> WebhookHeaders {
    WebhookHeaders::new(sample.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())))
}

fn verify(harness: &dyn ChannelAdapterHarness, sample: &WebhookSample, body: &[u8]) -> Result<(), VerifyError> {
    harness.adapter().verify(&headers(sample), body, &sample.secrets)
}

/// A body with a few bytes changed, cut or repeated.
fn damaged(body: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut body = body.to_vec();
    for _ in 0..=dice.below(4) {
        let place = dice.below(body.len().max(1));
        match dice.below(4) {
            0 => body.truncate(place),
            1 => body.insert(place.min(body.len()), u8::try_from(dice.below(256)).unwrap()),
            2 => body.extend_from_within(place.min(body.len())..),
            _ => {
                if let Some(byte) = body.get_mut(place) {
                    *byte = u8::try_from(dice.below(256)).unwrap();
                }
            }
        }
    }
    body
}

pub async fn the_providers_webhooks_are_taken(harness: &dyn ChannelAdapterHarness) {
    let samples = harness.webhooks();
    let several = !harness.batches() || samples.iter().any(|sample| sample.events >= 2);
    assert!(several, "the harness gives no webhook with two events");
    for sample in &samples {
        assert_eq!(verify(harness, sample, &sample.body), Ok(()));
        let batch = harness.adapter().split(&sample.body).unwrap();
        assert_eq!(batch.destination, sample.destination);
        assert_eq!(batch.events.len(), sample.events);
    }
}

pub async fn a_webhook_that_was_changed_is_refused(harness: &dyn ChannelAdapterHarness) {
    for sample in harness.webhooks() {
        for (which, (name, value)) in sample.headers.iter().enumerate() {
            for place in 0..value.len() {
                let mut changed = sample.clone();
                let mut value = value.clone();
                value[place] ^= 1;
                changed.headers[which] = (name.clone(), value);
                assert!(verify(harness, &changed, &sample.body).is_err(), "{name} changed at {place}");
            }
        }
        if !harness.proof_covers_body() {
            continue;
        }
        for place in 0..sample.body.len() {
            let mut body = sample.body.to_vec();
            body[place] ^= 1;
            assert_eq!(verify(harness, &sample, &body), Err(VerifyError::Mismatch), "a change at {place}");
        }
        let longer = [sample.body.as_ref(), b" "].concat();
        for body in [&sample.body[..sample.body.len() - 1], &longer, b""] {
            assert_eq!(verify(harness, &sample, body), Err(VerifyError::Mismatch));
        }
    }
}

pub async fn a_webhook_without_its_one_signature_is_refused(harness: &dyn ChannelAdapterHarness) {
    for sample in harness.webhooks() {
        let none = WebhookSample { headers: Vec::new(), ..sample.clone() };
        assert_eq!(verify(harness, &none, &sample.body), Err(VerifyError::Missing));
        let twice =
            WebhookSample { headers: [sample.headers.clone(), sample.headers.clone()].concat(), ..sample.clone() };
        assert_eq!(verify(harness, &twice, &sample.body), Err(VerifyError::Missing), "a repeated signature");
        for bad in [b"".as_slice(), b"=", b"not a signature", &[0xff; 44], &[b'A'; 10_000]] {
            let bad: Vec<_> = sample.headers.iter().map(|(name, _)| (name.clone(), bad.to_vec())).collect();
            let bad = WebhookSample { headers: bad, ..sample.clone() };
            assert!(verify(harness, &bad, &sample.body).is_err());
        }
    }
}

pub async fn a_webhook_is_refused_without_a_secret_and_with_anothers(harness: &dyn ChannelAdapterHarness) {
    let adapter = harness.adapter();
    let all = |secret: &str| {
        ChannelSecrets::new(adapter.secret_names().iter().map(|name| ((*name).to_owned(), SecretString::from(secret))))
    };
    for sample in harness.webhooks() {
        for secrets in [ChannelSecrets::default(), all("")] {
            let refused = adapter.verify(&headers(&sample), &sample.body, &secrets);
            assert_eq!(refused, Err(VerifyError::NoSecret));
        }
        // What cannot be a secret of the provider's is as good as none.
        let refused = adapter.verify(&headers(&sample), &sample.body, &all("anothers-secret"));
        assert!(matches!(refused, Err(VerifyError::Mismatch | VerifyError::NoSecret)), "{refused:?}");
    }
}

pub async fn events_have_keys_that_stay_the_same(harness: &dyn ChannelAdapterHarness) {
    for sample in harness.webhooks() {
        let batch = harness.adapter().split(&sample.body).unwrap();
        assert_eq!(harness.adapter().split(&sample.body).unwrap(), batch, "the same body, other keys");
        let keys: BTreeSet<&str> = batch.events.iter().map(|event| event.event_key.as_str()).collect();
        assert_eq!(keys.len(), batch.events.len(), "two events of a webhook share a key");
        for event in &batch.events {
            assert!((1..=512).contains(&event.event_key.len()) && (1..=512).contains(&event.order_key.len()));
            assert!(serde_json::from_slice::<Value>(&event.raw).is_ok(), "an event that is no JSON");
        }
    }
}

pub async fn the_providers_events_are_understood(harness: &dyn ChannelAdapterHarness) {
    for sample in harness.webhooks() {
        for event in harness.adapter().split(&sample.body).unwrap().events {
            let parsed = harness.adapter().parse(&event.raw).unwrap();
            assert_eq!(harness.adapter().parse(&event.raw).unwrap(), parsed, "understood in two ways");
        }
    }
}

pub async fn an_event_of_an_unknown_kind_is_unsupported_and_no_error(harness: &dyn ChannelAdapterHarness) {
    let parsed = harness.adapter().parse(&harness.unknown_event()).unwrap();
    assert!(!parsed.is_empty());
    assert!(parsed.iter().all(|event| matches!(event.kind, InboundEventKind::Unsupported { .. })));
}

pub async fn any_json_can_be_taken_apart(harness: &dyn ChannelAdapterHarness) {
    let mut nested = json!(1);
    for _ in 0..50 {
        nested = json!({ "events": [nested] });
    }
    for foreign in [json!(null), json!(1), json!("text"), json!([]), json!({ "foo": 1 }), json!([{ "a": "ก" }]), nested]
    {
        let body = Bytes::from(foreign.to_string());
        let batch = harness.adapter().split(&body).unwrap();
        if foreign.get("events").is_none() {
            assert_eq!(batch.events.len(), 1, "a foreign shape is one event: {foreign}");
            let kept: Value = serde_json::from_slice(&batch.events[0].raw).unwrap();
            assert_eq!(kept, foreign);
        }
        for event in batch.events {
            assert!(!event.event_key.is_empty() && !event.order_key.is_empty());
            drop(harness.adapter().parse(&event.raw));
        }
    }
}

pub async fn what_is_not_json_is_refused(harness: &dyn ChannelAdapterHarness) {
    for body in [b"".as_slice(), b"{", b"not json", b"{}{}", b"{\"events\":[}", b"\xff\xfe", b"{\"a\":\"\xc3\x28\"}"] {
        assert!(harness.adapter().split(&Bytes::copy_from_slice(body)).is_err(), "{body:?}");
        assert!(harness.adapter().parse(body).is_err(), "{body:?}");
    }
}

pub async fn no_bytes_make_the_adapter_panic(harness: &dyn ChannelAdapterHarness) {
    let mut dice = Dice::new(1);
    for sample in harness.webhooks() {
        let batch = harness.adapter().split(&sample.body).unwrap();
        for _ in 0..500 {
            let body = Bytes::from(damaged(&sample.body, &mut dice));
            if let Ok(batch) = harness.adapter().split(&body) {
                for event in batch.events {
                    drop(harness.adapter().parse(&event.raw));
                }
            }
            for event in &batch.events {
                drop(harness.adapter().parse(&damaged(&event.raw, &mut dice)));
            }
        }
    }
    for _ in 0..500 {
        let noise: Vec<u8> = (0..dice.below(200)).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
        drop(harness.adapter().split(&Bytes::from(noise.clone())));
        drop(harness.adapter().parse(&noise));
    }
}

pub async fn fields_of_other_kinds_make_an_error_and_no_panic(harness: &dyn ChannelAdapterHarness) {
    let strange = [json!(null), json!(-1), json!(1e300), json!(""), json!([]), json!({}), json!("ก".repeat(1_000))];
    for sample in harness.webhooks() {
        for event in harness.adapter().split(&sample.body).unwrap().events {
            let whole: Value = serde_json::from_slice(&event.raw).unwrap();
            let mut places = Vec::new();
            pointers(&whole, "", &mut places);
            for place in &places {
                for other in &strange {
                    let mut changed = whole.clone();
                    if let Some(slot) = changed.pointer_mut(place) {
                        *slot = other.clone();
                    }
                    drop(harness.adapter().parse(changed.to_string().as_bytes()));
                }
            }
        }
    }
}

/// Every place within a JSON value, as a pointer (RFC 6901).
fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                pointers(inner, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), into);
            }
        }
        Value::Array(items) => {
            for (number, inner) in items.iter().enumerate() {
                pointers(inner, &format!("{at}/{number}"), into);
            }
        }
        _ => {}
    }
}

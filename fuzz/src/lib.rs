//! What every target does with its bytes.

use bytes::Bytes;
use hubchat_ports::ChannelAdapter;
use hubchat_provider_http::{ProviderClient, ProviderClientConfig};

/// A client that is never used: adapters are made with one.
///
/// # Panics
///
/// When the machine has no TLS to offer.
#[must_use]
pub fn client() -> ProviderClient {
    ProviderClient::new(ProviderClientConfig::default()).expect("a client")
}

/// Takes the bytes for a webhook and for an event of one. Neither may panic, and what is kept must be what can be kept.
///
/// # Panics
///
/// When the adapter breaks a promise.
pub fn take_apart(adapter: &dyn ChannelAdapter, bytes: &[u8]) {
    let _ = adapter.parse(bytes);
    let body = Bytes::copy_from_slice(bytes);
    let Ok(batch) = adapter.split(&body) else { return };
    for event in &batch.events {
        for key in [&event.event_key, &event.order_key] {
            assert!((1..=512).contains(&key.len()) && !key.contains('\0'), "a key that cannot be kept: {key:?}");
        }
        let text = std::str::from_utf8(&event.raw).expect("an event is text");
        assert_eq!(adapter.parse(text.as_bytes()), adapter.parse(&event.raw), "understood in two ways");
    }
    assert_eq!(adapter.split(&body).as_ref(), Ok(&batch), "taken apart in two ways");
}

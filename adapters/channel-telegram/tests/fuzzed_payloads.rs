//! No bytes make the adapter panic: 10,000 mutated and random payloads through verify, split and parse.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf, sync::LazyLock};

use bytes::Bytes;
use hubchat_channel_telegram::{TelegramAdapter, TelegramConfig};
use hubchat_ports::{ChannelAdapter, ChannelSecrets, WebhookHeaders};
use hubchat_provider_http::{ProviderClient, ProviderClientConfig};
use proptest::{prelude::*, sample::Index};
use secrecy::SecretString;

static ADAPTER: LazyLock<TelegramAdapter> = LazyLock::new(|| {
    TelegramAdapter::new(TelegramConfig::default(), ProviderClient::new(ProviderClientConfig::default()).unwrap())
});

static FIXTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(fixtures);

fn fixtures() -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|p| fs::read(p).unwrap())
        .collect()
}

fn digest(adapter: &TelegramAdapter, body: &[u8]) {
    let secrets = ChannelSecrets::new([("bot_token".to_owned(), SecretString::from("7000000001:secret"))]);
    let headers = WebhookHeaders::new([("x-telegram-bot-api-secret-token", body)]);
    assert!(adapter.verify(&headers, body, &secrets).is_err());
    let _ = adapter.parse(body);
    if let Ok(batch) = adapter.split(&Bytes::copy_from_slice(body)) {
        for event in batch.events {
            assert!(!event.event_key.is_empty() && !event.order_key.is_empty());
            let _ = adapter.parse(&event.raw);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5_000) })]

    #[test]
    fn changed_payloads_never_panic(
        which in any::<Index>(),
        edits in prop::collection::vec((any::<Index>(), any::<u8>(), 0_u8..4), 1..20),
    ) {
        let mut body = which.get(&FIXTURES).clone();
        for (at, byte, how) in edits {
            let at = at.index(body.len().max(1)).min(body.len().saturating_sub(1));
            match how {
                0 if !body.is_empty() => body[at] = byte,
                1 if !body.is_empty() => { body.remove(at); }
                2 => body.insert(at, byte),
                _ => body.truncate(at.max(1)),
            }
        }
        digest(&ADAPTER, &body);
    }

    #[test]
    fn random_bytes_and_json_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in r#"[\[\]{}":,0-9a-z\\ ]{0,200}"#) {
        digest(&ADAPTER, &bytes);
        digest(&ADAPTER, text.as_bytes());
    }
}

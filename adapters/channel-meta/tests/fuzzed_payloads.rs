//! No bytes make an adapter panic: 10,000 mutated and random payloads each through verify, split and parse.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf, sync::LazyLock};

use bytes::Bytes;
use hubchat_channel_meta::{FacebookAdapter, InstagramAdapter, MetaConfig, WhatsappAdapter};
use hubchat_ports::{ChannelAdapter, ChannelSecrets, WebhookHeaders};
use hubchat_provider_http::{ProviderClient, ProviderClientConfig};
use proptest::{prelude::*, sample::Index};
use secrecy::SecretString;

static CLIENT: LazyLock<ProviderClient> =
    LazyLock::new(|| ProviderClient::new(ProviderClientConfig::default()).unwrap());

fn fixtures(folders: &[&str]) -> Vec<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = folders.iter().flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    let bodies: Vec<Vec<u8>> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| fs::read(path).unwrap())
        .collect();
    assert!(!bodies.is_empty(), "nothing to change");
    bodies
}

fn digest(adapter: &dyn ChannelAdapter, body: &[u8]) {
    let secrets = ChannelSecrets::new([("app_secret".to_owned(), SecretString::from("app-secret"))]);
    let headers = WebhookHeaders::new([("x-hub-signature-256", body)]);
    assert!(adapter.verify(&headers, body, &secrets).is_err());
    let _ = adapter.parse(body);
    if let Ok(batch) = adapter.split(&Bytes::copy_from_slice(body)) {
        for event in batch.events {
            assert!(!event.event_key.is_empty() && !event.order_key.is_empty());
            let _ = adapter.parse(&event.raw);
        }
    }
}

fn changed(fixture: &[u8], edits: Vec<(Index, u8, u8)>) -> Vec<u8> {
    let mut body = fixture.to_vec();
    for (at, byte, how) in edits {
        let at = at.index(body.len().max(1)).min(body.len().saturating_sub(1));
        match how {
            // A digit for a letter or another digit mostly leaves the JSON whole.
            0..6 if !body.is_empty() && body[at].is_ascii_alphanumeric() => body[at] = b'0' + byte % 10,
            6 if !body.is_empty() => body[at] = byte,
            7 if !body.is_empty() => {
                body.remove(at);
            }
            8 => body.insert(at, byte),
            9 => body.truncate(at.max(1)),
            _ => {}
        }
    }
    body
}

fn edits() -> impl Strategy<Value = Vec<(Index, u8, u8)>> {
    prop::collection::vec((any::<Index>(), any::<u8>(), 0_u8..10), 1..20)
}

/// Names the two tests of one adapter.
macro_rules! no_payload_panics {
    ($channel:ident, $adapter:ty, $folders:expr) => {
        mod $channel {
            use super::*;

            static ADAPTER: LazyLock<$adapter> =
                LazyLock::new(|| <$adapter>::new(MetaConfig::default(), CLIENT.clone()));
            static FIXTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| fixtures($folders));

            proptest! {
                #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5_000) })]

                #[test]
                fn changed_payloads_never_panic(which in any::<Index>(), edits in edits()) {
                    digest(&*ADAPTER, &changed(which.get::<Vec<u8>>(&FIXTURES), edits));
                }

                #[test]
                fn random_bytes_and_json_never_panic(
                    bytes in prop::collection::vec(any::<u8>(), 0..200),
                    text in r#"[\[\]{}":,0-9a-z\\ ]{0,200}"#,
                ) {
                    digest(&*ADAPTER, &bytes);
                    digest(&*ADAPTER, text.as_bytes());
                }
            }
        }
    };
}

no_payload_panics!(facebook, FacebookAdapter, &["messenger", "facebook-comments"]);
no_payload_panics!(instagram, InstagramAdapter, &["instagram"]);
no_payload_panics!(whatsapp, WhatsappAdapter, &["whatsapp"]);

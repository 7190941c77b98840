//! Payloads of LINE's shape, for tests.

use std::{fs, path::PathBuf};

use hubchat_ports::ChannelSecrets;
use secrecy::SecretString;
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The exact bytes of a webhook body.
pub(crate) fn webhook(file: &str) -> Vec<u8> {
    fs::read(folder().join(file)).unwrap()
}

/// The names of all webhook bodies.
pub(crate) fn webhooks() -> Vec<String> {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.contains(".json") && name != "signatures.json").collect();
    names.sort();
    names
}

pub(crate) fn signatures() -> Value {
    serde_json::from_slice(&fs::read(folder().join("signatures.json")).unwrap()).unwrap()
}

/// The secrets that the fixtures are signed with.
pub(crate) fn secrets() -> ChannelSecrets {
    let secret = signatures()["secret"].as_str().unwrap().to_owned();
    ChannelSecrets::new([
        ("channel_secret".to_owned(), SecretString::from(secret)),
        ("access_token".to_owned(), SecretString::from("fixture-token")),
    ])
}

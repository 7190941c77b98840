//! Payloads of Telegram's shape, for tests.

use std::{fs, path::PathBuf};

use hubchat_ports::ChannelSecrets;
use secrecy::SecretString;

/// A token of the right form.
pub(crate) const TOKEN: &str = "7000000001:AAfixture-Token_0000000000000000000";

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
    let mut names: Vec<String> = names.filter(|name| name.contains(".json")).collect();
    names.sort();
    names
}

pub(crate) fn secrets(token: &str) -> ChannelSecrets {
    ChannelSecrets::new([("bot_token".to_owned(), SecretString::from(token))])
}

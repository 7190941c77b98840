//! Payloads of Meta's shape, for tests.

use std::{fs, path::PathBuf};

use aws_lc_rs::hmac;
use secrecy::SecretString;

use crate::config::MetaApp;

/// The exact bytes of a webhook body.
pub(crate) fn webhook(file: &str) -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(file)).unwrap()
}

/// The names of all webhook bodies of a channel.
pub(crate) fn webhooks(channel: &str) -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(channel);
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.contains(".json")).collect();
    names.sort();
    names.into_iter().map(|name| format!("{channel}/{name}")).collect()
}

/// The header's value for a body.
pub(crate) fn signed(secret: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    format!("sha256={}", crate::keys::hex(hmac::sign(&key, body).as_ref()))
}

pub(crate) fn app() -> MetaApp {
    MetaApp {
        app_id: "880011223344".to_owned(),
        app_secret: SecretString::from("meta-test-app-secret"),
        former_app_secret: Some(SecretString::from("former-secret")),
        instagram_app_secret: Some(SecretString::from("instagram-secret")),
        verify_token: SecretString::from("verify-me"),
    }
}

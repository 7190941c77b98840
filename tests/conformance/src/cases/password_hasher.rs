//! Passwords: only the right one matches, and nothing tells whether there is a hash.

use hubchat_domain::PasswordHash;
use hubchat_ports::PasswordCheck;
use secrecy::SecretString;

use crate::PasswordHasherHarness;

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

pub async fn only_the_right_password_matches(harness: &dyn PasswordHasherHarness) {
    let hasher = harness.hasher();
    for password in ["correct horse battery", "ม้าถูกต้องแบตเตอรี่", &"x".repeat(256), " spaces around "]
    {
        let hash = hasher.hash(&secret(password)).await.unwrap();
        assert!(!hash.as_str().contains(password));
        let found = hasher.verify(&secret(password), Some(hash.clone())).await.unwrap();
        assert_eq!(found, PasswordCheck { matches: true, needs_rehash: false });
        for other in [format!("{password} "), format!("x{password}"), String::new()] {
            assert!(!hasher.verify(&secret(&other), Some(hash.clone())).await.unwrap().matches, "{other}");
        }
    }
}

pub async fn the_same_password_is_hashed_differently_each_time(harness: &dyn PasswordHasherHarness) {
    let hasher = harness.hasher();
    let (one, two) = (hasher.hash(&secret("a password")).await.unwrap(), hasher.hash(&secret("a password")).await);
    assert_ne!(one, two.unwrap());
}

pub async fn without_a_readable_hash_nothing_matches(harness: &dyn PasswordHasherHarness) {
    let hasher = harness.hasher();
    let unreadable = ["", "plain", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", "\0"];
    let useless = unreadable.into_iter().map(|text| Some(PasswordHash::new(text))).chain([None]);
    for hash in useless {
        for password in ["", "plain", "nobody has this password", "a password"] {
            let found = hasher.verify(&secret(password), hash.clone()).await.unwrap();
            assert_eq!(found, PasswordCheck { matches: false, needs_rehash: false }, "{hash:?}");
        }
    }
}

//! Secrets at rest: they open at their own place only, by their own key only.

use hubchat_ports::{SealContext, SealPlace, SealedSecrets, VaultError, WrappedKey};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::VaultHarness;
use crate::specimens::texts;

fn place(tenant: u128, record: u128) -> SealContext {
    SealContext {
        tenant_id: Uuid::from_u128(tenant).into(),
        place: SealPlace::ChannelAccountSecrets,
        record_id: Uuid::from_u128(record),
    }
}

fn key(harness: &dyn VaultHarness, tenant: u128, version: i32) -> WrappedKey {
    harness.vault().new_data_key(Uuid::from_u128(tenant).into(), version).unwrap()
}

pub async fn a_secret_opens_where_it_was_sealed(harness: &dyn VaultHarness) {
    let key = key(harness, 1, 1);
    for text in texts().into_iter().chain(["a NUL \0 inside".to_owned()]) {
        let sealed = harness.vault().seal(&key, place(1, 2), &SecretString::from(text.clone())).unwrap();
        let opened = harness.vault().open(&key, place(1, 2), &sealed).unwrap();
        assert!(opened.expose_secret() == text, "another secret came out");
    }
}

pub async fn a_secret_opens_nowhere_else(harness: &dyn VaultHarness) {
    let own = key(harness, 1, 1);
    let sealed = harness.vault().seal(&own, place(1, 2), &SecretString::from("token")).unwrap();
    for elsewhere in [place(1, 3), place(3, 2), place(2, 1), place(0, 0)] {
        for key in [own.clone(), WrappedKey { tenant_id: elsewhere.tenant_id, ..own.clone() }] {
            let refused = harness.vault().open(&key, elsewhere, &sealed);
            assert!(matches!(refused, Err(VaultError::Refused)), "{elsewhere:?}");
        }
    }
}

pub async fn a_secret_opens_by_no_other_data_key(harness: &dyn VaultHarness) {
    let vault = harness.vault();
    let own = key(harness, 1, 1);
    let sealed = vault.seal(&own, place(1, 2), &SecretString::from("token")).unwrap();
    let (next, twin, foreign) = (key(harness, 1, 2), key(harness, 1, 1), key(harness, 2, 1));
    for other in [
        &next,
        &twin,
        &foreign,
        // One that bears the right names with another's bytes, and the right bytes under another name.
        &WrappedKey { tenant_id: own.tenant_id, version: own.version, wrapped: next.wrapped.clone() },
        &WrappedKey { tenant_id: own.tenant_id, version: own.version, wrapped: foreign.wrapped.clone() },
        &WrappedKey { version: 2, ..own.clone() },
        &WrappedKey { tenant_id: foreign.tenant_id, ..own.clone() },
    ] {
        assert!(matches!(vault.open(other, place(1, 2), &sealed), Err(VaultError::Refused)), "{other:?}");
    }
    // A secret of version 1 that claims to be of version 2.
    let relabelled = SealedSecrets(sealed.0.replacen(".1.", ".2.", 1));
    assert!(relabelled != sealed);
    assert!(vault.open(&own, place(1, 2), &relabelled).is_err());
    assert!(vault.open(&next, place(1, 2), &relabelled).is_err());
    assert!(vault.open(&own, place(1, 2), &sealed).is_ok());
}

pub async fn a_key_of_another_tenant_seals_nothing(harness: &dyn VaultHarness) {
    let refused = harness.vault().seal(&key(harness, 2, 1), place(1, 2), &SecretString::from("token"));
    assert!(matches!(refused, Err(VaultError::Refused)));
}

pub async fn data_keys_are_all_different_and_wrapped_by_the_current_master_key(harness: &dyn VaultHarness) {
    let vault = harness.vault();
    let (one, other) = (key(harness, 1, 1), key(harness, 1, 1));
    assert!(one.wrapped != other.wrapped);
    assert_eq!(one.master_key_id(), Some(vault.master_key_ids().current.as_str()));
    assert!(vault.rewrap(&one).unwrap().is_none(), "nothing to be done");
}

pub async fn another_master_key_opens_nothing(harness: &dyn VaultHarness) {
    let (vault, stranger) = (harness.vault(), harness.stranger());
    let own = key(harness, 1, 1);
    let sealed = vault.seal(&own, place(1, 2), &SecretString::from("token")).unwrap();
    let refused = stranger.open(&own, place(1, 2), &sealed);
    assert!(matches!(refused, Err(VaultError::UnknownKey | VaultError::Refused)));
    assert!(matches!(stranger.rewrap(&own), Err(VaultError::UnknownKey | VaultError::Refused)));
    assert!(stranger.seal(&own, place(1, 2), &SecretString::from("token")).is_err());
    let foreign = stranger.new_data_key(Uuid::from_u128(1).into(), 1).unwrap();
    assert!(matches!(vault.rewrap(&foreign), Err(VaultError::UnknownKey | VaultError::Refused)));
    assert!(vault.master_key_ids().current != stranger.master_key_ids().current);
}

/// Texts that differ from this one in one place each.
fn changed(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (position, letter) in text.char_indices() {
        let other = if letter == 'A' { 'B' } else { 'A' };
        let mut changed = text.to_owned();
        changed.replace_range(position..position + letter.len_utf8(), other.encode_utf8(&mut [0; 4]));
        all.extend([changed, text[..position].to_owned()]);
    }
    all.extend([format!("{text}A"), format!("A{text}"), format!("{text} "), format!("{text}{text}")]);
    all
}

pub async fn a_text_that_was_changed_anywhere_is_refused(harness: &dyn VaultHarness) {
    let vault = harness.vault();
    let own = key(harness, 1, 1);
    let sealed = vault.seal(&own, place(1, 2), &SecretString::from("a token of some length")).unwrap();
    assert!(vault.open(&own, place(1, 2), &sealed).is_ok());
    for text in changed(&sealed.0) {
        assert!(vault.open(&own, place(1, 2), &SealedSecrets(text.clone())).is_err(), "{text} opens");
    }
    for wrapped in changed(&own.wrapped) {
        let other = WrappedKey { wrapped, ..own.clone() };
        assert!(vault.open(&other, place(1, 2), &sealed).is_err() && vault.rewrap(&other).is_err());
    }
}

pub async fn what_was_never_sealed_does_not_open_and_harms_nothing(harness: &dyn VaultHarness) {
    let own = key(harness, 1, 1);
    for text in texts().into_iter().chain(["{}", "null", "v1", "v2.", "v2..", "v2:1:b", "\0"].map(str::to_owned)) {
        assert!(harness.vault().open(&own, place(1, 2), &SealedSecrets(text.clone())).is_err());
        assert!(harness.vault().rewrap(&WrappedKey { wrapped: text, ..own.clone() }).is_err());
    }
}

pub async fn sealing_again_gives_another_text(harness: &dyn VaultHarness) {
    let (own, secret) = (key(harness, 1, 1), SecretString::from("token"));
    let first = harness.vault().seal(&own, place(1, 2), &secret).unwrap();
    let second = harness.vault().seal(&own, place(1, 2), &secret).unwrap();
    assert!(first != second, "the same nonce twice");
}

pub async fn nothing_shows_the_secret(harness: &dyn VaultHarness) {
    let own = key(harness, 1, 1);
    let sealed = harness.vault().seal(&own, place(1, 2), &SecretString::from("very-plain-token")).unwrap();
    assert!(!sealed.0.contains("very-plain-token"));
    assert!(!format!("{sealed:?}").contains(&sealed.0) && !format!("{own:?}").contains(&own.wrapped));
    let opened = harness.vault().open(&own, place(1, 2), &sealed).unwrap();
    assert!(!format!("{opened:?}").contains("very-plain-token"));
}

pub async fn a_digest_is_the_sha_256(harness: &dyn VaultHarness) {
    // FIPS 180-4, the examples of SHA-256.
    let hex = |bytes: &[u8]| bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let known = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ];
    for (text, digest) in known {
        assert_eq!(hex(&harness.vault().digest(text.as_bytes())), digest);
    }
}

pub async fn bytes_are_the_same_only_when_they_are_equal(harness: &dyn VaultHarness) {
    let vault = harness.vault();
    assert!(vault.same(b"", b"") && vault.same(b"token", b"token"));
    for other in ["", "t", "tokem", "Token", "token ", "xoken"] {
        assert!(!vault.same(b"token", other.as_bytes()) && !vault.same(other.as_bytes(), b"token"), "{other}");
    }
}

pub async fn a_signature_belongs_to_its_purpose_bytes_and_key(harness: &dyn VaultHarness) {
    let vault = harness.vault();
    let signature = vault.sign("cursor", b"bytes");
    assert!(signature.len() >= 16);
    assert!(signature == vault.sign("cursor", b"bytes"), "the same question, another answer");
    assert!(signature != vault.sign("media", b"bytes"), "another purpose");
    assert!(signature != vault.sign("cursor", b"byte"), "other bytes");
    assert!(signature != vault.sign("cursorb", b"ytes"), "purpose and bytes run together");
    assert!(signature != harness.stranger().sign("cursor", b"bytes"), "another master key");
    assert!(vault.verify("cursor", b"bytes", &signature));
    assert!(!vault.verify("media", b"bytes", &signature) && !vault.verify("cursor", b"byte", &signature));
    assert!(!vault.verify("cursor", b"bytes", &signature[1..]) && !vault.verify("cursor", b"bytes", b""));
    assert!(!harness.stranger().verify("cursor", b"bytes", &signature), "another master key");
}

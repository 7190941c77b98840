//! Secrets at rest: they open at their own place only.

use hubchat_ports::{SealContext, SealedSecrets, VaultError};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::VaultHarness;
use crate::specimens::texts;

fn place(tenant: u128, account: u128) -> SealContext {
    SealContext { tenant_id: Uuid::from_u128(tenant).into(), account_id: Uuid::from_u128(account).into() }
}

pub async fn a_secret_opens_where_it_was_sealed(harness: &dyn VaultHarness) {
    for text in texts().into_iter().chain(["a NUL \0 inside".to_owned()]) {
        let sealed = harness.vault().seal(place(1, 2), &SecretString::from(text.clone())).unwrap();
        let opened = harness.vault().open(place(1, 2), &sealed).unwrap();
        assert!(opened.expose_secret() == text, "another secret came out");
    }
}

pub async fn a_secret_opens_nowhere_else(harness: &dyn VaultHarness) {
    let sealed = harness.vault().seal(place(1, 2), &SecretString::from("token")).unwrap();
    for elsewhere in [place(1, 3), place(3, 2), place(2, 1), place(0, 0)] {
        let refused = harness.vault().open(elsewhere, &sealed);
        assert!(matches!(refused, Err(VaultError::Refused)), "{elsewhere:?}");
    }
}

pub async fn another_master_key_opens_nothing(harness: &dyn VaultHarness) {
    let sealed = harness.vault().seal(place(1, 2), &SecretString::from("token")).unwrap();
    let refused = harness.stranger().open(place(1, 2), &sealed);
    assert!(matches!(refused, Err(VaultError::UnknownKey | VaultError::Refused)));
    let sealed = harness.stranger().seal(place(1, 2), &SecretString::from("token")).unwrap();
    let refused = harness.vault().open(place(1, 2), &sealed);
    assert!(matches!(refused, Err(VaultError::UnknownKey | VaultError::Refused)));
}

pub async fn a_sealed_text_that_was_changed_anywhere_is_refused(harness: &dyn VaultHarness) {
    let sealed = harness.vault().seal(place(1, 2), &SecretString::from("a token of some length")).unwrap().0;
    assert!(harness.vault().open(place(1, 2), &SealedSecrets(sealed.clone())).is_ok());
    for (position, letter) in sealed.char_indices() {
        let other = if letter == 'A' { 'B' } else { 'A' };
        let mut changed = sealed.clone();
        changed.replace_range(position..position + letter.len_utf8(), other.encode_utf8(&mut [0; 4]));
        let opened = harness.vault().open(place(1, 2), &SealedSecrets(changed));
        assert!(opened.is_err(), "a change at {position} goes unseen");
        assert!(harness.vault().open(place(1, 2), &SealedSecrets(sealed[..position].to_owned())).is_err());
    }
    for extended in [format!("{sealed}A"), format!("A{sealed}"), format!("{sealed} "), format!("{sealed}{sealed}")] {
        assert!(harness.vault().open(place(1, 2), &SealedSecrets(extended)).is_err());
    }
}

pub async fn what_was_never_sealed_does_not_open_and_harms_nothing(harness: &dyn VaultHarness) {
    for text in texts().into_iter().chain(["{}", "null", "v1", "v1.", "v1..", "v1:a:b", "\0"].map(str::to_owned)) {
        assert!(harness.vault().open(place(1, 2), &SealedSecrets(text)).is_err());
    }
}

pub async fn sealing_again_gives_another_text(harness: &dyn VaultHarness) {
    let secret = SecretString::from("token");
    let first = harness.vault().seal(place(1, 2), &secret).unwrap();
    let second = harness.vault().seal(place(1, 2), &secret).unwrap();
    assert!(first != second, "the same nonce twice");
}

pub async fn nothing_shows_the_secret(harness: &dyn VaultHarness) {
    let sealed = harness.vault().seal(place(1, 2), &SecretString::from("very-plain-token")).unwrap();
    assert!(!sealed.0.contains("very-plain-token"));
    assert!(!format!("{sealed:?}").contains(&sealed.0));
    let opened = harness.vault().open(place(1, 2), &sealed).unwrap();
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
}

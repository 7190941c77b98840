//! The vault: secrets at rest under the master key.
//!
//! AES-256-GCM with a random nonce. Bound in, as additional data: a version, the tenant, the account and
//! the key's id. So a ciphertext that is moved to another row, or relabelled, does not open.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
    hkdf, hmac,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hubchat_ports::{SealContext, SealedSecrets, Vault, VaultError};
use secrecy::{ExposeSecret, SecretString};

use crate::{MasterKeys, master_keys::MasterKey};

/// The version of the sealed form: `v1.<key id>.<base64url of nonce and ciphertext>`.
const VERSION: &str = "v1";
const NONCE_BYTES: usize = 12;

/// Keeps the master keys and uses them.
pub struct AeadVault {
    keys: MasterKeys,
}

impl AeadVault {
    /// A vault over these keys.
    #[must_use]
    pub const fn new(keys: MasterKeys) -> Self {
        Self { keys }
    }

    fn key(&self, id: &str) -> Result<&MasterKey, VaultError> {
        self.keys.all().iter().find(|key| key.id == id).ok_or(VaultError::UnknownKey)
    }
}

fn place(context: SealContext, key_id: &str) -> String {
    format!("hubchat|{VERSION}|{}|{}|{key_id}", context.tenant_id, context.account_id)
}

fn cipher(key: &MasterKey) -> Result<RandomizedNonceKey, VaultError> {
    RandomizedNonceKey::new(&AES_256_GCM, key.bytes.expose_secret()).map_err(|_| VaultError::Failed)
}

/// The length of a derived key.
struct KeyLength;

impl hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        32
    }
}

impl Vault for AeadVault {
    fn seal(&self, context: SealContext, secret: &SecretString) -> Result<SealedSecrets, VaultError> {
        let key = self.keys.current().ok_or(VaultError::UnknownKey)?;
        let mut bytes = secret.expose_secret().as_bytes().to_vec();
        let nonce = cipher(key)?
            .seal_in_place_append_tag(Aad::from(place(context, &key.id)), &mut bytes)
            .map_err(|_| VaultError::Failed)?;
        let sealed = [nonce.as_ref().as_slice(), &bytes].concat();
        Ok(SealedSecrets(format!("{VERSION}.{}.{}", key.id, URL_SAFE_NO_PAD.encode(sealed))))
    }

    fn open(&self, context: SealContext, sealed: &SealedSecrets) -> Result<SecretString, VaultError> {
        let mut parts = sealed.0.splitn(3, '.');
        let (Some(VERSION), Some(key_id), Some(sealed)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VaultError::Malformed);
        };
        let key = self.key(key_id)?;
        let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| VaultError::Malformed)?;
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_BYTES).ok_or(VaultError::Malformed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Malformed)?;
        let mut bytes = ciphertext.to_vec();
        let plain = cipher(key)?
            .open_in_place(nonce, Aad::from(place(context, key_id)), &mut bytes)
            .map_err(|_| VaultError::Refused)?;
        let text = std::str::from_utf8(plain).map_err(|_| VaultError::Malformed)?;
        Ok(SecretString::from(text))
    }

    fn digest(&self, bytes: &[u8]) -> Vec<u8> {
        digest(&SHA256, bytes).as_ref().to_vec()
    }

    fn same(&self, left: &[u8], right: &[u8]) -> bool {
        verify_slices_are_equal(left, right).is_ok()
    }

    fn sign(&self, purpose: &str, bytes: &[u8]) -> Vec<u8> {
        // A vault always has a key; were there none, the signature of nothing would match no link.
        let Some(key) = self.keys.current() else { return Vec::new() };
        let derived = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hubchat").extract(key.bytes.expose_secret());
        let mut signing_key = [0_u8; 32];
        let expanded = derived.expand(&[purpose.as_bytes()], KeyLength).and_then(|okm| okm.fill(&mut signing_key));
        if expanded.is_err() {
            return Vec::new();
        }
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &signing_key), bytes).as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn context(tenant: u128, account: u128) -> SealContext {
        SealContext { tenant_id: Uuid::from_u128(tenant).into(), account_id: Uuid::from_u128(account).into() }
    }

    fn vault(digit: &str) -> AeadVault {
        AeadVault::new(MasterKeys::parse(&digit.repeat(64)).unwrap())
    }

    #[test]
    fn a_secret_opens_at_its_place_and_nowhere_else() {
        let vault = vault("1");
        let sealed = vault.seal(context(1, 1), &SecretString::from("canary")).unwrap();
        assert!(!sealed.0.contains("canary"));
        assert_eq!(vault.open(context(1, 1), &sealed).unwrap().expose_secret(), "canary");
        for elsewhere in [context(2, 1), context(1, 2)] {
            assert!(matches!(vault.open(elsewhere, &sealed), Err(VaultError::Refused)));
        }
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let vault = vault("1");
        let sealed = vault.seal(context(1, 1), &SecretString::from("canary")).unwrap();
        for at in 0..sealed.0.len() {
            let mut bytes = sealed.0.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = SealedSecrets(String::from_utf8(bytes).unwrap());
            assert!(vault.open(context(1, 1), &changed).is_err(), "character {at}");
        }
        for malformed in ["", "v1", "v1..", "v2.x.y", "v1.00000000.%%%"] {
            assert!(vault.open(context(1, 1), &SealedSecrets(malformed.to_owned())).is_err());
        }
    }

    #[test]
    fn a_former_key_still_opens_and_a_lost_one_does_not() {
        let old = vault("1").seal(context(1, 1), &SecretString::from("canary")).unwrap();
        let rotated = AeadVault::new(MasterKeys::parse(&format!("{},{}", "2".repeat(64), "1".repeat(64))).unwrap());
        assert_eq!(rotated.open(context(1, 1), &old).unwrap().expose_secret(), "canary");
        let new = rotated.seal(context(1, 1), &SecretString::from("canary")).unwrap();
        assert!(matches!(vault("1").open(context(1, 1), &new), Err(VaultError::UnknownKey)));
    }

    #[test]
    fn signatures_differ_by_purpose_and_key() {
        let one = vault("1").sign("media", b"x");
        assert_eq!(one.len(), 32);
        assert_ne!(one, vault("1").sign("cursor", b"x"));
        assert_ne!(one, vault("2").sign("media", b"x"));
    }
}

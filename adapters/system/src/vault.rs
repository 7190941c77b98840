//! The vault: secrets at rest under the master keys. It must never log what it seals or opens.
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
use hubchat_ports::{Randomness as _, SealContext, SealedSecrets, Vault, VaultError};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::{MasterKeys, OsRandomness, master_keys::MasterKey};

/// The version of the sealed form: `v1.<key id>.<base64url of nonce, ciphertext and tag>`.
const VERSION: &str = "v1";
/// Bytes of a nonce of AES-GCM.
const NONCE_BYTES: usize = 12;
/// Bytes of a tag of AES-GCM.
const TAG_BYTES: usize = 16;

/// Keeps the master keys and uses them: the current one seals and signs, all open.
///
/// A change of the current key makes earlier signatures invalid; earlier seals open while their key is
/// among the former ones.
#[derive(Debug)]
pub struct AeadVault {
    keys: MasterKeys,
}

impl AeadVault {
    /// A vault over these keys.
    #[must_use]
    pub const fn new(keys: MasterKeys) -> Self {
        Self { keys }
    }
}

fn place(context: SealContext, key_id: &str) -> Aad<String> {
    Aad::from(format!("hubchat/{VERSION}|{}|{}|{key_id}", context.tenant_id, context.account_id))
}

fn cipher(key: &MasterKey) -> Result<RandomizedNonceKey, VaultError> {
    RandomizedNonceKey::new(&AES_256_GCM, key.bytes.expose_secret()).map_err(|_| VaultError::Failed)
}

impl Vault for AeadVault {
    fn seal(&self, context: SealContext, secret: &SecretString) -> Result<SealedSecrets, VaultError> {
        let key = self.keys.current();
        let plain = secret.expose_secret().as_bytes();
        // With room for the tag at once: a buffer that grows leaves the plain text behind in memory.
        let mut bytes = Zeroizing::new(Vec::with_capacity(plain.len() + TAG_BYTES));
        bytes.extend_from_slice(plain);
        let nonce = cipher(key)?
            .seal_in_place_append_tag(place(context, &key.id), &mut *bytes)
            .map_err(|_| VaultError::Failed)?;
        let sealed = [nonce.as_ref().as_slice(), &bytes].concat();
        Ok(SealedSecrets(format!("{VERSION}.{}.{}", key.id, URL_SAFE_NO_PAD.encode(sealed))))
    }

    fn open(&self, context: SealContext, sealed: &SealedSecrets) -> Result<SecretString, VaultError> {
        let mut parts = sealed.0.splitn(3, '.');
        let (Some(VERSION), Some(key_id), Some(sealed)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VaultError::Malformed);
        };
        let mut sealed = Zeroizing::new(URL_SAFE_NO_PAD.decode(sealed).map_err(|_| VaultError::Malformed)?);
        if sealed.len() < NONCE_BYTES + TAG_BYTES {
            return Err(VaultError::Malformed);
        }
        let (nonce, ciphertext) = sealed.split_at_mut_checked(NONCE_BYTES).ok_or(VaultError::Malformed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Malformed)?;
        let key = self.keys.find(key_id).ok_or(VaultError::UnknownKey)?;
        let plain =
            cipher(key)?.open_in_place(nonce, place(context, key_id), ciphertext).map_err(|_| VaultError::Refused)?;
        std::str::from_utf8(plain).map(SecretString::from).map_err(|_| VaultError::Malformed)
    }

    fn digest(&self, bytes: &[u8]) -> Vec<u8> {
        digest(&SHA256, bytes).as_ref().to_vec()
    }

    fn same(&self, left: &[u8], right: &[u8]) -> bool {
        verify_slices_are_equal(left, right).is_ok()
    }

    fn sign(&self, purpose: &str, bytes: &[u8]) -> Vec<u8> {
        // Without a code the answer must be one that nobody can present.
        code(self.keys.current(), purpose, bytes)
            .unwrap_or_else(|| OsRandomness.secret_bytes(hmac::HMAC_SHA256.tag_len()).expose_secret().to_vec())
    }

    fn is_signed(&self, purpose: &str, bytes: &[u8], presented: &[u8]) -> bool {
        let same = |key| code(key, purpose, bytes).is_some_and(|code| self.same(&code, presented));
        self.keys.all().any(same)
    }
}

/// The code of a key; always one for a key of this length.
fn code(key: &MasterKey, purpose: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hubchat/v1/sign");
    let derived = salt.extract(key.bytes.expose_secret());
    let key = derived.expand(&[purpose.as_bytes()], hmac::HMAC_SHA256).map(hmac::Key::from).ok()?;
    Some(hmac::sign(&key, bytes).as_ref().to_vec())
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

    fn sealed(vault: &AeadVault) -> SealedSecrets {
        vault.seal(context(1, 1), &SecretString::from("canary")).unwrap()
    }

    #[test]
    fn a_secret_opens_at_its_place_and_nowhere_else() {
        let vault = vault("1");
        let sealed = sealed(&vault);
        assert!(!sealed.0.contains("canary"));
        assert_eq!(vault.open(context(1, 1), &sealed).unwrap().expose_secret(), "canary");
        for elsewhere in [context(2, 1), context(1, 2), context(2, 2)] {
            assert!(matches!(vault.open(elsewhere, &sealed), Err(VaultError::Refused)));
        }
    }

    #[test]
    fn secrets_of_every_length_survive_and_no_two_seals_are_alike() {
        let vault = vault("1");
        for length in [0, 1, 15, 16, 17, 10_000] {
            let secret = SecretString::from("ก".repeat(length));
            let (one, other) =
                (vault.seal(context(1, 1), &secret).unwrap(), vault.seal(context(1, 1), &secret).unwrap());
            assert_ne!(one.0, other.0, "the nonce is random");
            assert_eq!(vault.open(context(1, 1), &one).unwrap().expose_secret(), secret.expose_secret());
        }
    }

    #[test]
    fn the_sealed_form_names_its_version_and_key() {
        let vault = vault("1");
        let sealed = sealed(&vault).0;
        let parts: Vec<&str> = sealed.split('.').collect();
        assert_eq!(parts[..2], [VERSION, &vault.keys.current().id]);
        assert_eq!(URL_SAFE_NO_PAD.decode(parts[2]).unwrap().len(), NONCE_BYTES + "canary".len() + TAG_BYTES);
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let vault = vault("1");
        let sealed = sealed(&vault).0;
        let (head, body) = sealed.rsplit_once('.').unwrap();
        let body = URL_SAFE_NO_PAD.decode(body).unwrap();
        for bit in 0..body.len() * 8 {
            let mut flipped = body.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let flipped = SealedSecrets(format!("{head}.{}", URL_SAFE_NO_PAD.encode(flipped)));
            assert!(matches!(vault.open(context(1, 1), &flipped), Err(VaultError::Refused)), "bit {bit}");
        }
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let vault = vault("1");
        let sealed = sealed(&vault);
        for at in 0..sealed.0.len() {
            let mut bytes = sealed.0.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = SealedSecrets(String::from_utf8(bytes).unwrap());
            assert!(vault.open(context(1, 1), &changed).is_err(), "character {at}");
        }
    }

    #[test]
    fn what_is_no_record_is_malformed() {
        let vault = vault("1");
        let id = &vault.keys.current().id;
        let short = URL_SAFE_NO_PAD.encode([0; NONCE_BYTES + TAG_BYTES - 1]);
        for malformed in ["", "v1", "v1.", "v1..", "v2.x.y", &format!("v1.{id}.%%%"), &format!("v1.{id}.{short}")] {
            let opened = vault.open(context(1, 1), &SealedSecrets(malformed.to_owned()));
            assert!(matches!(opened, Err(VaultError::Malformed)), "{malformed}");
        }
    }

    #[test]
    fn a_former_key_still_opens_and_a_lost_one_is_told() {
        let old = sealed(&vault("1"));
        let rotated = AeadVault::new(MasterKeys::parse(&format!("{},{}", "2".repeat(64), "1".repeat(64))).unwrap());
        assert_eq!(rotated.open(context(1, 1), &old).unwrap().expose_secret(), "canary");
        let new = sealed(&rotated);
        assert!(matches!(vault("1").open(context(1, 1), &new), Err(VaultError::UnknownKey)));
        assert_eq!(vault("2").open(context(1, 1), &new).unwrap().expose_secret(), "canary");
    }

    #[test]
    fn a_record_relabelled_with_another_known_key_is_refused() {
        let both = AeadVault::new(MasterKeys::parse(&format!("{},{}", "2".repeat(64), "1".repeat(64))).unwrap());
        let old = sealed(&vault("1"));
        let relabelled = old.0.replace(&vault("1").keys.current().id, &both.keys.current().id);
        assert!(matches!(both.open(context(1, 1), &SealedSecrets(relabelled)), Err(VaultError::Refused)));
    }

    #[test]
    fn signatures_differ_by_purpose_key_and_bytes_and_are_repeatable() {
        let one = vault("1").sign("media", b"x");
        assert_eq!(one.len(), 32);
        assert_eq!(one, vault("1").sign("media", b"x"));
        assert_ne!(one, vault("1").sign("cursor", b"x"));
        assert_ne!(one, vault("1").sign("media", b"y"));
        assert_ne!(one, vault("2").sign("media", b"x"));
    }

    #[test]
    fn a_code_of_a_former_key_is_known_and_one_of_a_lost_key_is_not() {
        let old = vault("1").sign("head", b"x");
        let rotated = AeadVault::new(MasterKeys::parse(&format!("{},{}", "2".repeat(64), "1".repeat(64))).unwrap());
        assert!(rotated.is_signed("head", b"x", &old) && rotated.is_signed("head", b"x", &rotated.sign("head", b"x")));
        assert!(!vault("2").is_signed("head", b"x", &old));
        let wrong: [(&str, &[u8], &[u8]); 4] =
            [("other", b"x", &old), ("head", b"y", &old), ("head", b"x", &[]), ("head", b"x", &old[..31])];
        for (purpose, bytes, code) in wrong {
            assert!(!rotated.is_signed(purpose, bytes, code), "{purpose}");
        }
    }

    #[test]
    fn digests_are_sha_256_and_only_equal_bytes_are_the_same() {
        let vault = vault("1");
        // FIPS 180-2, appendix B.1.
        assert_eq!(vault.digest(b"abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert!(vault.same(b"one", b"one") && vault.same(b"", b""));
        assert!(!vault.same(b"one", b"two") && !vault.same(b"one", b"ones") && !vault.same(b"", b"x"));
    }

    #[test]
    fn no_key_is_shown() {
        assert!(!format!("{:?}", vault("1")).contains("1111"));
    }
}

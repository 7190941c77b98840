//! The vault: secrets at rest under data keys, and data keys under the master keys. It must never log what it seals
//! or opens.
//!
//! AES-256-GCM with a random nonce, twice. A secret is bound to its form, tenant, column, row and the version of its
//! data key; a data key to its form, tenant, version and the id of the master key. So a ciphertext that is moved to
//! another place, or relabelled, does not open.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
    hkdf, hmac,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hubchat_domain::TenantId;
use hubchat_ports::{MasterKeyIds, Randomness as _, SealContext, SealedSecrets, Vault, VaultError, WrappedKey};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::{MasterKeys, OsRandomness, master_keys::KEY_BYTES, master_keys::MasterKey};

/// The version of the sealed form: `v2.<version of the data key>.<base64url of nonce, ciphertext and tag>`.
const SEALED: &str = "v2";
/// The version of the wrapped form: `w1.<id of the master key>.<base64url of nonce, ciphertext and tag>`.
const WRAPPED: &str = "w1";
/// Bytes of a nonce of AES-GCM.
const NONCE_BYTES: usize = 12;
/// Bytes of a tag of AES-GCM.
const TAG_BYTES: usize = 16;

/// Keeps the master keys and uses them: the current one wraps and signs, all unwrap and verify.
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

    fn wrap(&self, tenant: TenantId, version: i32, data_key: &[u8]) -> Result<WrappedKey, VaultError> {
        let master = self.keys.current();
        let bound = wrapping(tenant, version, &master.id);
        let text = encrypt(master.bytes.expose_secret(), bound, data_key)?;
        Ok(WrappedKey { tenant_id: tenant, version, wrapped: format!("{WRAPPED}.{}.{text}", master.id) })
    }

    fn unwrap(&self, key: &WrappedKey) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
        let (id, text) = parts(&key.wrapped, WRAPPED)?;
        let master = self.keys.find(id).ok_or(VaultError::UnknownKey)?;
        let bound = wrapping(key.tenant_id, key.version, id);
        let plain = decrypt(master.bytes.expose_secret(), bound, text)?;
        let mut data_key = Zeroizing::new([0; KEY_BYTES]);
        if plain.len() != KEY_BYTES {
            return Err(VaultError::Malformed);
        }
        data_key.copy_from_slice(&plain);
        Ok(data_key)
    }
}

/// What a data key is bound to.
fn wrapping(tenant: TenantId, version: i32, master_key_id: &str) -> String {
    format!("hubchat/data-key/{WRAPPED}|{tenant}|{version}|{master_key_id}")
}

/// What a secret is bound to.
fn sealing(context: SealContext, version: i32) -> String {
    let SealContext { tenant_id, place, record_id } = context;
    format!("hubchat/seal/{SEALED}|{tenant_id}|{}|{record_id}|{version}", place.as_str())
}

/// The key's name and the ciphertext of a text of that form.
fn parts<'t>(text: &'t str, form: &str) -> Result<(&'t str, &'t str), VaultError> {
    let mut parts = text.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(found), Some(name), Some(ciphertext)) if found == form => Ok((name, ciphertext)),
        _ => Err(VaultError::Malformed),
    }
}

fn cipher(key: &[u8; KEY_BYTES]) -> Result<RandomizedNonceKey, VaultError> {
    RandomizedNonceKey::new(&AES_256_GCM, key).map_err(|_| VaultError::Failed)
}

fn encrypt(key: &[u8; KEY_BYTES], bound: String, plain: &[u8]) -> Result<String, VaultError> {
    // With room for the tag at once: a buffer that grows leaves the plain text behind in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(plain.len() + TAG_BYTES));
    bytes.extend_from_slice(plain);
    let nonce = cipher(key)?.seal_in_place_append_tag(Aad::from(bound), &mut *bytes).map_err(|_| VaultError::Failed)?;
    Ok(URL_SAFE_NO_PAD.encode([nonce.as_ref().as_slice(), &bytes].concat()))
}

fn decrypt(key: &[u8; KEY_BYTES], bound: String, text: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let mut sealed = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| VaultError::Malformed)?);
    if sealed.len() < NONCE_BYTES + TAG_BYTES {
        return Err(VaultError::Malformed);
    }
    let (nonce, ciphertext) = sealed.split_at_mut_checked(NONCE_BYTES).ok_or(VaultError::Malformed)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Malformed)?;
    let plain = cipher(key)?.open_in_place(nonce, Aad::from(bound), ciphertext).map_err(|_| VaultError::Refused)?;
    Ok(Zeroizing::new(plain.to_vec()))
}

/// The key of signatures for a purpose, of one master key.
fn signing_key(master: &MasterKey, purpose: &str) -> Option<hmac::Key> {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hubchat/v1/sign");
    let derived = salt.extract(master.bytes.expose_secret());
    derived.expand(&[purpose.as_bytes()], hmac::HMAC_SHA256).map(hmac::Key::from).ok()
}

impl Vault for AeadVault {
    fn new_data_key(&self, tenant: TenantId, version: i32) -> Result<WrappedKey, VaultError> {
        let mut data_key = Zeroizing::new([0; KEY_BYTES]);
        aws_lc_rs::rand::fill(data_key.as_mut_slice()).map_err(|_| VaultError::Failed)?;
        self.wrap(tenant, version, data_key.as_slice())
    }

    fn rewrap(&self, key: &WrappedKey) -> Result<Option<WrappedKey>, VaultError> {
        let data_key = self.unwrap(key)?;
        if key.master_key_id() == Some(self.keys.current().id.as_str()) {
            return Ok(None);
        }
        self.wrap(key.tenant_id, key.version, data_key.as_slice()).map(Some)
    }

    fn master_key_ids(&self) -> MasterKeyIds {
        MasterKeyIds {
            current: self.keys.current().id.clone(),
            former: self.keys.former().iter().map(|key| key.id.clone()).collect(),
        }
    }

    fn seal(&self, key: &WrappedKey, context: SealContext, secret: &SecretString) -> Result<SealedSecrets, VaultError> {
        if key.tenant_id != context.tenant_id {
            return Err(VaultError::Refused);
        }
        let data_key = self.unwrap(key)?;
        let text = encrypt(&data_key, sealing(context, key.version), secret.expose_secret().as_bytes())?;
        Ok(SealedSecrets(format!("{SEALED}.{}.{text}", key.version)))
    }

    fn open(&self, key: &WrappedKey, context: SealContext, sealed: &SealedSecrets) -> Result<SecretString, VaultError> {
        let (version, text) = parts(&sealed.0, SEALED)?;
        if key.tenant_id != context.tenant_id || version != key.version.to_string() {
            return Err(VaultError::Refused);
        }
        let data_key = self.unwrap(key)?;
        let plain = decrypt(&data_key, sealing(context, key.version), text)?;
        std::str::from_utf8(&plain).map(SecretString::from).map_err(|_| VaultError::Malformed)
    }

    fn digest(&self, bytes: &[u8]) -> Vec<u8> {
        digest(&SHA256, bytes).as_ref().to_vec()
    }

    fn same(&self, left: &[u8], right: &[u8]) -> bool {
        verify_slices_are_equal(left, right).is_ok()
    }

    fn sign(&self, purpose: &str, bytes: &[u8]) -> Vec<u8> {
        let Some(key) = signing_key(self.keys.current(), purpose) else {
            // Never so for a key of this length. Were it, the answer must be one that nobody can present.
            return OsRandomness.secret_bytes(hmac::HMAC_SHA256.tag_len()).expose_secret().to_vec();
        };
        hmac::sign(&key, bytes).as_ref().to_vec()
    }

    fn verify(&self, purpose: &str, bytes: &[u8], signature: &[u8]) -> bool {
        let keys = std::iter::once(self.keys.current()).chain(self.keys.former());
        keys.filter_map(|key| signing_key(key, purpose)).any(|key| hmac::verify(&key, bytes, signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hubchat_ports::SealPlace;
    use uuid::Uuid;

    fn context(tenant: u128, record: u128) -> SealContext {
        SealContext {
            tenant_id: Uuid::from_u128(tenant).into(),
            place: SealPlace::ChannelAccountSecrets,
            record_id: Uuid::from_u128(record),
        }
    }

    /// A vault over keys that are one digit repeated; the first wraps.
    fn vault(digits: &str) -> AeadVault {
        let keys: Vec<String> = digits.chars().map(|digit| digit.to_string().repeat(64)).collect();
        AeadVault::new(MasterKeys::parse(&keys.join(",")).unwrap())
    }

    fn sealed(vault: &AeadVault) -> (WrappedKey, SealedSecrets) {
        let key = vault.new_data_key(Uuid::from_u128(1).into(), 3).unwrap();
        let sealed = vault.seal(&key, context(1, 1), &SecretString::from("canary")).unwrap();
        (key, sealed)
    }

    #[test]
    fn secrets_of_every_length_survive_and_no_two_seals_are_alike() {
        let vault = vault("1");
        let (key, _) = sealed(&vault);
        for length in [0, 1, 15, 16, 17, 10_000] {
            let secret = SecretString::from("ก".repeat(length));
            let one = vault.seal(&key, context(1, 1), &secret).unwrap();
            let other = vault.seal(&key, context(1, 1), &secret).unwrap();
            assert_ne!(one.0, other.0, "the nonce is random");
            assert_eq!(vault.open(&key, context(1, 1), &one).unwrap().expose_secret(), secret.expose_secret());
        }
    }

    #[test]
    fn the_forms_name_their_version_and_key() {
        let vault = vault("1");
        let (key, sealed) = sealed(&vault);
        let parts: Vec<&str> = sealed.0.split('.').collect();
        assert_eq!(parts[..2], [SEALED, "3"]);
        assert_eq!(URL_SAFE_NO_PAD.decode(parts[2]).unwrap().len(), NONCE_BYTES + "canary".len() + TAG_BYTES);
        assert_eq!(key.master_key_id(), Some(vault.keys.current().id.as_str()));
        let parts: Vec<&str> = key.wrapped.split('.').collect();
        assert_eq!(URL_SAFE_NO_PAD.decode(parts[2]).unwrap().len(), NONCE_BYTES + KEY_BYTES + TAG_BYTES);
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let vault = vault("1");
        let (key, sealed) = sealed(&vault);
        let flips = |text: &str| {
            let (head, body) = text.rsplit_once('.').unwrap();
            let (head, body) = (head.to_owned(), URL_SAFE_NO_PAD.decode(body).unwrap());
            (0..body.len() * 8).map(move |bit| {
                let mut flipped = body.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                format!("{head}.{}", URL_SAFE_NO_PAD.encode(flipped))
            })
        };
        for flipped in flips(&sealed.0) {
            let opened = vault.open(&key, context(1, 1), &SealedSecrets(flipped));
            assert!(matches!(opened, Err(VaultError::Refused)));
        }
        for wrapped in flips(&key.wrapped) {
            let flipped = WrappedKey { wrapped, ..key.clone() };
            assert!(matches!(vault.open(&flipped, context(1, 1), &sealed), Err(VaultError::Refused)));
            assert!(matches!(vault.rewrap(&flipped), Err(VaultError::Refused)));
        }
    }

    #[test]
    fn what_is_no_record_is_malformed() {
        let vault = vault("1");
        let (key, _) = sealed(&vault);
        let short = URL_SAFE_NO_PAD.encode([0; NONCE_BYTES + TAG_BYTES - 1]);
        for malformed in ["", "v2", "v2.", "v1.3.x", &format!("{SEALED}.3.%%%"), &format!("{SEALED}.3.{short}")] {
            let opened = vault.open(&key, context(1, 1), &SealedSecrets(malformed.to_owned()));
            assert!(matches!(opened, Err(VaultError::Malformed)), "{malformed}");
        }
        for malformed in ["", "w1", "w1.", "v2.3.x"] {
            let key = WrappedKey { wrapped: malformed.to_owned(), ..key.clone() };
            assert!(matches!(vault.rewrap(&key), Err(VaultError::Malformed)), "{malformed}");
        }
    }

    #[test]
    fn a_rewrapped_key_opens_what_it_sealed_under_the_new_master_key_alone() {
        let (key, sealed) = sealed(&vault("1"));
        let both = vault("21");
        assert_eq!(both.open(&key, context(1, 1), &sealed).unwrap().expose_secret(), "canary");
        let rewrapped = both.rewrap(&key).unwrap().expect("another master key");
        assert!(both.rewrap(&rewrapped).unwrap().is_none(), "once is enough");
        assert_eq!(vault("2").open(&rewrapped, context(1, 1), &sealed).unwrap().expose_secret(), "canary");
        assert!(matches!(vault("1").open(&rewrapped, context(1, 1), &sealed), Err(VaultError::UnknownKey)));
        assert!(matches!(vault("2").open(&key, context(1, 1), &sealed), Err(VaultError::UnknownKey)));
    }

    #[test]
    fn a_key_relabelled_with_another_known_master_key_is_refused() {
        let (key, _) = sealed(&vault("1"));
        let both = vault("21");
        let wrapped = key.wrapped.replace(&vault("1").keys.current().id, &both.keys.current().id);
        assert!(matches!(both.rewrap(&WrappedKey { wrapped, ..key }), Err(VaultError::Refused)));
    }

    #[test]
    fn signatures_of_every_configured_key_are_verified() {
        let former = vault("1").sign("media", b"x");
        assert_eq!(former.len(), 32);
        assert!(vault("21").verify("media", b"x", &former) && vault("12").verify("media", b"x", &former));
        assert!(!vault("2").verify("media", b"x", &former), "another key");
        assert!(!vault("21").verify("cursor", b"x", &former), "another purpose");
        assert!(!vault("21").verify("media", b"y", &former) && !vault("21").verify("media", b"x", b""));
        assert_ne!(former, vault("21").sign("media", b"x"), "the current key signs");
    }

    #[test]
    fn a_code_of_a_former_key_is_known_and_one_of_a_lost_key_is_not() {
        let old = vault("1").sign("head", b"x");
        let rotated = AeadVault::new(MasterKeys::parse(&format!("{},{}", "2".repeat(64), "1".repeat(64))).unwrap());
        assert!(rotated.verify("head", b"x", &old) && rotated.verify("head", b"x", &rotated.sign("head", b"x")));
        assert!(!vault("2").verify("head", b"x", &old));
        let wrong: [(&str, &[u8], &[u8]); 4] =
            [("other", b"x", &old), ("head", b"y", &old), ("head", b"x", &[]), ("head", b"x", &old[..31])];
        for (purpose, bytes, code) in wrong {
            assert!(!rotated.verify(purpose, bytes, code), "{purpose}");
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
        let (key, _) = sealed(&vault("1"));
        assert!(!format!("{key:?}").contains(&key.wrapped));
    }
}

//! Master keys: what seals every other secret. No key, nor a part of one, ever stands in an error or a log.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use secrecy::{ExposeSecret, SecretBox, SecretString, zeroize::Zeroizing};

/// Bytes of a master key.
pub(crate) const KEY_BYTES: usize = 32;
/// Hexadecimal digits of a key's id.
const ID_DIGITS: usize = 8;

const PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, PADDING);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, PADDING);

/// Why there is no master key to work with. No message holds a part of a key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is no key.
    #[error("a master key is 32 bytes, as 64 hexadecimal digits or as base64; make one by: openssl rand -hex 32")]
    Malformed,
    /// The operating system has no randomness to make a key of.
    #[error("the operating system gives no randomness to make a master key of")]
    NoRandomness,
    /// The file cannot be read or made.
    #[error("the key file {path} cannot be read or made")]
    File {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Others may read or change the file.
    #[error("the key file {path} is open to others; run: chmod 600 {path}")]
    Exposed {
        /// Which file.
        path: String,
    },
}

/// A key with the id by which records name it: the first digits of its SHA-256.
pub(crate) struct MasterKey {
    pub(crate) id: String,
    pub(crate) bytes: SecretBox<[u8; KEY_BYTES]>,
}

/// Master keys: the current one wraps the data keys, all unwrap.
///
/// ```
/// use hubchat_system::MasterKeys;
///
/// let before = "1".repeat(64);
/// let now = "2".repeat(64);
/// assert!(MasterKeys::parse(&format!("{now},{before}")).is_ok());
/// assert!(MasterKeys::parse("correct horse battery staple").is_err());
/// ```
pub struct MasterKeys {
    current: MasterKey,
    former: Vec<MasterKey>,
}

impl MasterKeys {
    /// Reads keys, separated by commas or white space. The first wraps, all unwrap.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut keys =
            text.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty()).map(MasterKey::parse);
        let current = keys.next().ok_or(KeyError::Malformed)??;
        Ok(Self { current, former: keys.collect::<Result<_, _>>()? })
    }

    /// A new key, kept nowhere.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self { current: MasterKey::generate()?, former: Vec::new() })
    }

    /// The key that seals.
    pub(crate) const fn current(&self) -> &MasterKey {
        &self.current
    }

    /// Every key, the one that seals first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.current).chain(&self.former)
    }

    /// The keys that only open.
    pub(crate) fn former(&self) -> &[MasterKey] {
        &self.former
    }

    /// The key of an id.
    pub(crate) fn find(&self, id: &str) -> Option<&MasterKey> {
        self.all().find(|key| key.id == id)
    }
}

/// Shows the ids only.
impl std::fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let former: Vec<&str> = self.former.iter().map(|key| key.id.as_str()).collect();
        f.debug_struct("MasterKeys").field("current", &self.current.id).field("former", &former).finish()
    }
}

impl MasterKey {
    fn new(bytes: SecretBox<[u8; KEY_BYTES]>) -> Self {
        let mut id = hex(digest(&SHA256, bytes.expose_secret()).as_ref());
        id.truncate(ID_DIGITS);
        Self { id, bytes }
    }

    pub(crate) fn generate() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        aws_lc_rs::rand::fill(bytes.as_mut_slice()).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self::new(SecretBox::new(Box::new(*bytes))))
    }

    fn parse(text: &str) -> Result<Self, KeyError> {
        // 64 digits are base64 of 48 bytes as well, which is no key: the forms cannot be confused.
        let bytes = unhex(text).or_else(|| unbase64(text)).ok_or(KeyError::Malformed)?;
        Ok(Self::new(SecretBox::new(Box::new(*bytes))))
    }

    /// The form that [`MasterKeys::parse`] reads.
    pub(crate) fn to_text(&self) -> SecretString {
        hex(self.bytes.expose_secret()).into()
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    text.extend(
        bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]).filter_map(|digit| char::from_digit(digit.into(), 16)),
    );
    text
}

fn unhex(text: &str) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    if text.len() != 2 * KEY_BYTES {
        return None;
    }
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().as_chunks::<2>().0) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn unbase64(text: &str) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
    let engine = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    // Room for the last group's padding; a text of more bytes does not fit and is refused.
    let mut decoded = Zeroizing::new([0; KEY_BYTES + 4]);
    let count = engine.decode_slice(text, decoded.as_mut_slice()).ok()?;
    decoded.get(..count)?.try_into().ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_as_hexadecimal_or_base64_of_any_kind() {
        let bytes = [0xfb; KEY_BYTES];
        let standard = STANDARD.encode(bytes);
        let url_safe = URL_SAFE.encode(bytes);
        assert_ne!(standard, url_safe);
        for text in ["fb".repeat(32), "FB".repeat(32), standard.clone(), url_safe, standard.replace('=', "")] {
            let keys = MasterKeys::parse(&format!(" {text}\n")).expect("a key");
            assert_eq!(keys.current().bytes.expose_secret(), &bytes);
        }
    }

    #[test]
    fn anything_else_is_refused_with_a_word_on_how_to_make_one() {
        let canary = "c4n4ry";
        for wrong in [
            String::new(),
            " , ".to_owned(),
            canary.repeat(8),
            "0".repeat(63),
            "0".repeat(65),
            "g".repeat(64),
            "ก".repeat(64),
            STANDARD.encode([0; 31]),
            STANDARD.encode([0; 33]),
            STANDARD.encode([0xff; 48]),
            format!("{},short", "0".repeat(64)),
        ] {
            let error = MasterKeys::parse(&wrong).expect_err(&wrong);
            assert!(matches!(error, KeyError::Malformed), "{wrong}");
            let said = format!("{error} {error:?}");
            assert!(said.contains("openssl rand -hex 32") && !said.contains(canary));
        }
    }

    #[test]
    fn the_first_key_is_current_and_all_are_found_by_the_start_of_their_digest() {
        let keys = MasterKeys::parse(&format!("{},\n{}", "00".repeat(32), "11".repeat(32))).unwrap();
        // sha256 of 32 zero bytes.
        assert_eq!(keys.current().id, "66687aad");
        let former = MasterKeys::parse(&"11".repeat(32)).unwrap().current.id;
        assert_eq!(keys.find(&former).expect("the former key").bytes.expose_secret(), &[0x11; KEY_BYTES]);
        assert!(keys.find("00000000").is_none());
        assert_eq!(format!("{keys:?}"), format!("MasterKeys {{ current: \"66687aad\", former: [\"{former}\"] }}"));
    }

    #[test]
    fn made_keys_differ_and_survive_their_text() {
        let (one, other) = (MasterKeys::generate().unwrap(), MasterKeys::generate().unwrap());
        assert_ne!(one.current.bytes.expose_secret(), other.current.bytes.expose_secret());
        let read = MasterKeys::parse(one.current.to_text().expose_secret()).unwrap();
        assert_eq!(read.current.bytes.expose_secret(), one.current.bytes.expose_secret());
    }
}

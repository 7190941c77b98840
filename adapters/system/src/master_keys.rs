//! Master keys: read from text, or generated once into a file.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read as _, Write as _},
    path::Path,
};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hubchat_ports::Randomness as _;
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use crate::OsRandomness;

/// Bytes of a master key.
const KEY_BYTES: usize = 32;

/// Why there is no master key to work with. No message holds a part of a key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is no key.
    #[error("a master key is 32 bytes, as 64 hexadecimal digits or as base64; make one by: openssl rand -hex 32")]
    Malformed,
    /// The file cannot be read or made.
    #[error("the key file {path} cannot be read or made")]
    File {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Others may read the file.
    #[error("the key file {path} can be read by others; run: chmod 600 {path}")]
    Exposed {
        /// Which file.
        path: String,
    },
}

/// A key with the id by which records name it.
pub(crate) struct MasterKey {
    pub(crate) id: String,
    pub(crate) bytes: SecretSlice<u8>,
}

/// Master keys: the first seals, all open.
pub struct MasterKeys(Vec<MasterKey>);

impl MasterKeys {
    /// Reads keys, separated by commas or white space. The first seals, all open.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let keys: Vec<MasterKey> = text
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|part| !part.is_empty())
            .map(MasterKey::parse)
            .collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(KeyError::Malformed) } else { Ok(Self(keys)) }
    }

    /// A new key, kept nowhere.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self(vec![MasterKey::new(OsRandomness.secret_bytes(KEY_BYTES))]))
    }

    /// Reads the key of a file, or makes the file with a new key, readable by its owner only. An existing
    /// file is never changed.
    pub fn load_or_create_key_file(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File { path: path.display().to_string(), source };
        if !path.exists() {
            Self::create(path).map_err(failed)?;
        }
        let mut file = File::open(path).map_err(failed)?;
        if is_exposed(&file).map_err(failed)? {
            return Err(KeyError::Exposed { path: path.display().to_string() });
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        Self::parse(SecretString::from(text).expose_secret())
    }

    /// Written beside and then linked into place, so that of two processes that start together one wins
    /// and nobody ever reads half a key.
    fn create(path: &Path) -> std::io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let digits = SecretString::from(hex(OsRandomness.secret_bytes(KEY_BYTES).expose_secret()));
        let beside = path.with_extension(format!("{}.new", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&beside).and_then(|mut file| {
            writeln!(file, "{}", digits.expose_secret())?;
            file.sync_all()
        });
        let linked = written.and_then(|()| match fs::hard_link(&beside, path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
        fs::remove_file(&beside)?;
        linked?;
        File::open(folder)?.sync_all()
    }

    /// The key that seals.
    pub(crate) fn current(&self) -> Option<&MasterKey> {
        self.0.first()
    }

    pub(crate) fn all(&self) -> &[MasterKey] {
        &self.0
    }
}

impl MasterKey {
    fn new(bytes: SecretSlice<u8>) -> Self {
        let id = hex(digest(&SHA256, bytes.expose_secret()).as_ref()).chars().take(8).collect();
        Self { id, bytes }
    }

    fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = if text.len() == 2 * KEY_BYTES && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            unhex(text)
        } else {
            STANDARD.decode(text).ok()
        };
        let bytes = bytes.filter(|bytes| bytes.len() == KEY_BYTES).ok_or(KeyError::Malformed)?;
        Ok(Self::new(bytes.into()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]).filter_map(|d| char::from_digit(d.into(), 16)).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
    Some(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| (byte << 4) | digit)).collect())
}

#[cfg(unix)]
fn is_exposed(file: &File) -> std::io::Result<bool> {
    Ok(std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions()) & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &File) -> std::io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_as_hexadecimal_or_base64_and_nothing_else() {
        let hexadecimal = "00".repeat(32);
        let base64 = STANDARD.encode([0; 32]);
        let (one, other) = (MasterKeys::parse(&hexadecimal).unwrap(), MasterKeys::parse(&base64).unwrap());
        assert_eq!(one.current().unwrap().id, other.current().unwrap().id);
        for wrong in ["", " , ", "00", "zz", &"0".repeat(63), &STANDARD.encode([0; 31])] {
            assert!(matches!(MasterKeys::parse(wrong), Err(KeyError::Malformed)), "{wrong}");
        }
        let both = MasterKeys::parse(&format!("{hexadecimal},\n{}", "11".repeat(32))).unwrap();
        assert_eq!(both.all().len(), 2);
    }

    #[test]
    fn a_key_file_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inner").join("master.key");
        let made = MasterKeys::load_or_create_key_file(&path).unwrap();
        let read = MasterKeys::load_or_create_key_file(&path).unwrap();
        assert_eq!(made.current().unwrap().id, read.current().unwrap().id);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            let exposed = MasterKeys::load_or_create_key_file(&path);
            assert!(matches!(exposed, Err(KeyError::Exposed { .. })));
        }
    }
}

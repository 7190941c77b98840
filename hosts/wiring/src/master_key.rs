//! Where the master key comes from.

use std::path::{Path, PathBuf};

use hubchat_system::MasterKeys;
use secrecy::{ExposeSecret, SecretString};

use crate::{Config, WiringError};

/// The master keys, and the file that they were generated in just now, if they were.
pub(crate) fn load(config: &Config) -> Result<MasterKeys, WiringError> {
    if let Some(keys) = &config.master_key {
        return MasterKeys::parse(keys.expose_secret()).map_err(WiringError::MasterKey);
    }
    if let Some(file) = &config.master_key_file {
        let text = std::fs::read_to_string(file)
            .map(SecretString::from)
            .map_err(|source| WiringError::MasterKeyFile { path: file.display().to_string(), source })?;
        if is_open_to_all(file) {
            tracing::warn!(path = %file.display(), "every user of this machine can read the master key: chmod o-rwx");
        }
        return MasterKeys::parse(text.expose_secret()).map_err(WiringError::MasterKey);
    }
    let file: PathBuf = config.data_dir.join("master.key");
    let existed = file.exists();
    let keys = MasterKeys::load_or_create_key_file(&file).map_err(WiringError::MasterKey)?;
    if !existed {
        tracing::warn!(
            path = %file.display(),
            "generated a master key; back it up and give it to every host of this database: \
             without it the channels' credentials cannot be opened"
        );
    }
    Ok(keys)
}

/// A file that the operator made is only warned of: a secret that is mounted into a container is often readable
/// to all of its users, who are one.
#[cfg(unix)]
fn is_open_to_all(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o007 != 0)
}

#[cfg(not(unix))]
fn is_open_to_all(_: &Path) -> bool {
    false
}

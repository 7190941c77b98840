//! Where the master key comes from.

use std::path::PathBuf;

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

//! Which keys are in use, and which master keys are needed no more.

use std::collections::BTreeMap;

use hubchat_domain::TenantId;
use hubchat_ports::MasterKeyIds;

use super::tenants;
use crate::{Fault, Ports};

/// How a master key is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterKeyUse {
    /// Its id: a digest, which tells nothing of the key.
    pub id: String,
    /// Whether it is configured here.
    pub configured: bool,
    /// Whether it is the one that wraps and signs.
    pub current: bool,
    /// Data keys that it wraps.
    pub data_keys: u64,
}

impl MasterKeyUse {
    /// Whether it may be taken out of the configuration as far as secrets go; links to files that it signed end
    /// with it.
    #[must_use]
    pub const fn is_dispensable(&self) -> bool {
        self.configured && !self.current && self.data_keys == 0
    }
}

/// Which keys are in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatusReport {
    /// Tenants looked at.
    pub tenants: u64,
    /// The master keys: the current one, the configured former ones, and those that data keys name beside them.
    pub master_keys: Vec<MasterKeyUse>,
    /// Secrets that a former data key sealed; more than none while a rotation goes on or was interrupted.
    pub former_seals: u64,
}

/// Tells which keys are in use. The operator's, at the machine: no actor reaches it.
#[derive(Clone)]
pub struct KeyStatus {
    ports: Ports,
}

impl KeyStatus {
    pub(crate) const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Looks at the keys of a tenant, or of all. Nothing is changed.
    pub async fn run(&self, tenant: Option<TenantId>) -> Result<KeyStatusReport, Fault> {
        let MasterKeyIds { current, former } = self.ports.vault.master_key_ids();
        let mut uses: BTreeMap<String, u64> = BTreeMap::new();
        let (mut count, mut former_seals) = (0, 0);
        for tenant in tenants(&self.ports, tenant).await? {
            count += 1;
            let session = self.ports.repository.begin(tenant).await?;
            let keys = session.data_keys().list().await?;
            for data_key in &keys {
                *uses.entry(data_key.key.master_key_id().unwrap_or("?").to_owned()).or_default() += 1;
            }
            if let Some(newest) = keys.last().filter(|_| keys.len() > 1) {
                former_seals += session.data_keys().count_former_seals(newest.key.version).await?;
            }
        }
        let mut master_keys: Vec<MasterKeyUse> = Vec::new();
        for (place, id) in std::iter::once(current).chain(former).enumerate() {
            let data_keys = uses.remove(&id).unwrap_or_default();
            master_keys.push(MasterKeyUse { id, configured: true, current: place == 0, data_keys });
        }
        master_keys.extend(uses.into_iter().map(|(id, data_keys)| MasterKeyUse {
            id,
            configured: false,
            current: false,
            data_keys,
        }));
        Ok(KeyStatusReport { tenants: count, master_keys, former_seals })
    }
}

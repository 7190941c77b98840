//! Changing keys: data keys go under the current master key, and secrets under new data keys.
//!
//! Hosts may run meanwhile. A data key keeps its bytes when it is wrapped anew, and every secret is replaced only
//! while it is still the one that was read; whoever reads a secret reads its key with it. What was interrupted is
//! taken up by the next run.

use hubchat_domain::TenantId;
use hubchat_ports::{DataKey, FormerSeal, InsertOutcome, SealedSecrets, StorageError, WrappedKey};

use super::tenants;
use crate::{Fault, Ports, account_cache::seal_context, fault::Retries};

/// What to change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RotateKeysCommand {
    /// Of this tenant only.
    pub tenant: Option<TenantId>,
    /// Also make a new data key for each tenant, and seal its secrets by it.
    pub data_keys: bool,
}

/// What was changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Tenants gone through.
    pub tenants: u64,
    /// Data keys that went under the current master key.
    pub rewrapped: u64,
    /// Data keys made.
    pub made: u64,
    /// Secrets that went under a newer data key.
    pub resealed: u64,
}

/// Changes keys. The operator's, at the machine: no actor reaches it.
#[derive(Clone)]
pub struct RotateKeys {
    ports: Ports,
}

impl RotateKeys {
    /// So many secrets are sealed anew in one transaction.
    const BATCH: u32 = 100;

    pub(crate) const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Wraps every data key by the current master key. With `data_keys` also makes a new one for each tenant and
    /// seals the tenant's secrets by it; a tenant whose last change of keys was interrupted gets that one finished
    /// instead. A data key whose master key is not configured any more is an error: nothing could open it.
    pub async fn run(&self, command: RotateKeysCommand) -> Result<Rotation, Fault> {
        let mut done = Rotation::default();
        for tenant in tenants(&self.ports, command.tenant).await? {
            done.tenants += 1;
            done.rewrapped += self.retried(tenant, Step::Rewrap).await?;
            if !command.data_keys {
                continue;
            }
            // What a former run left is finished first; only who has nothing left gets another key.
            let mut resealed = self.reseal(tenant).await?;
            if resealed == 0 {
                done.made += self.retried(tenant, Step::Renew).await?;
                resealed = self.reseal(tenant).await?;
            }
            done.resealed += resealed;
        }
        Ok(done)
    }

    /// Seals anew until nothing is left that a former key sealed.
    async fn reseal(&self, tenant: TenantId) -> Result<u64, Fault> {
        let mut all = 0;
        loop {
            let resealed = self.retried(tenant, Step::Reseal).await?;
            if resealed == 0 {
                return Ok(all);
            }
            all += resealed;
        }
    }

    async fn retried(&self, tenant: TenantId, step: Step) -> Result<u64, Fault> {
        let mut retries = Retries::default();
        loop {
            let result = self.attempt(tenant, step).await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    async fn attempt(&self, tenant: TenantId, step: Step) -> Result<u64, Fault> {
        let session = self.ports.repository.begin(tenant).await?;
        let keys = session.data_keys();
        let done = match step {
            Step::Rewrap => {
                let mut rewrapped = 0;
                for DataKey { key, .. } in keys.list().await? {
                    if let Some(to) = self.ports.vault.rewrap(&key)? {
                        keys.replace(&key, &to).await?;
                        rewrapped += 1;
                    }
                }
                rewrapped
            }
            Step::Renew => {
                let now = self.ports.clock.now();
                // A tenant without a key has no secret either; its first key comes with the first secret.
                let Some(current) = keys.current().await? else { return Ok(0) };
                let version = current.key.version.saturating_add(1);
                let key = self.ports.vault.new_data_key(tenant, version)?;
                let made = keys.insert(&DataKey { key, created_at: now, retired_at: None }).await?;
                if made == InsertOutcome::AlreadyPresent {
                    return Err(StorageError::Stale.into());
                }
                keys.retire_before(version, now).await?;
                1
            }
            Step::Reseal => {
                let Some(current) = keys.current().await? else { return Ok(0) };
                let former = keys.list_former_seals(current.key.version, Self::BATCH).await?;
                for seal in &former {
                    let sealed = self.anew(tenant, seal, &current.key)?;
                    // One that was replaced meanwhile by its owner is under the newest key, or comes up again.
                    keys.reseal(seal, &sealed, current.key.version).await?;
                }
                former.len() as u64
            }
        };
        session.commit().await?;
        Ok(done)
    }

    fn anew(&self, tenant_id: TenantId, former: &FormerSeal, key: &WrappedKey) -> Result<SealedSecrets, Fault> {
        let context = seal_context(tenant_id, former.account_id);
        let plain = self.ports.vault.open(&former.key, context, &former.sealed)?;
        Ok(self.ports.vault.seal(key, context, &plain)?)
    }
}

/// One transaction of a rotation.
#[derive(Debug, Clone, Copy)]
enum Step {
    Rewrap,
    Renew,
    Reseal,
}

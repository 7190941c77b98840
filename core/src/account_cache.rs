//! Channel accounts with their opened secrets, kept for a few seconds.
//!
//! The hot path of webhooks and the sends need the account on every call; a change made by another
//! process is seen after [`AccountCache::LIFETIME`] at the latest, one made through this process at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hubchat_domain::{ChannelAccountId, ChannelType, TenantId, Timestamp};
use hubchat_ports::{AccountAccess, ChannelSecrets, SealContext, SealPlace, StoredAccount, VaultError};

use crate::{Fault, Ports};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Webhook(String),
    External(ChannelType, String),
    Account(TenantId, ChannelAccountId),
}

/// An account, and when it was read.
#[derive(Clone)]
struct Entry {
    read_at: Timestamp,
    /// `None` remembers that there is no such account.
    access: Option<Arc<AccountAccess>>,
}

/// Keeps accounts for a few seconds. Cheap to clone.
#[derive(Clone)]
pub struct AccountCache {
    ports: Ports,
    entries: Arc<Mutex<HashMap<Key, Entry>>>,
}

impl AccountCache {
    /// For how long an account is taken as read.
    pub const LIFETIME: Duration = Duration::from_secs(5);
    /// The most entries; unguessable keys that nobody has would otherwise fill the memory.
    const CAPACITY: usize = 10_000;

    /// An empty cache over the ports.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self { ports, entries: Arc::default() }
    }

    /// The account whose webhook path ends with that key.
    pub(crate) async fn by_webhook_key(&self, webhook_key: &str) -> Result<Option<Arc<AccountAccess>>, Fault> {
        let key = Key::Webhook(webhook_key.to_owned());
        if let Some(known) = self.fresh(&key) {
            return Ok(known.access);
        }
        let stored = self.ports.directory.find_account_by_webhook_key(webhook_key).await?;
        self.keep(key, stored)
    }

    /// The account of a channel with that external id.
    pub(crate) async fn by_external_id(
        &self,
        channel: ChannelType,
        external_id: &str,
    ) -> Result<Option<Arc<AccountAccess>>, Fault> {
        let key = Key::External(channel, external_id.to_owned());
        if let Some(known) = self.fresh(&key) {
            return Ok(known.access);
        }
        let stored = self.ports.directory.find_account_by_external_id(channel, external_id).await?;
        self.keep(key, stored)
    }

    /// The tenant's account of that id.
    pub(crate) async fn by_id(
        &self,
        tenant: TenantId,
        account: ChannelAccountId,
    ) -> Result<Option<Arc<AccountAccess>>, Fault> {
        let key = Key::Account(tenant, account);
        if let Some(known) = self.fresh(&key) {
            return Ok(known.access);
        }
        let session = self.ports.repository.begin(tenant).await?;
        let stored = session.accounts().find(account).await?;
        drop(session);
        self.keep(key, stored)
    }

    /// Forgets everything, after a change of an account.
    pub(crate) fn clear(&self) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn fresh(&self, key: &Key) -> Option<Entry> {
        let now = self.ports.clock.now();
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(key).filter(|entry| now.since(entry.read_at) < Self::LIFETIME).cloned()
    }

    fn keep(&self, key: Key, stored: Option<StoredAccount>) -> Result<Option<Arc<AccountAccess>>, Fault> {
        let access = stored.map(|stored| open(&self.ports, &stored)).transpose()?.map(Arc::new);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= Self::CAPACITY {
            entries.clear();
        }
        entries.insert(key, Entry { read_at: self.ports.clock.now(), access: access.clone() });
        Ok(access)
    }
}

/// What an account's secrets are sealed to.
pub(crate) const fn seal_context(tenant_id: TenantId, account: ChannelAccountId) -> SealContext {
    SealContext { tenant_id, place: SealPlace::ChannelAccountSecrets, record_id: account.as_uuid() }
}

/// Opens an account's secrets.
pub(crate) fn open(ports: &Ports, stored: &StoredAccount) -> Result<AccountAccess, Fault> {
    let account = stored.account.record().clone();
    let plain = ports.vault.open(&stored.key, seal_context(account.tenant_id, account.id), &stored.sealed)?;
    let secrets = ChannelSecrets::from_sealable(&plain).ok_or(VaultError::Malformed)?;
    Ok(AccountAccess { account, secrets })
}

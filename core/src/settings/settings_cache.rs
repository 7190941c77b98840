//! Settings of tenants, kept for a few seconds: the hot paths need them on every call.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hubchat_domain::{TenantId, TenantSettings, Timestamp};

use crate::{Fault, Ports};

/// Keeps settings for a few seconds. A change made by another process is seen after
/// [`SettingsCache::LIFETIME`] at the latest, one made through this process at once. Cheap to clone.
#[derive(Clone)]
pub struct SettingsCache {
    ports: Ports,
    entries: Arc<Mutex<HashMap<TenantId, Entry>>>,
}

#[derive(Clone)]
struct Entry {
    read_at: Timestamp,
    settings: Arc<TenantSettings>,
}

impl SettingsCache {
    /// For how long settings are taken as read.
    pub const LIFETIME: Duration = Duration::from_secs(5);
    /// The most entries.
    const CAPACITY: usize = 10_000;

    /// An empty cache over the ports.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self { ports, entries: Arc::default() }
    }

    /// The tenant's settings, at most [`SettingsCache::LIFETIME`] old.
    pub async fn of(&self, tenant: TenantId) -> Result<Arc<TenantSettings>, Fault> {
        let now = self.ports.clock.now();
        let known = self.entries.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned();
        if let Some(known) = known.filter(|entry| now.since(entry.read_at) < Self::LIFETIME) {
            return Ok(known.settings);
        }
        let settings = Arc::new(self.ports.repository.inbox(tenant).settings().await?.settings);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= Self::CAPACITY {
            entries.clear();
        }
        // As old as the question: a change that was made while it was answered is not overlooked for longer.
        entries.insert(tenant, Entry { read_at: now, settings: Arc::clone(&settings) });
        Ok(settings)
    }

    /// Forgets a tenant's settings, after a change of them.
    pub(crate) fn forget(&self, tenant: TenantId) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }
}

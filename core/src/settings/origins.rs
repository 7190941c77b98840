//! Whose pages may call from a browser.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hubchat_domain::{TenantId, Timestamp, WebOrigin};

use super::SettingsCache;
use crate::{Fault, Ports};

/// Answers browsers' questions about origins. Cheap to clone.
#[derive(Clone)]
pub struct AllowedOrigins {
    ports: Ports,
    settings: SettingsCache,
    /// Whether any tenant lists an origin, and when that was read.
    known: Arc<Mutex<HashMap<WebOrigin, (Timestamp, bool)>>>,
}

impl AllowedOrigins {
    /// For how long an answer is taken as read.
    pub const LIFETIME: Duration = Duration::from_secs(5);
    /// The most answers that are kept; origins that are made up would otherwise fill the memory.
    const CAPACITY: usize = 10_000;

    pub(crate) fn new(ports: Ports, settings: SettingsCache) -> Self {
        Self { ports, settings, known: Arc::default() }
    }

    /// Whether any tenant lists the origin: before the caller's own tenant is known.
    pub async fn is_listed(&self, origin: &str) -> Result<bool, Fault> {
        let Ok(origin) = WebOrigin::parse(origin) else { return Ok(false) };
        let now = self.ports.clock.now();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&origin).copied();
        if let Some((_, listed)) = known.filter(|(read_at, _)| now.since(*read_at) < Self::LIFETIME) {
            return Ok(listed);
        }
        let listed = self.ports.directory.is_origin_listed(&origin).await?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::CAPACITY {
            known.clear();
        }
        known.insert(origin, (now, listed));
        Ok(listed)
    }

    /// Whether that tenant lists the origin.
    pub async fn is_listed_by(&self, tenant: TenantId, origin: &str) -> Result<bool, Fault> {
        Ok(self.settings.of(tenant).await?.allows_origin(origin))
    }
}

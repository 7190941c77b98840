//! Reading and changing a tenant's settings.

use std::time::Duration;

use hubchat_domain::{AuditAction, InvalidSetting, Permission, TenantSettings};
use hubchat_ports::StoredSettings;
use serde_json::{Map, Value};

use super::SettingsCache;
use crate::{
    Actor, ErrorCode, Fault, Ports,
    fault::{Retries, faults_become},
};

/// Reads a tenant's settings.
#[derive(Clone)]
pub struct GetSettings {
    ports: Ports,
}

impl GetSettings {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// The settings as they are kept now.
    pub async fn run(&self, actor: &Actor) -> Result<StoredSettings, Fault> {
        actor.require(Permission::SettingsManage)?;
        Ok(self.ports.repository.inbox(actor.tenant_id()).settings().await?)
    }
}

/// Why settings were not changed. None was.
#[derive(Debug, thiserror::Error)]
pub enum UpdateSettingsError {
    /// There is no such setting, or it does not take the value.
    #[error(transparent)]
    Invalid(#[from] InvalidSetting),
    /// Somebody else changed something since the caller read them.
    #[error("the settings were changed meanwhile: their version is {version}")]
    Changed {
        /// The version that they have.
        version: i64,
    },
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(UpdateSettingsError);

impl ErrorCode for UpdateSettingsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "validation_failed",
            Self::Changed { .. } => "settings_changed",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        if let Self::Invalid(invalid) = self { Some(invalid.key()) } else { None }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Changes a tenant's settings.
#[derive(Clone)]
pub struct UpdateSettings {
    ports: Ports,
    cache: SettingsCache,
}

impl UpdateSettings {
    pub(crate) fn new(ports: Ports, cache: SettingsCache) -> Self {
        Self { ports, cache }
    }

    /// Sets every setting that is named, or none. With `expected`, only when that is still their version.
    /// Answers the settings as they are then.
    pub async fn run(
        &self,
        actor: &Actor,
        changes: &Map<String, Value>,
        expected: Option<i64>,
    ) -> Result<StoredSettings, UpdateSettingsError> {
        actor.require(Permission::SettingsManage)?;
        let mut checked = TenantSettings::default();
        for (key, value) in changes {
            checked.set(key, value)?;
        }
        let mut retries = Retries::default();
        let result = loop {
            let result = self.attempt(actor, changes, expected).await;
            if !retries.again(&result, &self.ports).await {
                break result;
            }
        };
        self.cache.forget(actor.tenant_id());
        result
    }

    async fn attempt(
        &self,
        actor: &Actor,
        changes: &Map<String, Value>,
        expected: Option<i64>,
    ) -> Result<StoredSettings, UpdateSettingsError> {
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let stored = session.settings().lock().await?;
        if expected.is_some_and(|expected| expected != stored.version) {
            return Err(UpdateSettingsError::Changed { version: stored.version });
        }
        let mut settings = stored.settings.clone();
        for (key, value) in changes {
            settings.set(key, value)?;
        }
        let news: Vec<(&'static str, Value)> = TenantSettings::DEFINITIONS
            .iter()
            .filter_map(|definition| {
                let value = settings.value(definition.key)?;
                (stored.settings.value(definition.key).as_ref() != Some(&value)).then_some((definition.key, value))
            })
            .collect();
        if news.is_empty() {
            return Ok(stored);
        }
        let now = self.ports.clock.now();
        session.settings().put(&news, now).await?;
        let before: Map<_, _> =
            news.iter().filter_map(|(key, _)| Some(((*key).to_owned(), stored.settings.value(key)?))).collect();
        let after: Map<_, _> = news.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        let (tenant, before, after) = (actor.tenant_id(), Some(before.into()), Some(after.into()));
        session.audit().append(actor.audit(AuditAction::SettingsChanged, tenant, before, after, now)).await?;
        let stored = session.settings().find().await?;
        session.commit().await?;
        Ok(stored)
    }
}

//! What a tenant decided for itself.

use async_trait::async_trait;
use hubchat_domain::{TenantSettings, Timestamp};
use serde_json::Value;

use crate::StorageError;

/// A tenant's settings as they are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredSettings {
    /// The settings; what was never set has its default.
    pub settings: TenantSettings,
    /// Grows with every change; 0 while nothing was ever set.
    pub version: i64,
}

/// The settings of a tenant, in a session.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SettingsStore: Send + Sync {
    /// The settings; `name` is always there, as the tenant is called. A name of a setting that this version does not
    /// know MUST be passed over; a value that its setting does not take MUST be `Corrupt`.
    async fn find(&self) -> Result<StoredSettings, StorageError>;

    /// The same, and no other session of the tenant may lock or put settings until this one ends.
    async fn lock(&self) -> Result<StoredSettings, StorageError>;

    /// Keeps values by their names. Each MUST make the version grow. `name` MUST be the tenant's wherever it is read.
    async fn put(&self, values: &[(&'static str, Value)], at: Timestamp) -> Result<(), StorageError>;
}

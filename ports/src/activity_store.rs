//! The activity logs of a tenant's leads.

use async_trait::async_trait;
use hubchat_domain::Activity;

use crate::StorageError;

/// Activity logs of one tenant; read through the inbox queries.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ActivityStore: Send + Sync {
    /// Appends lines, in the order given, in as few statements as the database takes.
    async fn append(&self, activities: &[Activity]) -> Result<(), StorageError>;
}

//! Jobs written by a session.

use std::time::Duration;

use async_trait::async_trait;
use hubchat_domain::TenantId;

use crate::StorageError;

/// A job's number; later jobs have higher ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub i64);

/// A separate queue with workers of its own: no lane ever starves another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Events of providers.
    Inbound,
    /// Messages to customers.
    Outbound,
    /// Profiles, files and everything that can wait.
    Background,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 3] = [Self::Inbound, Self::Outbound, Self::Background];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Background => "background",
        }
    }

    /// The lane of that name, if there is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.as_str() == text)
    }
}

impl std::fmt::Display for Lane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something to be done once the session is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Where it waits.
    pub lane: Lane,
    /// Jobs of a lane with the same order key are done one after the other, in order of their numbers.
    pub order_key: String,
    /// What kind of job, with its version, such as `outbound.deliver.v1`.
    pub kind: String,
    /// Its particulars: JSON text with ids, moments and network addresses only; never content, names or secrets.
    pub payload: String,
    /// How long it must wait at least.
    pub delay: Duration,
}

/// A job of a tenant, written where there is no session of that tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantJob {
    /// Whose it is.
    pub tenant_id: TenantId,
    /// What is to be done.
    pub job: NewJob,
}

/// Jobs of one tenant, written together with what causes them.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait JobStore: Send + Sync {
    /// Adds jobs, in the order given.
    async fn append(&self, jobs: &[NewJob]) -> Result<(), StorageError>;
}

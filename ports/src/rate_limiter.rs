//! How often something may be done.

use std::{num::NonZeroU32, time::Duration};

use async_trait::async_trait;

/// So many times at once, and then one more each `interval`: the generic cell rate algorithm
/// (ITU-T I.371, annex A).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quota {
    /// How often at once, by someone who did nothing for long.
    pub burst: NonZeroU32,
    /// How long until one more is allowed.
    pub interval: Duration,
}

impl Quota {
    /// `times` in each `period`, all of them at once if nothing was done for that long; `None` for none at all.
    #[must_use]
    pub fn new(times: u32, period: Duration) -> Option<Self> {
        let burst = NonZeroU32::new(times)?;
        Some(Self { burst, interval: (period / times).max(Duration::from_nanos(1)) })
    }
}

/// It may be done, and this is what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// How often at once at most.
    pub limit: u32,
    /// How often still now.
    pub remaining: u32,
    /// How long until the whole burst is there again.
    pub reset_after: Duration,
}

/// It may not be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the limit of {limit} is reached")]
pub struct LimitReached {
    /// How often at once at most.
    pub limit: u32,
    /// When it may be done again, if nobody else takes that place.
    pub retry_after: Duration,
}

/// Limits how often things are done, each under a key.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes one place under the key, or tells how long to wait for it. Keys with different quotas are
    /// different keys. A refused take MUST cost nothing. An adapter that shares places between processes
    /// MUST go on within this process while it cannot: a limit is never simply off.
    async fn take(&self, key: &str, quota: Quota) -> Result<Allowance, LimitReached>;
}

//! How fast an account may send.

use std::time::Duration;

use hubchat_domain::ChannelAccountId;

/// Limits sends per account.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait RateLimiter: Send + Sync {
    /// Takes one send of `per_second` from the account's allowance, or tells how long to wait for it.
    fn take(&self, account: ChannelAccountId, per_second: u32) -> Result<(), Duration>;
}

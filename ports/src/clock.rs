//! Time, ids and chance: the three things that a test must hold in its hand.

use std::time::Duration;

use async_trait::async_trait;
use hubchat_domain::Timestamp;
use secrecy::SecretSlice;
use uuid::Uuid;

/// The time of day, and waiting for it.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Waits.
    async fn sleep(&self, duration: Duration);
}

/// New ids.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Ids: Send + Sync {
    /// A UUID that was never given before; later ones of the same process sort after earlier ones.
    fn next_uuid(&self) -> Uuid;
}

/// Chance.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Randomness: Send + Sync {
    /// A number in `0.0..1.0`, for jitter.
    fn fraction(&self) -> f64;

    /// Bytes that nobody can guess.
    fn secret_bytes(&self, count: usize) -> SecretSlice<u8>;
}

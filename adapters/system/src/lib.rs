//! What a real process gives hubchat: the clock, ids, chance, send limits, and the vault of secrets.

mod clock;
mod ids;
mod key_file;
mod master_keys;
mod randomness;
mod rate_limiter;
mod vault;

pub use clock::SystemClock;
pub use ids::UuidV7Ids;
pub use master_keys::{KeyError, MasterKeys};
pub use randomness::OsRandomness;
pub use rate_limiter::GovernorRateLimiter;
pub use vault::AeadVault;

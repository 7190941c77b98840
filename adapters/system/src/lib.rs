//! What a real process gives hubchat: the clock, ids, chance, limits, a bus of its own, the vault of secrets, password hashing and
//! access tokens.

mod access_tokens;
mod argon2_hasher;
mod clock;
mod ids;
mod key_file;
mod local_bus;
mod master_keys;
mod randomness;
mod rate_limiter;
mod signing_keys;
mod vault;

pub use access_tokens::EdDsaTokens;
pub use argon2_hasher::{Argon2Hasher, HashCost};
pub use clock::SystemClock;
pub use ids::UuidV7Ids;
pub use local_bus::LocalBus;
pub use master_keys::{KeyError, MasterKeys};
pub use randomness::OsRandomness;
pub use rate_limiter::GovernorRateLimiter;
pub use vault::AeadVault;

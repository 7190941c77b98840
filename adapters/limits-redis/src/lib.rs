//! Rate limits that processes share through Redis.
//!
//! A limit is never off: while Redis does not answer, each process goes on by itself, with what it already gave out
//! still counted. Redis holds nothing else of hubchat: it may be emptied at any time.

mod outage;
mod redis_rate_limiter;

pub use redis_rate_limiter::{RedisConfig, RedisError, RedisRateLimiter};

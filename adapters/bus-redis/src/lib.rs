//! The event bus between processes, through the publish and subscribe of Redis.
//!
//! Redis keeps nothing of it: what is told while nobody listens, or while Redis is away, is gone, and whoever missed
//! it is told to look again.

mod redis_bus;
mod untold;

pub use redis_bus::{RedisBus, RedisBusConfig, RedisBusError};

//! The generic cell rate algorithm in Redis.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use hubchat_ports::{Allowance, LimitReached, Quota, RateLimiter};
use redis::{
    Client, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::{ExposeSecret, SecretString};

use crate::outage::Outage;

/// Where Redis is.
#[derive(Debug, Clone)]
pub struct RedisConfig {
    /// `redis://user:password@host:port/database`, or `rediss://` for TLS.
    pub url: SecretString,
    /// What every key begins with, for a Redis that is shared.
    pub prefix: String,
}

/// Why limits cannot be shared. No message holds the address.
#[derive(Debug, thiserror::Error)]
pub enum RedisError {
    /// The address cannot be read.
    #[error("the address must be redis://user:password@host:port/database, or rediss:// for TLS")]
    Address,
}

/// One take in one step, by the clock of Redis, so that processes whose clocks differ agree. The key holds the
/// moment, in microseconds, at which everything that was taken is paid back (the theoretical arrival time), and is
/// gone by then. Answers whether it was taken, and with it either what is left and when all is, or the wait.
const TAKE: &str = r"
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local interval = tonumber(ARGV[1])
local burst = tonumber(ARGV[2])
local paid_back = tonumber(redis.call('GET', KEYS[1]) or now)
if paid_back < now then paid_back = now end
local next = paid_back + interval
local wait = next - burst * interval - now
if wait > 0 then return {0, math.ceil(wait), 0} end
local reset = next - now
redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil(reset / 1000) + 1)
return {1, math.floor((burst * interval - reset) / interval + 0.000001), math.ceil(reset)}
";

/// Within this time Redis must have answered.
const ANSWER_WITHIN: Duration = Duration::from_millis(250);

/// Limits how often things are done, among all processes that use the same Redis. Cheap to clone.
///
/// What was given out is noted in a limiter of this process too. It alone counts while Redis is away; and should
/// Redis have forgotten what was taken, it keeps this process within its limit.
#[derive(Clone)]
pub struct RedisRateLimiter {
    connection: ConnectionManager,
    script: Arc<Script>,
    prefix: Arc<str>,
    local: Arc<dyn RateLimiter>,
    outage: Arc<Outage>,
}

impl RedisRateLimiter {
    /// Connects at the first take, so that a Redis that is away keeps nobody from starting. `local` counts in this
    /// process. Must be called within a tokio runtime.
    pub fn new(config: &RedisConfig, local: Arc<dyn RateLimiter>) -> Result<Self, RedisError> {
        let client = Client::open(config.url.expose_secret()).map_err(|_| RedisError::Address)?;
        let manager = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(ANSWER_WITHIN))
            .set_response_timeout(Some(ANSWER_WITHIN))
            .set_number_of_retries(0);
        let connection = ConnectionManager::new_lazy_with_config(client, manager).map_err(|_| RedisError::Address)?;
        Ok(Self {
            connection,
            script: Arc::new(Script::new(TAKE)),
            prefix: config.prefix.as_str().into(),
            local,
            outage: Arc::default(),
        })
    }

    /// Takes in Redis; the outer error is that of Redis.
    async fn take_shared(&self, key: &str, quota: Quota) -> Result<Result<Allowance, LimitReached>, redis::RedisError> {
        let limit = quota.burst.get();
        // Redis counts microseconds; a finer interval would be none.
        let micros = quota.interval.as_nanos().max(1_000);
        let key = format!("{}{key}|{limit}|{micros}", self.prefix);
        let mut invocation = self.script.key(key);
        invocation.arg(format!("{}.{:03}", micros / 1_000, micros % 1_000)).arg(limit);
        let mut connection = self.connection.clone();
        let asked = tokio::time::timeout(ANSWER_WITHIN * 2, invocation.invoke_async(&mut connection)).await;
        let (taken, first, reset): (i64, i64, i64) =
            asked.map_err(|_| redis::RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut)))??;
        let micros = |count: i64| Duration::from_micros(count.unsigned_abs());
        Ok(if taken == 1 {
            let remaining = u32::try_from(first).unwrap_or(0);
            Ok(Allowance { limit, remaining, reset_after: micros(reset) })
        } else {
            Err(LimitReached { limit, retry_after: micros(first) })
        })
    }

    /// Notes a place that was given here, and refuses it when this process alone has given out a fifth more than
    /// all may together: then Redis forgot. The fifth is left to clocks that do not run alike.
    async fn within_reach(&self, key: &str, quota: Quota) -> Result<(), LimitReached> {
        let burst = quota.burst.saturating_add(quota.burst.get().div_ceil(5));
        let given = self.local.take(&format!("given:{key}"), Quota { burst, ..quota }).await;
        given.map(drop).map_err(|reached| LimitReached { limit: quota.burst.get(), ..reached })
    }
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn take(&self, key: &str, quota: Quota) -> Result<Allowance, LimitReached> {
        if self.outage.may_ask() {
            match self.take_shared(key, quota).await {
                Ok(answer) => {
                    self.outage.answered();
                    let given = answer?;
                    // What this process gives by itself while Redis is away begins from here.
                    let _ = self.local.take(key, quota).await;
                    self.within_reach(key, quota).await?;
                    return Ok(given);
                }
                Err(error) => self.outage.failed(&error),
            }
        }
        let given = self.local.take(key, quota).await?;
        self.within_reach(key, quota).await?;
        Ok(given)
    }
}

//! Limits through a real Redis: the promises of the port, two processes with one allowance, and days on which
//! Redis is away. Needs Redis at 127.0.0.1:6379, or where HUBCHAT_TEST_REDIS_URL says.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use hubchat_conformance::RateLimiterHarness;
use hubchat_limits_redis::{RedisConfig, RedisError, RedisRateLimiter};
use hubchat_ports::{Quota, RateLimiter};
use hubchat_system::GovernorRateLimiter;
use redis::AsyncCommands;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

static PREFIXES: AtomicU32 = AtomicU32::new(0);

#[expect(clippy::disallowed_methods, reason = "where the test server is, is no configuration of hubchat's")]
fn redis_url() -> String {
    std::env::var("HUBCHAT_TEST_REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned())
}

async fn connection() -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(redis_url()).expect("an address of Redis");
    client
        .get_multiplexed_async_connection()
        .await
        .expect("these tests need Redis: start one, and set HUBCHAT_TEST_REDIS_URL unless it is redis://127.0.0.1:6379")
}

/// Keys of this test alone.
fn prefix() -> String {
    format!("hubchat-test:{}:{}:", std::process::id(), PREFIXES.fetch_add(1, Ordering::Relaxed))
}

/// A limiter as one process has it.
fn limiter(url: &str, prefix: &str) -> RedisRateLimiter {
    let config = RedisConfig { url: url.to_owned().into(), prefix: prefix.to_owned() };
    RedisRateLimiter::new(&config, Arc::new(GovernorRateLimiter::new())).expect("an address of Redis")
}

async fn keys(prefix: &str) -> Vec<String> {
    connection().await.keys(format!("{prefix}*")).await.unwrap()
}

fn in_ten_minutes(times: u32) -> Quota {
    Quota::new(times, Duration::from_mins(10)).unwrap()
}

async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !holds().await {
        assert!(Instant::now() < end, "{what}: it did not happen in time");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

struct Shared(RedisRateLimiter);

#[async_trait]
impl RateLimiterHarness for Shared {
    async fn start() -> Self {
        drop(connection().await);
        Self(limiter(&redis_url(), &prefix()))
    }

    fn limiter(&self) -> &dyn RateLimiter {
        &self.0
    }

    async fn stop(self) {}
}

mod rate_limiter {
    hubchat_conformance::rate_limiter_suite!(super::Shared);
}

/// A way to Redis that can be cut and mended.
struct Cable {
    address: SocketAddr,
    whole: watch::Sender<bool>,
}

impl Cable {
    async fn lay() -> Self {
        drop(connection().await);
        let target = redis_url().trim_start_matches("redis://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (whole, state) = watch::channel(true);
        tokio::spawn(async move {
            let mut lines = JoinSet::new();
            let mut watched = state.clone();
            loop {
                tokio::select! {
                    Ok((mut near, _)) = listener.accept() => {
                        if !*state.borrow() {
                            continue;
                        }
                        let target = target.clone();
                        lines.spawn(async move {
                            let Ok(mut far) = TcpStream::connect(target).await else { return };
                            let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                        });
                    }
                    Ok(()) = watched.changed() => {
                        if !*state.borrow() {
                            lines.abort_all();
                        }
                    }
                    else => break,
                }
            }
        });
        Self { address, whole }
    }

    fn url(&self) -> String {
        format!("redis://{}", self.address)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_share_one_allowance() {
    let prefix = prefix();
    let processes = [limiter(&redis_url(), &prefix), limiter(&redis_url(), &prefix)];
    let quota = in_ten_minutes(40);
    let mut takes = JoinSet::new();
    for number in 0..200 {
        let process = processes[number % 2].clone();
        takes.spawn(async move { process.take("one", quota).await.is_ok() });
    }
    let count = takes.join_all().await.into_iter().filter(|taken| *taken).count();
    assert_eq!(count, 40);
}

#[tokio::test]
async fn keys_end_by_themselves() {
    let prefix = prefix();
    let limiter = limiter(&redis_url(), &prefix);
    let quota = Quota::new(10, Duration::from_secs(1)).unwrap();
    limiter.take("one", quota).await.unwrap();
    assert!(keys(&prefix).await.len() <= 1);
    eventually("the key is gone", async || keys(&prefix).await.is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_holds_while_redis_is_away_and_is_shared_again_when_it_is_back() {
    let (cable, prefix) = (Cable::lay().await, prefix());
    let one = limiter(&cable.url(), &prefix);
    let quota = in_ten_minutes(100);
    for _ in 0..60 {
        one.take("one", quota).await.expect("within the limit");
    }
    cable.whole.send(false).unwrap();
    let (begun, mut taken) = (Instant::now(), 60);
    for _ in 0..500 {
        taken += u32::from(one.take("one", quota).await.is_ok());
    }
    assert_eq!(taken, 100, "what was given out before is still counted");
    assert!(begun.elapsed() < Duration::from_secs(10), "callers do not each wait for Redis");
    cable.whole.send(true).unwrap();
    // Another process finds what this one takes: it is shared again.
    let other = limiter(&redis_url(), &prefix);
    eventually("takes are shared again", async || {
        let _ = one.take("other", quota).await;
        !keys(&format!("{prefix}other")).await.is_empty()
    })
    .await;
    assert!(other.take("other", quota).await.expect("within the limit").remaining < 99);
}

#[tokio::test]
async fn a_redis_that_forgot_everything_does_not_open_the_limit() {
    let prefix = prefix();
    let one = limiter(&redis_url(), &prefix);
    let quota = in_ten_minutes(100);
    let mut taken = 0;
    for attempt in 0..400 {
        taken += u32::from(one.take("one", quota).await.is_ok());
        if attempt == 90 {
            let keys = keys(&prefix).await;
            connection().await.del::<_, ()>(keys).await.unwrap();
        }
    }
    assert!((100..=120).contains(&taken), "{taken} of 100");
}

#[tokio::test]
async fn a_redis_that_was_never_there_keeps_nobody_from_starting() {
    // Nobody listens at a port that was just given back.
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let limiter = limiter(&format!("redis://{address}"), &prefix());
    let taken = count_taken(&limiter, in_ten_minutes(5)).await;
    assert_eq!(taken, 5);
}

async fn count_taken(limiter: &RedisRateLimiter, quota: Quota) -> u32 {
    let mut taken = 0;
    for _ in 0..20 {
        taken += u32::from(limiter.take("one", quota).await.is_ok());
    }
    taken
}

#[tokio::test]
async fn an_address_of_something_else_is_refused_without_being_repeated() {
    let config = RedisConfig { url: "http://user:canary@host".to_owned().into(), prefix: prefix() };
    let refused = RedisRateLimiter::new(&config, Arc::new(GovernorRateLimiter::new())).err().expect("not Redis");
    assert!(matches!(refused, RedisError::Address));
    assert!(!refused.to_string().contains("canary"));
}

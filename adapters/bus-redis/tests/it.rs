//! The bus through a real Redis: the promises of the port, and days on which Redis is away. Needs Redis at
//! 127.0.0.1:6379, or where HUBCHAT_TEST_REDIS_URL says.

#![expect(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::StreamExt;
use hubchat_bus_redis::{RedisBus, RedisBusConfig, RedisBusError};
use hubchat_conformance::EventBusHarness;
use hubchat_ports::{EventBus, Heard, Hearing, Notice};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::timeout,
};
use uuid::Uuid;

static NUMBERS: AtomicU32 = AtomicU32::new(0);

#[expect(clippy::disallowed_methods, reason = "where the test server is, is no configuration of hubchat's")]
fn redis_url() -> String {
    std::env::var("HUBCHAT_TEST_REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned())
}

/// A channel of this test alone.
fn channel() -> String {
    format!("hubchat-test:{}:{}", std::process::id(), NUMBERS.fetch_add(1, Ordering::Relaxed))
}

/// The bus as one process has it.
fn bus(url: &str, channel: &str) -> RedisBus {
    let process = Uuid::from_u128(u128::from(NUMBERS.fetch_add(1, Ordering::Relaxed)));
    let config = RedisBusConfig { url: url.to_owned().into(), channel: channel.to_owned() };
    RedisBus::new(&config, process).expect("an address of Redis")
}

struct Shared {
    one: RedisBus,
    two: RedisBus,
}

#[async_trait]
impl EventBusHarness for Shared {
    async fn start() -> Self {
        let client = redis::Client::open(redis_url()).expect("an address of Redis");
        client.get_multiplexed_async_connection().await.expect(
            "these tests need Redis: start one, and set HUBCHAT_TEST_REDIS_URL unless it is redis://127.0.0.1:6379",
        );
        let channel = channel();
        Self { one: bus(&redis_url(), &channel), two: bus(&redis_url(), &channel) }
    }

    fn bus(&self) -> &dyn EventBus {
        &self.one
    }

    fn other(&self) -> &dyn EventBus {
        &self.two
    }

    async fn stop(self) {}
}

hubchat_conformance::event_bus_suite!(Shared);

/// A way to Redis that can be cut.
struct Line {
    address: SocketAddr,
    open: watch::Sender<bool>,
    _tasks: JoinSet<()>,
}

impl Line {
    async fn lay() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (open, is_open) = watch::channel(true);
        let target = redis_url().trim_start_matches("redis://").trim_end_matches('/').to_owned();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut lines = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut is_open, target) = (is_open.clone(), target.clone());
                if !*is_open.borrow() {
                    continue;
                }
                lines.spawn(async move {
                    let mut far = TcpStream::connect(target).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = is_open.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        Self { address, open, _tasks: tasks }
    }

    fn url(&self) -> String {
        format!("redis://{}", self.address)
    }
}

fn told(number: u128) -> Notice {
    Notice::Committed { tenant_id: Uuid::from_u128(number).into() }
}

async fn hears(hearing: &mut Hearing, expected: &Heard) {
    let wait = async {
        loop {
            let heard = hearing.next().await.expect("a hearing never ends");
            if heard == *expected {
                return;
            }
        }
    };
    timeout(Duration::from_secs(20), wait).await.unwrap_or_else(|_| panic!("not heard: {expected:?}"));
}

/// Tells until it is heard.
async fn reaches(from: &RedisBus, hearing: &mut Hearing) {
    for number in 100.. {
        from.announce(told(number));
        let wait = async { while hearing.next().await != Some(Heard::Notice(told(number))) {} };
        if timeout(Duration::from_millis(200), wait).await.is_ok() {
            return;
        }
        assert!(number < 300, "others are not reached");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_is_away_a_process_hears_itself_and_then_everybody_is_told_to_look_again() {
    let (line, channel) = (Line::lay().await, channel());
    let (one, two) = (bus(&line.url(), &channel), bus(&line.url(), &channel));
    let (mut here, mut there) = (one.listen(), two.listen());
    hears(&mut there, &Heard::Missed).await;
    reaches(&one, &mut there).await;
    line.open.send(false).unwrap();
    one.announce(told(1));
    hears(&mut here, &Heard::Notice(told(1))).await;
    let nothing =
        timeout(Duration::from_millis(300), async { while there.next().await != Some(Heard::Notice(told(1))) {} });
    assert!(nothing.await.is_err(), "the line is cut");
    line.open.send(true).unwrap();
    hears(&mut there, &Heard::Missed).await;
    reaches(&one, &mut there).await;
    reaches(&two, &mut here).await;
}

#[tokio::test]
async fn a_redis_that_is_away_from_the_beginning_keeps_nobody_from_starting() {
    let one = bus("redis://127.0.0.1:1", &channel());
    let mut here = one.listen();
    one.announce(told(1));
    hears(&mut here, &Heard::Notice(told(1))).await;
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_and_not_repeated() {
    let config = RedisBusConfig { url: "http://user:secret@example".to_owned().into(), channel: channel() };
    let refused = RedisBus::new(&config, Uuid::nil()).err().expect("no address of Redis");
    assert!(matches!(refused, RedisBusError::Address));
    assert!(!refused.to_string().contains("secret"));
}

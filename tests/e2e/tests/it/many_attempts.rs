//! Many log-ins: whoever tries them, and from wherever, no more are let through than the limits say.
#![expect(clippy::print_stdout, reason = "the figures of a run are told with --success-output")]

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use governor::clock::FakeRelativeClock;
use hubchat_core::{
    Client, Hubchat, LogInCommand, LogInError, PortSet, Ports, Settings,
    domain::PasswordHash,
    port::{HashingFailed, PasswordCheck, PasswordHasher},
};
use hubchat_system::GovernorRateLimiter;
use reqwest::StatusCode;
use secrecy::SecretString;
use serde_json::json;

use crate::{browser::owner, database::Kind, hub::Hub};

/// What docs/access.md says, and no more than a twentieth above it.
const AN_ACCOUNT_FROM_AN_ADDRESS: usize = 5;
const AN_ACCOUNT_AN_HOUR: usize = 20;
const AN_ADDRESS_AN_HOUR: usize = 100;

fn at_most(limit: usize) -> usize {
    limit * 105 / 100
}

/// Counts the passwords that are tried, and takes none.
#[derive(Default)]
struct Counting(AtomicUsize);

#[async_trait::async_trait]
impl PasswordHasher for Counting {
    async fn hash(&self, _: &SecretString) -> Result<PasswordHash, HashingFailed> {
        Err(HashingFailed)
    }

    async fn verify(&self, _: &SecretString, _: Option<PasswordHash>) -> Result<PasswordCheck, HashingFailed> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(PasswordCheck { matches: false, needs_rehash: false })
    }
}

/// The use cases of a hub with its storage and its throttle, over a limiter whose clock the test moves.
struct Door {
    hubchat: Hubchat,
    clock: FakeRelativeClock,
    tried: Arc<Counting>,
}

impl Door {
    fn of(hub: &Hub) -> Self {
        let (clock, tried) = (FakeRelativeClock::default(), Arc::new(Counting::default()));
        let own = &hub.wired.hubchat.ports;
        let ports = Ports::from(PortSet {
            repository: Arc::clone(&own.repository),
            directory: Arc::clone(&own.directory),
            access: Arc::clone(&own.access),
            passwords: Arc::clone(&tried) as Arc<dyn PasswordHasher>,
            access_tokens: Arc::clone(&own.access_tokens),
            mailer: Arc::clone(&own.mailer),
            intake: Arc::clone(&own.intake),
            queue: Arc::clone(&own.queue),
            channels: own.channels.clone(),
            vault: Arc::clone(&own.vault),
            media_files: Arc::clone(&own.media_files),
            bus: Arc::clone(&own.bus),
            socket_tickets: Arc::clone(&own.socket_tickets),
            rate_limiter: Arc::new(GovernorRateLimiter::with_clock(clock.clone())),
            clock: Arc::clone(&own.clock),
            ids: Arc::clone(&own.ids),
            randomness: Arc::clone(&own.randomness),
        });
        Self { hubchat: Hubchat::new(ports, &Settings::default()), clock, tried }
    }

    /// Whether an attempt is let through; it is refused then, and the password was looked at.
    async fn attempt(&self, account: &str, address: IpAddr) -> bool {
        let before = self.tried.0.load(Ordering::Relaxed);
        let command = LogInCommand {
            email: account.to_owned(),
            password: SecretString::from("not the right one"),
            tenant: None,
            client: Client { address: Some(address), user_agent: None, request_id: None },
        };
        let through = match self.hubchat.log_in.run(&command).await {
            Err(LogInError::Refused) => true,
            Err(LogInError::Throttled(_)) => false,
            other => panic!("{other:?}"),
        };
        assert_eq!(self.tried.0.load(Ordering::Relaxed) - before, usize::from(through), "a password is tried or not");
        through
    }
}

fn v4(number: usize) -> IpAddr {
    Ipv4Addr::from(0xc633_6400_u32.wrapping_add(u32::try_from(number).unwrap())).into()
}

/// An address of a network of 64 bits.
fn v6(network: u64, host: u64) -> IpAddr {
    Ipv6Addr::from_bits(u128::from(0x2001_0db8_0000_0000_u64 + network) << 64 | u128::from(host)).into()
}

/// The account of that number: one in two belongs to somebody.
fn account(number: usize) -> String {
    format!("person{number}@shop.example")
}

#[tokio::test]
async fn ten_thousand_log_ins_at_once_get_no_more_through_than_each_limit_says() {
    let hub = Hub::start(Kind::Sqlite).await;
    for number in (0..25).step_by(2) {
        hub.add_member(&format!("Person{number}")).await;
    }
    let door = Door::of(&hub);
    let (mut by_both, mut by_account, mut by_address) = (HashMap::new(), HashMap::new(), HashMap::new());
    for attempt in 0..10_000_usize {
        let (whose, from) = (attempt % 25, attempt / 25 % 20);
        if door.attempt(&account(whose), v4(from)).await {
            *by_both.entry((whose, from)).or_insert(0) += 1;
            *by_account.entry(whose).or_insert(0) += 1;
            *by_address.entry(from).or_insert(0) += 1;
        }
    }
    assert!(by_both.values().all(|through| *through <= at_most(AN_ACCOUNT_FROM_AN_ADDRESS)), "{by_both:?}");
    assert!(by_address.values().all(|through| *through <= at_most(AN_ADDRESS_AN_HOUR)), "{by_address:?}");
    // An account is tried as often whether it belongs to somebody or not.
    assert_eq!(by_account.len(), 25);
    assert!(by_account.values().all(|through| *through == AN_ACCOUNT_AN_HOUR), "{by_account:?}");
    let through: usize = by_account.values().sum();
    println!("10,000 log-ins at once: {through} let through, {} refused", 10_000 - through);

    // One account from one address, and one address for many accounts.
    let of = |accounts: usize, addresses: usize| {
        let door = &door;
        async move {
            let mut through = 0;
            for attempt in 0..1_000 {
                let whose = format!("other{accounts}-{}@shop.example", attempt % accounts);
                through += usize::from(door.attempt(&whose, v4(1_000 + accounts * 2_000 + attempt % addresses)).await);
            }
            through
        }
    };
    assert_eq!(of(1, 1).await, AN_ACCOUNT_FROM_AN_ADDRESS);
    assert_eq!(of(1_000, 1).await, AN_ADDRESS_AN_HOUR);
    hub.stop().await;
}

#[tokio::test]
async fn a_network_of_ipv6_counts_as_one_address_however_many_it_has() {
    let hub = Hub::start(Kind::Sqlite).await;
    let door = Door::of(&hub);
    let mut through = 0;
    for attempt in 0..10_000 {
        through += usize::from(door.attempt(&account(attempt), v6(7, 1 + attempt as u64 * 0x1_0001)).await);
    }
    assert_eq!(through, AN_ADDRESS_AN_HOUR, "10,000 addresses of one network");
    // The neighbouring network is another, and has its own places.
    let mut through = 0;
    for attempt in 0..200 {
        through += usize::from(door.attempt(&account(20_000 + attempt), v6(8, 1)).await);
    }
    assert_eq!(through, AN_ADDRESS_AN_HOUR);
    // An address of version 4 within one of version 6 is that of version 4.
    let mapped = |host: u8| -> IpAddr { Ipv4Addr::new(203, 0, 114, host).to_ipv6_mapped().into() };
    let mut through = 0;
    for attempt in 0..500 {
        through +=
            usize::from(door.attempt(&account(30_000 + attempt), mapped(1 + u8::try_from(attempt % 2).unwrap())).await);
    }
    assert_eq!(through, 2 * AN_ADDRESS_AN_HOUR, "two addresses of version 4");
    hub.stop().await;
}

#[tokio::test]
async fn ten_thousand_log_ins_over_a_day_get_no_more_through_than_the_hours_have() {
    let hub = Hub::start(Kind::Sqlite).await;
    let day = Duration::from_hours(24);
    for (what, an_hour, one_account) in
        [("an account", AN_ACCOUNT_AN_HOUR, true), ("a network", AN_ADDRESS_AN_HOUR, false)]
    {
        let door = Door::of(&hub);
        let mut through = 0;
        for attempt in 0..10_000_usize {
            door.clock.advance(day / 10_000);
            let through_now = if one_account {
                door.attempt("owner@shop.example", v4(attempt)).await
            } else {
                door.attempt(&account(attempt), v6(9, attempt as u64)).await
            };
            through += usize::from(through_now);
        }
        println!("10,000 log-ins over a day, {what}: {through} let through of {an_hour} an hour");
        assert!(through <= at_most(24 * an_hour), "{what}: {through}");
        assert!(through >= 24 * an_hour * 95 / 100, "{what}: a limit that lets nobody in would pass too: {through}");
    }
    hub.stop().await;
}

/// Tries to log in over HTTP, as if from that address, beside others; answers the status.
async fn post(hub: &Hub, account: String, forwarded_for: String) -> StatusCode {
    let request = hub.client.post(format!("{}/api/auth/login", hub.url)).header("x-forwarded-for", forwarded_for);
    let body = json!({"email": account, "password": "not the right one"});
    request.json(&body).send().await.expect("hubchat answers").status()
}

/// How many of these attempts were let through.
async fn let_through(hub: &Hub, attempts: impl Iterator<Item = (String, String)>) -> usize {
    let statuses: Vec<_> = stream::iter(attempts)
        .map(|(account, address)| post(hub, account, address))
        .buffer_unordered(16)
        .collect()
        .await;
    let told = [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS];
    assert!(statuses.iter().all(|status| told.contains(status)), "{statuses:?}");
    statuses.into_iter().filter(|status| *status == StatusCode::UNAUTHORIZED).count()
}

/// A limit an hour, with the places that came while the test ran.
fn most_by_now(limit: usize, began: Instant) -> usize {
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
    at_most(limit) + seconds * limit / 3_600
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_log_ins_over_http_from_behind_a_proxy_get_no_more_through_than_the_limits_say() {
    let hub = Hub::start_with(Kind::Sqlite, |config| {
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
        // What the edge counts by itself is another test's.
        config.limits.sign_ins_per_minute = 1_000_000;
    })
    .await;
    owner(&hub).await;
    for email in ["owner@shop.example", "nobody@shop.example"] {
        let began = Instant::now();
        let through = let_through(&hub, (0..500).map(|n| (email.to_owned(), v4(n).to_string()))).await;
        assert!(through <= most_by_now(AN_ACCOUNT_AN_HOUR, began), "{email}: {through}");
        assert!(through >= AN_ACCOUNT_AN_HOUR - 1, "the owner came in once: {through}");
        println!("500 log-ins of {email} from 500 addresses: {through} let through");
    }
    let began = Instant::now();
    let through = let_through(&hub, (0..500).map(|n| (account(n), v6(3, n as u64).to_string()))).await;
    assert!(through <= most_by_now(AN_ADDRESS_AN_HOUR, began), "one network: {through}");
    assert!(through >= AN_ADDRESS_AN_HOUR, "{through}");
    println!("500 log-ins of 500 accounts from 500 addresses of one network: {through} let through");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_forged_addresses_are_one_address() {
    const A_MINUTE: usize = 30;
    let hub = Hub::start(Kind::Sqlite).await;
    let began = Instant::now();
    let through = let_through(&hub, (0..1_000).map(|n| (account(n), v4(n).to_string()))).await;
    let refilled = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
    assert!(through <= at_most(A_MINUTE) + refilled * A_MINUTE / 60 + 1, "{through} in {refilled} s");
    assert!(through >= A_MINUTE, "{through}");
    println!("1,000 log-ins with forged addresses: {through} let through");
    hub.stop().await;
}

//! Clients that break off again and again while much happens: what each of them knows in the end is what storage
//! has, nothing was missed and nothing came twice.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use futures_util::future::join_all;
use hubchat_core::domain::Scope;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::{
    following::said,
    hub::Hub,
    on_both_databases,
    socket::{Got, Socket, ticket},
};

const CLIENTS: usize = 16;
const CUSTOMERS: usize = 10;
const MESSAGES: usize = 30;
/// After so many connections a client stays on: on a slow machine the storm lasts longer, and no key gets more than 120
/// tickets a minute.
const BREAKS: usize = 60;

/// Numbers that are the same in every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (z ^ (z >> 31)) % end
    }
}

#[derive(Debug, Default)]
struct View {
    messages: BTreeSet<String>,
    last: i64,
    doubled: usize,
    resets: usize,
    connections: usize,
}

impl View {
    fn take(&mut self, event: &Value) {
        let place: i64 = event["cursor"].as_str().unwrap().split_once('.').unwrap().1.parse().unwrap();
        self.doubled += usize::from(place <= self.last);
        self.last = place;
        if event["type"] == "message.created" {
            let id = event["messageId"].as_str().unwrap().to_owned();
            self.doubled += usize::from(!self.messages.insert(id));
        }
    }
}

/// Follows, breaks off, and comes again, until it is over and everything was told.
async fn client(hub: &Hub, url: &str, number: usize, over: &AtomicBool) -> View {
    let (mut view, mut dice) = (View::default(), Dice(number as u64));
    // Keys of their own, since limits count by key.
    let create = &hub.wired.hubchat.create_api_key;
    let key = create.run(&hub.tenant, &format!("client {number}"), &[Scope::InboxRead], None).await.unwrap().key;
    let mut cursor = "0.0".to_owned();
    loop {
        let last_time = over.load(Ordering::Acquire);
        let ticket = ticket(&hub.client, url, key.expose_secret()).await;
        let mut socket = match Socket::connect(url, &ticket, None).await {
            Ok(socket) => socket,
            // The places of those who broke off are given back once that was noticed. Each try costs a ticket.
            Err(429) => {
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
            Err(status) => panic!("refused with {status}"),
        };
        view.connections += 1;
        socket.say(json!({"type": "hello", "cursor": cursor, "topics": ["inbox"]})).await;
        let breaks_off = tokio::time::Instant::now() + Duration::from_millis(20 + dice.below(400));
        let stays_on = view.connections > BREAKS;
        loop {
            let left = breaks_off.saturating_duration_since(tokio::time::Instant::now());
            let patience = match (last_time, stays_on) {
                (true, _) => Duration::from_secs(20),
                (false, true) => Duration::from_millis(100),
                (false, false) => left,
            };
            match socket.next_within(patience).await {
                Some(Got::Frame(frame)) => match frame["type"].as_str().unwrap() {
                    "event" => {
                        view.take(&frame["event"]);
                        frame["event"]["cursor"].as_str().unwrap().clone_into(&mut cursor);
                    }
                    "ready" if last_time => return view,
                    "reset" => view.resets += 1,
                    _ => {}
                },
                Some(Got::Closed(code)) => panic!("closed with {code}"),
                None if stays_on && !over.load(Ordering::Acquire) => {}
                None => break,
            }
        }
    }
}

on_both_databases! {
    async fn clients_that_break_off_at_random_know_everything_once(hub: Hub) {
        let other = crate::socket_hosts::OtherHost::start(hub, |_| ()).await;
        let over = AtomicBool::new(false);
        let traffic = async {
            let customers = (0..CUSTOMERS).map(|customer| async move {
                for number in 0..MESSAGES {
                    said(hub, customer, &format!("{customer}-{number}"), &format!("{customer} says {number}")).await;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            });
            join_all(customers).await;
            hub.drained().await;
            over.store(true, Ordering::Release);
        };
        let urls = [&hub.url, &other.url];
        let clients = join_all((0..CLIENTS).map(|number| client(hub, urls[number % 2], number, &over)));
        let ((), views) = tokio::join!(traffic, clients);
        let mut stored = BTreeSet::new();
        for row in hub.list("/api/conversations?limit=200").await {
            stored.extend(hub.messages(&row).await.iter().map(|message| message["id"].as_str().unwrap().to_owned()));
        }
        assert_eq!(stored.len(), CUSTOMERS * MESSAGES);
        let connections: usize = views.iter().map(|view| view.connections).sum();
        assert!(connections > CLIENTS * 3, "{connections} connections are no storm");
        for (number, view) in views.iter().enumerate() {
            assert_eq!((view.doubled, view.resets), (0, 0), "client {number}");
            assert_eq!(view.messages.len(), stored.len(), "client {number} missed some");
            assert_eq!(view.messages, stored, "client {number}");
        }
        other.stop().await;
    }
}

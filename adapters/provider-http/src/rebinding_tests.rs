//! Names and redirects that lead inside only at the second look.
//!
//! This machine stands for the world: what is `127.0.0.2` is public, everything else is inside, and inside stands a
//! trap, at the same port. Names lead where a script says.

use std::{
    collections::{HashMap, VecDeque},
    net::{IpAddr, SocketAddr, TcpListener as Trap},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{ProviderClient, ProviderClientConfig, ProviderError, address::Outside};

const PUBLIC: &str = "127.0.0.2";
const INSIDE: &str = "127.0.0.1";
/// Public too, and nobody is there.
const NOBODY: &str = "127.0.0.3";

fn is_public_here(address: IpAddr) -> bool {
    [PUBLIC, NOBODY].iter().any(|public| address.to_string() == *public)
}

/// What a name answers, one after the other; the last answer stays.
type Answers = VecDeque<Vec<&'static str>>;

/// A world with a server outside and a trap inside.
struct World {
    port: u16,
    trap: Trap,
    names: Arc<Mutex<HashMap<String, Answers>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl World {
    /// The server outside answers a path with a redirect to what is written in `pages`, and 200 otherwise.
    async fn new(pages: impl Fn(u16) -> Vec<(&'static str, String)>) -> Self {
        let (outside, trap) = loop {
            let outside = TcpListener::bind((PUBLIC, 0)).await.unwrap();
            let port = outside.local_addr().unwrap().port();
            if let Ok(trap) = Trap::bind((INSIDE, port)) {
                break (outside, trap);
            }
        };
        trap.set_nonblocking(true).unwrap();
        let port = outside.local_addr().unwrap().port();
        let pages = pages(port);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = outside.accept().await {
                let mut buffer = vec![0; 4096];
                let read = socket.read(&mut buffer).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&buffer[..read]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default();
                let answer = match pages.iter().find(|(from, _)| *from == path) {
                    Some((_, to)) => format!(
                        "HTTP/1.1 302 Found\r\nlocation: {to}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
                    ),
                    None => "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok".to_owned(),
                };
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        Self { port, trap, names: Arc::default(), asked: Arc::default() }
    }

    fn name(&self, name: &str, answers: &[&[&'static str]]) {
        let answers = answers.iter().map(|answer| answer.to_vec()).collect();
        self.names.lock().unwrap().insert(name.to_owned(), answers);
    }

    fn client(&self, is_public: fn(IpAddr) -> bool) -> ProviderClient {
        let (names, asked) = (Arc::clone(&self.names), Arc::clone(&self.asked));
        let lookup = move |name: String| {
            let mut names = names.lock().unwrap();
            asked.lock().unwrap().push(name.clone());
            let answers = names.entry(name).or_default();
            let now = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
            let found: Vec<SocketAddr> =
                now.unwrap_or_default().into_iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect();
            Box::pin(async move { Ok(found) }) as futures_util::future::BoxFuture<'static, _>
        };
        let config = ProviderClientConfig {
            connect_timeout: Duration::from_millis(500),
            request_timeout: Duration::from_millis(500),
            download_ports: Box::leak(Box::new([self.port])),
            ..ProviderClientConfig::default()
        };
        ProviderClient::with(config, Outside { lookup: Arc::new(lookup), is_public, download_scheme: "http" }).unwrap()
    }

    async fn fetch(&self, url: &str) -> Result<u16, ProviderError> {
        self.client(is_public_here).fetch_public(url).await.map(|answer| answer.status)
    }

    /// The same by a client to which everything is public.
    async fn fetch_carelessly(&self, url: &str) {
        // The trap accepts and says nothing.
        let _ = self.client(|_| true).fetch_public(url).await.map(|answer| answer.status);
    }

    /// How many connections came inside since the last look.
    fn caught(&self) -> usize {
        std::iter::from_fn(|| self.trap.accept().ok()).count()
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_at_the_second_look_is_not_followed() {
    let world = World::new(|_| vec![]).await;
    let url = format!("http://rebind.example:{}/file", world.port);
    let turn = || world.name("rebind.example", &[&[PUBLIC], &[INSIDE]]);
    turn();
    assert_eq!(world.fetch(&url).await, Ok(200), "the first look leads outside");
    for _ in 0..3 {
        assert_eq!(world.fetch(&url).await, Err(ProviderError::NotSent));
    }
    assert_eq!(world.caught(), 0);
    assert_eq!(world.asked.lock().unwrap().len(), 4, "the name is asked for each time, and once each time");
    turn();
    world.fetch_carelessly(&url).await;
    world.fetch_carelessly(&url).await;
    assert_eq!(world.caught(), 1, "the trap catches whoever follows");
}

#[tokio::test]
async fn one_client_that_keeps_its_connections_does_not_follow_either() {
    let world = World::new(|port| vec![("/go", format!("http://rebind.example:{port}/on"))]).await;
    world.name("rebind.example", &[&[PUBLIC], &[INSIDE]]);
    let client = world.client(is_public_here);
    let url = format!("http://rebind.example:{}/go", world.port);
    assert_eq!(client.fetch_public(&url).await.map(|answer| answer.status), Err(ProviderError::NotSent));
    assert_eq!(world.caught(), 0, "a redirect to the same name, which leads inside by now");
}

#[tokio::test]
async fn of_a_name_with_addresses_on_both_sides_only_those_outside_are_called() {
    let world = World::new(|_| vec![]).await;
    for (answer, expected) in [
        (&[INSIDE, PUBLIC][..], Ok(200)),
        (&[PUBLIC, INSIDE], Ok(200)),
        (&[NOBODY, INSIDE], Err(ProviderError::NotSent)),
        (&[INSIDE, NOBODY], Err(ProviderError::NotSent)),
        (&[INSIDE], Err(ProviderError::NotSent)),
        (&[INSIDE, "::1", "10.0.0.1", "169.254.169.254"], Err(ProviderError::NotSent)),
        (&[], Err(ProviderError::NotSent)),
    ] {
        world.name("mixed.example", &[answer]);
        let url = format!("http://mixed.example:{}/", world.port);
        assert_eq!(world.fetch(&url).await, expected, "{answer:?}");
        assert_eq!(world.caught(), 0, "{answer:?}");
    }
    world.name("mixed.example", &[&[NOBODY, INSIDE]]);
    world.fetch_carelessly(&format!("http://mixed.example:{}/", world.port)).await;
    assert_eq!(world.caught(), 1, "the trap catches whoever falls back on it");
}

/// A chain of so many hops outside, whose last one leads to `end`.
fn chain(hops: usize, end: &str) -> Vec<(&'static str, String)> {
    const PATHS: [&str; 5] = ["/0", "/1", "/2", "/3", "/4"];
    let mut pages: Vec<_> = (1..hops).map(|hop| (PATHS[hop - 1], PATHS[hop].to_owned())).collect();
    pages.push((PATHS[hops - 1], end.to_owned()));
    pages
}

#[tokio::test]
async fn a_chain_that_leads_inside_at_any_hop_ends_there() {
    for hops in 1..=3 {
        for end in [
            "http://inside.example:{port}/",
            "//inside.example:{port}/",
            "http://127.0.0.1:{port}/",
            "http://2130706433:{port}/",
            "http://0x7f.1:{port}/",
            "http://[::ffff:127.0.0.1]:{port}/",
            "http://public.example@127.0.0.1:{port}/",
            "http://127.0.0.2:{port}@127.0.0.1:{port}/",
            "https://127.0.0.1:{port}/",
            "ftp://127.0.0.1:{port}/",
            "file:///etc/passwd",
            "http://public.example:1/",
        ] {
            let world = World::new(|port| chain(hops, &end.replace("{port}", &port.to_string()))).await;
            world.name("public.example", &[&[PUBLIC]]);
            world.name("inside.example", &[&[INSIDE]]);
            let url = format!("http://public.example:{}/0", world.port);
            let refused = world.fetch(&url).await;
            let refused = matches!(refused, Err(ProviderError::AddressRefused | ProviderError::NotSent));
            assert!(refused, "{end} after {hops}");
            assert_eq!(world.caught(), 0, "{end} after {hops}");
        }
        let world = World::new(|port| chain(hops, &format!("http://inside.example:{port}/"))).await;
        world.name("public.example", &[&[PUBLIC]]);
        world.name("inside.example", &[&[INSIDE]]);
        world.fetch_carelessly(&format!("http://public.example:{}/0", world.port)).await;
        assert_eq!(world.caught(), 1, "the trap catches whoever goes {hops} hops");
    }
}

#[tokio::test]
async fn a_chain_outside_is_followed_three_hops_and_no_further() {
    for (hops, expected) in [(3, Ok(200)), (4, Err(ProviderError::AddressRefused))] {
        let world = World::new(|port| chain(hops, &format!("http://end.example:{port}/end"))).await;
        world.name("public.example", &[&[PUBLIC]]);
        world.name("end.example", &[&[PUBLIC]]);
        assert_eq!(world.fetch(&format!("http://public.example:{}/0", world.port)).await, expected, "{hops}");
    }
}

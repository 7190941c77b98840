//! A download from an address that a stranger named never reaches our own network, however it is written.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use hubchat_provider_http::{ProviderClient, ProviderClientConfig};

/// Addresses of our own network, of clouds' metadata, and of nobody.
const INSIDE: [[u8; 4]; 14] = [
    [127, 0, 0, 1],
    [127, 1, 2, 3],
    [10, 0, 0, 1],
    [172, 16, 0, 1],
    [172, 31, 255, 254],
    [192, 168, 0, 1],
    [169, 254, 169, 254],
    [100, 64, 0, 1],
    [100, 100, 100, 200],
    [0, 0, 0, 0],
    [192, 0, 0, 1],
    [198, 18, 0, 1],
    [224, 0, 0, 1],
    [255, 255, 255, 255],
];

/// Names that a resolver gives such an address, and addresses of version 6.
const NAMES: [&str; 24] = [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "LocalHost.",
    "ip6-localhost",
    "ip6-loopback",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[fe80::1]",
    "[febf::1]",
    "[fc00::1]",
    "[fd12:3456:789a::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[100::1]",
    "[2001::1]",
    "[2001:db8::1]",
    "[2001:10::1]",
    "[3fff::1]",
    "[fd00:ec2::254]",
    "[5f00::1]",
    "[64:ff9b:1::7f00:1]",
];

/// The ways in which one address can be written.
fn spellings([a, b, c, d]: [u8; 4]) -> Vec<String> {
    let number = u32::from_be_bytes([a, b, c, d]);
    let pair = |high: u8, low: u8| u16::from_be_bytes([high, low]);
    let (high, low) = (pair(a, b), pair(c, d));
    let wide: String = Ipv4Addr::from(number)
        .to_string()
        .chars()
        .map(|letter| match letter.to_digit(10) {
            Some(digit) => char::from_u32(0xff10 + digit).unwrap(),
            None => '\u{3002}',
        })
        .collect();
    vec![
        format!("{a}.{b}.{c}.{d}"),
        format!("{a}.{b}.{c}.{d}."),
        format!("{number}"),
        format!("{number:#x}"),
        format!("0{number:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("{a:#04x}.0{b:o}.{c}.{d}"),
        format!("{a}.{b}.{}", pair(c, d)),
        format!("{a}.{}", number & 0x00ff_ffff),
        format!("%{:02x}{}.{b}.{c}.{d}", b'0' + a / 100, &format!("{a:03}")[1..]).replace("%30", ""),
        wide,
        format!("[::ffff:{a}.{b}.{c}.{d}]"),
        format!("[::ffff:{high:x}:{low:x}]"),
        format!("[::{a}.{b}.{c}.{d}]"),
        format!("[64:ff9b::{high:x}:{low:x}]"),
        format!("[2002:{high:x}:{low:x}::1]"),
    ]
}

#[tokio::test]
async fn no_spelling_of_an_address_inside_is_called() {
    // Whatever gets through meets one of these.
    let trap = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = trap.local_addr().unwrap().port();
    let trap_v6 = TcpListener::bind(("::1", port)).ok();
    for trap in [Some(&trap), trap_v6.as_ref()].into_iter().flatten() {
        trap.set_nonblocking(true).unwrap();
    }
    let client = ProviderClient::new(ProviderClientConfig {
        request_timeout: Duration::from_millis(300),
        connect_timeout: Duration::from_millis(300),
        download_ports: Box::leak(Box::new([port])),
        ..ProviderClientConfig::default()
    })
    .unwrap();
    let careless = ProviderClient::new(ProviderClientConfig {
        request_timeout: Duration::from_millis(300),
        allow_private_addresses: true,
        ..ProviderClientConfig::default()
    });
    let _ = careless.unwrap().fetch_public(&format!("https://2130706433:{port}/x")).await;
    assert!(trap.accept().is_ok(), "the trap catches whoever comes");

    let mut addresses: Vec<String> = INSIDE.into_iter().flat_map(spellings).collect();
    addresses.extend(NAMES.map(str::to_owned));
    let mut urls: Vec<String> = addresses.iter().map(|address| format!("https://{address}:{port}/x")).collect();
    urls.extend(INSIDE.map(|[a, b, c, d]| format!("https://cdn.example@{a}.{b}.{c}.{d}:{port}/x")));
    urls.extend(["http", "ftp", "gopher", "file", "data", "ws"].map(|scheme| format!("{scheme}://127.0.0.1:{port}/x")));
    assert!(urls.len() >= 150, "{} addresses", urls.len());
    for url in &urls {
        assert!(client.fetch_public(url).await.is_err(), "{url}");
        for trap in [Some(&trap), trap_v6.as_ref()].into_iter().flatten() {
            let met = trap.accept();
            assert!(met.is_err(), "{url} met the trap");
        }
    }
}

#[tokio::test]
async fn a_port_that_no_download_uses_is_not_called() {
    let client = ProviderClient::new(ProviderClientConfig::default()).unwrap();
    for port in [1, 22, 25, 80, 5432, 6379, 8080] {
        let refused = client.fetch_public(&format!("https://192.0.43.8:{port}/")).await;
        assert!(refused.is_err(), "{port}");
    }
}

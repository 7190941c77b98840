//! From which address a request comes.
//!
//! Headers can be forged by anybody. They are read only when the connection comes from a proxy that an operator
//! named, and then only as far back as such proxies reach: the nearest hop that is none of them is the client.

use std::net::{IpAddr, Ipv6Addr};

use hubchat_wiring::{IpNet, ProxyHeader};
use poem::{
    Addr, Request,
    http::{HeaderMap, HeaderName},
};

/// The proxies in front of this host.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies {
    /// Their networks; none by default.
    pub networks: Vec<IpNet>,
    /// The header in which they tell whom they speak for.
    pub header: ProxyHeader,
}

/// The address of a connection's other end.
pub(crate) fn peer(request: &Request) -> Option<IpAddr> {
    match &request.remote_addr().0 {
        Addr::SocketAddr(address) => Some(address.ip().to_canonical()),
        _ => None,
    }
}

impl TrustedProxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// The address of the client: the peer, or, when that is a trusted proxy, the nearest hop that is none.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        if !self.trusts(client) {
            return client;
        }
        let (name, read): (_, fn(&str) -> Option<IpAddr>) = match self.header {
            ProxyHeader::XForwardedFor => (HeaderName::from_static("x-forwarded-for"), plain_hop),
            ProxyHeader::Forwarded => (HeaderName::from_static("forwarded"), forwarded_hop),
        };
        let values = headers.get_all(name);
        let values: Vec<&str> = values.iter().map(|value| value.to_str().unwrap_or_default()).collect();
        for hop in values.iter().rev().flat_map(|value| value.rsplit(',')) {
            // What cannot be read was not written by a proxy: the last address that is known counts.
            let Some(hop) = read(hop.trim()) else { break };
            client = hop.to_canonical();
            if !self.trusts(client) {
                break;
            }
        }
        client
    }
}

/// An address, maybe with a port.
fn plain_hop(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']')?.0.parse().ok();
    }
    text.rsplit_once(':')?.0.parse().ok()
}

/// The `for` of one element (RFC 7239, section 4).
fn forwarded_hop(element: &str) -> Option<IpAddr> {
    let node = element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value.trim())
    })?;
    plain_hop(node.trim_matches('"'))
}

/// Under which name an address is counted. Whoever has one IPv6 address mostly has the 2^64 of its network.
pub(crate) fn address_key(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use poem::http::HeaderValue;

    fn proxies(header: ProxyHeader) -> TrustedProxies {
        let networks = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network")).to_vec();
        TrustedProxies { networks, header }
    }

    fn client(header: ProxyHeader, peer: &str, values: &[&str]) -> String {
        let name = if header == ProxyHeader::Forwarded { "forwarded" } else { "x-forwarded-for" };
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_str(value).expect("a value"));
        }
        proxies(header).client(peer.parse().expect("an address"), &headers).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(client(ProxyHeader::XForwardedFor, "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        let none = TrustedProxies::default();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("198.51.100.1"));
        let local: IpAddr = "127.0.0.1".parse().expect("an address");
        assert_eq!(none.client(local, &headers), local);
    }

    #[test]
    fn the_nearest_hop_that_is_no_proxy_is_the_client() {
        let of = |values: &[&str]| client(ProxyHeader::XForwardedFor, "10.0.0.1", values);
        assert_eq!(of(&["198.51.100.1"]), "198.51.100.1");
        assert_eq!(of(&["6.6.6.6, 198.51.100.1"]), "198.51.100.1", "what stands before was told by the client");
        assert_eq!(of(&["6.6.6.6", "198.51.100.1, 10.2.3.4"]), "198.51.100.1");
        assert_eq!(of(&["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(of(&["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(of(&["2001:db8::1"]), "2001:db8::1");
        assert_eq!(of(&["::ffff:198.51.100.1"]), "198.51.100.1");
        assert_eq!(of(&[]), "10.0.0.1");
        assert_eq!(of(&["10.9.9.9"]), "10.9.9.9", "a proxy that asks for itself");
        assert_eq!(of(&["198.51.100.1, nonsense"]), "10.0.0.1");
        assert_eq!(of(&["198.51.100.1, "]), "10.0.0.1");
        assert_eq!(client(ProxyHeader::XForwardedFor, "fd00::1", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn the_forwarded_header_is_read_when_it_is_the_one_that_was_named() {
        let of = |values: &[&str]| client(ProxyHeader::Forwarded, "10.0.0.1", values);
        assert_eq!(of(&["for=6.6.6.6, for=198.51.100.1;proto=https;by=10.0.0.1"]), "198.51.100.1");
        assert_eq!(of(&["proto=https; For=\"[2001:db8::1]:4711\""]), "2001:db8::1");
        assert_eq!(of(&["for=_hidden"]), "10.0.0.1");
        assert_eq!(of(&["for=unknown, for=10.1.1.1"]), "10.1.1.1");
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("6.6.6.6"));
        let peer: IpAddr = "10.0.0.1".parse().expect("an address");
        assert_eq!(proxies(ProxyHeader::Forwarded).client(peer, &headers), peer);
    }

    #[test]
    fn a_network_of_64_bits_is_one_client() {
        let key = |text: &str| address_key(Some(text.parse().expect("an address")));
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), key("2001:db8:1:2:ffff::1"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:198.51.100.1"), "198.51.100.1");
        assert_eq!(address_key(None), "unknown");
    }
}

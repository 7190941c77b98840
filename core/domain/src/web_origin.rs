//! Web origins: which site a browser speaks for (RFC 6454).

use serde::{Deserialize, Serialize};

/// An origin as a browser writes it in the `Origin` header: `https://host` or `https://host:port`; `http` only
/// for this machine itself. Lower case, no path, no default port, no wildcard.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebOrigin(String);

/// The text is no origin that may be listed; the message says what one looks like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an origin is https://host or https://host:port in lower case, without a path; http only for localhost")]
pub struct InvalidOrigin;

/// The hosts that `http` is taken for.
const THIS_MACHINE: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

impl WebOrigin {
    /// Checks and wraps an origin. There is one spelling of each, so that two are compared as texts.
    pub fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let (scheme, rest) = text.split_once("://").ok_or(InvalidOrigin)?;
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !rest.ends_with(']') => (host, Some(port)),
            _ => (rest, None),
        };
        let this_machine = THIS_MACHINE.contains(&host);
        let default_port = match scheme {
            "https" => "443",
            "http" if this_machine => "80",
            _ => return Err(InvalidOrigin),
        };
        if !(this_machine || is_host(host)) || port.is_some_and(|port| port == default_port || !is_port(port)) {
            return Err(InvalidOrigin);
        }
        Ok(Self(text.to_owned()))
    }

    /// The origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names and IPv4 addresses in lower case; international names in their ASCII form (RFC 5890).
fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

fn is_port(port: &str) -> bool {
    !port.starts_with('0') && port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

impl TryFrom<String> for WebOrigin {
    type Error = InvalidOrigin;

    fn try_from(text: String) -> Result<Self, InvalidOrigin> {
        Self::parse(&text)
    }
}

impl From<WebOrigin> for String {
    fn from(origin: WebOrigin) -> Self {
        origin.0
    }
}

impl std::fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_origins_of_https_and_of_this_machine_are_taken() {
        for good in [
            "https://shop.example",
            "https://www.shop-1.example:8443",
            "https://xn--12cf9a.example",
            "https://203.0.113.7",
            "http://localhost",
            "http://localhost:3000",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "https://localhost",
        ] {
            assert_eq!(WebOrigin::parse(good).map(String::from), Ok(good.to_owned()));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            "",
            "*",
            "null",
            "shop.example",
            "https://",
            "https://*",
            "https://*.shop.example",
            "https://shop.example/",
            "https://shop.example/path",
            "https://shop.example?x",
            "https://shop.example#x",
            "https://user@shop.example",
            "https://Shop.example",
            "HTTPS://shop.example",
            "https://shop.example:443",
            "http://localhost:80",
            "https://shop.example:0",
            "https://shop.example:08",
            "https://shop.example:70000",
            "https://shop.example:",
            "https://shop..example",
            "https://-shop.example",
            "https://ร้าน.example",
            "http://shop.example",
            "http://localhost.evil.example",
            "https://shop.example https://evil.example",
            "https://shop.example\nhttps://evil.example",
            "file://localhost",
            "https://[2001:db8::1]",
        ] {
            assert_eq!(WebOrigin::parse(bad), Err(InvalidOrigin), "{bad}");
        }
    }
}

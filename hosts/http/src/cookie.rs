//! The cookie that holds a browser's refresh token.
//!
//! `__Host-` binds it to this host, to HTTPS and to every path (RFC 6265bis, section 4.1.3.2); browsers take Secure
//! cookies from http://localhost as well. No script can read it, and no other site can have it sent.

use hubchat_core::domain::Timestamp;
use poem::http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};

/// Its name.
pub(crate) const NAME: &str = "__Host-hubchat_refresh";

/// The one refresh token among the cookies; `None` when there is none or several.
pub(crate) fn refresh_token(headers: &HeaderMap) -> Option<SecretString> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut found = pairs.filter(|(name, _)| *name == NAME).map(|(_, value)| value);
    let value = found.next()?;
    found.next().is_none().then(|| SecretString::from(value))
}

/// Sets the cookie until that moment.
pub(crate) fn keep(token: &SecretString, now: Timestamp, until: Timestamp) -> String {
    set(token.expose_secret(), until.since(now).as_secs())
}

/// Removes the cookie.
pub(crate) fn remove() -> String {
    set("", 0)
}

fn set(value: &str, seconds: u64) -> String {
    format!("{NAME}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, line.parse().expect("a value"));
        }
        refresh_token(&headers).map(|token| token.expose_secret().to_owned())
    }

    #[test]
    fn the_token_is_found_among_others_and_never_chosen_from_two() {
        assert_eq!(found(&["a=b; __Host-hubchat_refresh=hcr_1; c=d"]).as_deref(), Some("hcr_1"));
        assert_eq!(found(&["a=b", "__Host-hubchat_refresh=hcr_1"]).as_deref(), Some("hcr_1"));
        assert_eq!(found(&["__Host-hubchat_refresh=hcr_1; __Host-hubchat_refresh=hcr_2"]), None);
        assert_eq!(found(&["hubchat_refresh=hcr_1; __host-hubchat_refresh=hcr_2; x"]), None);
        assert_eq!(found(&[]), None);
    }
}

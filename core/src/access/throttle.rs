//! How often somebody may try to come in. The same for addresses that exist and for those that do not: the limit is
//! asked before anything is looked up.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use hubchat_ports::Quota;

use crate::{ErrorCode, Ports, hexadecimal::hex};

/// Too many tries; the same whoever it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts, try again later")]
pub struct Throttled {
    /// When the next try may succeed.
    pub retry_after: Duration,
}

impl ErrorCode for Throttled {
    fn code(&self) -> &'static str {
        "rate_limited"
    }

    fn retry_after(&self) -> Option<Duration> {
        Some(self.retry_after)
    }
}

/// What is tried. Each has its own places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    /// A password is tried.
    Password,
    /// A mail is asked for.
    Mail,
    /// A link is tried.
    Link,
}

impl Attempt {
    const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Mail => "mail",
            Self::Link => "link",
        }
    }
}

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
/// So many tries of an account from an address, in a minute.
pub(super) const PER_ACCOUNT_AND_ADDRESS: (u32, Duration) = (5, MINUTE);
/// So many tries of an account from anywhere, in an hour.
pub(super) const PER_ACCOUNT: (u32, Duration) = (20, HOUR);
/// So many tries from an address, in an hour.
pub(super) const PER_ADDRESS: (u32, Duration) = (100, HOUR);

/// Takes a place for an attempt at an account, known or not, from an address. The limiter learns neither: its keys
/// are digests under a key of ours.
pub(super) async fn admit(
    ports: &Ports,
    attempt: Attempt,
    account: Option<&str>,
    address: Option<IpAddr>,
) -> Result<(), Throttled> {
    let account = account.map(|account| account.trim().to_lowercase());
    let address = address.map(network);
    let mut places = Vec::new();
    if let Some(account) = &account {
        let both = format!("{account}\n{}", address.as_deref().unwrap_or_default());
        places.push(("both", both, PER_ACCOUNT_AND_ADDRESS));
        places.push(("account", account.clone(), PER_ACCOUNT));
    }
    if let Some(address) = address {
        places.push(("address", address, PER_ADDRESS));
    }
    for (what, whose, (times, period)) in places {
        let Some(quota) = Quota::new(times, period) else { continue };
        let digest = hex(&ports.vault.sign("throttle", whose.as_bytes()));
        let key = format!("auth:{}:{what}:{digest}", attempt.name());
        let taken = ports.rate_limiter.take(&key, quota).await;
        taken.map_err(|reached| Throttled { retry_after: reached.retry_after })?;
    }
    Ok(())
}

/// The address as far as one customer of a provider has it: of IPv6 the first 64 bits.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_counts_as_far_as_one_customer_has_it() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("203.0.113.7"), "203.0.113.7");
        assert_eq!(of("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }
}

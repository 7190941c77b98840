//! How often an address may ask, and the headers that tell what is left of every limit.

use std::{
    collections::HashMap,
    fmt::Write,
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use hubchat_core::{
    AppliedLimit, RateLimited,
    port::{Quota, RateLimiter},
};
use poem::http::{HeaderMap, HeaderName, HeaderValue};

use crate::{client_address::address_key, notes::LimitNote, problem::ApiProblem};

/// How often an address may ask, a minute. An IPv6 network of 64 bits counts as one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressLimits {
    /// Requests that need no credential, such as files and pages.
    pub public_requests_per_minute: u32,
    /// Requests that log in, take up an invitation or reset a password.
    pub sign_ins_per_minute: u32,
    /// Requests whose credential was refused.
    pub refused_credentials_per_minute: u32,
    /// Webhooks that were refused: for one path, and ten times as many for all.
    pub refused_webhooks_per_minute: u32,
}

impl Default for AddressLimits {
    fn default() -> Self {
        Self {
            public_requests_per_minute: 1_200,
            sign_ins_per_minute: 30,
            refused_credentials_per_minute: 120,
            refused_webhooks_per_minute: 600,
        }
    }
}

/// Below these, requests sign somebody in or are about to.
const SIGN_IN_PATHS: [&str; 1] = ["/api/auth/"];

/// Below them, what needs the credential that a log-in gave and that nobody guesses. Colleagues behind one address
/// begin their day together, and a page that is loaded anew asks once.
const SIGNED_IN_PATHS: [&str; 3] = ["/api/auth/refresh", "/api/auth/logout", "/api/auth/sessions"];

/// What a load balancer asks all the time.
const UNLIMITED_PATHS: [&str; 2] = ["/health", "/ready"];

/// Whether a path signs somebody in or is about to.
pub(crate) fn signs_in(path: &str) -> bool {
    SIGN_IN_PATHS.iter().any(|prefix| path.starts_with(prefix))
}

/// The limit of addresses that a path has, with its name.
pub(crate) fn limit_of_path(path: &str, limits: &AddressLimits) -> Option<(&'static str, u32)> {
    if UNLIMITED_PATHS.contains(&path) {
        None
    } else if SIGNED_IN_PATHS.iter().any(|known| path.starts_with(known)) {
        Some(("public", limits.public_requests_per_minute))
    } else if signs_in(path) {
        Some(("sign-in", limits.sign_ins_per_minute))
    } else if path.starts_with("/api/") {
        // The credential has limits of its own.
        None
    } else {
        Some(("public", limits.public_requests_per_minute))
    }
}

fn a_minute(times: u32) -> Quota {
    let burst = NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN);
    Quota { burst, interval: (Duration::from_mins(1) / burst.get()).max(Duration::from_nanos(1)) }
}

/// Takes a place of an address.
pub(crate) async fn take(
    limiter: &dyn RateLimiter,
    policy: &'static str,
    key: &str,
    times: u32,
) -> Result<AppliedLimit, RateLimited> {
    let quota = a_minute(times);
    match limiter.take(&format!("{policy}:{key}"), quota).await {
        Ok(allowance) => Ok(AppliedLimit { policy, quota, allowance }),
        Err(reached) => Err(RateLimited { policy, quota, reached }),
    }
}

/// Addresses that were refused too often are turned away for a while, before anything is done for them.
#[derive(Debug, Default)]
pub(crate) struct Offenders {
    any: AtomicBool,
    until: Mutex<HashMap<String, Instant>>,
}

impl Offenders {
    /// The most that are kept; then those whose time is over are forgotten, and if none is, all.
    const CAPACITY: usize = 10_000;

    /// Fails while one of the keys is turned away.
    pub(crate) fn admit(&self, keys: &[String]) -> Result<(), ApiProblem> {
        if !self.any.load(Ordering::Relaxed) {
            return Ok(());
        }
        let (now, until) = (Instant::now(), self.until.lock().unwrap_or_else(PoisonError::into_inner));
        let wait = keys.iter().filter_map(|key| until.get(key)?.checked_duration_since(now)).max();
        drop(until);
        wait.filter(|wait| !wait.is_zero()).map_or(Ok(()), |wait| {
            let told = "too many requests from this address were refused";
            Err(ApiProblem::of("rate_limited").detailed(told).after(wait))
        })
    }

    /// Counts a refusal under a key; once there were too many, the key is turned away until its next place.
    pub(crate) async fn note(&self, limiter: &dyn RateLimiter, key: &str, times: u32) {
        let Err(reached) = limiter.take(&format!("refused:{key}"), a_minute(times)).await else { return };
        let now = Instant::now();
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if until.len() >= Self::CAPACITY {
            until.retain(|_, end| *end > now);
        }
        if until.len() >= Self::CAPACITY {
            until.clear();
        }
        until.insert(key.to_owned(), now + reached.retry_after);
        self.any.store(true, Ordering::Relaxed);
    }
}

/// The keys under which a refused webhook counts: its path, and all of the address.
pub(crate) fn webhook_keys(address: Option<IpAddr>, path: &str) -> [String; 2] {
    let address = address_key(address);
    [format!("webhook:{address}:{path}"), format!("webhooks:{address}")]
}

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Tells the limits in the fields of draft-ietf-httpapi-ratelimit-headers, revision 10
/// (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/>): for each policy its quota `q` in a
/// window of `w` seconds, and how many remain, `r`, of a quota that is whole again in `t` seconds.
pub(crate) fn tell(headers: &mut HeaderMap, limits: &[LimitNote]) {
    let (mut policies, mut states) = (String::new(), String::new());
    for LimitNote { policy, quota, remaining, reset_after } in limits {
        let burst = quota.burst.get();
        let window = quota.interval.saturating_mul(burst).as_secs_f64().round().max(1.0);
        let reset = reset_after.as_secs_f64().ceil();
        let comma = if policies.is_empty() { "" } else { ", " };
        // Writing to a String does not fail.
        let _ = write!(policies, "{comma}\"{policy}\";q={burst};w={window}");
        let _ = write!(states, "{comma}\"{policy}\";r={remaining};t={reset}");
    }
    for (name, text) in [(POLICY, policies), (LIMIT, states)] {
        if let Some(value) = HeaderValue::from_str(&text).ok().filter(|_| !text.is_empty()) {
            headers.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_its_limit() {
        let limits = AddressLimits::default();
        for (path, policy) in [
            ("/api/auth/login", Some("sign-in")),
            ("/api/auth/reset", Some("sign-in")),
            ("/api/auth/refresh", Some("public")),
            ("/api/auth/sessions/x", Some("public")),
            ("/api/leads", None),
            ("/health", None),
            ("/ready", None),
            ("/docs", Some("public")),
            ("/media/a/b/original", Some("public")),
            ("/nothing", Some("public")),
        ] {
            assert_eq!(limit_of_path(path, &limits).map(|(policy, _)| policy), policy, "{path}");
        }
    }

    #[test]
    fn the_headers_tell_each_policy() {
        let note = |policy, burst, remaining, millis| LimitNote {
            policy,
            quota: a_minute(burst),
            remaining,
            reset_after: Duration::from_millis(millis),
        };
        let mut headers = HeaderMap::new();
        tell(&mut headers, &[note("caller", 100, 99, 600), note("tenant", 7, 0, 8_571)]);
        assert_eq!(headers["ratelimit-policy"], "\"caller\";q=100;w=60, \"tenant\";q=7;w=60");
        assert_eq!(headers["ratelimit"], "\"caller\";r=99;t=1, \"tenant\";r=0;t=9");
        let mut headers = HeaderMap::new();
        tell(&mut headers, &[]);
        assert!(headers.is_empty());
    }
}

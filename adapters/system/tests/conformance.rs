//! The promises of the ports that this package keeps.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use async_trait::async_trait;
use hubchat_conformance::{ClockHarness, RateLimiterHarness, VaultHarness};
use hubchat_ports::{Clock, Ids, Randomness, RateLimiter, Vault};
use hubchat_system::{AeadVault, GovernorRateLimiter, MasterKeys, OsRandomness, SystemClock, UuidV7Ids};

struct System;

#[async_trait]
impl ClockHarness for System {
    async fn start() -> Self {
        Self
    }

    fn clock(&self) -> &dyn Clock {
        &SystemClock
    }

    fn ids(&self) -> &dyn Ids {
        &UuidV7Ids
    }

    fn randomness(&self) -> &dyn Randomness {
        &OsRandomness
    }

    async fn stop(self) {}
}

struct Vaults {
    vault: AeadVault,
    stranger: AeadVault,
}

#[async_trait]
impl VaultHarness for Vaults {
    async fn start() -> Self {
        let vault = || AeadVault::new(MasterKeys::generate().expect("a key"));
        Self { vault: vault(), stranger: vault() }
    }

    fn vault(&self) -> &dyn Vault {
        &self.vault
    }

    fn stranger(&self) -> &dyn Vault {
        &self.stranger
    }

    async fn stop(self) {}
}

struct Limiter(GovernorRateLimiter);

#[async_trait]
impl RateLimiterHarness for Limiter {
    async fn start() -> Self {
        Self(GovernorRateLimiter::new())
    }

    fn limiter(&self) -> &dyn RateLimiter {
        &self.0
    }

    async fn stop(self) {}
}

mod clock {
    hubchat_conformance::clock_suite!(super::System);
}

mod vault {
    hubchat_conformance::vault_suite!(super::Vaults);
}

mod rate_limiter {
    hubchat_conformance::rate_limiter_suite!(super::Limiter);
}

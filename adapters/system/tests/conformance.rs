//! The promises of the ports that this package keeps.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use async_trait::async_trait;
use hubchat_conformance::{
    AccessTokensHarness, ClockHarness, EventBusHarness, PasswordHasherHarness, RateLimiterHarness, VaultHarness,
};
use hubchat_ports::{AccessTokens, Clock, EventBus, Ids, PasswordHasher, Randomness, RateLimiter, Vault};
use hubchat_system::{
    AeadVault, Argon2Hasher, EdDsaTokens, GovernorRateLimiter, HashCost, LocalBus, MasterKeys, OsRandomness,
    SystemClock, UuidV7Ids,
};

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

struct Hasher(Argon2Hasher);

#[async_trait]
impl PasswordHasherHarness for Hasher {
    async fn start() -> Self {
        Self(Argon2Hasher::new(HashCost::FLOOR).expect("a hasher"))
    }

    fn hasher(&self) -> &dyn PasswordHasher {
        &self.0
    }

    async fn stop(self) {}
}

struct Tokens {
    tokens: EdDsaTokens,
    stranger: EdDsaTokens,
}

#[async_trait]
impl AccessTokensHarness for Tokens {
    async fn start() -> Self {
        let tokens = || EdDsaTokens::new(&MasterKeys::generate().expect("a key"));
        Self { tokens: tokens(), stranger: tokens() }
    }

    fn tokens(&self) -> &dyn AccessTokens {
        &self.tokens
    }

    fn stranger(&self) -> &dyn AccessTokens {
        &self.stranger
    }

    async fn stop(self) {}
}

/// One process is everybody that there is.
struct Bus(LocalBus);

#[async_trait]
impl EventBusHarness for Bus {
    async fn start() -> Self {
        Self(LocalBus::new())
    }

    fn bus(&self) -> &dyn EventBus {
        &self.0
    }

    fn other(&self) -> &dyn EventBus {
        &self.0
    }

    async fn stop(self) {}
}

mod event_bus {
    hubchat_conformance::event_bus_suite!(super::Bus);
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

mod password_hasher {
    hubchat_conformance::password_hasher_suite!(super::Hasher);
}

mod access_tokens {
    hubchat_conformance::access_tokens_suite!(super::Tokens);
}

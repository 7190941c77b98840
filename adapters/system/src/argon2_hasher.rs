//! Passwords by argon2id, a few at a time and away from the threads that serve requests.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version, password_hash::phc};
use async_trait::async_trait;
use hubchat_domain::PasswordHash;
use hubchat_ports::{HashingFailed, PasswordCheck, PasswordHasher};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// What a hash costs. Parameters below the floor of OWASP's password storage cheat sheet cannot be made
/// (<https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    memory_kib: u32,
    passes: u32,
}

impl HashCost {
    /// 46 MiB, one pass, one lane: the first of OWASP's equals, and the one that takes the least time.
    pub const USUAL: Self = Self { memory_kib: 47_104, passes: 1 };
    /// 19 MiB, two passes, one lane: the least memory that hubchat takes, for small machines and tests.
    pub const FLOOR: Self = Self { memory_kib: 19_456, passes: 2 };
}

/// So many hashes at once: more would take the cores and the memory from everything else.
const AT_ONCE: usize = 2;

/// Hashes passwords by argon2id, version 1.3, with a salt of 16 random bytes. New hashes are made at this hasher's
/// cost; older ones are checked at theirs.
#[derive(Clone)]
pub struct Argon2Hasher {
    argon2: Argon2<'static>,
    places: Arc<Semaphore>,
    /// The hash of nobody's password, checked where there is none.
    nobody: Arc<str>,
}

impl std::fmt::Debug for Argon2Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Argon2Hasher").field("params", self.argon2.params()).finish_non_exhaustive()
    }
}

impl Argon2Hasher {
    /// A hasher of that cost. It hashes once, to have something to check where there is no hash.
    pub fn new(cost: HashCost) -> Result<Self, HashingFailed> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|_| HashingFailed)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon2, b"nobody has this password")?;
        Ok(Self { argon2, places: Arc::new(Semaphore::new(AT_ONCE)), nobody: nobody.into() })
    }

    /// Does work of tens of milliseconds once there is a place for it.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> T + Send + 'static,
    ) -> Result<T, HashingFailed> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| HashingFailed)?;
        let argon2 = self.argon2.clone();
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&argon2);
            // Held until here: a caller that went away does not make room for another while the work goes on.
            drop(place);
            result
        });
        done.await.map_err(|_| HashingFailed)
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> Result<String, HashingFailed> {
    let hash: phc::PasswordHash = argon2.hash_password(password).map_err(|_| HashingFailed)?;
    Ok(hash.to_string())
}

fn check(argon2: &Argon2<'_>, password: &[u8], stored: &str) -> PasswordCheck {
    let Ok(stored) = phc::PasswordHash::new(stored) else {
        return PasswordCheck { matches: false, needs_rehash: false };
    };
    let matches = argon2.verify_password(password, &stored).is_ok();
    let ours = argon2.params();
    let same = Params::try_from(&stored).is_ok_and(|theirs| {
        (theirs.m_cost(), theirs.t_cost(), theirs.p_cost()) == (ours.m_cost(), ours.t_cost(), ours.p_cost())
    }) && stored.algorithm.as_str() == Algorithm::Argon2id.as_str()
        && stored.version == Some(Version::V0x13.into());
    PasswordCheck { matches, needs_rehash: matches && !same }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &SecretString) -> Result<PasswordHash, HashingFailed> {
        let password = password.clone();
        let made = self.aside(move |argon2| hash(argon2, password.expose_secret().as_bytes())).await?;
        made.map(PasswordHash::new)
    }

    async fn verify(
        &self,
        password: &SecretString,
        stored: Option<PasswordHash>,
    ) -> Result<PasswordCheck, HashingFailed> {
        let (password, nobody) = (password.clone(), Arc::clone(&self.nobody));
        let somebody = stored.is_some();
        let found = self.aside(move |argon2| {
            let stored = stored.as_ref().map_or(&*nobody, PasswordHash::as_str);
            check(argon2, password.expose_secret().as_bytes(), stored)
        });
        let check = found.await?;
        Ok(if somebody { check } else { PasswordCheck { matches: false, needs_rehash: false } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn the_parameters_are_those_of_owasp_and_stand_in_the_hash() {
        let usual = Argon2Hasher::new(HashCost::USUAL).unwrap().hash(&secret("a long password")).await.unwrap();
        assert!(usual.as_str().starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{}", usual.as_str());
        let floor = Argon2Hasher::new(HashCost::FLOOR).unwrap().hash(&secret("a long password")).await.unwrap();
        assert!(floor.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", floor.as_str());
    }

    #[tokio::test]
    async fn a_hash_of_other_parameters_matches_and_asks_to_be_made_anew() {
        let (usual, floor) = (Argon2Hasher::new(HashCost::USUAL).unwrap(), Argon2Hasher::new(HashCost::FLOOR).unwrap());
        let old = floor.hash(&secret("a long password")).await.unwrap();
        let found = usual.verify(&secret("a long password"), Some(old.clone())).await.unwrap();
        assert_eq!(found, PasswordCheck { matches: true, needs_rehash: true });
        let found = floor.verify(&secret("a long password"), Some(old.clone())).await.unwrap();
        assert_eq!(found, PasswordCheck { matches: true, needs_rehash: false });
        let found = usual.verify(&secret("another password"), Some(old)).await.unwrap();
        assert_eq!(found, PasswordCheck { matches: false, needs_rehash: false });
    }
}

//! The keys that sign access tokens: made from the master keys, one for each period of thirty days.
//!
//! Nothing is stored and nothing is sent around: every host that has the master keys makes the same keys, and a
//! period's key is never used again once the next period is over.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::{
    hkdf,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use hubchat_domain::Timestamp;
use jsonwebtoken::{DecodingKey, EncodingKey};
use secrecy::{ExposeSecret, zeroize::Zeroizing};

use crate::{MasterKeys, master_keys::MasterKey};

/// For so long one key signs.
pub(crate) const PERIOD: Duration = Duration::from_hours(30 * 24);

/// A key of one period.
pub(crate) struct SigningKey {
    /// By which tokens name it: the id of the master key and the number of the period.
    pub(crate) id: String,
    pub(crate) signs: EncodingKey,
    pub(crate) verifies: DecodingKey,
    /// The half that may be known.
    #[cfg(test)]
    pub(crate) public: Vec<u8>,
}

/// What makes the keys of every period: one secret for each master key, the current one first.
pub(crate) struct SigningKeys {
    sources: Vec<(String, hkdf::Prk)>,
}

/// The number of the period that a moment lies in.
pub(crate) fn period(now: Timestamp) -> u64 {
    u64::try_from(now.as_micros()).unwrap_or_default() / u64::try_from(PERIOD.as_micros()).unwrap_or(u64::MAX)
}

/// How many bytes a key is made of.
struct SeedLength;

impl hkdf::KeyType for SeedLength {
    fn len(&self) -> usize {
        32
    }
}

impl SigningKeys {
    pub(crate) fn new(keys: &MasterKeys) -> Self {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hubchat/v1/access-token");
        let source = |key: &MasterKey| (key.id.clone(), salt.extract(key.bytes.expose_secret()));
        Self { sources: keys.all().map(source).collect() }
    }

    /// The keys that are good in a period: its own and the one before, of every master key. The first one signs.
    pub(crate) fn of_period(&self, period: u64) -> Option<Arc<[SigningKey]>> {
        let periods = std::iter::once(period).chain(period.checked_sub(1));
        periods.flat_map(|period| self.sources.iter().map(move |source| key(source, period))).collect()
    }
}

fn key((master, source): &(String, hkdf::Prk), period: u64) -> Option<SigningKey> {
    let mut seed = Zeroizing::new([0; 32]);
    source.expand(&[b"ed25519", &period.to_be_bytes()], SeedLength).ok()?.fill(seed.as_mut_slice()).ok()?;
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).ok()?;
    Some(SigningKey {
        id: format!("{master}.{period}"),
        signs: EncodingKey::from_ed_der(pair.to_pkcs8().ok()?.as_ref()),
        verifies: DecodingKey::from_ed_der(pair.public_key().as_ref()),
        #[cfg(test)]
        public: pair.public_key().as_ref().to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str, period: u64) -> Vec<String> {
        let keys = SigningKeys::new(&MasterKeys::parse(text).unwrap());
        keys.of_period(period).unwrap().iter().map(|key| key.id.clone()).collect()
    }

    #[test]
    fn two_periods_of_every_master_key_are_good_and_the_current_one_signs() {
        let (one, two) = ("00".repeat(32), "11".repeat(32));
        let found = ids(&format!("{one},{two}"), 7);
        assert_eq!(found.len(), 4);
        assert_eq!(found.first().map(String::as_str), Some("66687aad.7"));
        assert!(found.contains(&"66687aad.6".to_owned()));
        assert_eq!(ids(&one, 0), ["66687aad.0"]);
    }

    #[test]
    fn hosts_with_the_same_master_key_make_the_same_keys_and_no_two_periods_share_one() {
        let keys = |text: &str, period| {
            let keys = SigningKeys::new(&MasterKeys::parse(text).unwrap()).of_period(period).unwrap();
            keys.iter().map(|key| key.public.clone()).collect::<Vec<_>>()
        };
        let (one, two) = ("00".repeat(32), "11".repeat(32));
        assert_eq!(keys(&one, 7), keys(&one, 7));
        assert_eq!(keys(&one, 7)[1], keys(&one, 6)[0]);
        assert_ne!(keys(&one, 7)[0], keys(&one, 7)[1]);
        assert_ne!(keys(&one, 7)[0], keys(&two, 7)[0]);
    }

    #[test]
    fn a_period_lasts_thirty_days() {
        let start = Timestamp::EPOCH.plus(PERIOD * 600);
        assert_eq!(period(start), 600);
        assert_eq!(period(start.minus(Duration::from_micros(1))), 599);
        assert_eq!(period(Timestamp::EPOCH), 0);
    }
}

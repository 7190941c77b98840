//! Ids in the providers' shapes: unique within a run and, for message ids, across restarts.
//!
//! Not secrets: a fake provider has nothing to protect, so the numbers are only scattered, not
//! cryptographically random.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// Message ids a millisecond of start time leaves room for, so that a restarted sandbox does not repeat
/// the ids of the run before.
const MESSAGE_IDS_PER_MS: u64 = 100_000;

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A source of ids, shared by all parts of one sandbox.
#[derive(Debug)]
pub(crate) struct Ids {
    seed: u64,
    drawn: AtomicU64,
    next_message: AtomicU64,
}

impl Ids {
    /// With a `seed` two runs at the same start time give the same ids.
    pub(crate) fn new(seed: Option<u64>, start_ms: i64) -> Self {
        let start = u64::try_from(start_ms).unwrap_or(0);
        Self {
            seed: seed.unwrap_or_else(|| RandomState::new().build_hasher().finish()),
            drawn: AtomicU64::new(0),
            next_message: AtomicU64::new(start.saturating_mul(MESSAGE_IDS_PER_MS)),
        }
    }

    /// SplitMix64: a bijection of the counter, hence never twice the same number in one run.
    fn draw(&self) -> u64 {
        let step = self.drawn.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let mut z = self.seed.wrapping_add(step.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn draw_wide(&self) -> u128 {
        (u128::from(self.draw()) << 64) | u128::from(self.draw())
    }

    pub(crate) fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.draw_wide().to_be_bytes()).into_uuid()
    }

    /// A decimal number of 18 digits, rising.
    pub(crate) fn message_id(&self) -> String {
        self.next_message.fetch_add(1, Ordering::Relaxed).to_string()
    }

    pub(crate) fn hex32(&self) -> String {
        format!("{:032x}", self.draw_wide())
    }

    pub(crate) fn short_token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.draw().to_be_bytes())
    }

    pub(crate) fn long_token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.draw_wide().to_be_bytes())
    }

    /// A ULID: 48 bits of time, then 80 scattered bits.
    pub(crate) fn ulid(&self, now_ms: i64) -> String {
        let time = u128::from(u64::try_from(now_ms).unwrap_or(0)) & 0xFFFF_FFFF_FFFF;
        let value = (time << 80) | (self.draw_wide() >> 48);
        (0..26_u32)
            .rev()
            .map(|place| {
                let digit = usize::try_from((value >> (place * 5)) & 31).unwrap_or(0);
                char::from(CROCKFORD[digit])
            })
            .collect()
    }
}

/// A stable number for a text (FNV-1a), for things invented per user or group.
pub(crate) fn stable_number(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ulid_has_the_time_in_front() {
        let ids = Ids::new(Some(7), 0);
        let ulid = ids.ulid(1_469_922_850_259);
        assert_eq!(ulid.len(), 26);
        assert!(ulid.starts_with("01ARZ3NDEK"), "{ulid}");
    }

    #[test]
    fn message_ids_of_a_later_start_are_higher() {
        let first = Ids::new(None, 1_767_225_600_000);
        let second = Ids::new(None, 1_767_225_600_001);
        let (a, b) = (first.message_id(), second.message_id());
        assert_eq!(a.len(), 18);
        assert!(b > a);
    }
}

//! What makes an event unique, and what it is sorted by.

use aws_lc_rs::digest::{SHA256, digest};

/// No key is longer: databases index them.
const MOST_BYTES: usize = 200;

/// Digits of bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// The key of an event that names none: two deliveries of one event are the same bytes.
pub(crate) fn digest_key(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(digest(&SHA256, bytes).as_ref()))
}

/// A key that can be kept, or else its digest.
pub(crate) fn keepable(key: String) -> String {
    if key.len() <= MOST_BYTES && !key.contains('\0') { key } else { digest_key(key.as_bytes()) }
}

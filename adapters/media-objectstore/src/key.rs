//! Keys: made of ids, never of what a customer wrote.

use object_store::path::Path;

/// The longest key, in bytes.
const LONGEST: usize = 512;
/// The longest segment, in bytes: file systems take 255, and a file that is being written has a suffix.
const LONGEST_SEGMENT: usize = 200;

/// The key is not made of ids and slashes only.
#[derive(Debug, thiserror::Error)]
#[error("the key is not made of letters, digits, dashes and single dots")]
pub(crate) struct InvalidKey;

/// The store's path of a key. A key that could lead anywhere else has none.
pub(crate) fn path(key: &str) -> Result<Path, InvalidKey> {
    let plain = |segment: &str| {
        !segment.is_empty()
            && segment.len() <= LONGEST_SEGMENT
            && !segment.starts_with('.')
            && !segment.contains("..")
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    if key.len() <= LONGEST && key.split('/').all(plain) { Ok(Path::from(key)) } else { Err(InvalidKey) }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn keys_of_ids_are_taken_as_they_are() {
        for key in ["a", "a-1/b_2/c.thumbnail", &format!("{}/x", "y".repeat(200))] {
            assert_eq!(path(key).expect(key).as_ref(), key);
        }
    }

    #[test]
    fn keys_that_could_lead_outside_or_hide_are_refused() {
        let long = "x".repeat(201);
        let deep = "x/".repeat(300) + "x";
        for wrong in [
            "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "a/./b", ".a", "a/.b", "a..b", "a\\b",
            "C:", "a b", "a#1", "ก", "a\0", "a\nb", "a%2e", "~", &long, &deep,
        ] {
            assert!(path(wrong).is_err(), "{wrong:?}");
        }
    }
}

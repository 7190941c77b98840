//! Keys: made of ids, never of what a customer wrote.

use object_store::path::Path;

/// The store's path for a key; `None` for a key that could lead anywhere else.
pub(crate) fn path(key: &str) -> Option<Path> {
    let plain = |segment: &str| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    (key.len() <= 512 && key.split('/').all(plain)).then(|| Path::from(key))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn keys_stay_within_the_store() {
        assert!(path("a-1/b_2/c.thumbnail").is_some());
        for wrong in ["", "/a", "a/", "a//b", "../a", "a/../b", ".a", "a\\b", "a b", "ก", "a\0", "a%2e"] {
            assert!(path(wrong).is_none(), "{wrong}");
        }
    }
}

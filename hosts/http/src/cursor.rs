//! Cursors: opaque to callers, bound to one list and its filters.
//!
//! A cursor holds no secret and no tenant: the tenant comes from the credential of each request.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hubchat_core::{domain::Timestamp, port::Keyset};
use uuid::Uuid;

use crate::problem::ApiProblem;

const VERSION: u8 = 1;

/// A list with its filters: what a cursor is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListKey(u64);

impl ListKey {
    /// The list of that name with these filters, each as its name and value.
    pub(crate) fn new(name: &str, filters: &[(&str, Option<String>)]) -> Self {
        // FNV-1a: stable across processes and versions, which the standard library's hasher is not.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut tell = |bytes: &[u8]| {
            for byte in bytes.iter().chain(&[0xff]) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        tell(name.as_bytes());
        for (filter, value) in filters {
            if let Some(value) = value {
                tell(filter.as_bytes());
                tell(value.as_bytes());
            }
        }
        Self(hash)
    }

    /// The cursor of a place in this list.
    pub(crate) fn cursor(self, place: Keyset) -> String {
        let mut bytes = Vec::with_capacity(33);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.0.to_be_bytes());
        bytes.extend_from_slice(&place.at.as_micros().to_be_bytes());
        bytes.extend_from_slice(place.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place that a cursor names, if it is one of this list.
    pub(crate) fn place(self, cursor: &str) -> Result<Keyset, ApiProblem> {
        let refused = || ApiProblem::of("invalid_cursor").at("cursor");
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
        let bytes: [u8; 33] = bytes.try_into().map_err(|_| refused())?;
        let (version, rest) = bytes.split_first().ok_or_else(refused)?;
        let (list, rest) = rest.split_first_chunk::<8>().ok_or_else(refused)?;
        let (micros, id) = rest.split_first_chunk::<8>().ok_or_else(refused)?;
        let id = Uuid::from_slice(id).map_err(|_| refused())?;
        if *version != VERSION || u64::from_be_bytes(*list) != self.0 {
            return Err(refused());
        }
        Ok(Keyset { at: Timestamp::from_micros(i64::from_be_bytes(*micros)), id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Keyset {
        Keyset { at: Timestamp::from_micros(1_767_225_600_000_001), id: Uuid::from_u128(7) }
    }

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        let list = ListKey::new("leads", &[("status", Some("NEW".to_owned()))]);
        assert_eq!(list.place(&list.cursor(place())).expect("its own cursor"), place());
    }

    #[test]
    fn a_cursor_is_good_for_its_own_list_and_filters_only() {
        let list = ListKey::new("leads", &[("status", Some("NEW".to_owned()))]);
        let cursor = list.cursor(place());
        for other in [
            ListKey::new("conversations", &[("status", Some("NEW".to_owned()))]),
            ListKey::new("leads", &[("status", Some("WON".to_owned()))]),
            ListKey::new("leads", &[("status", None)]),
            ListKey::new("leads", &[("channelType", Some("NEW".to_owned()))]),
        ] {
            assert_eq!(other.place(&cursor).expect_err("another list's").code(), "invalid_cursor");
        }
    }

    #[test]
    fn garbage_is_no_cursor() {
        let list = ListKey::new("leads", &[]);
        for text in ["", "x", "AAAA", "ก", &"A".repeat(44), &"A".repeat(4_000), "=====", "../.."] {
            assert_eq!(list.place(text).expect_err("garbage").code(), "invalid_cursor", "{text}");
        }
    }
}

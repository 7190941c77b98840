//! Counts requests by path and status.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Serialize;

use crate::bounded::lock;

/// How often one path was answered with one status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestCount {
    /// The method and path, with ids replaced by their names, such as `GET /v2/bot/profile/{userId}`.
    pub path: &'static str,
    /// The HTTP status; 0 when the answer was lost on purpose.
    pub status: u16,
    /// How often.
    pub count: u64,
}

#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: Mutex<BTreeMap<(&'static str, u16), u64>>,
}

impl Tally {
    pub(super) fn add(&self, path: &'static str, status: u16) {
        *lock(&self.counts).entry((path, status)).or_default() += 1;
    }

    pub(super) fn counts(&self) -> Vec<RequestCount> {
        lock(&self.counts).iter().map(|(&(path, status), &count)| RequestCount { path, status, count }).collect()
    }
}

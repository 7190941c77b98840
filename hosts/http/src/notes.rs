//! What is learnt of a request on its way, for the headers of its answer.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hubchat_core::{AppliedLimit, Origin, RateLimited, port::Quota};
use poem::Request;

use crate::problem::ApiProblem;

/// A limit and what is left of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LimitNote {
    pub(crate) policy: &'static str,
    pub(crate) quota: Quota,
    pub(crate) remaining: u32,
    pub(crate) reset_after: Duration,
}

impl From<AppliedLimit> for LimitNote {
    fn from(AppliedLimit { policy, quota, allowance }: AppliedLimit) -> Self {
        Self { policy, quota, remaining: allowance.remaining, reset_after: allowance.reset_after }
    }
}

impl From<RateLimited> for LimitNote {
    fn from(RateLimited { policy, quota, reached }: RateLimited) -> Self {
        Self { policy, quota, remaining: 0, reset_after: reached.retry_after }
    }
}

/// Whether the pages of the request's origin may read the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Reader {
    /// Nobody knows the caller's tenant yet.
    #[default]
    Unknown,
    /// The caller's tenant allows it.
    Allowed,
    /// The caller's tenant does not.
    Refused,
}

/// See the module. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct RequestNotes {
    origin: Arc<Origin>,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    limits: Vec<LimitNote>,
    reader: Reader,
}

impl RequestNotes {
    pub(crate) fn new(address: Option<IpAddr>, request_id: &str) -> Self {
        let origin = Origin { address, request_id: Some(request_id.to_owned()) };
        Self { origin: Arc::new(origin), kept: Arc::default() }
    }

    /// The notes of a request that came through the router.
    pub(crate) fn of(request: &Request) -> Result<&Self, ApiProblem> {
        request.data::<Self>().ok_or_else(|| ApiProblem::of("internal"))
    }

    /// From where it was asked.
    pub(crate) fn origin(&self) -> Origin {
        (*self.origin).clone()
    }

    pub(crate) fn note_limit(&self, limit: LimitNote) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).limits.push(limit);
    }

    pub(crate) fn note_reader(&self, reader: Reader) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).reader = reader;
    }

    pub(crate) fn limits(&self) -> Vec<LimitNote> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).limits.clone()
    }

    pub(crate) fn reader(&self) -> Reader {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).reader
    }
}

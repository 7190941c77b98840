//! Faults set on purpose: which requests they meet, and what then goes wrong.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::bounded::lock;

/// A fault for some requests.
///
/// With `every` it fires on each n-th matching request only, with `times` it goes away after firing so
/// often; with neither it fires always.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fault {
    /// Which requests it meets.
    #[serde(flatten)]
    pub matches: FaultMatch,
    /// What goes wrong.
    pub action: FaultAction,
    /// How often it fires before it goes away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Fires on each n-th matching request; 0 is as 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u32>,
}

impl Fault {
    /// A fault that fires always on requests under `path`.
    pub fn on(path: &str, action: FaultAction) -> Self {
        Self { matches: FaultMatch { path: path.to_owned(), to: None }, action, times: None, every: None }
    }

    /// The same fault, firing `times` times.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// The same fault, firing on each n-th matching request.
    #[must_use]
    pub fn every(self, every: u32) -> Self {
        Self { every: Some(every), ..self }
    }

    /// The same fault, for requests about one user, group or room only.
    #[must_use]
    pub fn to(self, to: &str) -> Self {
        Self { matches: FaultMatch { to: Some(to.to_owned()), ..self.matches }, ..self }
    }
}

/// Which requests a fault meets. The default meets all.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FaultMatch {
    /// The beginning of the path; empty for any.
    #[serde(default)]
    pub path: String,
    /// The receiver of a push or (through its token) of a reply, or the user of a profile request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What goes wrong.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum FaultAction {
    /// Answers this status at once, without effect. Without a body LINE's own for that status is used.
    Status {
        /// The HTTP status.
        code: u16,
        /// The JSON body.
        #[serde(default)]
        body: Option<Value>,
    },
    /// Works as usual, but later. The effect happens also when the client has gone away meanwhile.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The effect happens; the connection is closed without a byte of an answer.
    LostAnswerAfterEffect,
    /// The effect happens; the client waits this long, then the connection is closed without an answer.
    HangAfterEffect {
        /// Milliseconds.
        ms: u64,
    },
    /// No effect; the connection is closed without a byte of an answer.
    LostBeforeEffect,
    /// The effect happens; half of the answer's body is sent, then the connection is closed.
    Truncated2xx,
    /// No effect; 500.
    RejectBeforeEffect500,
}

impl FaultAction {
    /// 401 with LINE's body.
    pub fn unauthorized() -> Self {
        Self::Status { code: 401, body: None }
    }

    /// 429 as for too many requests.
    pub fn rate_limited() -> Self {
        Self::Status { code: 429, body: None }
    }

    /// 429 as for a used-up monthly quota.
    pub fn monthly_quota() -> Self {
        Self::Status { code: 429, body: Some(json!({ "message": MONTHLY_LIMIT })) }
    }
}

pub(super) const INVALID_TOKEN: &str = "Authentication failed due to the following reason: invalid token. \
     Confirm that the access token in the authorization header is valid.";
pub(super) const RATE_LIMIT: &str = "The API rate limit has been exceeded. Try again later.";
pub(super) const MONTHLY_LIMIT: &str = "You have reached your monthly limit.";

/// The body for a status that a fault gives without one.
pub(super) fn usual_body(code: u16) -> Value {
    let message = match code {
        401 => INVALID_TOKEN,
        403 => "Access to this API is not available for your account",
        404 => "Not found",
        429 => RATE_LIMIT,
        500..=599 => "The server is temporarily unable to process the request",
        _ => "The request was refused",
    };
    json!({ "message": message })
}

#[derive(Debug, Default)]
pub(super) struct Faults {
    any: AtomicBool,
    set: Mutex<Vec<Armed>>,
}

#[derive(Debug)]
struct Armed {
    fault: Fault,
    met: u32,
}

impl Faults {
    /// Lets the usual case pass without a lock.
    pub(super) fn any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    pub(super) fn add(&self, fault: Fault) {
        let mut set = lock(&self.set);
        set.push(Armed { fault, met: 0 });
        self.any.store(true, Ordering::Release);
    }

    pub(super) fn clear(&self) {
        let mut set = lock(&self.set);
        set.clear();
        self.any.store(false, Ordering::Release);
    }

    pub(super) fn list(&self) -> Vec<Fault> {
        lock(&self.set).iter().map(|armed| armed.fault.clone()).collect()
    }

    /// The action of the first fault that fires for this request; counts all it met up to there.
    pub(super) fn fire(&self, path: &str, to: Option<&str>) -> Option<FaultAction> {
        let mut set = lock(&self.set);
        let mut fired = None;
        for (at, armed) in set.iter_mut().enumerate() {
            let matches = &armed.fault.matches;
            let met = path.starts_with(&matches.path) && (matches.to.is_none() || matches.to.as_deref() == to);
            if !met || armed.fault.times == Some(0) {
                continue;
            }
            armed.met = armed.met.wrapping_add(1);
            if armed.met % armed.fault.every.unwrap_or(1).max(1) == 0 {
                fired = Some((at, armed.fault.action.clone()));
                break;
            }
        }
        let (at, action) = fired?;
        if let Some(times) = &mut set[at].fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                set.remove(at);
                self.any.store(!set.is_empty(), Ordering::Release);
            }
        }
        Some(action)
    }
}

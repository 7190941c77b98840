//! Faults set on purpose: which requests they meet, and what then goes wrong.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use poem::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::bounded::lock;
use crate::exchange::{Answer, Call, Ending};

/// A fault for some requests.
///
/// With `every` it fires on each n-th matching request only, with `times` it goes away after firing so
/// often; with neither it fires always.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fault {
    /// By what it can be taken back alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
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
        let matches = FaultMatch { path: path.to_owned(), ..FaultMatch::default() };
        Self { name: None, matches, action, times: None, every: None }
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
    /// The user, group or chat that the request is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The account whose path is asked. Only Meta's paths name one, and only those that begin with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Only requests by which somebody receives something, not those that mark as read or show that one types.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sends: bool,
}

/// A request as faults see it.
#[derive(Debug, Default)]
pub(crate) struct Met {
    pub(crate) path: String,
    pub(crate) to: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) sends: bool,
}

impl FaultMatch {
    fn meets(&self, met: &Met) -> bool {
        met.path.starts_with(&self.path)
            && (self.to.is_none() || self.to == met.to)
            && (self.account.is_none() || self.account == met.account)
            && (!self.sends || met.sends)
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum FaultAction {
    /// Answers this status at once, without effect. Without a body the provider's own for that status is used.
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
    /// 401 in the provider's words.
    pub fn unauthorized() -> Self {
        Self::Status { code: 401, body: None }
    }

    /// 429 as for too many requests.
    pub fn rate_limited() -> Self {
        Self::Status { code: 429, body: None }
    }

    /// Lets a request go wrong. `handle` answers it as usual; `usual` gives a status's body in the provider's words.
    pub(crate) async fn apply<H>(self, handle: H, usual: fn(u16) -> Value) -> (Answer, Ending)
    where
        H: Future<Output = Answer> + Send + 'static,
    {
        match self {
            Self::Status { code, body } => {
                let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                (Answer::json(status, &body.unwrap_or_else(|| usual(code))), Ending::Whole)
            }
            Self::RejectBeforeEffect500 => {
                (Answer::json(StatusCode::INTERNAL_SERVER_ERROR, &usual(500)), Ending::Whole)
            }
            Self::LostBeforeEffect => (Answer::not_found(), Ending::Lost { after: Duration::ZERO }),
            Self::LostAnswerAfterEffect => (handle.await, Ending::Lost { after: Duration::ZERO }),
            Self::HangAfterEffect { ms } => (handle.await, Ending::Lost { after: Duration::from_millis(ms) }),
            Self::Truncated2xx => {
                let answer = handle.await;
                let ending = if answer.status.is_success() { Ending::Truncated } else { Ending::Whole };
                (answer, ending)
            }
            Self::Delay { ms } => {
                // A task of its own: the effect must come although the client has gone away.
                let late = tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(ms)).await;
                    handle.await
                });
                let lost = |_| Answer::json(StatusCode::INTERNAL_SERVER_ERROR, &usual(500));
                (late.await.unwrap_or_else(lost), Ending::Whole)
            }
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
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
    pub(crate) fn any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    pub(crate) fn add(&self, fault: Fault) {
        let mut set = lock(&self.set);
        set.push(Armed { fault, met: 0 });
        self.any.store(true, Ordering::Release);
    }

    pub(crate) fn clear(&self) {
        let mut set = lock(&self.set);
        set.clear();
        self.any.store(false, Ordering::Release);
    }

    /// Takes back the faults of this name.
    pub(crate) fn remove(&self, name: &str) {
        let mut set = lock(&self.set);
        set.retain(|armed| armed.fault.name.as_deref() != Some(name));
        self.any.store(!set.is_empty(), Ordering::Release);
    }

    /// `DELETE`: those of the name in the query, all without one; answers what is left.
    pub(crate) fn delete(&self, call: &Call) -> Answer {
        match call.query_value("name") {
            Some(name) => self.remove(&name),
            None => self.clear(),
        }
        Answer::ok(&json!({ "faults": self.list() }))
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        lock(&self.set).iter().map(|armed| armed.fault.clone()).collect()
    }

    /// The action of the first fault that fires for this request; counts all it met up to there.
    pub(crate) fn fire(&self, met: &Met) -> Option<FaultAction> {
        let mut set = lock(&self.set);
        let mut fired = None;
        for (at, armed) in set.iter_mut().enumerate() {
            if !armed.fault.matches.meets(met) || armed.fault.times == Some(0) {
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

//! The phone: the customer's side of every channel, as a page for people and as control endpoints.

mod look;
mod page;
mod request;
mod say;
mod shown_file;

use std::time::Duration;

use poem::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::customers::{Customer, Customers, LONGEST_NAME};
use crate::endpoint::same_page;
use crate::exchange::{Answer, Call};
use crate::line::FakeLine;
use crate::meta::FakeMeta;
use crate::telegram::FakeTelegram;
use crate::timeline::Timeline;

const CONTROL: &str = "/_sandbox/phone";
const MOST_ENTRIES: usize = 500;
/// The longest that a request for the timeline waits for something new.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// The phone. Clones share all state.
#[derive(Debug, Clone)]
pub(crate) struct Phone {
    pub(crate) line: FakeLine,
    pub(crate) telegram: FakeTelegram,
    pub(crate) meta: FakeMeta,
    pub(crate) customers: Customers,
    pub(crate) timeline: Timeline,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerRequest {
    name: String,
}

fn failed(status: StatusCode, error: &str) -> Answer {
    Answer::json(status, &json!({ "error": error }))
}

/// Reads a body that says to be JSON: what a form of another site can send never does.
fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Answer> {
    let kind = call.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(failed(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json"));
    }
    serde_json::from_slice(&call.body).map_err(|error| failed(StatusCode::BAD_REQUEST, &error.to_string()))
}

impl Phone {
    /// A picture of 10 MB, written as base64.
    pub(crate) const MAX_BODY: usize = 15 * 1024 * 1024;

    /// Whether a path is the phone's.
    pub(crate) fn owns(path: &str) -> bool {
        ["/phone", CONTROL]
            .iter()
            .any(|own| path.strip_prefix(own).is_some_and(|rest| matches!(rest.as_bytes().first(), None | Some(b'/'))))
    }

    pub(crate) async fn answer(&self, call: &Call) -> Answer {
        let Some(part) = call.path.strip_prefix(CONTROL) else {
            return page::page(call);
        };
        if !same_page(call) {
            return failed(StatusCode::FORBIDDEN, "another site's page may not use the sandbox");
        }
        let parts: Vec<&str> = part.split('/').filter(|part| !part.is_empty()).collect();
        match (call.method.as_str(), parts.as_slice()) {
            ("GET", []) => self.look(),
            ("POST", ["customers"]) => self.add_customer(call),
            ("GET", ["timeline"]) => self.timeline_after(call).await,
            ("POST", ["say"]) => match read(call) {
                Ok(request) => self.say(request).await,
                Err(refusal) => refusal,
            },
            ("GET", ["media", seq]) => self.shown_file(seq, call).await,
            _ => failed(StatusCode::NOT_FOUND, "no such path in the sandbox"),
        }
    }

    /// The customers, as the first page knows them.
    pub(crate) fn customers(&self) -> Vec<Customer> {
        let page = self.meta.first_account(crate::meta::MetaObject::Page).map(|(id, _)| id).unwrap_or_default();
        self.customers.list(|commenter| FakeMeta::page_scoped_id(&page, commenter))
    }

    fn add_customer(&self, call: &Call) -> Answer {
        let request: CustomerRequest = match read(call) {
            Ok(request) => request,
            Err(refusal) => return refusal,
        };
        let name = request.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return failed(StatusCode::BAD_REQUEST, "a name has 1 to 60 characters");
        }
        if !self.customers.add(&name) {
            return failed(StatusCode::CONFLICT, "there are too many customers");
        }
        match self.customers().into_iter().find(|customer| customer.name == name) {
            Some(customer) => Answer::json(StatusCode::CREATED, &customer),
            None => failed(StatusCode::CONFLICT, "there are too many customers"),
        }
    }

    async fn timeline_after(&self, call: &Call) -> Answer {
        let number = |name, usual: u64| call.query_value(name).map_or(Ok(usual), |text| text.parse::<u64>());
        let (Ok(after), Ok(limit), Ok(wait)) = (number("after", 0), number("limit", 200), number("wait", 0)) else {
            return failed(StatusCode::BAD_REQUEST, "after, limit and wait must be numbers");
        };
        // Numbers of an earlier run mean nothing: all is told anew, at once.
        let (after, wait) = match call.query_value("epoch") {
            Some(epoch) if epoch != self.timeline.epoch() => (0, 0),
            _ => (after, wait),
        };
        let limit = usize::try_from(limit).unwrap_or(MOST_ENTRIES).clamp(1, MOST_ENTRIES);
        let wait = Duration::from_millis(wait).min(LONGEST_WAIT);
        if !wait.is_zero() {
            self.timeline.grown(after, wait).await;
        }
        Answer::ok(&self.timeline.told(after, limit))
    }
}

//! One request and its answer, free of the web framework, so that checks are plain functions.

use std::time::Duration;

use bytes::Bytes;
use poem::http::{HeaderMap, Method, StatusCode};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// A request read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The URL under which the caller reached the sandbox, without a slash at the end.
    pub(crate) fn own_url(&self) -> String {
        format!("http://{}", self.header("host").unwrap_or("localhost"))
    }
}

/// An answer before it becomes an HTTP response.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) body: Bytes,
    pub(crate) request_id: Option<Uuid>,
    pub(crate) accepted_request_id: Option<Uuid>,
}

impl Answer {
    pub(crate) fn bytes(status: StatusCode, content_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            content_type: content_type.into(),
            body: body.into(),
            request_id: None,
            accepted_request_id: None,
        }
    }

    pub(crate) fn json<T: Serialize>(status: StatusCode, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::bytes(status, "application/json", body),
            Err(_) => Self::bytes(StatusCode::INTERNAL_SERVER_ERROR, "application/json", "{}"),
        }
    }

    pub(crate) fn ok<T: Serialize>(value: &T) -> Self {
        Self::json(StatusCode::OK, value)
    }

    /// The shape of a provider's error: `{"message": …}`.
    pub(crate) fn message(status: StatusCode, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }

    pub(crate) fn not_found() -> Self {
        Self::message(StatusCode::NOT_FOUND, "Not found")
    }
}

/// How an answer leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As it should.
    Whole,
    /// Half of the body, then the connection ends.
    Truncated,
    /// Not at all: the connection ends after this time.
    Lost { after: Duration },
}

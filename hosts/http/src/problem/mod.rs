//! Problem documents: the one place where errors become HTTP answers (RFC 9457).
//!
//! What a use case's error says in words is written for callers; its sources are not, and go to the
//! log only.

mod codes;
mod document;

use std::{error::Error as StdError, time::Duration};

use hubchat_core::ErrorCode;
use poem::{
    Error, Response,
    error::{MethodNotAllowedError, NotFoundError, ParsePathError, ResponseError},
    http::{HeaderValue, StatusCode, header},
};
use poem_openapi::error::ParseParamError;
use serde_json::json;

pub(crate) use codes::kind;
pub use codes::{CODES, ProblemKind};

/// A problem on its way to the caller.
#[derive(Debug)]
pub(crate) struct ApiProblem {
    kind: &'static ProblemKind,
    detail: Option<String>,
    field: Option<String>,
    retry_after: Option<Duration>,
    allow: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ApiProblem {
    /// A problem of the kind with that code; `internal` when there is none.
    pub(crate) fn of(code: &str) -> Self {
        let fallback = &CODES[INTERNAL];
        Self {
            kind: kind(code).unwrap_or(fallback),
            detail: None,
            field: None,
            retry_after: None,
            allow: None,
            source: None,
        }
    }

    /// A field that is missing or cannot be right; `reason` follows the field's name in the detail.
    pub(crate) fn invalid(field: &str, reason: &str) -> Self {
        Self::of("validation_failed").at(field).detailed(format!("{field}: {reason}"))
    }

    pub(crate) fn detailed(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    pub(crate) fn at(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    pub(crate) fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    pub(crate) fn allowing(self, methods: &str) -> Self {
        Self { allow: Some(methods.to_owned()), ..self }
    }

    pub(crate) fn caused_by(self, source: impl StdError + Send + Sync + 'static) -> Self {
        Self { source: Some(Box::new(source)), ..self }
    }

    /// Whether the caller was refused for what they sent, and not for how often they did.
    pub(crate) fn is_callers_fault(&self) -> bool {
        (400..500).contains(&self.kind.status) && self.kind.status != 429
    }

    /// Whether the address takes other methods.
    pub(crate) fn is_about_method(&self) -> bool {
        self.kind.status == 405 && self.allow.is_none()
    }

    /// Its code.
    #[cfg(test)]
    pub(crate) fn code(&self) -> &'static str {
        self.kind.code
    }

    /// The field at fault.
    #[cfg(test)]
    pub(crate) fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// The answer; what only an operator may read is logged here, once.
    pub(crate) fn answer(&self, request_id: &str) -> Response {
        self.log(request_id);
        let mut document = json!({
            "type": format!("/problems/{}", self.kind.code),
            "title": self.kind.title,
            "status": self.kind.status,
            "code": self.kind.code,
            "requestId": request_id,
        });
        for (name, value) in [("detail", &self.detail), ("field", &self.field)] {
            if let Some(value) = value {
                document[name] = json!(value);
            }
        }
        let mut response = Response::builder()
            .status(self.status())
            .header(header::CONTENT_TYPE, "application/problem+json")
            .body(document.to_string());
        let headers = response.headers_mut();
        let wait = self.retry_after.or_else(|| (self.kind.status == 503).then_some(Duration::from_secs(2)));
        if let Some(wait) = wait {
            // Whole seconds, upwards: coming back too early would be refused again.
            headers.insert(
                header::RETRY_AFTER,
                HeaderValue::from(wait.as_millis().div_ceil(1_000).clamp(1, 86_400) as u64),
            );
        }
        if self.kind.code == "unauthenticated" {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"hubchat\""));
        }
        if let Some(methods) = self.allow.as_deref().and_then(|methods| HeaderValue::from_str(methods).ok()) {
            headers.insert(header::ALLOW, methods);
        }
        response
    }

    fn log(&self, request_id: &str) {
        let code = self.kind.code;
        let cause = self.source.as_deref().map(chain);
        match (self.kind.status, cause) {
            (500, cause) => {
                let cause = cause.unwrap_or_default();
                tracing::error!(request.id = request_id, code, cause, "a request failed inside hubchat");
            }
            (501.., cause) => {
                let cause = cause.unwrap_or_default();
                tracing::warn!(request.id = request_id, code, cause, "a request could not be served");
            }
            _ => tracing::debug!(request.id = request_id, code, field = self.field, "a request was refused"),
        }
    }
}

/// Where `internal` stands in the table.
const INTERNAL: usize = {
    let mut place = 0;
    while CODES[place].status != 500 {
        place += 1;
    }
    place
};

/// An error and what it came from, in a line.
fn chain(error: &(dyn StdError + Send + Sync + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let further = error.to_string();
        if !text.ends_with(&further) {
            text.push_str(": ");
            text.push_str(&further);
        }
        cause = error.source();
    }
    text
}

impl<E: ErrorCode + Send + Sync + 'static> From<E> for ApiProblem {
    fn from(error: E) -> Self {
        let mut problem = Self::of(error.code()).detailed(error.to_string());
        problem.field = error.field().map(str::to_owned);
        problem.retry_after = error.retry_after();
        problem.source = Some(Box::new(error));
        problem
    }
}

impl std::fmt::Display for ApiProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.detail.as_deref().unwrap_or(self.kind.title))
    }
}

impl StdError for ApiProblem {}

impl ResponseError for ApiProblem {
    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// What a route answered instead of a success.
pub(crate) enum Failure {
    Problem(ApiProblem),
    /// A response that was made on purpose.
    Response(Response),
}

impl From<ApiProblem> for Failure {
    fn from(problem: ApiProblem) -> Self {
        Self::Problem(problem)
    }
}

/// Understands every error that a route, an extractor or the framework can give.
pub(crate) fn from_error(error: Error) -> Failure {
    let error = match error.downcast::<ApiProblem>() {
        Ok(problem) => return problem.into(),
        Err(error) => error,
    };
    if error.is_from_response() {
        return Failure::Response(error.into_response());
    }
    if let Some(parameter) = error.downcast_ref::<ParseParamError>() {
        // The framework quotes the type before the reason.
        let reason = parameter.reason.split_once("\": ").map_or(parameter.reason.as_str(), |(_, reason)| reason);
        return ApiProblem::invalid(parameter.name, reason).into();
    }
    if error.is::<NotFoundError>() || error.is::<ParsePathError>() {
        return ApiProblem::of("not_found").into();
    }
    if error.is::<MethodNotAllowedError>() {
        return ApiProblem::of("method_not_allowed").into();
    }
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiProblem::of("payload_too_large").into(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ApiProblem::of("unsupported_media_type").into(),
        StatusCode::NOT_FOUND => ApiProblem::of("not_found").into(),
        status if status.is_client_error() => {
            ApiProblem::of("validation_failed").detailed("the request cannot be understood").into()
        }
        _ => {
            tracing::error!(%error, "the framework failed");
            ApiProblem::of("internal").into()
        }
    }
}

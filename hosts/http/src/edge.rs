//! Around every request but webhooks: its id, its span, its deadline, and the headers and problem
//! documents of its answer.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use futures_util::FutureExt;
use hubchat_core::port::Ids;
use poem::{
    Endpoint, Request, Response,
    endpoint::BoxEndpoint,
    http::{HeaderMap, HeaderName, HeaderValue, header},
};
use tracing::{Instrument, field::Empty};

use crate::{
    problem::{self, ApiProblem},
    state::State,
    upload,
};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, put into it for whoever answers it.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// The request's id: the caller's when it is a plain one of at most 128 characters, else a new one.
pub(crate) fn request_id(headers: &HeaderMap, ids: &dyn Ids) -> String {
    let plain = |id: &&str| {
        !id.is_empty() && id.len() <= 128 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    };
    let told = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(plain);
    told.map_or_else(|| ids.next_uuid().to_string(), str::to_owned)
}

/// See the module.
pub(crate) struct Edge {
    state: Arc<State>,
    inner: BoxEndpoint<'static>,
}

impl Edge {
    pub(crate) fn new(state: Arc<State>, inner: BoxEndpoint<'static>) -> Self {
        Self { state, inner }
    }

    /// Answers a request, whatever happens.
    pub(crate) async fn answer(&self, mut request: Request) -> Response {
        let id = request_id(request.headers(), &*self.state.hubchat.ports.ids);
        request.set_data(RequestId(id.clone()));
        let span = tracing::info_span!("request", request.id = %id, tenant.id = Empty, route = Empty);
        self.answer_as(&id, request).instrument(span).await
    }

    async fn answer_as(&self, id: &str, request: Request) -> Response {
        let begun = Instant::now();
        let method = request.method().clone();
        let is_api = request.uri().path().starts_with("/api/");
        let deadline = upload::deadline(&request, &self.state.config);
        let work = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        let result = match tokio::time::timeout(deadline, work).await {
            Ok(Ok(result)) => result.map_err(problem::from_error),
            Ok(Err(_)) => Err(ApiProblem::of("internal").detailed("internal error").into()),
            Err(_) => Err(ApiProblem::of("deadline_exceeded").into()),
        };
        let mut response = match result {
            Ok(response) | Err(problem::Failure::Response(response)) => response,
            Err(problem::Failure::Problem(problem)) => problem.answer(id),
        };
        let status = response.status().as_u16();
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, value);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if is_api {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(%method, status, duration_ms, "request answered");
        response
    }
}

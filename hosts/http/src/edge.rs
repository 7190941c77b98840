//! Around every request but webhooks: its id, its span, its deadline, and the headers and problem
//! documents of its answer.

use std::{net::IpAddr, panic::AssertUnwindSafe, sync::Arc, time::Instant};

use futures_util::FutureExt;
use hubchat_core::port::Ids;
use poem::{
    Endpoint, Request, Response,
    endpoint::BoxEndpoint,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use tracing::{Instrument, field::Empty};

use crate::{
    client_address::{address_key, peer},
    cors,
    hygiene::check_head,
    limits,
    notes::{LimitNote, RequestNotes},
    problem::{self, ApiProblem},
    state::State,
    upload,
};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

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
    pub(crate) async fn answer(&self, request: Request) -> Response {
        let id = request_id(request.headers(), &*self.state.hubchat.ports.ids);
        let span = tracing::info_span!("request", request.id = %id, tenant.id = Empty, route = Empty);
        self.answer_as(&id, request).instrument(span).await
    }

    async fn answer_as(&self, id: &str, mut request: Request) -> Response {
        let begun = Instant::now();
        let (state, method, path) = (&*self.state, request.method().clone(), request.uri().path().to_owned());
        let address = peer(&request).map(|peer| state.config.trusted_proxies.client(peer, request.headers()));
        let page = cors::origin_of(request.headers()).map(str::to_owned);
        let notes = RequestNotes::new(address, id);
        request.set_data(notes.clone());
        let is_question = cors::is_question(&request);
        let result = match self.admit(&request, &notes, address).await {
            Ok(()) if is_question => cors::answer_question(state, &request).await.map_err(Into::into),
            Ok(()) => self.serve(request).await,
            Err(problem) => Err(problem.into()),
        };
        let mut response = match result {
            Ok(response) | Err(problem::Failure::Response(response)) => response,
            Err(problem::Failure::Problem(problem)) => match state.methods.allowed(&path) {
                Some(methods) if problem.is_about_method() => problem.allowing(methods).answer(id),
                _ => problem.answer(id),
            },
        };
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED {
            let (limiter, most) =
                (&*state.hubchat.ports.rate_limiter, state.config.limits.refused_credentials_per_minute);
            state.offenders.note(limiter, &credential_key(address), most).await;
        }
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, value);
        }
        limits::tell(headers, &notes.limits());
        if path.starts_with("/api/") {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            if is_question {
                headers.append(header::VARY, HeaderValue::from_static("Origin"));
            } else {
                cors::tell(state, (&path, page.as_deref()), &notes, headers).await;
            }
        }
        let (duration_ms, status) = (u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX), status.as_u16());
        tracing::debug!(%method, status, duration_ms, "request answered");
        response
    }

    /// What is checked before anything is done for the request.
    async fn admit(&self, request: &Request, notes: &RequestNotes, address: Option<IpAddr>) -> Result<(), ApiProblem> {
        let state = &*self.state;
        check_head(request)?;
        let path = request.uri().path();
        if path.starts_with("/api/") {
            state.offenders.admit(&[credential_key(address)])?;
        }
        if let Some((policy, most)) = limits::limit_of_path(path, &state.config.limits) {
            let limiter = &*state.hubchat.ports.rate_limiter;
            match limits::take(limiter, policy, &address_key(address), most).await {
                Ok(applied) => notes.note_limit(LimitNote::from(applied)),
                Err(refused) => {
                    notes.note_limit(LimitNote::from(refused));
                    return Err(refused.into());
                }
            }
        }
        cors::check_sign_in(state, request).await
    }

    async fn serve(&self, request: Request) -> Result<Response, problem::Failure> {
        let deadline = upload::deadline(&request, &self.state.config);
        let work = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        match tokio::time::timeout(deadline, work).await {
            Ok(Ok(result)) => result.map_err(problem::from_error),
            Ok(Err(_)) => Err(ApiProblem::of("internal").detailed("internal error").into()),
            Err(_) => Err(ApiProblem::of("deadline_exceeded").into()),
        }
    }
}

/// Under which name refused credentials of an address count.
fn credential_key(address: Option<IpAddr>) -> String {
    format!("credential:{}", address_key(address))
}

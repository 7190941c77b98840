//! Which pages may call from a browser (the CORS protocol of <https://fetch.spec.whatwg.org/#http-cors-protocol>).
//!
//! No page of another origin may, until a tenant lists that origin. A browser's question beforehand carries no
//! credential, so it is answered by whether any tenant lists the origin; the request itself is then refused unless
//! the caller's own tenant does. No answer ever names an origin that is not listed, and none says `*`.

use hubchat_core::Actor;
use poem::{
    Request, Response,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
};

use crate::{
    limits::signs_in,
    notes::{Reader, RequestNotes},
    problem::ApiProblem,
    state::State,
};

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PATCH, PUT, DELETE");
const REQUEST_HEADERS: HeaderValue =
    HeaderValue::from_static("Authorization, Content-Type, Idempotency-Key, If-Match, X-Request-Id");
const ANSWER_HEADERS: HeaderValue =
    HeaderValue::from_static("ETag, Idempotency-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id");
/// For so many seconds a browser need not ask again; browsers hold it to two hours or less.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// The page's origin, when a browser tells one.
pub(crate) fn origin_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("null"))
}

/// Whether the page comes from this hubchat itself.
pub(crate) fn is_own(origin: &str, headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let of_host = origin.split_once("://").is_some_and(|(scheme, rest)| {
        matches!(scheme, "http" | "https") && !host.is_empty() && rest.eq_ignore_ascii_case(host)
    });
    let of_public = public_url.is_some_and(|url| {
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        let authority = rest.split('/').next().unwrap_or_default();
        !authority.is_empty() && origin.split_once("://") == Some((scheme, authority))
    });
    of_host || of_public
}

/// Whether the request is a browser's question before a request of another origin's page.
pub(crate) fn is_question(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.uri().path().starts_with("/api/")
        && request.headers().contains_key(header::ORIGIN)
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Answers such a question.
pub(crate) async fn answer_question(state: &State, request: &Request) -> Result<Response, ApiProblem> {
    let origin = origin_of(request.headers()).unwrap_or("null");
    let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
    if state.hubchat.origins.is_listed(origin).await? {
        let headers = response.headers_mut();
        allow(headers, origin, signs_in(request.uri().path()));
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    }
    Ok(response)
}

/// Refuses a request that signs in, and so may carry a cookie, from a page that nobody lists.
pub(crate) async fn check_sign_in(state: &State, request: &Request) -> Result<(), ApiProblem> {
    let headers = request.headers();
    let Some(origin) = origin_of(headers).filter(|_| signs_in(request.uri().path())) else { return Ok(()) };
    if is_own(origin, headers, state.config.public_url.as_deref()) || state.hubchat.origins.is_listed(origin).await? {
        return Ok(());
    }
    Err(ApiProblem::of("origin_not_allowed"))
}

/// Refuses a page that the caller's tenant does not list, and notes who may read the answer.
pub(crate) async fn check_caller(
    state: &State,
    request: &Request,
    actor: &Actor,
    notes: &RequestNotes,
) -> Result<(), ApiProblem> {
    let Some(origin) = origin_of(request.headers()) else { return Ok(()) };
    if is_own(origin, request.headers(), state.config.public_url.as_deref()) {
        return Ok(());
    }
    if state.hubchat.origins.is_listed_by(actor.tenant_id(), origin).await? {
        notes.note_reader(Reader::Allowed);
        return Ok(());
    }
    notes.note_reader(Reader::Refused);
    Err(ApiProblem::of("origin_not_allowed"))
}

/// Says on the answer of an API route who may read it.
pub(crate) async fn tell(
    state: &State,
    (path, origin): (&str, Option<&str>),
    notes: &RequestNotes,
    headers: &mut HeaderMap,
) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin else { return };
    let may_read = match notes.reader() {
        Reader::Allowed => true,
        Reader::Refused => false,
        // Without a caller there is nothing of a tenant in the answer: a page must be able to read that it has
        // to log in again.
        Reader::Unknown => state.hubchat.origins.is_listed(origin).await.unwrap_or(false),
    };
    if may_read {
        allow(headers, origin, signs_in(path));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
    }
}

fn allow(headers: &mut HeaderMap, origin: &str, with_cookies: bool) {
    if let Ok(origin) = HeaderValue::from_str(origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    if with_cookies {
        const CREDENTIALS: HeaderName = header::ACCESS_CONTROL_ALLOW_CREDENTIALS;
        headers.insert(CREDENTIALS, HeaderValue::from_static("true"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_origin_is_that_of_the_host_or_of_the_public_address() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("chat.example:8080"));
        let own = |origin: &str| is_own(origin, &headers, Some("https://public.example/"));
        assert!(own("http://chat.example:8080") && own("https://chat.example:8080"));
        assert!(own("https://public.example"));
        for other in [
            "null",
            "",
            "https:",
            "https://",
            "https://chat.example",
            "https://public.example.evil.example",
            "https://public.exampl",
        ] {
            assert!(!own(other), "{other}");
        }
        assert!(!is_own("https://", &HeaderMap::new(), None));
    }
}

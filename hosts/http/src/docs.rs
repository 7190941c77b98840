//! The pages about this API: the reference at `/docs`, the OpenAPI document, the problem pages.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use poem::{
    Response, Result, handler,
    http::header,
    web::{Data, Path},
};
use secrecy::ExposeSecret;

use crate::{
    openapi::{self, events_schema, openapi_document},
    problem::{self, ApiProblem},
    state::State,
};

/// The page carries its two scripts inside, each with this answer's nonce; nothing is fetched from elsewhere. Its
/// styles are made by the script, which no nonce can reach.
fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src 'self' data:; \
         font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The reference for people. Made when asked for: it weighs three megabytes.
#[handler]
pub(crate) fn page(Data(state): Data<&Arc<State>>) -> Response {
    let nonce = STANDARD.encode(state.hubchat.ports.randomness.secret_bytes(16).expose_secret());
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, page_policy(&nonce))
        .body(openapi::reference_page(&nonce))
}

/// The reference for programs.
#[handler]
pub(crate) fn document() -> Response {
    Response::builder().header(header::CONTENT_TYPE, "application/json").body(openapi_document())
}

/// What events and frames are like, for programs.
#[handler]
pub(crate) fn events() -> Response {
    Response::builder().header(header::CONTENT_TYPE, "application/schema+json").body(events_schema())
}

/// What a problem code means and what to do.
#[handler]
pub(crate) fn problem_page(Path(code): Path<String>) -> Result<Response> {
    let kind = problem::kind(&code).ok_or_else(|| ApiProblem::of("not_found"))?;
    Ok(Response::builder().header(header::CONTENT_TYPE, "text/markdown; charset=utf-8").body(kind.page))
}

//! The pages about this API: the reference at `/docs`, the OpenAPI document, the problem pages.

use poem::{Response, Result, handler, http::header, web::Path};

use crate::{
    openapi::{self, openapi_document},
    problem::{self, ApiProblem},
};

/// The page carries its script inside; nothing is fetched from elsewhere.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
    img-src 'self' data:; font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The reference for people. Made when asked for: it weighs three megabytes.
#[handler]
pub(crate) fn page() -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, PAGE_POLICY)
        .body(openapi::reference_page())
}

/// The reference for programs.
#[handler]
pub(crate) fn document() -> Response {
    Response::builder().header(header::CONTENT_TYPE, "application/json").body(openapi_document())
}

/// What a problem code means and what to do.
#[handler]
pub(crate) fn problem_page(Path(code): Path<String>) -> Result<Response> {
    let kind = problem::kind(&code).ok_or_else(|| ApiProblem::of("not_found"))?;
    Ok(Response::builder().header(header::CONTENT_TYPE, "text/markdown; charset=utf-8").body(kind.page))
}

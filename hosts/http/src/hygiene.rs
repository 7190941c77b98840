//! What holds for every request and every answer, whatever the route: sizes of the head, and security headers.

use poem::{
    Request, Response,
    http::{HeaderName, HeaderValue, header},
};

use crate::problem::ApiProblem;

/// The longest path with its query, in bytes.
const MOST_URI: usize = 8 * 1024;
/// The most header fields.
const MOST_HEADERS: usize = 64;
/// The most bytes of all header fields together.
const MOST_HEADER_BYTES: usize = 32 * 1024;

/// Refuses a request whose head is larger than any that has a meaning here.
pub(crate) fn check_head(request: &Request) -> Result<(), ApiProblem> {
    let uri = request.uri().path_and_query().map_or(0, |told| told.as_str().len());
    if uri > MOST_URI {
        return Err(ApiProblem::of("uri_too_long"));
    }
    let headers = request.headers();
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers.len() > MOST_HEADERS || bytes > MOST_HEADER_BYTES {
        return Err(ApiProblem::of("headers_too_large"));
    }
    Ok(())
}

/// Nothing may be loaded by an answer that is no page, and nobody may frame it.
const NO_PAGE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Sets the headers that keep a browser from making more of an answer than it is
/// (<https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html>). A policy that the route set
/// itself stays.
pub(crate) fn harden(response: &mut Response, path: &str, over_tls: bool) {
    let headers = response.headers_mut();
    let mut unless_set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    unless_set(header::CONTENT_SECURITY_POLICY, NO_PAGE);
    unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_set(header::REFERRER_POLICY, "no-referrer");
    unless_set(COOP, "same-origin");
    // Pages of tenants show files of messages; whoever has no link has no file.
    unless_set(CORP, if path.starts_with("/media/") { "cross-origin" } else { "same-origin" });
    unless_set(PERMISSIONS, "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()");
    if over_tls {
        // A year, as https://hstspreload.org asks at least.
        unless_set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

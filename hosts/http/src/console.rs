//! The agent console: the built files of hosts/console, as part of this program.
//!
//! What is not built is not there: a checkout without Node compiles, and its pages say how the console is built.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use poem::{
    Request, Response, Result, handler,
    http::{HeaderMap, Method, StatusCode, header},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::ApiProblem;

/// In a build for development the files are read from the folder whenever they are asked for.
#[derive(RustEmbed)]
#[folder = "../console/dist"]
#[allow_missing = true]
struct Files;

/// Where something else lives: a page of the console never stands there.
const OTHERS: [&str; 9] =
    ["api", "media", "webhooks", "problems", "health", "ready", "metrics", "docs", "openapi.json"];

/// What the pages may load: their own files, and pictures and films of customers from wherever channels keep them.
/// <https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy>
const POLICY: &str = "default-src 'self'; img-src 'self' https: data: blob:; media-src 'self' https: blob:; \
    connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const NOT_BUILT: &str = "This hubchat was built without its console.\n\n\
    `make console` builds it (Node 20 or newer); build hubchat again afterwards.\n\
    The API works as it is: its reference is at /docs.\n";

/// A file of the console, or the page that shows whatever the address names.
#[handler]
pub(crate) fn open(request: &Request) -> Result<Response> {
    let path = request.uri().path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // Hidden files are notes of the build.
    if !reads || OTHERS.contains(&first) || first.starts_with('.') {
        return Err(ApiProblem::of("not_found").into());
    }
    if let Some(file) = Files::get(path) {
        return Ok(answer(path, file, request.headers()));
    }
    // A file that is gone must not become a page: the old page that asked would take it for a script.
    let asks_for_page = first != "assets" && wants_html(request.headers());
    if !asks_for_page {
        return Err(ApiProblem::of("not_found").into());
    }
    Ok(match Files::get("index.html") {
        Some(page) => answer("index.html", page, request.headers()),
        None => Response::builder()
            .status(StatusCode::NOT_FOUND)
            .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
            .body(NOT_BUILT),
    })
}

/// Whether a person's browser asks for something to look at.
fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

fn answer(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash()));
    // The names of built files hold their content's hash: what has the name never changes.
    let lifetime = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let response = Response::builder()
        .header(header::CACHE_CONTROL, lifetime)
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::VARY, "Accept-Encoding")
        .header(header::ETAG, &tag);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|known| known.trim() == tag)) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    let response = response.header(header::CONTENT_TYPE, content_type(path));
    // The build writes each file a second time, compressed.
    match Files::get(&format!("{path}.gz")).filter(|_| takes_gzip(headers)) {
        Some(packed) => response.header(header::CONTENT_ENCODING, "gzip").body(owned(packed.data)),
        None => response.body(owned(file.data)),
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

fn owned(bytes: Cow<'static, [u8]>) -> bytes::Bytes {
    match bytes {
        Cow::Borrowed(bytes) => bytes::Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(encoding: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, encoding.parse().expect("a value"));
        headers
    }

    #[test]
    fn what_is_packed_goes_to_those_who_can_unpack_it() {
        for (encoding, packed) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("br", false),
            ("gzip;q=0", false),
            ("", false),
            ("xgzip", false),
        ] {
            assert_eq!(takes_gzip(&headers(encoding)), packed, "{encoding}");
        }
    }

    #[test]
    fn a_browser_is_told_what_a_file_is() {
        assert_eq!(content_type("assets/main-abc.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("assets/x"), "application/octet-stream");
    }
}

//! Who is at the other end of a request: address, program, request id, and the pages of our own.

use hubchat_core::Client;
use poem::{
    FromRequest, Request, RequestBody, Result,
    http::{HeaderMap, HeaderName, header, uri::Authority},
};
use secrecy::SecretString;

use crate::{HttpConfig, cookie, notes::RequestNotes, problem::ApiProblem, state::state_of};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

fn client(request: &Request) -> Client {
    let origin = RequestNotes::of(request).map(RequestNotes::origin).unwrap_or_default();
    let user_agent = request.header(header::USER_AGENT).map(str::to_owned);
    Client { address: origin.address, user_agent, request_id: origin.request_id }
}

/// Somebody who is not known yet.
pub(crate) struct Visitor(pub(crate) Client);

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> Result<Self> {
        Ok(Self(client(request)))
    }
}

/// A request that sets or uses the refresh cookie. Browsers send cookies whoever made them send a request, so it
/// must come from a page of our own; what is no browser says nothing of pages, and is let through.
pub(crate) struct OwnPage {
    /// Who asks.
    pub(crate) client: Client,
    /// The refresh token of the cookie.
    pub(crate) refresh_token: Option<SecretString>,
}

impl<'a> FromRequest<'a> for OwnPage {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> Result<Self> {
        let config = &state_of(request)?.config;
        if !is_own_page(request.headers(), request.uri().authority().map(Authority::as_str), config) {
            return Err(ApiProblem::of("cross_site").into());
        }
        Ok(Self { client: client(request), refresh_token: cookie::refresh_token(request.headers()) })
    }
}

/// Whether a browser says that the request comes from our own pages (<https://www.w3.org/TR/fetch-metadata/>,
/// <https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html>).
fn is_own_page(headers: &HeaderMap, authority: Option<&str>, config: &HttpConfig) -> bool {
    let Ok(origin) = only(headers, &header::ORIGIN) else { return false };
    let Ok(site) = only(headers, &FETCH_SITE) else { return false };
    let configured = |origin: &str| {
        config.console_origins.iter().any(|known| known == origin)
            || config.public_url.as_deref().is_some_and(|url| url.trim_end_matches('/') == origin)
    };
    if origin.is_some_and(configured) {
        return true;
    }
    let host = only(headers, &header::HOST).ok().flatten().or(authority);
    let named = origin.is_none_or(|origin| {
        let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        rest.is_some() && rest == host
    });
    named && site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// The one value of a header; an error when there are several, or it is no text.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, ()> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    match (value.to_str(), values.next()) {
        (Ok(value), None) => Ok(Some(value)),
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(headers: &[(&'static str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers.iter().chain(&[("host", "hub.example:8080")]) {
            map.append(HeaderName::from_static(name), value.parse().expect("a value"));
        }
        let config = HttpConfig {
            console_origins: vec!["https://app.example".to_owned()],
            public_url: Some("https://chat.example/".to_owned()),
            ..HttpConfig::default()
        };
        is_own_page(&map, None, &config)
    }

    #[test]
    fn our_own_pages_and_programs_are_let_through() {
        for headers in [
            &[][..],
            &[("origin", "http://hub.example:8080")],
            &[("origin", "https://hub.example:8080"), ("sec-fetch-site", "same-origin")],
            &[("origin", "https://app.example"), ("sec-fetch-site", "cross-site")],
            &[("origin", "https://chat.example")],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
        ] {
            assert!(own(headers), "{headers:?}");
        }
    }

    #[test]
    fn other_pages_are_not() {
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", "hub.example:8080")],
            &[("origin", "http://hub.example")],
            &[("origin", "http://hub.example:8080.evil.example")],
            &[("origin", "https://app.example.evil.example")],
            &[("origin", "https://chat.example/")],
            &[("origin", "http://hub.example:8080"), ("sec-fetch-site", "cross-site")],
            &[("origin", "http://hub.example:8080"), ("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("origin", "https://app.example"), ("origin", "https://evil.example")],
        ] {
            assert!(!own(headers), "{headers:?}");
        }
    }
}

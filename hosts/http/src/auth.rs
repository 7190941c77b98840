//! Who calls: the bearer of an API key, and nobody else.

use std::net::IpAddr;

use hubchat_core::{Actor, Origin};
use poem::{PathPattern, Request, RequestBody, Result, http::HeaderMap, http::header::AUTHORIZATION};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaSecurityScheme, Registry},
};
use secrecy::SecretString;

use crate::{edge::RequestId, problem::ApiProblem, state::state_of};

const SCHEME: &str = "apiKey";

/// The actor whose key came with the request. The tenant is the key's: no header can choose another.
pub(crate) struct Caller(pub(crate) Actor);

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(
            SCHEME,
            MetaSecurityScheme {
                ty: "http",
                description: Some("An API key, sent as `Authorization: Bearer hck_...`."),
                name: None,
                key_in: None,
                scheme: Some("bearer"),
                bearer_format: Some("hck_<prefix>_<secret>"),
                flows: None,
                openid_connect_url: None,
            },
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let key = bearer(request.headers()).ok_or_else(|| ApiProblem::of("unauthenticated"))?;
        let state = state_of(request)?;
        let actor = state.hubchat.authenticate.run(&key).await.map_err(ApiProblem::from)?;
        let span = tracing::Span::current();
        span.record("tenant.id", tracing::field::display(actor.tenant_id()));
        if let Some(pattern) = request.data::<PathPattern>() {
            span.record("route", &*pattern.0);
        }
        Ok(Self(actor.from_origin(origin(request))))
    }
}

/// From where a request comes, for the audit log.
fn origin(request: &Request) -> Origin {
    let request_id = request.data::<RequestId>().map(|id| id.0.clone());
    Origin { address: client_address(request), request_id }
}

/// The address at the other end of the connection; none of a request that came by no connection.
pub(crate) fn client_address(request: &Request) -> Option<IpAddr> {
    request.remote_addr().as_socket_addr().map(|address| address.ip().to_canonical())
}

/// The token of the one `Authorization: Bearer` header.
fn bearer(headers: &HeaderMap) -> Option<SecretString> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (values.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then(|| SecretString::from(token.trim()))
}

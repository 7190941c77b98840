//! Who calls: the bearer of an API key or of an access token, and nobody else.

use hubchat_core::Actor;
use poem::{PathPattern, Request, RequestBody, Result, http::HeaderMap, http::header::AUTHORIZATION};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaSecurityScheme, Registry},
};
use secrecy::{ExposeSecret, SecretString};

use crate::{client::origin, problem::ApiProblem, state::state_of};

const API_KEY: &str = "apiKey";
const ACCESS_TOKEN: &str = "accessToken";
/// What every API key begins with, and no access token does.
const KEY_MARK: &str = "hck_";

/// The actor whose credential came with the request. The tenant is the credential's: no header can choose another.
pub(crate) struct Caller(pub(crate) Actor);

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        for (scheme, description, format) in [
            (API_KEY, "An API key, sent as `Authorization: Bearer hck_...`.", "hck_<prefix>_<secret>"),
            (ACCESS_TOKEN, "The access token of a log-in, sent as `Authorization: Bearer ...`.", "JWT"),
        ] {
            registry.create_security_scheme(
                scheme,
                MetaSecurityScheme {
                    ty: "http",
                    description: Some(description),
                    name: None,
                    key_in: None,
                    scheme: Some("bearer"),
                    bearer_format: Some(format),
                    flows: None,
                    openid_connect_url: None,
                },
            );
        }
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![API_KEY, ACCESS_TOKEN]
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let credential = bearer(request.headers()).ok_or_else(|| ApiProblem::of("unauthenticated"))?;
        let hubchat = &state_of(request)?.hubchat;
        let actor = if credential.expose_secret().starts_with(KEY_MARK) {
            hubchat.authenticate.run(&credential).await
        } else {
            hubchat.authenticate_member.run(&credential).await
        };
        let actor = actor.map_err(ApiProblem::from)?;
        let span = tracing::Span::current();
        span.record("tenant.id", tracing::field::display(actor.tenant_id()));
        if let Some(pattern) = request.data::<PathPattern>() {
            span.record("route", &*pattern.0);
        }
        Ok(Self(actor.from_origin(origin(request))))
    }
}

/// The token of the one `Authorization: Bearer` header.
fn bearer(headers: &HeaderMap) -> Option<SecretString> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (values.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then(|| SecretString::from(token.trim()))
}

//! Who calls: the bearer of an API key or of an access token, and nobody else.

use hubchat_core::{Actor, CallerLimitError};
use poem::{PathPattern, Request, RequestBody, Result, http::HeaderMap, http::header::AUTHORIZATION};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaSecurityScheme, Registry},
};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    cors,
    notes::{LimitNote, RequestNotes},
    problem::ApiProblem,
    state::{State, state_of},
};

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
        let state = state_of(request)?;
        let hubchat = &state.hubchat;
        let actor = if credential.expose_secret().starts_with(KEY_MARK) {
            hubchat.authenticate.run(&credential).await
        } else {
            hubchat.authenticate_member.run(&credential).await
        };
        let notes = RequestNotes::of(request)?;
        let actor = actor.map_err(ApiProblem::from)?.from_origin(notes.origin());
        admit(state, request, &actor, notes).await?;
        let span = tracing::Span::current();
        span.record("tenant.id", tracing::field::display(actor.tenant_id()));
        if let Some(pattern) = request.data::<PathPattern>() {
            span.record("route", &*pattern.0);
        }
        Ok(Self(actor))
    }
}

/// Lets a caller in whose credential was checked: their page must be one that their tenant allows, and they must
/// not have asked too often.
pub(crate) async fn admit(
    state: &State,
    request: &Request,
    actor: &Actor,
    notes: &RequestNotes,
) -> Result<(), ApiProblem> {
    cors::check_caller(state, request, actor, notes).await?;
    match state.hubchat.limits.take_request(actor).await {
        Ok(applied) => {
            applied.into_iter().map(LimitNote::from).for_each(|limit| notes.note_limit(limit));
            Ok(())
        }
        Err(error) => {
            if let CallerLimitError::Limited(limited) = &error {
                notes.note_limit(LimitNote::from(*limited));
            }
            Err(error.into())
        }
    }
}

/// The token of the one `Authorization: Bearer` header.
fn bearer(headers: &HeaderMap) -> Option<SecretString> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (values.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then(|| SecretString::from(token.trim()))
}

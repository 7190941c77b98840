//! Who calls: the bearer of an API key, and nobody else.

use hubchat_core::{Actor, CallerLimitError};
use poem::{PathPattern, Request, RequestBody, Result, http::HeaderMap, http::header::AUTHORIZATION};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaSecurityScheme, Registry},
};
use secrecy::SecretString;

use crate::{
    cors,
    notes::{LimitNote, RequestNotes},
    problem::ApiProblem,
    state::{State, state_of},
};

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
        let notes = RequestNotes::of(request)?;
        let actor = actor.from_origin(notes.origin());
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

//! JSON bodies of the API: read within limits, and refused with the name of the field at fault.
//!
//! The schema comes from the type's `Object` derive; the parsing is serde's, which knows where it was.

use bytes::Bytes;
use poem::{Request, RequestBody, Result};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, Registry},
    types::Type,
};
use serde::de::DeserializeOwned;

use crate::{body::read_body, problem::ApiProblem, state::state_of};

/// A JSON body that must be there and must be a `T`.
pub(crate) struct JsonBody<T>(pub(crate) T);

/// A JSON body that may be left out altogether.
pub(crate) struct OptionalJsonBody<T>(pub(crate) T);

impl<'a, T: Type + DeserializeOwned> ApiExtractor<'a> for JsonBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(meta::<T>(true))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        if !is_json(request) {
            return Err(ApiProblem::of("unsupported_media_type").into());
        }
        Ok(Self(parse(&read(request, body).await?)?))
    }
}

impl<'a, T: Type + DeserializeOwned + Default> ApiExtractor<'a> for OptionalJsonBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(meta::<T>(false))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let bytes = read(request, body).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        if !is_json(request) {
            return Err(ApiProblem::of("unsupported_media_type").into());
        }
        Ok(Self(parse(&bytes)?))
    }
}

fn meta<T: Type>(required: bool) -> MetaRequest {
    let content = MetaMediaType { content_type: "application/json", schema: T::schema_ref() };
    MetaRequest { description: None, content: vec![content], required }
}

async fn read(request: &Request, body: &mut RequestBody) -> Result<Bytes> {
    let config = &state_of(request)?.config;
    Ok(read_body(request.headers(), body.take()?, config.api_body_limit, config.body_deadline).await?)
}

fn is_json(request: &Request) -> bool {
    let essence = request.content_type().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiProblem> {
    // serde would take an array of the values for the object.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(ApiProblem::invalid("body", "must be an object"));
    }
    if depth(bytes) > MOST_DEPTH {
        return Err(ApiProblem::of("not_json").detailed(format!("the body is nested more than {MOST_DEPTH} deep")));
    }
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut source).map_err(|error| {
        let path = error.path().to_string();
        refused(&path, error.inner())
    })?;
    source.end().map_err(|_| ApiProblem::of("not_json"))?;
    Ok(value)
}

/// No request has a meaning that is nested deeper.
const MOST_DEPTH: usize = 32;

/// How deep arrays and objects stand in each other.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut most, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                most = most.max(depth);
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// What serde says, without the values that it quotes: a value may be a secret.
fn refused(path: &str, error: &serde_json::Error) -> ApiProblem {
    if !error.is_data() {
        return ApiProblem::of("not_json");
    }
    let text = error.to_string();
    let quoted = || text.split('`').nth(1).unwrap_or_default();
    if text.starts_with("missing field") {
        let field = if path == "." { quoted().to_owned() } else { format!("{path}.{}", quoted()) };
        return ApiProblem::invalid(&field, "is missing");
    }
    if text.starts_with("unknown field") {
        let field = if path.rsplit('.').next() == Some(quoted()) || path == "." {
            if path == "." { quoted().to_owned() } else { path.to_owned() }
        } else {
            format!("{path}.{}", quoted())
        };
        return ApiProblem::invalid(&field, "is not a field of this request");
    }
    let expected = text.rsplit_once(", expected ").map(|(_, expected)| expected);
    let expected = expected.and_then(|expected| expected.rsplit_once(" at line ").map(|(expected, _)| expected));
    let field = if path == "." { "body" } else { path };
    expected.map_or_else(
        || ApiProblem::invalid(field, "has a value that it cannot have"),
        |expected| ApiProblem::invalid(field, &format!("must be {expected}")),
    )
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its parsing is of interest")]
        first_name: String,
        #[expect(dead_code, reason = "only its parsing is of interest")]
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its parsing is of interest")]
        count: u32,
    }

    fn refusal(text: &str) -> (&'static str, Option<String>, String) {
        let problem = parse::<Sample>(text.as_bytes()).expect_err("a bad body");
        (problem.code(), problem.field().map(str::to_owned), problem.to_string())
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let field = |text: &str| refusal(text).1.expect("a field");
        assert_eq!(field("{}"), "firstName");
        assert_eq!(field(r#"{"firstName": 1}"#), "firstName");
        assert_eq!(field(r#"{"firstName": null}"#), "firstName");
        assert_eq!(field(r#"{"firstName": "a", "surname": "b"}"#), "surname");
        assert_eq!(field(r#"{"firstName": "a", "inner": {}}"#), "inner.count");
        assert_eq!(field(r#"{"firstName": "a", "inner": {"count": -1}}"#), "inner.count");
        assert_eq!(field(r#"{"firstName": "a", "inner": {"count": 1, "more": 2}}"#), "inner.more");
        assert_eq!(field(r#"["a"]"#), "body");
        assert_eq!(field("7"), "body");
    }

    #[test]
    fn what_is_no_json_is_told_apart_from_what_is_no_such_request() {
        for text in ["", "{", "{]", "nope", "{} trailing", r#"{"firstName": "a"} x"#, "\u{feff}{}"] {
            let code = refusal(text).0;
            assert!(code == "not_json" || text == "{} trailing", "{text}: {code}");
        }
        assert_eq!(refusal("{}").0, "validation_failed");
    }

    #[test]
    fn what_is_nested_too_deeply_is_not_read() {
        let nested = |deep: usize| format!("{}{}", "[".repeat(deep), "]".repeat(deep));
        let within = |deep| format!(r#"{{"firstName": "[[[[\"[[[", "inner": {}}}"#, nested(deep));
        assert_eq!(depth(within(31).as_bytes()), 32);
        assert_eq!(refusal(&within(31)).0, "validation_failed");
        assert_eq!(refusal(&within(32)).0, "not_json");
        assert_eq!(refusal(&format!(r#"{{"a": {}"#, "[".repeat(100_000))).0, "not_json");
    }

    #[test]
    fn a_value_is_never_quoted() {
        let (_, _, text) = refusal(r#"{"firstName": "a", "inner": "canary-secret"}"#);
        assert!(!text.contains("canary-secret"), "{text}");
    }
}

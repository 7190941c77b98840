//! The `Idempotency-Key` header of requests that create.

use poem::{Request, RequestBody, Result};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaParamIn, MetaSchema, MetaSchemaRef},
};

use crate::problem::ApiProblem;

/// The header's name.
pub(crate) const HEADER: &str = "Idempotency-Key";

/// The header that says that an answer repeats an earlier one.
pub(crate) const REPLAYED: &str = "Idempotency-Replayed";

/// The caller's key, when one was given: 1 to 255 visible ASCII characters.
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl<'a> ApiExtractor<'a> for IdempotencyKey {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(MetaSchemaRef::Inline(Box::new(MetaSchema {
            min_length: Some(1),
            max_length: Some(255),
            ..MetaSchema::new("string")
        })))
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let mut values = request.headers().get_all(HEADER).iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        let visible = |byte: &u8| byte.is_ascii_graphic();
        match value.to_str() {
            Ok(key)
                if values.next().is_none() && (1..=255).contains(&key.len()) && key.as_bytes().iter().all(visible) =>
            {
                Ok(Self(Some(key.to_owned())))
            }
            _ => Err(ApiProblem::invalid(HEADER, "a key is 1 to 255 visible ASCII characters, given once").into()),
        }
    }
}

//! Single values: moments, ids in paths, page sizes, secrets.

use std::{borrow::Cow, collections::BTreeMap};

use hubchat_core::domain::Timestamp;
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type},
};
use secrecy::SecretString;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, Unexpected},
};
use serde_json::Value;
use uuid::Uuid;

macro_rules! scalar {
    ($name:ident, $title:literal, $schema:expr) => {
        impl Type for $name {
            const IS_REQUIRED: bool = true;

            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $title.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                MetaSchemaRef::Inline(Box::new($schema))
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }
    };
}

/// A moment, as RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) Timestamp);

scalar!(Moment, "moment", MetaSchema::new_with_format("string", "date-time"));

impl ToJSON for Moment {
    fn to_json(&self) -> Option<Value> {
        Some(Value::from(self.0.to_string()))
    }
}

impl ParseFromJSON for Moment {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let text = value.as_ref().and_then(Value::as_str).unwrap_or_default();
        Timestamp::parse_rfc3339(text).map(Self).map_err(ParseError::custom)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let refused = |_| D::Error::invalid_value(Unexpected::Other("another text"), &"a moment as RFC 3339");
        Timestamp::parse_rfc3339(&text).map(Self).map_err(refused)
    }
}

impl ParseFromParameter for Moment {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Timestamp::parse_rfc3339(value).map(Self).map_err(ParseError::custom)
    }
}

impl From<Timestamp> for Moment {
    fn from(moment: Timestamp) -> Self {
        Self(moment)
    }
}

/// An id in a path. What is no UUID names nothing: the route answers as for an id that nobody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PathId(Option<Uuid>);

scalar!(PathId, "id", MetaSchema::new_with_format("string", "uuid"));

impl PathId {
    /// The id, else the problem `missing`.
    pub(crate) fn or<Id: From<Uuid>>(self, missing: &str) -> Result<Id, crate::problem::ApiProblem> {
        self.0.map(Id::from).ok_or_else(|| crate::problem::ApiProblem::of(missing))
    }
}

impl ParseFromParameter for PathId {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        // Only the hyphenated form: an id has one spelling.
        Ok(Self((value.len() == 36).then(|| Uuid::parse_str(value).ok()).flatten()))
    }
}

/// How many rows a page has at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit(pub(crate) u32);

scalar!(
    Limit,
    "limit",
    MetaSchema {
        minimum: Some(1.0),
        maximum: Some(200.0),
        default: Some(Value::from(50)),
        ..MetaSchema::new_with_format("integer", "int32")
    }
);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl ParseFromParameter for Limit {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        match value.parse() {
            Ok(limit @ 1..=200) => Ok(Self(limit)),
            _ => Err(ParseError::custom("must be a number from 1 to 200")),
        }
    }
}

/// Secrets by the names that the channel's adapter has for them.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Credentials(pub(crate) BTreeMap<String, SecretString>);

scalar!(
    Credentials,
    "credentials",
    MetaSchema {
        additional_properties: Some(Box::new(MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format(
            "string", "password"
        ))))),
        write_only: true,
        ..MetaSchema::new("object")
    }
);

impl ParseFromJSON for Credentials {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        serde_json::from_value(value.unwrap_or_default()).map_err(|_| ParseError::custom("must be an object of texts"))
    }
}

/// A secret that a person types or carries. It is taken, and never shown.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct SecretText(pub(crate) SecretString);

scalar!(SecretText, "secret", MetaSchema { write_only: true, ..MetaSchema::new_with_format("string", "password") });

impl ParseFromJSON for SecretText {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        serde_json::from_value(value.unwrap_or_default()).map_err(|_| ParseError::custom("must be a text"))
    }
}

//! The values that a setting takes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{TenantName, WebOrigin};

/// The values that a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// Web origins, each once.
    Origins {
        /// At most so many.
        most: usize,
    },
    /// A whole number within these, both included.
    Number {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
        /// Whether `null` is taken too.
        or_null: bool,
    },
    /// A text that is not blank.
    Text {
        /// At most so many characters.
        most_chars: usize,
        /// Whether `null` is taken too.
        or_null: bool,
    },
    /// What people read as the name of the tenant. It has no default: a tenant is created with one.
    Name,
    /// One of these names.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Truth,
}

impl SettingKind {
    /// Whether a setting that was never set has a value all the same.
    #[must_use]
    pub const fn has_default(self) -> bool {
        !matches!(self, Self::Name)
    }

    /// Fails with what would be right. The reason quotes no value.
    pub(super) fn check(self, value: &Value) -> Result<(), String> {
        let good = match (self, value) {
            (Self::Number { or_null, .. } | Self::Text { or_null, .. }, Value::Null) => or_null,
            (Self::Origins { most }, Value::Array(items)) => {
                let origins: Option<BTreeSet<&str>> =
                    items.iter().map(|item| item.as_str().filter(|text| WebOrigin::parse(text).is_ok())).collect();
                items.len() <= most && origins.is_some_and(|origins| origins.len() == items.len())
            }
            (Self::Number { least, most, .. }, Value::Number(number)) => {
                number.as_u64().is_some_and(|number| (least..=most).contains(&number))
            }
            (Self::Text { most_chars, .. }, Value::String(text)) => {
                !text.trim().is_empty() && text.chars().count() <= most_chars && !text.contains('\0')
            }
            (Self::Name, Value::String(text)) => TenantName::parse(text).is_ok(),
            (Self::Choice(names), Value::String(name)) => names.contains(&name.as_str()),
            (Self::Truth, Value::Bool(_)) => true,
            _ => false,
        };
        if good { Ok(()) } else { Err(self.in_words()) }
    }

    /// What is taken, in words.
    #[must_use]
    pub fn in_words(self) -> String {
        let or = |or_null: bool| if or_null { ", or null" } else { "" };
        match self {
            Self::Origins { most } => format!(
                "a list of at most {most} origins, each once: https://host or https://host:port in lower case, without \
                 a path; http only for localhost"
            ),
            Self::Number { least, most, or_null } => format!("a whole number from {least} to {most}{}", or(or_null)),
            Self::Text { most_chars, or_null } => {
                format!("a text of 1 to {most_chars} characters that is not blank{}", or(or_null))
            }
            Self::Name => format!("a text of 1 to {} characters that is not blank", TenantName::MAX_CHARS),
            Self::Choice(names) => format!("one of {}", names.join(", ")),
            Self::Truth => "true or false".to_owned(),
        }
    }

    /// What is taken, as a JSON Schema (draft 2020-12).
    #[must_use]
    pub fn schema(self) -> Value {
        let kind = |name: &str, or_null: bool| if or_null { json!([name, "null"]) } else { json!(name) };
        match self {
            Self::Origins { most } => json!({
                "type": "array", "maxItems": most, "uniqueItems": true, "items": {"type": "string", "maxLength": 267},
            }),
            Self::Number { least, most, or_null } => {
                json!({"type": kind("integer", or_null), "minimum": least, "maximum": most})
            }
            Self::Text { most_chars, or_null } => {
                json!({"type": kind("string", or_null), "minLength": 1, "maxLength": most_chars})
            }
            Self::Name => json!({"type": "string", "minLength": 1, "maxLength": TenantName::MAX_CHARS}),
            Self::Choice(names) => json!({"type": "string", "enum": names}),
            Self::Truth => json!({"type": "boolean"}),
        }
    }
}

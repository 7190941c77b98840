//! Enums by their stable names, in JSON, in parameters and in the OpenAPI document.

use std::borrow::Cow;

use hubchat_core::domain::{
    AccountStatus, ActivityKind, AuditAction, ChannelType, ConversationStatus, DeliveryStatus, Direction, LeadStatus,
    MediaStatus, MemberRole, MemberStatus, MessageKind, Permission, Scope, SendMode, SendRefusal, SubjectKind,
    ThreadKind,
};
use hubchat_core::port::ConversationOrder;
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef, Registry},
    types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

/// An enum whose values have stable names.
pub(crate) trait Names: Copy + Send + Sync + 'static {
    /// The name of the enum in the OpenAPI document.
    const TITLE: &'static str;
    /// Every value.
    const VALUES: &'static [Self];

    /// The name of a value.
    fn name_of(self) -> &'static str;
}

macro_rules! names {
    ($($enum:ident),+ $(,)?) => {$(
        impl Names for $enum {
            const TITLE: &'static str = stringify!($enum);
            const VALUES: &'static [Self] = Self::ALL;

            fn name_of(self) -> &'static str {
                self.as_str()
            }
        }
    )+};
}

names!(
    AccountStatus,
    ActivityKind,
    AuditAction,
    ChannelType,
    ConversationStatus,
    DeliveryStatus,
    Direction,
    LeadStatus,
    MediaStatus,
    MemberRole,
    MemberStatus,
    MessageKind,
    Scope,
    Permission,
    SendMode,
    SendRefusal,
    SubjectKind,
    ThreadKind,
);

/// In which order conversations are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConversationSort {
    Latest,
    LongestWaiting,
}

impl Names for ConversationSort {
    const TITLE: &'static str = "ConversationSort";
    const VALUES: &'static [Self] = &[Self::Latest, Self::LongestWaiting];

    fn name_of(self) -> &'static str {
        match self {
            Self::Latest => "LATEST",
            Self::LongestWaiting => "LONGEST_WAITING",
        }
    }
}

impl From<ConversationSort> for ConversationOrder {
    fn from(sort: ConversationSort) -> Self {
        match sort {
            ConversationSort::Latest => Self::Latest,
            ConversationSort::LongestWaiting => Self::LongestWaiting,
        }
    }
}

/// How a lead finds its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AssignMode {
    Manual,
    Team,
    AutoRoundRobin,
    Nobody,
}

impl Names for AssignMode {
    const TITLE: &'static str = "AssignMode";
    const VALUES: &'static [Self] = &[Self::Manual, Self::Team, Self::AutoRoundRobin, Self::Nobody];

    fn name_of(self) -> &'static str {
        match self {
            Self::Manual => "MANUAL",
            Self::Team => "TEAM",
            Self::AutoRoundRobin => "AUTO_ROUND_ROBIN",
            Self::Nobody => "NOBODY",
        }
    }
}

/// What a right password leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginOutcome {
    Session,
    ChooseTenant,
}

impl Names for LoginOutcome {
    const TITLE: &'static str = "LoginOutcome";
    const VALUES: &'static [Self] = &[Self::Session, Self::ChooseTenant];

    fn name_of(self) -> &'static str {
        match self {
            Self::Session => "SESSION",
            Self::ChooseTenant => "CHOOSE_TENANT",
        }
    }
}

/// The form of an export of the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExportFormat {
    Csv,
    JsonLines,
}

impl Names for ExportFormat {
    const TITLE: &'static str = "ExportFormat";
    const VALUES: &'static [Self] = &[Self::Csv, Self::JsonLines];

    fn name_of(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// What can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SendKind {
    Text,
    Image,
    Video,
    Audio,
    Template,
    DocumentPdf,
    Location,
    Sticker,
}

impl Names for SendKind {
    const TITLE: &'static str = "SendType";
    const VALUES: &'static [Self] = &[
        Self::Text,
        Self::Image,
        Self::DocumentPdf,
        Self::Video,
        Self::Audio,
        Self::Location,
        Self::Sticker,
        Self::Template,
    ];

    fn name_of(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Template => "template",
            Self::DocumentPdf => "document_pdf",
            Self::Location => "location",
            Self::Sticker => "sticker",
        }
    }
}

/// Who wrote a message, as the caller states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writer {
    Person,
    Program,
}

impl Names for Writer {
    const TITLE: &'static str = "Writer";
    const VALUES: &'static [Self] = &[Self::Person, Self::Program];

    fn name_of(self) -> &'static str {
        match self {
            Self::Person => "PERSON",
            Self::Program => "PROGRAM",
        }
    }
}

/// A value that goes by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named<T>(pub(crate) T);

impl<T: Names> Named<T> {
    fn parse(text: &str) -> Option<Self> {
        T::VALUES.iter().copied().find(|value| value.name_of() == text).map(Self)
    }

    fn expected() -> String {
        let names: Vec<&str> = T::VALUES.iter().map(|value| value.name_of()).collect();
        format!("one of {}", names.join(", "))
    }
}

impl<T: Names> Type for Named<T> {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        T::TITLE.into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference(T::TITLE.to_owned())
    }

    fn register(registry: &mut Registry) {
        registry.create_schema::<Self, _>(T::TITLE.to_owned(), |_| MetaSchema {
            enum_items: T::VALUES.iter().map(|value| Value::from(value.name_of())).collect(),
            ..MetaSchema::new("string")
        });
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl<T: Names> ToJSON for Named<T> {
    fn to_json(&self) -> Option<Value> {
        Some(Value::from(self.0.name_of()))
    }
}

impl<T: Names> ParseFromJSON for Named<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let text = value.as_ref().and_then(Value::as_str).unwrap_or_default();
        Self::parse(text).ok_or_else(|| ParseError::custom(format!("must be {}", Self::expected())))
    }
}

impl<T: Names> ParseFromParameter for Named<T> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Self::parse(value).ok_or_else(|| ParseError::custom(format!("must be {}", Self::expected())))
    }
}

impl<'de, T: Names> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format_args!("no such value, expected {}", Self::expected())))
    }
}

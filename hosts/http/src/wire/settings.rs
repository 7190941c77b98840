//! Settings on the wire: their schemas are made from their table.

use std::borrow::Cow;

use hubchat_core::domain::TenantSettings;
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef, Registry},
    types::{ToJSON, Type},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// All settings.
#[derive(Debug)]
pub(crate) struct SettingsView(pub(crate) TenantSettings);

/// Settings by their names, to be checked by the use case.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct SettingsPatch(pub(crate) Map<String, Value>);

macro_rules! settings_type {
    ($name:ident, $title:literal) => {
        impl Type for $name {
            const IS_REQUIRED: bool = true;

            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $title.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                MetaSchemaRef::Reference($title.to_owned())
            }

            fn register(registry: &mut Registry) {
                // Its properties are written by `describe`: the framework's schemas are of version 3.0, which has no
                // type for "a number or null".
                registry.create_schema::<Self, _>($title.to_owned(), |_| MetaSchema::new("object"));
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

settings_type!(SettingsView, "TenantSettings");
settings_type!(SettingsPatch, "TenantSettingsPatch");

impl ToJSON for SettingsView {
    fn to_json(&self) -> Option<Value> {
        serde_json::to_value(&self.0).ok()
    }
}

/// Writes the properties of both schemas into the document.
pub(crate) fn describe(document: &mut Value) {
    let usual = TenantSettings::default();
    let mut properties = Map::new();
    for definition in TenantSettings::DEFINITIONS {
        let mut schema = definition.kind.schema();
        let words: Vec<&str> = definition.words.iter().map(|line| line.trim()).collect();
        schema["description"] = json!(words.join(" "));
        if definition.kind.has_default() {
            schema["default"] = usual.value(definition.key).unwrap_or_default();
        }
        properties.insert(definition.key.to_owned(), schema);
    }
    let keys: Vec<&str> = TenantSettings::DEFINITIONS.iter().map(|definition| definition.key).collect();
    let schemas = &mut document["components"]["schemas"];
    schemas["TenantSettings"] = json!({
        "type": "object", "description": "What a tenant decides for itself.", "required": keys, "properties": properties,
    });
    schemas["TenantSettingsPatch"] = json!({
        "type": "object", "description": "The settings to change; what is absent stays.", "properties": properties,
    });
}

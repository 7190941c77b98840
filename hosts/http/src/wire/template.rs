//! Templates that the provider approved, on the wire.

use hubchat_core::port::MessageTemplate;
use poem_openapi::Object;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::problem::ApiProblem;

/// A template with its values (<https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates>).
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(rename = "TemplateMessage", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TemplateBody {
    /// Its name.
    name: String,
    /// Its language, such as `th` or `en_US`.
    language: String,
    /// The values of its body, in order.
    #[oai(default)]
    #[serde(default)]
    parameters: Vec<String>,
    /// The file at its head.
    header: Option<TemplateHeader>,
    /// The payloads of its quick reply buttons, in order.
    #[oai(default)]
    #[serde(default)]
    button_payloads: Vec<String>,
}

/// The file at the head of a template.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(rename = "TemplateHeader", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TemplateHeader {
    /// `image`, `video` or `document`.
    r#type: String,
    /// Its HTTPS address.
    url: String,
    /// Its name, for documents.
    file_name: Option<String>,
}

impl TemplateBody {
    /// What the thread shows of it: its name and values.
    pub(crate) fn words(&self) -> String {
        if self.parameters.is_empty() {
            format!("[{}]", self.name)
        } else {
            format!("[{}] {}", self.name, self.parameters.join(", "))
        }
    }

    /// The provider's form of it.
    pub(crate) fn into_provider_form(self) -> Result<Value, ApiProblem> {
        if self.name.is_empty() || self.language.is_empty() {
            return Err(ApiProblem::invalid("template", "a template has a name and a language"));
        }
        let mut components = Vec::new();
        if let Some(header) = self.header {
            if !matches!(header.r#type.as_str(), "image" | "video" | "document") {
                return Err(ApiProblem::invalid("template", "a header is an image, a video or a document"));
            }
            let mut file = json!({"link": header.url});
            if let Some(name) = header.file_name {
                file["filename"] = Value::String(name);
            }
            let kind = header.r#type;
            components.push(json!({"type": "header", "parameters": [{"type": kind, kind.as_str(): file}]}));
        }
        if !self.parameters.is_empty() {
            let values: Vec<Value> = self.parameters.iter().map(|text| json!({"type": "text", "text": text})).collect();
            components.push(json!({"type": "body", "parameters": values}));
        }
        for (index, payload) in self.button_payloads.iter().enumerate() {
            components.push(json!({
                "type": "button", "sub_type": "quick_reply", "index": index.to_string(),
                "parameters": [{"type": "payload", "payload": payload}],
            }));
        }
        let mut template = json!({"name": self.name, "language": {"code": self.language}});
        if !components.is_empty() {
            template["components"] = Value::Array(components);
        }
        Ok(template)
    }
}

/// A template that the provider keeps for the account.
#[derive(Debug, Object)]
#[oai(rename = "Template", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct TemplateView {
    /// Its name.
    name: String,
    /// Its language.
    language: String,
    /// Whether it may be used, in the provider's word; only APPROVED ones may.
    status: String,
    /// What it is for, in the provider's word.
    category: Option<String>,
    /// The text of its body, with its places.
    body: Option<String>,
    /// How many values its body takes.
    body_parameters: usize,
    /// What its head carries, in the provider's word.
    header: Option<String>,
}

impl From<MessageTemplate> for TemplateView {
    fn from(template: MessageTemplate) -> Self {
        let MessageTemplate { name, language, status, category, body, body_parameters, header } = template;
        Self { name, language, status, category, body, body_parameters, header }
    }
}

/// The templates of an account.
#[derive(Debug, Object)]
#[oai(rename = "TemplateList", rename_all = "camelCase")]
pub(crate) struct TemplateList {
    /// The templates, as the provider orders them; at most 1,000.
    pub(crate) items: Vec<TemplateView>,
}

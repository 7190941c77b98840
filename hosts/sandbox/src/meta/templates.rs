//! Templates of WhatsApp Business accounts: their list, and whether a message fills one as it must.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::refusals::whatsapp;
use super::route::GraphCall;
use super::{FakeMeta, MetaState};
use crate::bounded::lock;
use crate::exchange::Answer;
use crate::ids::stable_number;

/// A message template.
#[derive(Debug, Clone)]
pub struct WhatsappTemplate {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The code of its language.
    pub language: String,
    /// Its category, such as `UTILITY`.
    pub category: String,
    /// Its status, such as `APPROVED` or `PAUSED`.
    pub status: String,
    /// Its components as the provider lists them.
    pub components: Vec<Value>,
}

impl WhatsappTemplate {
    /// An approved template with a text only, whose variables are as in `{{1}}`.
    pub fn new(name: &str, language: &str, body: &str) -> Self {
        Self {
            id: (1_000_000_000_000_000 + stable_number(&format!("{name}/{language}")) % 1_000_000_000_000_000)
                .to_string(),
            name: name.to_owned(),
            language: language.to_owned(),
            category: "UTILITY".to_owned(),
            status: "APPROVED".to_owned(),
            components: vec![json!({"type": "BODY", "text": body})],
        }
    }

    fn component(&self, kind: &str) -> Option<&Value> {
        self.components.iter().find(|component| is_kind(component, kind))
    }

    fn listed(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "language": self.language, "category": self.category,
            "status": self.status, "parameter_format": "POSITIONAL", "components": self.components,
        })
    }
}

fn is_kind(component: &Value, kind: &str) -> bool {
    component["type"].as_str().is_some_and(|told| told.eq_ignore_ascii_case(kind))
}

/// How many variables a text has; one that stands twice counts once.
fn variables(text: &str) -> usize {
    let names = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim());
    names.collect::<BTreeSet<_>>().len()
}

impl FakeMeta {
    /// Adds a template to a WhatsApp Business account, or replaces the one of the same name and language.
    pub fn add_template(&self, waba_id: &str, template: WhatsappTemplate) {
        let mut world = lock(&self.state.world);
        let known = world.templates.entry(waba_id.to_owned()).or_default();
        match known.iter_mut().find(|other| other.name == template.name && other.language == template.language) {
            Some(other) => *other = template,
            None => known.push(template),
        }
    }

    /// All templates with the account they belong to, for the phone to show what a message of one says.
    pub(crate) fn templates_told(&self) -> Vec<Value> {
        let world = lock(&self.state.world);
        world.templates.values().flatten().map(WhatsappTemplate::listed).collect()
    }
}

impl MetaState {
    /// A page of the list. Cursors are positions.
    pub(super) fn list_templates(&self, waba: &str, call: &GraphCall) -> Answer {
        let (name, status) = (call.param("name"), call.param("status"));
        let limit = call.param("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25_usize).max(1);
        let start = call.param("after").and_then(|after| after.parse().ok()).unwrap_or(0_usize);
        let world = lock(&self.world);
        let matching = world.templates.get(waba).into_iter().flatten().filter(|template| {
            name.as_ref().is_none_or(|name| template.name.contains(name))
                && status.as_ref().is_none_or(|status| template.status.eq_ignore_ascii_case(status))
        });
        let all: Vec<Value> = matching.map(WhatsappTemplate::listed).collect();
        let end = start.saturating_add(limit).min(all.len());
        let page = all.get(start..end).unwrap_or_default();
        let mut answer = json!({ "data": page });
        if !page.is_empty() {
            answer["paging"] = json!({"cursors": {"before": start.to_string(), "after": end.to_string()}});
            if end < all.len() {
                answer["paging"]["next"] = json!(call.url_with(&[("limit", limit), ("after", end)]));
            }
        }
        Answer::ok(&answer)
    }

    /// Refuses a template that is not there or is not filled as it must.
    pub(super) fn check_template(&self, waba: &str, sent: &Value) -> Result<(), Answer> {
        let (name, language) = (sent["name"].as_str(), sent["language"]["code"].as_str());
        let (Some(name), Some(language)) = (name, language) else {
            return Err(whatsapp(
                400,
                131_008,
                "Required parameter is missing",
                "template needs name and language.code",
            ));
        };
        let world = lock(&self.world);
        let mut known = world.templates.get(waba).into_iter().flatten();
        let found = known.find(|template| template.name == name && template.language == language);
        let missing =
            || whatsapp(404, 132_001, "Template does not exist", "Template name does not exist in the translation");
        let template = found.ok_or_else(missing)?;
        match template.status.as_str() {
            "APPROVED" => {}
            "PAUSED" => return Err(whatsapp(400, 132_015, "Template is Paused", "Template is paused for low quality")),
            "DISABLED" => return Err(whatsapp(400, 132_016, "Template is Disabled", "Template is disabled")),
            _ => return Err(missing()),
        }
        for kind in ["HEADER", "BODY"] {
            let filled = filled(sent, kind, None);
            let Some(component) = template.component(kind) else {
                counted(kind, filled.len(), 0)?;
                continue;
            };
            let format = component["format"].as_str().unwrap_or("TEXT");
            if format.eq_ignore_ascii_case("TEXT") {
                counted(kind, filled.len(), variables(component["text"].as_str().unwrap_or_default()))?;
            } else {
                counted(kind, filled.len(), 1)?;
                if !filled.iter().all(|parameter| is_kind(parameter, format)) {
                    let details = format!("{kind}: Format mismatch, expected {format}");
                    return Err(whatsapp(
                        400,
                        132_012,
                        "Parameter format does not match format in the created template",
                        &details,
                    ));
                }
            }
        }
        let buttons = template.component("BUTTONS").and_then(|buttons| buttons["buttons"].as_array());
        for (at, button) in buttons.into_iter().flatten().enumerate() {
            if is_kind(button, "URL") {
                let wanted = variables(button["url"].as_str().unwrap_or_default());
                counted("BUTTON", filled(sent, "BUTTON", Some(at)).len(), wanted)?;
            }
        }
        Ok(())
    }
}

/// The parameters of a component in a message; buttons go by their place.
fn filled<'a>(sent: &'a Value, kind: &str, place: Option<usize>) -> Vec<&'a Value> {
    let at_place = |component: &&Value| {
        let told = &component["index"];
        let told = told.as_str().and_then(|text| text.parse().ok()).or_else(|| told.as_u64());
        place.is_none_or(|place| told == u64::try_from(place).ok())
    };
    let components = sent["components"].as_array().into_iter().flatten();
    let components = components.filter(|component| is_kind(component, kind)).filter(at_place);
    components.filter_map(|component| component["parameters"].as_array()).flatten().collect()
}

fn counted(kind: &str, got: usize, wanted: usize) -> Result<(), Answer> {
    if got == wanted {
        return Ok(());
    }
    let kind = kind.to_lowercase();
    let details =
        format!("{kind}: number of localizable_params ({got}) does not match the expected number of params ({wanted})");
    Err(whatsapp(400, 132_000, "Number of parameters does not match the expected number of params", &details))
}

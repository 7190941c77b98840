//! Answers to choose from, on the wire.

use hubchat_core::domain::Choice;
use poem_openapi::Object;
use serde::Deserialize;

/// An answer that the customer may give with one touch.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(rename = "QuickReply", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct QuickReply {
    /// What the button says: at most 20 characters.
    title: String,
    /// What comes back when it is touched; the title when absent.
    payload: Option<String>,
}

impl QuickReply {
    pub(crate) fn into_choice(self) -> Choice {
        let payload = self.payload.unwrap_or_else(|| self.title.clone());
        Choice { title: self.title, payload }
    }
}

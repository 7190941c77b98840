//! Operations on a tenant's settings.

use std::sync::Arc;

use hubchat_core::port::StoredSettings;
use poem_openapi::{ApiResponse, OpenApi, param::Header, payload::Json};

use super::Group;
use crate::{
    auth::Caller,
    json_body::JsonBody,
    problem::ApiProblem,
    state::State,
    wire::{SettingsPatch, SettingsView},
};

/// Settings with their version.
#[derive(ApiResponse)]
enum Settings {
    /// The settings as they are now.
    #[oai(status = 200)]
    Now(
        Json<SettingsView>,
        /// The version of the settings, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

impl From<StoredSettings> for Settings {
    fn from(StoredSettings { settings, version }: StoredSettings) -> Self {
        Self::Now(Json(SettingsView(settings)), format!("\"{version}\""))
    }
}

pub(crate) struct SettingsRoutes(pub(crate) Arc<State>);

#[OpenApi(tag = "Group::Settings")]
impl SettingsRoutes {
    /// Read the settings
    ///
    /// Asks for the permission `settings:manage`.
    #[oai(path = "/settings", method = "get", operation_id = "getSettings")]
    async fn get(&self, caller: Caller) -> Result<Settings, ApiProblem> {
        Ok(self.0.hubchat.get_settings.run(&caller.0).await?.into())
    }

    /// Change settings
    ///
    /// All that are named, or none. Every process sees the change within five seconds. Asks for the permission
    /// `settings:manage`.
    #[oai(path = "/settings", method = "patch", operation_id = "updateSettings")]
    async fn update(
        &self,
        caller: Caller,
        /// The `ETag` of an earlier answer: nothing is changed when somebody else changed something since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: JsonBody<SettingsPatch>,
    ) -> Result<Settings, ApiProblem> {
        let expected = if_match.0.as_deref().map(version).transpose()?.flatten();
        Ok(self.0.hubchat.update_settings.run(&caller.0, &body.0.0, expected).await?.into())
    }
}

/// The version that a precondition names; `None` is any (RFC 9110, section 13.1.1).
fn version(if_match: &str) -> Result<Option<i64>, ApiProblem> {
    if if_match.trim() == "*" {
        return Ok(None);
    }
    let quoted = if_match.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let version = quoted.and_then(|text| text.parse().ok());
    version.map(Some).ok_or_else(|| ApiProblem::invalid("If-Match", "must be the one ETag of an earlier answer, or *"))
}

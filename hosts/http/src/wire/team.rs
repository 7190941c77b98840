//! Teams on the wire.

use hubchat_core::{domain::MemberId, port::TeamRoster};
use poem_openapi::Object;
use serde::Deserialize;
use uuid::Uuid;

use super::Moment;

/// Members who share leads.
#[derive(Debug, Object)]
#[oai(rename = "Team", rename_all = "camelCase")]
pub(crate) struct TeamView {
    /// Its id.
    id: Uuid,
    /// Its name; unique, whatever the case of its letters.
    name: String,
    /// Its members.
    member_ids: Vec<Uuid>,
    /// When it was made.
    created_at: Moment,
    /// When its name last changed.
    updated_at: Moment,
}

impl From<TeamRoster> for TeamView {
    fn from(roster: TeamRoster) -> Self {
        Self {
            id: roster.team.id.as_uuid(),
            name: roster.team.name,
            member_ids: roster.member_ids.into_iter().map(MemberId::as_uuid).collect(),
            created_at: Moment(roster.team.created_at),
            updated_at: Moment(roster.team.updated_at),
        }
    }
}

/// A team to make.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "NewTeam", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TeamBody {
    /// Its name: 1 to 100 characters.
    pub(crate) name: String,
    /// Its first members.
    pub(crate) member_ids: Option<Vec<Uuid>>,
}

/// What to change of a team; what is absent stays.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "TeamPatch", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TeamPatch {
    /// Its name from now on: 1 to 100 characters.
    pub(crate) name: Option<String>,
    /// Its members from now on.
    pub(crate) member_ids: Option<Vec<Uuid>>,
}

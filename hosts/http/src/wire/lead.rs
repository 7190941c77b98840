//! Leads on the wire.

use hubchat_core::{
    AssignTo,
    domain::{
        AvatarChoice, ChannelType, ConversationId, LeadStatus, MemberId, NameParts, TeamId, display_name, https_avatar,
    },
    port::LeadRow,
};
use poem_openapi::{Object, types::MaybeUndefined};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Moment, Named, named::AssignMode};
use crate::problem::ApiProblem;

/// A chance to sell to a contact, with what its newest conversation shows.
#[derive(Debug, Object)]
#[oai(rename = "Lead", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct LeadView {
    /// Its id.
    id: Uuid,
    /// Where it stands.
    status: Named<LeadStatus>,
    /// The customer.
    contact_id: Uuid,
    /// The customer's name, when known.
    contact_name: Option<String>,
    /// The account that the customer first wrote to.
    channel_account_id: Uuid,
    /// The channel of that account.
    channel_type: Named<ChannelType>,
    /// Who owns it.
    assigned_member_id: Option<Uuid>,
    /// The owner's name.
    assigned_member_name: Option<String>,
    /// The team that it was given to.
    assigned_team_id: Option<Uuid>,
    /// The team's name.
    assigned_team_name: Option<String>,
    /// Labels, in the order given.
    tags: Vec<String>,
    /// A free note.
    note: Option<String>,
    /// What first brought the customer: an advertisement, a link.
    referral: Option<Value>,
    /// The newest conversation.
    conversation_id: Option<Uuid>,
    /// The name to show.
    participant_display_name: String,
    /// The picture to show; always HTTPS.
    participant_profile_image_url: Option<String>,
    /// The newest message in a line.
    last_message_preview: Option<String>,
    /// When that was written.
    last_message_at: Option<Moment>,
    /// Unread messages of the newest conversation.
    unread_count: i32,
    /// When it was opened.
    created_at: Moment,
    /// When it last changed, or its customer last wrote.
    updated_at: Moment,
    /// When it was won or lost.
    closed_at: Option<Moment>,
}

impl From<LeadRow> for LeadView {
    fn from(row: LeadRow) -> Self {
        let name = display_name(NameParts {
            conversation: row.participant_name.as_deref(),
            contact: row.contact_name.as_deref(),
            ..NameParts::default()
        });
        let (seen, known) = (row.participant_avatar_url.as_deref(), row.contact_avatar_url.as_deref());
        let picture = match https_avatar(seen, None, known, &name) {
            AvatarChoice::Url(url) => Some(url),
            AvatarChoice::Initials(_) => None,
        };
        let lead = row.lead;
        Self {
            id: lead.id.as_uuid(),
            status: Named(lead.status),
            contact_id: lead.contact_id.as_uuid(),
            contact_name: row.contact_name,
            channel_account_id: lead.source_account_id.as_uuid(),
            channel_type: Named(lead.source_channel),
            assigned_member_id: lead.assigned_member_id.map(MemberId::as_uuid),
            assigned_member_name: row.assigned_member_name,
            assigned_team_id: lead.assigned_team_id.map(TeamId::as_uuid),
            assigned_team_name: row.assigned_team_name,
            tags: lead.tags,
            note: lead.note,
            referral: lead.referral.and_then(|referral| serde_json::to_value(referral).ok()),
            conversation_id: row.conversation_id.map(ConversationId::as_uuid),
            participant_display_name: name,
            participant_profile_image_url: picture,
            last_message_preview: row.last_message_preview,
            last_message_at: row.last_message_at.map(Moment),
            unread_count: row.unread_count,
            created_at: Moment(lead.created_at),
            updated_at: Moment(lead.updated_at),
            closed_at: lead.closed_at.map(Moment),
        }
    }
}

/// What to change of a lead; what is absent stays.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "LeadPatch", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LeadPatch {
    /// Where it goes: the next step, or LOST.
    pub(crate) status: Option<Named<LeadStatus>>,
    /// Its tags from now on: at most 50, each of 1 to 64 characters.
    pub(crate) tags: Option<Vec<String>>,
    /// Its note from now on: at most 10,000 characters; null or blank clears it.
    #[serde(default)]
    pub(crate) note: MaybeUndefined<String>,
}

/// Who gets a lead.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "LeadAssignment", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AssignBody {
    /// MANUAL gives it to `memberId`, TEAM to `teamId`, AUTO_ROUND_ROBIN to the active member whose turn it is (of
    /// `teamId`, when it is given), NOBODY takes it from everyone.
    pub(crate) mode: Named<AssignMode>,
    /// The member, with MANUAL.
    pub(crate) member_id: Option<Uuid>,
    /// The team, with TEAM and, if there is to be one, with AUTO_ROUND_ROBIN.
    pub(crate) team_id: Option<Uuid>,
}

impl AssignBody {
    /// To whom; the field that is missing or has no place is named otherwise.
    pub(crate) fn target(&self) -> Result<AssignTo, ApiProblem> {
        let mode = self.mode.0;
        let out_of_place = match mode {
            AssignMode::Manual => self.team_id.map(|_| "teamId"),
            AssignMode::Team | AssignMode::AutoRoundRobin => self.member_id.map(|_| "memberId"),
            AssignMode::Nobody => self.member_id.map(|_| "memberId").or(self.team_id.map(|_| "teamId")),
        };
        if let Some(field) = out_of_place {
            return Err(ApiProblem::invalid(field, "has no place with this mode"));
        }
        match mode {
            AssignMode::Manual => {
                let member = self.member_id.ok_or_else(|| ApiProblem::invalid("memberId", "is missing"))?;
                Ok(AssignTo::Member(member.into()))
            }
            AssignMode::Team => {
                let team = self.team_id.ok_or_else(|| ApiProblem::invalid("teamId", "is missing"))?;
                Ok(AssignTo::Team(team.into()))
            }
            AssignMode::AutoRoundRobin => Ok(AssignTo::NextInTurn { team: self.team_id.map(TeamId::from) }),
            AssignMode::Nobody => Ok(AssignTo::Nobody),
        }
    }
}

//! Operations on leads.

use std::sync::Arc;

use hubchat_core::{
    UpdateLeadCommand,
    domain::{ChannelType, LeadId, LeadStatus},
    port::LeadFilter,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
    types::MaybeUndefined,
};
use uuid::Uuid;

use super::Group;
use crate::{
    auth::Caller,
    cursor::ListKey,
    json_body::JsonBody,
    problem::ApiProblem,
    state::State,
    wire::{
        ActivityView, AssignBody, Assignee, LeadPatch, LeadView, Limit, Listing, Named, OwnerFilter, PageQuery, PathId,
    },
};

pub(crate) struct LeadRoutes(pub(crate) Arc<State>);

const MISSING: &str = "lead_not_found";

#[OpenApi(tag = "Group::Leads")]
impl LeadRoutes {
    /// List leads
    ///
    /// Newest change first. Asks for the scope `inbox:read`.
    #[oai(path = "/leads", method = "get", operation_id = "listLeads")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter, as the framework wants them")]
    async fn list(
        &self,
        caller: Caller,
        /// Only leads in this status.
        status: Query<Option<Named<LeadStatus>>>,
        /// Only leads of this owner: `me`, `none` or a member's id.
        assignee: Query<Option<Assignee>>,
        /// The same as `assignee` with an id.
        #[oai(name = "assignedMemberId")]
        assigned_member_id: Query<Option<Uuid>>,
        /// Only leads that were given to this team.
        #[oai(name = "assignedTeamId")]
        assigned_team_id: Query<Option<Uuid>>,
        /// The same as `assignee=none`; a team may have them.
        unassigned: Query<Option<bool>>,
        /// Only leads first heard of through this channel.
        #[oai(name = "channelType")]
        channel_type: Query<Option<Named<ChannelType>>>,
        /// How many at most.
        limit: Query<Option<Limit>>,
        /// The `nextCursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Json<Listing<LeadView>>, ApiProblem> {
        let owner = OwnerFilter::read(&caller.0, assignee, assigned_member_id, assigned_team_id, unassigned)?;
        let filter = LeadFilter {
            status: status.0.map(|status| status.0),
            assigned_member_id: owner.member,
            unassigned: owner.unassigned,
            assigned_team_id: owner.team,
            teams_of: owner.teams_of,
            channel_type: channel_type.0.map(|channel| channel.0),
        };
        let [member, unassigned, team, teams] = owner.key();
        let list = ListKey::new(
            "leads",
            &[
                ("status", filter.status.map(|status| status.to_string())),
                member,
                unassigned,
                ("channelType", filter.channel_type.map(|channel| channel.to_string())),
                team,
                teams,
            ],
        );
        let query = PageQuery::read(list, limit, cursor)?;
        let page = self.0.hubchat.inbox.leads(&caller.0, &filter, query.request()).await?;
        Ok(Json(query.listing(page, LeadView::from)))
    }

    /// Read a lead
    ///
    /// Asks for the scope `inbox:read`.
    #[oai(path = "/leads/:id", method = "get", operation_id = "getLead")]
    async fn read(&self, caller: Caller, id: Path<PathId>) -> Result<Json<LeadView>, ApiProblem> {
        Ok(Json(self.0.hubchat.inbox.lead(&caller.0, id.0.or(MISSING)?).await?.into()))
    }

    /// Change a lead
    ///
    /// Changes status, tags and note, entirely or not at all. An illegal step of the lifecycle is
    /// answered 409. Asks for the scope `inbox:write`.
    #[oai(path = "/leads/:id", method = "patch", operation_id = "updateLead")]
    async fn update(
        &self,
        caller: Caller,
        id: Path<PathId>,
        body: JsonBody<LeadPatch>,
    ) -> Result<Json<LeadView>, ApiProblem> {
        let LeadPatch { status, tags, note } = body.0;
        let note = match note {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(String::new()),
            MaybeUndefined::Value(note) => Some(note),
        };
        let command = UpdateLeadCommand { status: status.map(|status| status.0), tags, note };
        Ok(Json(self.0.hubchat.update_lead.run(&caller.0, id.0.or(MISSING)?, &command).await?.into()))
    }

    /// Assign a lead
    ///
    /// To a member or a team by hand, to the member whose turn it is, or to nobody. A NEW lead becomes ASSIGNED once
    /// a member owns it. Asks for the scope `inbox:write`.
    #[oai(path = "/leads/:id/assign", method = "post", operation_id = "assignLead")]
    async fn assign(
        &self,
        caller: Caller,
        id: Path<PathId>,
        body: JsonBody<AssignBody>,
    ) -> Result<Json<LeadView>, ApiProblem> {
        let to = body.0.target()?;
        Ok(Json(self.0.hubchat.assign_lead.run(&caller.0, id.0.or(MISSING)?, to).await?.into()))
    }

    /// Read a lead's activity log
    ///
    /// Newest first. Asks for the scope `inbox:read`.
    #[oai(path = "/leads/:id/activity", method = "get", operation_id = "listLeadActivity")]
    async fn activity(
        &self,
        caller: Caller,
        id: Path<PathId>,
        /// How many at most.
        limit: Query<Option<Limit>>,
        /// The `nextCursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Json<Listing<ActivityView>>, ApiProblem> {
        let id: LeadId = id.0.or(MISSING)?;
        let query = PageQuery::read(ListKey::new("activity", &[("lead", Some(id.to_string()))]), limit, cursor)?;
        let page = self.0.hubchat.inbox.activity(&caller.0, id, query.request()).await?;
        Ok(Json(query.listing(page, ActivityView::from)))
    }
}

//! Filters by who owns a lead.

use std::borrow::Cow;

use hubchat_core::{
    Actor,
    domain::{MemberId, TeamId},
};
use poem_openapi::{
    param::Query,
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromParameter, ParseResult, Type},
};
use uuid::Uuid;

use crate::problem::ApiProblem;

/// The owner that is asked for: `me`, `none`, `team` or a member's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assignee {
    /// The member who asks.
    Me,
    /// No member.
    None,
    /// A team of the member who asks.
    Team,
    /// This member.
    Member(Uuid),
}

impl Type for Assignee {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "assignee".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromParameter for Assignee {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        match value {
            "me" => Ok(Self::Me),
            "none" => Ok(Self::None),
            "team" => Ok(Self::Team),
            id => {
                id.parse().map(Self::Member).map_err(|_| ParseError::custom("must be me, none, team or a member's id"))
            }
        }
    }
}

/// The filters by owner of a list of leads or conversations.
#[derive(Debug, Default)]
pub(crate) struct OwnerFilter {
    pub(crate) member: Option<MemberId>,
    pub(crate) team: Option<TeamId>,
    pub(crate) unassigned: bool,
    /// The member whose teams are asked for.
    pub(crate) teams_of: Option<MemberId>,
}

impl OwnerFilter {
    /// Reads the parameters: `assignee` says in one what `assignedMemberId` and `unassigned` say in two.
    pub(crate) fn read(
        actor: &Actor,
        Query(assignee): Query<Option<Assignee>>,
        Query(member): Query<Option<Uuid>>,
        Query(team): Query<Option<Uuid>>,
        Query(unassigned): Query<Option<bool>>,
    ) -> Result<Self, ApiProblem> {
        let unassigned = unassigned.unwrap_or(false);
        if unassigned && member.is_some() {
            return Err(ApiProblem::invalid("unassigned", "contradicts assignedMemberId"));
        }
        if assignee.is_some() && (unassigned || member.is_some()) {
            return Err(ApiProblem::invalid("assignee", "says the same as assignedMemberId and unassigned: give one"));
        }
        let filter =
            Self { member: member.map(MemberId::from), team: team.map(TeamId::from), unassigned, teams_of: None };
        let me = || {
            let reason = "only a member is `me`, or has teams";
            actor.as_member().map(|me| me.id).ok_or_else(|| ApiProblem::invalid("assignee", reason))
        };
        Ok(match assignee {
            None => filter,
            Some(Assignee::None) => Self { unassigned: true, ..filter },
            Some(Assignee::Member(id)) => Self { member: Some(id.into()), ..filter },
            Some(Assignee::Me) => Self { member: Some(me()?), ..filter },
            Some(Assignee::Team) => Self { teams_of: Some(me()?), ..filter },
        })
    }

    /// What a cursor of the list holds fast.
    pub(crate) fn key(&self) -> [(&'static str, Option<String>); 4] {
        [
            ("assignedMemberId", self.member.map(|id| id.to_string())),
            ("unassigned", self.unassigned.then(String::new)),
            ("assignedTeamId", self.team.map(|id| id.to_string())),
            ("teamsOf", self.teams_of.map(|id| id.to_string())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use hubchat_core::{
        MemberActor,
        domain::{MemberRole, TenantId, Visibility},
    };

    use super::*;

    fn read(
        actor: &Actor,
        assignee: Option<&str>,
        member: Option<u128>,
        unassigned: bool,
    ) -> Result<OwnerFilter, String> {
        let assignee = assignee.map(|text| Assignee::parse_from_parameter(text).map_err(ParseError::into_message));
        let (assignee, member) = (assignee.transpose()?, member.map(Uuid::from_u128));
        let read = OwnerFilter::read(actor, Query(assignee), Query(member), Query(None), Query(Some(unassigned)));
        read.map_err(|problem| problem.field().unwrap_or_default().to_owned())
    }

    #[test]
    fn an_assignee_is_me_none_or_a_member_and_the_older_words_say_the_same() {
        let id = Uuid::from_u128(7);
        let (role, visibility) = (MemberRole::Sales, Visibility::All);
        let me = MemberActor { id: id.into(), user_id: id.into(), session_id: id.into(), role, visibility };
        let (tenant, other) = (TenantId::from(id), Uuid::from_u128(8));
        let (member, system) = (Actor::member(tenant, me), Actor::system(tenant));
        for (assignee, older, unassigned, expected) in [
            (Some("me"), None, false, (Some(7), false)),
            (Some("none"), None, false, (None, true)),
            (Some(other.to_string().as_str()), None, false, (Some(8), false)),
            (None, Some(8), false, (Some(8), false)),
            (None, None, true, (None, true)),
            (None, None, false, (None, false)),
        ] {
            let filter = read(&member, assignee, older, unassigned).unwrap();
            let member = filter.member.map(|id| id.as_uuid().as_u128());
            assert_eq!((member, filter.unassigned), expected, "{assignee:?}");
        }
        assert_eq!(read(&system, Some("me"), None, false).unwrap_err(), "assignee");
        assert_eq!(read(&member, Some("me"), Some(7), false).unwrap_err(), "assignee");
        assert_eq!(read(&member, Some("none"), None, true).unwrap_err(), "assignee");
        assert_eq!(read(&member, None, Some(7), true).unwrap_err(), "unassigned");
        assert!(read(&member, Some("you"), None, false).is_err());
    }
}

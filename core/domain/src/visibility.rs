//! Visibility: which leads of a tenant someone may see.

use serde::{Deserialize, Serialize};

use crate::{MemberId, MemberRole, TeamId, channel::named};

/// How far a role sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Sight {
    /// Every lead.
    All,
    /// Leads of their teams, of the members of their teams, and of nobody.
    TeamAndUnassigned,
    /// Their own leads.
    Own,
}

named!(Sight { All => "ALL", TeamAndUnassigned => "TEAM_AND_UNASSIGNED", Own => "OWN" });

impl Sight {
    /// How far a role sees unless the tenant decides otherwise.
    #[must_use]
    pub const fn default_of(role: MemberRole) -> Self {
        match role {
            MemberRole::Owner | MemberRole::Admin | MemberRole::Manager | MemberRole::Viewer => Self::All,
            MemberRole::Sales => Self::TeamAndUnassigned,
        }
    }
}

/// Which leads someone may see. What they may not see does not exist for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visibility {
    /// Every lead of the tenant.
    All,
    /// Some.
    Only(Viewpoint),
}

/// The leads that someone may see: those of these members, those of these teams, and maybe those of nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Viewpoint {
    /// They themselves, and the members of their teams if they may see those.
    pub members: Vec<MemberId>,
    /// Their teams.
    pub teams: Vec<TeamId>,
    /// Whether leads that belong to no member and no team are seen.
    pub unassigned: bool,
}

impl Visibility {
    /// Whether a lead that belongs to that member and team is seen.
    #[must_use]
    pub fn sees_owner(&self, member: Option<MemberId>, team: Option<TeamId>) -> bool {
        match self {
            Self::All => true,
            Self::Only(viewpoint) => {
                member.is_some_and(|member| viewpoint.members.contains(&member))
                    || team.is_some_and(|team| viewpoint.teams.contains(&team))
                    || (viewpoint.unassigned && member.is_none() && team.is_none())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_viewpoint_shows_its_members_its_teams_and_maybe_nobodys() {
        let (me, other) = (MemberId::from_uuid(Uuid::from_u128(1)), MemberId::from_uuid(Uuid::from_u128(2)));
        let (mine, theirs) = (TeamId::from_uuid(Uuid::from_u128(1)), TeamId::from_uuid(Uuid::from_u128(2)));
        let team = Visibility::Only(Viewpoint { members: vec![me], teams: vec![mine], unassigned: true });
        let own = Visibility::Only(Viewpoint { members: vec![me], teams: vec![], unassigned: false });
        for (member, team_of, by_team, by_own) in [
            (Some(me), None, true, true),
            (Some(me), Some(theirs), true, true),
            (Some(other), Some(mine), true, false),
            (None, Some(mine), true, false),
            (Some(other), Some(theirs), false, false),
            (None, Some(theirs), false, false),
            (Some(other), None, false, false),
            (None, None, true, false),
        ] {
            assert!(Visibility::All.sees_owner(member, team_of));
            assert_eq!(team.sees_owner(member, team_of), by_team, "{member:?} {team_of:?}");
            assert_eq!(own.sees_owner(member, team_of), by_own, "{member:?} {team_of:?}");
        }
    }
}

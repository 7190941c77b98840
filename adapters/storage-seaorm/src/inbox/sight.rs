//! What someone may see, as conditions on the owner and the team that a row carries.
//!
//! Leads and conversations name both the same, and each has an index by owner, one by team and one of nobody's
//! rows, in the order of the list. So a page of someone who sees a part is put together from the top of each
//! owner's part: it costs as much as they have colleagues and teams, however many rows others have.

use hubchat_domain::{MemberId, TeamId, Viewpoint, Visibility};
use serde_json::json;
use uuid::Uuid;

use super::page::{Part, Select};

/// Which owners a list is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Owners {
    pub(super) member: Option<MemberId>,
    pub(super) team: Option<TeamId>,
    /// No member owns it.
    pub(super) unassigned: bool,
    /// Another filter leaves few rows anyway.
    pub(super) few: bool,
}

/// Adds the filter by owners to a list, and what the visibility leaves of it.
pub(super) fn narrow(select: &mut Select, visibility: &Visibility, asked: Owners) {
    let alias = select.alias().to_owned();
    if let Some(member) = asked.member {
        select.and(&format!("{alias}.assigned_member_id = ?"), member.as_uuid());
    }
    if let Some(team) = asked.team {
        select.and(&format!("{alias}.assigned_team_id = ?"), team.as_uuid());
    }
    if asked.unassigned {
        select.and_plain(&format!("{alias}.assigned_member_id IS NULL"));
    }
    let Visibility::Only(seen) = visibility else { return };
    let all_seen = asked.member.is_some_and(|member| seen.members.contains(&member))
        || asked.team.is_some_and(|team| seen.teams.contains(&team));
    if all_seen {
        return;
    }
    if asked.few || asked.member.is_some() || asked.team.is_some() {
        restrict(select, visibility);
        return;
    }
    let members = if asked.unassigned { &[][..] } else { &seen.members };
    match (members, seen.teams.as_slice(), seen.unassigned) {
        ([], [], false) => select.and_plain("1 = 0"),
        ([one], [], false) => select.and(&format!("{alias}.assigned_member_id = ?"), one.as_uuid()),
        (members, teams, nobody) => {
            if !members.is_empty() {
                let list = uuids(members.iter().map(|id| id.as_uuid()));
                let list = select.bind(list);
                select.put_together(Part::Each { column: "assigned_member_id", list });
            }
            if !teams.is_empty() {
                let list = uuids(teams.iter().map(|id| id.as_uuid()));
                let list = select.bind(list);
                select.put_together(Part::Each { column: "assigned_team_id", list });
            }
            if nobody {
                select.put_together(Part::Nobody);
            }
        }
    }
}

/// Leaves only rows that were given to a team of the member's.
pub(super) fn of_teams(select: &mut Select, member: MemberId) {
    let (alias, member) = (select.alias().to_owned(), select.bind(member.as_uuid()));
    select.and_plain(&format!(
        "{alias}.assigned_team_id IN (SELECT o.team_id FROM team_members AS o \
         WHERE o.tenant_id = ?1 AND o.member_id = {member})"
    ));
}

/// Leaves only rows that are seen, where few rows are read anyway.
pub(super) fn restrict(select: &mut Select, visibility: &Visibility) {
    if let Visibility::Only(seen) = visibility {
        let alias = select.alias().to_owned();
        let condition = condition(select, &alias, seen);
        select.and_plain(&condition);
    }
}

/// Leaves only rows whose parent is seen: the one of `table` with that id, which is an expression.
pub(super) fn restrict_by_parent(select: &mut Select, visibility: &Visibility, table: &str, id: &str) {
    if let Visibility::Only(seen) = visibility {
        let condition = condition(select, "w", seen);
        select.and_plain(&format!(
            "EXISTS (SELECT 1 FROM {table} AS w WHERE w.tenant_id = ?1 AND w.id = {id} AND {condition})"
        ));
    }
}

fn condition(select: &mut Select, alias: &str, seen: &Viewpoint) -> String {
    let members = select.bind(uuids(seen.members.iter().map(|id| id.as_uuid())));
    let teams = select.bind(uuids(seen.teams.iter().map(|id| id.as_uuid())));
    let (members, teams) = (select.list(&members), select.list(&teams));
    let nobody = if seen.unassigned { NOBODY.replace("{}", alias) } else { "1 = 0".to_owned() };
    format!("({alias}.assigned_member_id IN ({members}) OR {alias}.assigned_team_id IN ({teams}) OR ({nobody}))")
}

/// What the partial indexes of nobody's rows say.
pub(super) const NOBODY: &str = "{}.assigned_member_id IS NULL AND {}.assigned_team_id IS NULL";

fn uuids(ids: impl Iterator<Item = Uuid>) -> String {
    json!(ids.collect::<Vec<_>>()).to_string()
}

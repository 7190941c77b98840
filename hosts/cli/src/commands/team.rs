//! Teams.

use hubchat_core::{CreateTeamCommand, port::TeamRoster};
use hubchat_wiring::Wired;
use serde_json::{Value, json};

use super::operator;
use crate::{Answer, arguments::Team};

pub(super) async fn team(wired: &Wired, command: Team) -> anyhow::Result<Answer> {
    match command {
        Team::Create { tenant, name } => {
            let actor = operator(wired, &tenant).await?;
            let command = CreateTeamCommand { name, member_ids: Vec::new() };
            let made = wired.hubchat.create_team.run(&actor, &command).await?;
            Ok(Answer::new([format!("made team {} ({})", made.team.name, made.team.id)], team_object(&made)))
        }
        Team::List { tenant } => {
            let actor = operator(wired, &tenant).await?;
            let teams = wired.hubchat.list_teams.run(&actor).await?;
            let line = |roster: &TeamRoster| {
                format!("{}  {} members  {}", roster.team.id, roster.member_ids.len(), roster.team.name)
            };
            let items: Vec<Value> = teams.iter().map(team_object).collect();
            Ok(Answer::new(teams.iter().map(line), json!({"items": items})))
        }
        Team::AddMember { tenant, team, member } => {
            let actor = operator(wired, &tenant).await?;
            let changed = wired.hubchat.update_team.add_member(&actor, team, member).await?;
            let line = format!("{} has {} members", changed.team.name, changed.member_ids.len());
            Ok(Answer::new([line], team_object(&changed)))
        }
    }
}

fn team_object(roster: &TeamRoster) -> Value {
    json!({"id": roster.team.id, "name": roster.team.name, "memberIds": roster.member_ids})
}
